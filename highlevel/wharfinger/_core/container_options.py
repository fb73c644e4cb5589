"""The keywords of run() and create(), for editors and type checkers; options.py reads their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias, TypedDict

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
Span: TypeAlias = float | timedelta | str
Command: TypeAlias = str | Sequence[str]
Pairs: TypeAlias = Mapping[str, str | int | float | None] | Sequence[str]
Raw: TypeAlias = Mapping[str, Any]
PortTarget: TypeAlias = int | str | tuple[str] | tuple[str, int | None] | PortBinding | Raw | None
PortTargets: TypeAlias = PortTarget | Sequence[PortTarget]
PortMapping: TypeAlias = (
    Mapping[str, PortTargets] | Mapping[int, PortTargets] | Mapping[tuple[int, str], PortTargets]
)
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
        health_cmd: How to find out whether it is well: a line for a shell, or a command; "none" for not at all.
        health_interval: Seconds between two checks; 0 makes none by itself (Podman).
        health_log_destination: Where the checks' output is kept: "local", "events_logger" or a folder (Podman
            API 5.4.2).
        health_max_log_count: How many checks' output is kept; 0 is all (Podman API 5.4.2).
        health_max_logs_size: How many characters of each; 0 is all (Podman API 5.4.2).
        health_on_failure: "none", "kill", "restart" or "stop" one that is not well (Podman).
        health_retries: Failures in a row that make it unhealthy.
        health_start_period: Seconds at the start in which failures do not count.
        health_startup_cmd: A check that has to succeed before the usual one begins (Podman API 4.9.5).
        health_startup_interval: Seconds between two of these checks.
        health_startup_retries: Failures after which the container is restarted.
        health_startup_success: Successes in a row that it needs.
        health_startup_timeout: Seconds until one of these checks has failed.
        health_timeout: Seconds until a check has failed.
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
        use_config_proxy: Put the proxies of Docker's config.json into the environment; True on Docker and False on
            Podman unless given.
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
    health_cmd: Command
    health_interval: Span
    health_log_destination: str
    health_max_log_count: int
    health_max_logs_size: int
    health_on_failure: str
    health_retries: int
    health_start_period: Span
    health_startup_cmd: Command
    health_startup_interval: Span
    health_startup_retries: int
    health_startup_success: int
    health_startup_timeout: Span
    health_timeout: Span
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
    ports: PortMapping | Sequence[str | int | PortBinding]
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
    stop_timeout: Span
    storage_opt: Pairs
    sysctls: Pairs
    timezone: str
    tmpfs: Mapping[str, str] | Sequence[str]
    tty: bool
    ulimits: Mapping[str, int | tuple[int, int]] | Sequence[str | Ulimit | Raw]
    umask: str
    use_config_proxy: bool
    user: str | int
    userns_mode: str
    uts_mode: str
    volume_driver: str
    volumes: Mapping[str, str | Raw] | Sequence[str | VolumeBind]
    volumes_from: Sequence[str]
    working_dir: str
