"""A ContainerSpec as the body of Podman's POST /libpod/containers/create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.container_encoding import Body, Encoder, at, encode_spec, merge, without_none
from wharfinger._core.human import parse_size, signal_number
from wharfinger._core.libpod_health import health_parts, on_failure, startup_parts
from wharfinger._core.libpod_places import (
    ENGINE,
    cgroup_rule,
    device_names,
    mount_parts,
    namespace,
    network_mode,
    network_settings,
    security_parts,
    user_namespace,
    volume_parts,
)
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger.types import (
        Device,
        DeviceRequest,
        LogConfig,
        Mount,
        NetworkAttachment,
        PortBinding,
        RestartPolicy,
        SecretMount,
        Ulimit,
        VolumeBind,
    )

PodmanVersion = tuple[int, ...]

_SCHEDULER_PERIOD = 100_000  # microseconds; what every engine takes when processors are given as a number
_UNLIMITED = 2**64 - 1  # the server's field has no sign


def to_libpod(spec: ContainerSpec, version: PodmanVersion | None = None) -> Body:
    """Give the body.

    Args:
        spec: What to make.
        version: The API version of the service, such as (5, 4, 2); the newest when None.

    Raises:
        NotSupported: Podman, or this version, lacks something that was asked for.
        ValueError: Two options contradict each other, or a value is none that Podman knows.
    """
    if version is not None:
        _check_version(spec, version)
    body: Body = {"image": spec.image}
    merge(body, encode_spec(spec, _TABLE, ENGINE))
    if spec.mac_address is not None:
        _put_mac_address(body, spec.mac_address)
    return body


def _check_version(spec: ContainerSpec, version: PodmanVersion) -> None:
    for feature, since in _needs(spec):
        if version < since:
            needs, has = (".".join(map(str, one)) for one in (since, version))
            raise NotSupported(feature, ENGINE, f"API {needs}", f"API {has}")


def _needs(spec: ContainerSpec) -> Iterator[tuple[str, PodmanVersion]]:
    if spec.read_write_tmpfs is not None:
        yield "the option 'read_write_tmpfs'", (4, 9)
    if any(network.driver_opts for network in (spec.networks or {}).values()):
        yield "driver_opts of a network", (5, 4)
    for mount in spec.mounts or ():
        if mount.subpath is not None:
            yield f"subpath of a mount of type {mount.type!r}", (5, 2) if mount.type == "image" else (4, 9)


def _limit(group: str, key: str) -> Encoder:
    return at("resource_limits", group, key)


def _environment(variables: Mapping[str, str | None]) -> Body:
    unset = [name for name, value in variables.items() if value is None]
    return {"env": without_none(variables)} | ({"unsetenv": unset} if unset else {})


def _nano_cpus(count: int) -> Body:
    quota = count * _SCHEDULER_PERIOD // 1_000_000_000
    return {"resource_limits": {"cpu": {"quota": quota, "period": _SCHEDULER_PERIOD}}}


def _ports(bindings: tuple[PortBinding, ...]) -> Body:
    return {
        "portmappings": [
            without_none(
                {
                    "container_port": one.container_port,
                    "protocol": one.protocol,
                    "host_ip": one.host_ip,
                    "host_port": one.host_port,
                }
            )
            for one in bindings
        ]
    }


def _expose(ports: tuple[tuple[int, str], ...]) -> Body:
    found: dict[str, list[str]] = {}
    for port, protocol in ports:
        found.setdefault(str(port), []).append(protocol)
    return {"expose": {port: ",".join(protocols) for port, protocols in found.items()}}


def _volumes(volumes: tuple[VolumeBind, ...]) -> Body:
    body: Body = {}
    for one in volumes:
        merge(body, volume_parts(one))
    return body


def _mounts(mounts: tuple[Mount, ...]) -> Body:
    body: Body = {}
    for one in mounts:
        merge(body, mount_parts(one))
    return body


def _tmpfs(places: Mapping[str, str]) -> Body:
    return {
        "mounts": [
            {
                "destination": path,
                "type": "tmpfs",
                "source": "tmpfs",
                "options": options.split(",") if options else [],
            }
            for path, options in places.items()
        ]
    }


def _networks(networks: Mapping[str, NetworkAttachment]) -> Body:
    settings = {name: network_settings(one) for name, one in networks.items()}
    return {"netns": {"nsmode": "bridge"}, "Networks": settings}


def _put_mac_address(body: Body, address: str) -> None:
    """Give it to the first network, for Podman has none of a container; "default" is the service's word."""
    if body.setdefault("netns", {"nsmode": "bridge"}) != {"nsmode": "bridge"}:
        raise ValueError(f"mac_address={address!r} needs a network, but another option forbids to join one")
    networks = body.setdefault("Networks", {"default": {}})
    networks[next(iter(networks))]["static_mac"] = address


def _nothing(_value: object) -> Body:
    """Stand for a field that has its place outside the table."""
    return {}


def _restart_policy(policy: RestartPolicy) -> Body:
    return {"restart_policy": policy.name} | without_none({"restart_tries": policy.maximum_retry_count})


def _log_config(log: LogConfig) -> Body:
    options = dict(log.config)
    size = options.pop("max-size", None) or options.pop("size", None)
    found = {
        "driver": log.type,
        "path": options.pop("path", None),
        "size": None if size is None else parse_size("max-size of log_config", size),
        "options": options or None,
    }
    return {"log_configuration": without_none(found)}


def _ulimits(limits: tuple[Ulimit, ...]) -> Body:
    def bound(value: int | None, other: int) -> int:
        found = other if value is None else value
        return _UNLIMITED if found < 0 else found

    return {
        "r_limits": [
            {"type": one.name, "soft": bound(one.soft, one.soft), "hard": bound(one.hard, one.soft)}
            for one in limits
        ]
    }


def _devices(devices: tuple[Device, ...]) -> Body:
    places = [(one.path_on_host, one.path_in_container or one.path_on_host, one) for one in devices]
    return {
        "devices": [{"path": f"{host}:{inside}:{one.cgroup_permissions}"} for host, inside, one in places]
    }


def _device_requests(requests: tuple[DeviceRequest, ...]) -> Body:
    return {"devices": [{"path": name} for request in requests for name in device_names(request)]}


def _rates(key: str, field: str = "rate") -> Encoder:
    def encode(rates: Mapping[str, int]) -> Body:
        return {key: {path: {field: rate} for path, rate in rates.items()}}

    return encode


def _secrets(secrets: tuple[SecretMount, ...]) -> Body:
    return {
        "secrets": [
            {
                "Source": one.source,
                "Target": one.target or one.source,
                "UID": one.uid or 0,
                "GID": one.gid or 0,
                "Mode": 0o444 if one.mode is None else one.mode,
            }
            for one in secrets
        ]
    }


def _platform(platform: str) -> Body:
    system, *rest = platform.split("/")
    parts: Body = dict(zip(("image_os", "image_arch", "image_variant"), (system, *rest), strict=False))
    if not 1 <= len(rest) <= 2 or not all(parts.values()):
        raise ValueError(
            f"platform is {platform!r}, expected os/arch or os/arch/variant, such as 'linux/arm64'"
        )
    return parts


def _stdin_once(once: bool) -> Body:
    if not once:
        raise NotSupported("stdin_once=False", ENGINE)
    return {}


_PLAIN = {
    "annotations": "annotations",
    "auto_remove": "remove",
    "cap_add": "cap_add",
    "cap_drop": "cap_drop",
    "cgroup_parent": "cgroup_parent",
    "command": "command",
    "dns": "dns_server",
    "dns_opt": "dns_option",
    "dns_search": "dns_search",
    "entrypoint": "entrypoint",
    "extra_hosts": "hostadd",
    "group_add": "groups",
    "health_log_destination": "healthLogDestination",
    "health_max_log_count": "healthMaxLogCount",
    "health_max_logs_size": "healthMaxLogSize",
    "hostname": "hostname",
    "init": "init",
    "init_path": "init_path",
    "labels": "labels",
    "name": "name",
    "oom_score_adj": "oom_score_adj",
    "pod": "pod",
    "privileged": "privileged",
    "publish_all_ports": "publish_image_ports",
    "read_only": "read_only_filesystem",
    "read_write_tmpfs": "read_write_tmpfs",
    "runtime": "oci_runtime",
    "secret_env": "secret_env",
    "shm_size": "shm_size",
    "stdin_open": "stdin",
    "stop_timeout": "stop_timeout",
    "storage_opt": "storage_opts",
    "sysctls": "sysctl",
    "timezone": "timezone",
    "tty": "terminal",
    "umask": "umask",
    "user": "user",
    "volumes_from": "volumes_from",
    "working_dir": "work_dir",
}
_TABLE: dict[str, Encoder] = {
    **{name: at(key) for name, key in _PLAIN.items()},
    "blkio_weight": _limit("blockIO", "weight"),
    "blkio_weight_device": _rates("weightDevice", "weight"),
    "cgroupns": lambda mode: {"cgroupns": namespace("cgroupns", mode)},
    "cpu_period": _limit("cpu", "period"),
    "cpu_quota": _limit("cpu", "quota"),
    "cpu_rt_period": _limit("cpu", "realtimePeriod"),
    "cpu_rt_runtime": _limit("cpu", "realtimeRuntime"),
    "cpu_shares": _limit("cpu", "shares"),
    "cpuset_cpus": _limit("cpu", "cpus"),
    "cpuset_mems": _limit("cpu", "mems"),
    "device_cgroup_rules": lambda rules: {"device_cgroup_rule": [cgroup_rule(rule) for rule in rules]},
    "device_read_bps": _rates("throttleReadBpsDevice"),
    "device_read_iops": _rates("throttleReadIOPSDevice"),
    "device_requests": _device_requests,
    "device_write_bps": _rates("throttleWriteBpsDevice"),
    "device_write_iops": _rates("throttleWriteIOPSDevice"),
    "devices": _devices,
    "environment": _environment,
    "expose": _expose,
    "health_on_failure": on_failure,
    "healthcheck": health_parts,
    "ipc_mode": lambda mode: {"ipcns": namespace("ipc_mode", mode, "shareable", "none")},
    "kernel_memory": _limit("memory", "kernel"),
    "log_config": _log_config,
    "mac_address": _nothing,
    "mem_limit": _limit("memory", "limit"),
    "mem_reservation": _limit("memory", "reservation"),
    "mem_swappiness": _limit("memory", "swappiness"),
    "memswap_limit": _limit("memory", "swap"),
    "mounts": _mounts,
    "nano_cpus": _nano_cpus,
    "network_disabled": lambda disabled: {"netns": {"nsmode": "none"}} if disabled else {},
    "network_mode": network_mode,
    "networks": _networks,
    "oom_kill_disable": _limit("memory", "disableOOMKiller"),
    "pid_mode": lambda mode: {"pidns": namespace("pid_mode", mode)},
    "pids_limit": _limit("pids", "limit"),
    "platform": _platform,
    "ports": _ports,
    "restart_policy": _restart_policy,
    "secrets": _secrets,
    "security_opt": security_parts,
    "startup_health": startup_parts,
    "stdin_once": _stdin_once,
    "stop_signal": lambda signal: {"stop_signal": signal_number("stop_signal", signal)},
    "tmpfs": _tmpfs,
    "ulimits": _ulimits,
    "use_config_proxy": _nothing,
    "userns_mode": lambda mode: {"userns": user_namespace(mode)},
    "uts_mode": lambda mode: {"utsns": namespace("uts_mode", mode)},
    "volumes": _volumes,
}
