"""From the keywords of run() and create() to a ContainerSpec.

One table says for each keyword how its value is read; the encoders beside this module have one table each
that says where it goes. A keyword that an encoder's table lacks is one that the engine lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger._core import human, option_mounts, option_networks, option_ports, option_values
from wharfinger._core.container_spec import ContainerSpec
from wharfinger._core.option_health import COMPOSED as HEALTH_PARTS
from wharfinger._core.option_health import HEALTH_READERS, startup_health, with_health
from wharfinger._core.references import container_name
from wharfinger.types import NetworkAttachment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger._core.container_options import ContainerOptions

Reader: TypeAlias = "Callable[[str, object], object]"


def _typed(parse: Callable[[Any], object]) -> Reader:
    """Adapt a reader that names its option itself."""
    return lambda _name, value: parse(value)


def _each(readers: Mapping[Reader, str]) -> dict[str, Reader]:
    return {name: reader for reader, names in readers.items() for name in names.split()}


def _bps(name: str, value: object) -> dict[str, int]:
    return option_values.parse_rates(name, value, "rate", sizes=True)


def _iops(name: str, value: object) -> dict[str, int]:
    return option_values.parse_rates(name, value, "rate", sizes=False)


def _weights(name: str, value: object) -> dict[str, int]:
    return option_values.parse_rates(name, value, "weight", sizes=False)


def _command(name: str, value: object) -> tuple[str, ...] | None:
    return human.parse_command(name, value) or None


def _entrypoint(name: str, value: object) -> tuple[str, ...]:
    # Both engines take one empty word for "none at all", and an empty list for "the image's".
    return human.parse_command(name, value) or ("",)


def _name(name: str, value: object) -> str:
    return container_name(human.parse_text(name, value))


def _whole_seconds(name: str, value: object) -> int:
    return round(human.parse_seconds(name, value))


_READERS: dict[str, Reader] = {
    name: read for name, read in HEALTH_READERS.items() if name not in HEALTH_PARTS
} | _each(
    {
        human.parse_flag: "auto_remove init network_disabled oom_kill_disable privileged publish_all_ports "
        "read_only read_write_tmpfs stdin_once stdin_open tty use_config_proxy",
        human.parse_int: "blkio_weight cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period "
        "cpu_rt_runtime cpu_shares mem_swappiness nano_cpus oom_score_adj pids_limit",
        human.parse_size: "kernel_memory mem_limit mem_reservation memswap_limit shm_size",
        human.parse_text: "cgroup_parent cgroupns cpuset_cpus cpuset_mems domainname hostname init_path "
        "ipc_mode isolation mac_address network_mode pid_mode platform pod runtime timezone umask "
        "userns_mode uts_mode volume_driver working_dir",
        human.parse_word: "user",
        human.parse_words: "cap_add cap_drop device_cgroup_rules dns dns_opt dns_search group_add "
        "security_opt volumes_from",
        human.parse_pairs: "annotations labels secret_env storage_opt sysctls",
        human.parse_optional_pairs: "environment",
        _command: "command",
        _entrypoint: "entrypoint",
        _whole_seconds: "stop_timeout",
        _bps: "device_read_bps device_write_bps",
        _iops: "device_read_iops device_write_iops",
        _weights: "blkio_weight_device",
        _name: "name",
        _typed(option_values.parse_device_requests): "device_requests",
        _typed(option_values.parse_devices): "devices",
        _typed(option_values.parse_extra_hosts): "extra_hosts",
        _typed(option_values.parse_healthcheck): "healthcheck",
        _typed(option_values.parse_log_config): "log_config",
        _typed(option_values.parse_restart_policy): "restart_policy",
        _typed(option_values.parse_secrets): "secrets",
        _typed(option_values.parse_signal): "stop_signal",
        _typed(option_values.parse_tmpfs): "tmpfs",
        _typed(option_values.parse_ulimits): "ulimits",
        _typed(option_mounts.parse_mounts): "mounts",
        _typed(option_networks.parse_links): "links",
        _typed(option_networks.parse_networks): "networks",
        _typed(option_ports.parse_volumes): "volumes",
    }
)

# Networks by these names are there on Docker alone; as modes both engines have them.
_NETWORK_MODES = ("bridge", "default", "host", "none")
# These are more than one field, or one field together.
_COMPOSED = ("gpus", "network", "networking_config", "ports", *HEALTH_PARTS)


def container_spec(image: str, options: ContainerOptions) -> ContainerSpec:
    """Read the keywords; one whose value is None is not given.

    Args:
        image: Name or ID of the image.
        options: The keywords.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or two keywords contradict each other.
    """
    known = {*_READERS, *_COMPOSED}
    given = {name: value for name, value in cast("dict[str, Any]", options).items() if value is not None}
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r}{human.nearest(name, known)}")
    if not human.parse_text("image", image):
        human.wrong_value("image", image, "the name or ID of an image, such as 'alpine:3.20'")
    fields: dict[str, Any] = {name: _READERS[name](name, given[name]) for name in given if name in _READERS}
    if "ports" in given:
        fields["ports"], fields["expose"] = option_ports.parse_ports(given["ports"])
    if "gpus" in given:
        requests = option_values.parse_gpus(given["gpus"])
        fields["device_requests"] = (*fields.get("device_requests", ()), *requests)
    fields["healthcheck"] = with_health(fields.get("healthcheck"), given)
    fields["startup_health"] = startup_health(given)
    networks, mode = _networks(given, fields.get("networks", {}))
    fields["networks"] = networks or None
    fields["network_mode"] = fields.get("network_mode", mode)
    return ContainerSpec(image=image, **fields)


def _networks(
    given: Mapping[str, object], listed: Mapping[str, NetworkAttachment]
) -> tuple[dict[str, NetworkAttachment], str | None]:
    """Put the ways to name networks together: those to join, and the mode that was asked for as a network."""
    settings = option_networks.parse_networks(given.get("networking_config", {}))
    if "network" not in given:
        return {**settings, **listed}, None
    name = human.parse_text("network", given["network"])
    if "network_mode" in given or listed:
        other = "network_mode" if "network_mode" in given else "networks"
        raise ValueError(f"network={name!r} is given together with {other}, expected one of them")
    if name in _NETWORK_MODES and not settings:
        return {}, name
    if settings and name not in settings:
        raise ValueError(f"networking_config has {sorted(settings)}, expected settings of network={name!r}")
    return {name: settings.get(name, NetworkAttachment()), **settings}, None
