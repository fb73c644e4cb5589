"""The keywords of run() and create(), and their way into a ContainerSpec.

One table says for each keyword how its value is read; the encoders beside this module have one table each that
says where it goes. A keyword that an encoder's table lacks is one that the engine lacks.
"""

from __future__ import annotations

from collections.abc import (  # noqa: TC003 - so that users can resolve annotations at run time
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from datetime import timedelta  # noqa: TC003 - likewise
from typing import Any, TypeAlias, TypedDict, cast

import attrs

from wharfinger._core import human, option_networks, option_ports, option_values
from wharfinger._core.container_spec import ContainerSpec
from wharfinger._core.references import container_name
from wharfinger.errors import NotSupported
from wharfinger.types import (
    Device,
    DeviceRequest,
    Healthcheck,
    LogConfig,
    Mount,
    NetworkAttachment,
    PortBinding,
    RestartPolicy,
    SecretMount,
    Ulimit,
    VolumeBind,
)

Size: TypeAlias = int | str
Command: TypeAlias = str | Sequence[str]
Pairs: TypeAlias = Mapping[str, str | int | float | None] | Sequence[str]
Raw: TypeAlias = Mapping[str, Any]
PortTarget: TypeAlias = int | str | tuple[str] | tuple[str, int | None] | PortBinding | Raw | None
Rates: TypeAlias = Mapping[str, Size] | Sequence[Raw]


class ContainerOptions(TypedDict, total=False):
    """Keywords of run() and create(), named as in docker-py and podman-py.

    Sizes are bytes, or strings such as "512m". Where a typed value is taken, the engine's own mapping is too.
    What is not given is left to the engine.

    Attributes:
        annotations: Marks for the runtime (Docker API 1.43).
        auto_remove: The engine removes the container when it ends.
        blkio_weight: Share of disk time, 10 to 1000.
        blkio_weight_device: The same by device.
        cap_add: Capabilities to add, such as ["NET_ADMIN"].
        cap_drop: Capabilities to take away, such as ["ALL"].
        cgroup_parent: Control group to put the container under.
        cgroupns: "private" or "host".
        command: What to run; a string is split as a shell does, but no shell runs it.
        cpu_count: Processors (Windows).
        cpu_percent: Share of the processors (Windows).
        cpu_period: Microseconds of a period of the scheduler.
        cpu_quota: Microseconds of processor time in each period.
        cpu_rt_period: The same for real-time processes.
        cpu_rt_runtime: The same for real-time processes.
        cpu_shares: Weight against other containers; 1024 is normal.
        cpuset_cpus: Processors to run on, such as "0-2,4".
        cpuset_mems: Memory nodes to use, such as "0,1".
        device_cgroup_rules: Such as ["c 42:* rmw"].
        device_read_bps: Bytes a second by device, such as {"/dev/sda": "10m"}.
        device_read_iops: Reads a second by device.
        device_requests: Devices by ability.
        device_write_bps: Bytes a second by device.
        device_write_iops: Writes a second by device.
        devices: Devices of the host, such as ["/dev/fuse:/dev/fuse:rwm"].
        dns: Name servers.
        dns_opt: Options of resolv.conf.
        dns_search: Domains to search.
        domainname: Domain of the container (Docker).
        entrypoint: Instead of the image's; an empty one takes it away.
        environment: {"NAME": "value"} or ["NAME=value"]; None takes a variable of the image away.
        extra_hosts: {"name": "address"} for /etc/hosts.
        gpus: "all", how many, or a list of IDs; short for device_requests.
        group_add: Further groups of the main process.
        healthcheck: How to find out whether it is well. Whole numbers in a mapping are nanoseconds.
        hostname: Its name for itself.
        init: Run a small init that reaps processes and passes signals on.
        init_path: Which one (Podman).
        ipc_mode: "private", "shareable", "none", "host" or "container:NAME".
        isolation: Kind of isolation (Windows).
        kernel_memory: Limit of kernel memory (Docker before API 1.42, Podman).
        labels: {"name": "value"} or ["name"].
        links: {"container": "alias"} (Docker, on the default bridge).
        log_config: Log driver with its options.
        mac_address: Fixed hardware address on the first network.
        mem_limit: Most memory.
        mem_reservation: Memory it shall come back to when memory is short.
        mem_swappiness: 0 to 100.
        memswap_limit: Memory and swap together; -1 is no limit.
        mounts: File systems to mount.
        name: The container's name; the engine makes one up without.
        nano_cpus: Processors in billionths: 1_500_000_000 is one and a half.
        network: A network to join.
        network_disabled: No network at all.
        network_mode: "bridge", "none", "host", "container:NAME" or a network's name; not with `network`.
        networking_config: Settings of the network named by `network`, by its name.
        networks: Networks to join: names, or a mapping with addresses, aliases and so on.
        oom_kill_disable: Do not kill its processes when memory is out.
        oom_score_adj: -1000 to 1000; who is killed first.
        pid_mode: "host" or "container:NAME".
        pids_limit: Most processes; -1 is no limit.
        platform: Such as "linux/arm64".
        pod: Pod to put it in (Podman).
        ports: {"80/tcp": 8080}, {"80": ("127.0.0.1", 8080)}, {"80": None} for any free port, a list of these
            for several, or ["8080:80"].
        privileged: All rights on the host.
        publish_all_ports: Publish all exposed ports on free ones.
        read_only: The root file system may only be read.
        read_write_tmpfs: With read_only: /tmp, /run and /var/tmp may be written (Podman).
        restart_policy: "always", "on-failure:3", or a value.
        runtime: Which OCI runtime.
        secret_env: {"VARIABLE": "secret"} out of the engine's store (Podman).
        secrets: Secrets out of the engine's store, as files (Podman).
        security_opt: Such as ["no-new-privileges", "label=disable"].
        shm_size: Size of /dev/shm.
        stdin_once: Close stdin when the first client that was attached leaves; Podman always does.
        stdin_open: Keep stdin open.
        stop_signal: What stop() sends, such as "SIGINT".
        stop_timeout: Seconds that stop() waits before it kills.
        storage_opt: Options of the storage driver.
        sysctls: Kernel parameters.
        timezone: Such as "Europe/Vienna", or "local" (Podman).
        tmpfs: In-memory file systems: {"/run": "size=64m"} or ["/run"].
        tty: Give it a terminal.
        ulimits: Limits of its processes, such as ["nofile=1024:2048"].
        umask: Such as "0022" (Podman).
        user: Name or number, with a group after a colon.
        userns_mode: User namespace: "host"; on Podman "keep-id", "auto" and so on.
        uts_mode: "host" shares the host's name.
        volume_driver: Driver of the volumes it makes (Docker).
        volumes: {"/host": {"bind": "/data", "mode": "ro"}}, {"name": "/data"} or ["name:/data:ro"].
        volumes_from: Containers whose volumes to take, with ":ro" perhaps.
        working_dir: Where the command starts.
    """

    annotations: Pairs
    auto_remove: bool
    blkio_weight: int
    blkio_weight_device: Rates
    cap_add: Sequence[str]
    cap_drop: Sequence[str]
    cgroup_parent: str
    cgroupns: str
    command: Command | None
    cpu_count: int
    cpu_percent: int
    cpu_period: int
    cpu_quota: int
    cpu_rt_period: int
    cpu_rt_runtime: int
    cpu_shares: int
    cpuset_cpus: str
    cpuset_mems: str
    device_cgroup_rules: Sequence[str]
    device_read_bps: Rates
    device_read_iops: Rates
    device_requests: Sequence[DeviceRequest | Raw]
    device_write_bps: Rates
    device_write_iops: Rates
    devices: Sequence[str | Device | Raw]
    dns: Sequence[str]
    dns_opt: Sequence[str]
    dns_search: Sequence[str]
    domainname: str
    entrypoint: Command
    environment: Pairs
    extra_hosts: Mapping[str, str] | Sequence[str]
    gpus: str | int | Sequence[str]
    group_add: Sequence[str | int]
    healthcheck: Healthcheck | Raw
    hostname: str
    init: bool
    init_path: str
    ipc_mode: str
    isolation: str
    kernel_memory: Size
    labels: Pairs
    links: Mapping[str, str | None] | Sequence[str | tuple[str, str]]
    log_config: LogConfig | Raw | str
    mac_address: str
    mem_limit: Size
    mem_reservation: Size
    mem_swappiness: int
    memswap_limit: Size
    mounts: Sequence[Mount | Raw]
    name: str | None
    nano_cpus: int
    network: str | None
    network_disabled: bool
    network_mode: str | None
    networking_config: Mapping[str, NetworkAttachment | Raw | None]
    networks: Mapping[str, NetworkAttachment | Raw | None] | Sequence[str]
    oom_kill_disable: bool
    oom_score_adj: int
    pid_mode: str
    pids_limit: int
    platform: str | None
    pod: str
    ports: Mapping[str | int | tuple[int, str], PortTarget | list[PortTarget]] | Sequence[str | int | PortBinding]
    privileged: bool
    publish_all_ports: bool
    read_only: bool
    read_write_tmpfs: bool
    restart_policy: RestartPolicy | Raw | str
    runtime: str
    secret_env: Mapping[str, str]
    secrets: Sequence[str | SecretMount | Raw]
    security_opt: Sequence[str]
    shm_size: Size
    stdin_once: bool
    stdin_open: bool
    stop_signal: str | int
    stop_timeout: float | timedelta | str
    storage_opt: Pairs
    sysctls: Pairs
    timezone: str
    tmpfs: Mapping[str, str] | Sequence[str]
    tty: bool
    ulimits: Mapping[str, int | tuple[int, int]] | Sequence[str | Ulimit | Raw]
    umask: str
    user: str | int
    userns_mode: str
    uts_mode: str
    volume_driver: str
    volumes: Mapping[str, str | Raw] | Sequence[str | VolumeBind]
    volumes_from: Sequence[str]
    working_dir: str


Reader: TypeAlias = Callable[[str, object], object]


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


def _whole_seconds(name: str, value: object) -> int:
    return round(human.parse_seconds(name, value))


_READERS: dict[str, Reader] = _each(
    {
        human.parse_flag: "auto_remove init network_disabled oom_kill_disable privileged publish_all_ports "
        "read_only read_write_tmpfs stdin_once stdin_open tty",
        human.parse_int: "blkio_weight cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime "
        "cpu_shares mem_swappiness nano_cpus oom_score_adj pids_limit",
        human.parse_size: "kernel_memory mem_limit mem_reservation memswap_limit shm_size",
        human.parse_text: "cgroup_parent cgroupns cpuset_cpus cpuset_mems domainname hostname init_path ipc_mode "
        "isolation mac_address network_mode pid_mode platform pod runtime timezone umask userns_mode uts_mode "
        "volume_driver working_dir",
        human.parse_word: "user",
        human.parse_words: "cap_add cap_drop device_cgroup_rules dns dns_opt dns_search group_add security_opt "
        "volumes_from",
        human.parse_pairs: "annotations labels secret_env storage_opt sysctls",
        human.parse_optional_pairs: "environment",
        _command: "command",
        _entrypoint: "entrypoint",
        _whole_seconds: "stop_timeout",
        _bps: "device_read_bps device_write_bps",
        _iops: "device_read_iops device_write_iops",
        _weights: "blkio_weight_device",
        _typed(container_name): "name",
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
        _typed(option_networks.parse_links): "links",
        _typed(option_networks.parse_networks): "networks",
        _typed(option_ports.parse_volumes): "volumes",
    }
)
