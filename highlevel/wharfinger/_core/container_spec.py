"""What a container shall be, in values that belong to no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.option_health import StartupHealth
    from wharfinger.types import (
        Device,
        DeviceRequest,
        Healthcheck,
        LogConfig,
        Mount,
        NetworkAttachment,
        PortBinding,
        Protocol,
        RestartPolicy,
        SecretMount,
        Ulimit,
        VolumeBind,
    )


@attrs.frozen(kw_only=True)
class ContainerSpec:
    """A container to be made: every field but the image is None where nothing was asked for.

    Sizes are bytes and time spans seconds. What an option means is told at ContainerOptions.
    """

    image: str
    annotations: Mapping[str, str] | None = None
    auto_remove: bool | None = None
    blkio_weight: int | None = None
    blkio_weight_device: Mapping[str, int] | None = None
    cap_add: tuple[str, ...] | None = None
    cap_drop: tuple[str, ...] | None = None
    cgroup_parent: str | None = None
    cgroupns: str | None = None
    command: tuple[str, ...] | None = None
    cpu_count: int | None = None
    cpu_percent: int | None = None
    cpu_period: int | None = None
    cpu_quota: int | None = None
    cpu_rt_period: int | None = None
    cpu_rt_runtime: int | None = None
    cpu_shares: int | None = None
    cpuset_cpus: str | None = None
    cpuset_mems: str | None = None
    device_cgroup_rules: tuple[str, ...] | None = None
    device_read_bps: Mapping[str, int] | None = None
    device_read_iops: Mapping[str, int] | None = None
    device_requests: tuple[DeviceRequest, ...] | None = None
    device_write_bps: Mapping[str, int] | None = None
    device_write_iops: Mapping[str, int] | None = None
    devices: tuple[Device, ...] | None = None
    dns: tuple[str, ...] | None = None
    dns_opt: tuple[str, ...] | None = None
    dns_search: tuple[str, ...] | None = None
    domainname: str | None = None
    entrypoint: tuple[str, ...] | None = None
    # May hold secrets, as logs of specs must not.
    environment: Mapping[str, str | None] | None = attrs.field(default=None, repr=False)
    expose: tuple[tuple[int, Protocol], ...] | None = None
    extra_hosts: tuple[str, ...] | None = None
    group_add: tuple[str, ...] | None = None
    health_log_destination: str | None = None
    health_max_log_count: int | None = None
    health_max_logs_size: int | None = None
    health_on_failure: str | None = None
    healthcheck: Healthcheck | None = None
    hostname: str | None = None
    init: bool | None = None
    init_path: str | None = None
    ipc_mode: str | None = None
    isolation: str | None = None
    kernel_memory: int | None = None
    labels: Mapping[str, str] | None = None
    links: tuple[str, ...] | None = None
    log_config: LogConfig | None = None
    mac_address: str | None = None
    mem_limit: int | None = None
    mem_reservation: int | None = None
    mem_swappiness: int | None = None
    memswap_limit: int | None = None
    mounts: tuple[Mount, ...] | None = None
    name: str | None = None
    nano_cpus: int | None = None
    network_disabled: bool | None = None
    network_mode: str | None = None
    networks: Mapping[str, NetworkAttachment] | None = None
    oom_kill_disable: bool | None = None
    oom_score_adj: int | None = None
    pid_mode: str | None = None
    pids_limit: int | None = None
    platform: str | None = None
    pod: str | None = None
    ports: tuple[PortBinding, ...] | None = None
    privileged: bool | None = None
    publish_all_ports: bool | None = None
    read_only: bool | None = None
    read_write_tmpfs: bool | None = None
    restart_policy: RestartPolicy | None = None
    runtime: str | None = None
    secret_env: Mapping[str, str] | None = None
    secrets: tuple[SecretMount, ...] | None = None
    security_opt: tuple[str, ...] | None = None
    shm_size: int | None = None
    startup_health: StartupHealth | None = None
    stdin_once: bool | None = None
    stdin_open: bool | None = None
    stop_signal: str | int | None = None
    stop_timeout: int | None = None
    storage_opt: Mapping[str, str] | None = None
    sysctls: Mapping[str, str] | None = None
    timezone: str | None = None
    tmpfs: Mapping[str, str] | None = None
    tty: bool | None = None
    ulimits: tuple[Ulimit, ...] | None = None
    umask: str | None = None
    use_config_proxy: bool | None = None
    user: str | None = None
    userns_mode: str | None = None
    uts_mode: str | None = None
    volume_driver: str | None = None
    volumes: tuple[VolumeBind, ...] | None = None
    volumes_from: tuple[str, ...] | None = None
    working_dir: str | None = None

    def given(self) -> dict[str, object]:
        """Give the fields that were asked for, by name; the image is left out."""
        names = [field.name for field in attrs.fields(type(self)) if field.name != "image"]
        return {name: value for name in names if (value := getattr(self, name)) is not None}
