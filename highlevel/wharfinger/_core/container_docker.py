"""A ContainerSpec as the body of Docker's POST /containers/create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.container_encoding import Body, Encoder, at, encode_spec, merge, without_none
from wharfinger._core.human import to_nanoseconds
from wharfinger._core.option_values import health_test
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger.types import (
        Device,
        DeviceRequest,
        Healthcheck,
        LogConfig,
        Mount,
        NetworkAttachment,
        PortBinding,
        RestartPolicy,
        Ulimit,
        VolumeBind,
    )

ApiVersion = tuple[int, int]

ENGINE = "Docker"


def to_docker(spec: ContainerSpec, api_version: ApiVersion | None = None) -> Body:
    """Give the body; name and platform are in the query, see docker_query().

    Args:
        spec: What to make.
        api_version: The version that is spoken with the engine; the newest when None.

    Raises:
        NotSupported: Docker, or this version, lacks something that was asked for.
        ValueError: Two options contradict each other.
    """
    if api_version is not None:
        _check_version(spec, api_version)
    body: Body = {"Image": spec.image}
    merge(body, encode_spec(spec, _TABLE, ENGINE))
    if spec.mac_address is not None:
        merge(body, _mac_address(spec, spec.mac_address, api_version))
    if spec.networks and spec.network_mode is None:
        merge(body, {"HostConfig": {"NetworkMode": next(iter(spec.networks))}})
    return body


def docker_query(spec: ContainerSpec) -> dict[str, str]:
    """Give what the create request has in its query."""
    return without_none({"name": spec.name, "platform": spec.platform})


def _check_version(spec: ContainerSpec, version: ApiVersion) -> None:
    for feature, since in _needs(spec):
        if version < since:
            raise NotSupported(feature, ENGINE, f"API {_dotted(since)}", f"API {_dotted(version)}")
    if spec.kernel_memory is not None and version >= (1, 42):
        raise NotSupported(
            "the option 'kernel_memory'", ENGINE, "API 1.41 or older", f"API {_dotted(version)}"
        )


def _dotted(version: ApiVersion) -> str:
    return ".".join(map(str, version))


def _needs(spec: ContainerSpec) -> Iterator[tuple[str, ApiVersion]]:
    if spec.annotations is not None:
        yield "the option 'annotations'", (1, 43)
    if spec.healthcheck is not None and spec.healthcheck.start_interval is not None:
        yield "start_interval of a health check", (1, 44)
    if spec.networks and len(spec.networks) > 1:
        yield "joining several networks at creation", (1, 44)
    if any(network.gw_priority is not None for network in (spec.networks or {}).values()):
        yield "gw_priority of a network", (1, 48)
    for mount in spec.mounts or ():
        if mount.type == "image":
            yield "a mount of type 'image'", (1, 48)
        elif mount.subpath is not None:
            yield "subpath of a mount", (1, 45)
        if mount.create_mountpoint is not None:
            yield "create_mountpoint of a mount", (1, 42)


def _mac_address(spec: ContainerSpec, address: str, version: ApiVersion | None) -> Body:
    """Put it where the version has it: until 1.43 on the container, then on its first network."""
    if version is not None and version < (1, 44):
        return {"MacAddress": address}
    network = next(iter(spec.networks or ()), spec.network_mode or "default")
    return {"NetworkingConfig": {"EndpointsConfig": {network: {"MacAddress": address}}}}


def _nothing(_value: object) -> Body:
    """Stand for a field that has its place outside the table."""
    return {}


def _host(key: str) -> Encoder:
    return at("HostConfig", key)


def _environment(variables: Mapping[str, str | None]) -> Body:
    return {"Env": [name if value is None else f"{name}={value}" for name, value in variables.items()]}


def _expose(ports: tuple[tuple[int, str], ...]) -> Body:
    return {"ExposedPorts": {f"{port}/{protocol}": {} for port, protocol in ports}}


def _ports(bindings: tuple[PortBinding, ...]) -> Body:
    found: dict[str, list[dict[str, str]]] = {}
    for one in bindings:
        target = {
            "HostIp": one.host_ip or "",
            "HostPort": "" if one.host_port is None else str(one.host_port),
        }
        found.setdefault(f"{one.container_port}/{one.protocol}", []).append(target)
    return {"HostConfig": {"PortBindings": found}}


def _volumes(volumes: tuple[VolumeBind, ...]) -> Body:
    binds = [
        ":".join(filter(None, (one.source, one.target, ",".join(one.options))))
        for one in volumes
        if one.source
    ]
    unnamed: dict[str, Body] = {one.target: {} for one in volumes if not one.source}
    return ({"HostConfig": {"Binds": binds}} if binds else {}) | ({"Volumes": unnamed} if unnamed else {})


def _mounts(mounts: tuple[Mount, ...]) -> Body:
    return {"HostConfig": {"Mounts": [mount_body(mount) for mount in mounts]}}


def mount_body(mount: Mount) -> Body:
    """Give a mount, as containers and services take it."""
    driver = without_none({"Name": mount.driver, "Options": mount.driver_opts and dict(mount.driver_opts)})
    nested: dict[str, Body] = {
        "BindOptions": {
            "Propagation": mount.propagation,
            "NonRecursive": mount.non_recursive,
            "CreateMountpoint": mount.create_mountpoint,
        },
        "VolumeOptions": {
            "NoCopy": mount.no_copy,
            "Labels": mount.labels and dict(mount.labels),
            "DriverConfig": driver or None,
            "Subpath": mount.subpath if mount.type != "image" else None,
        },
        "ImageOptions": {"Subpath": mount.subpath if mount.type == "image" else None},
        "TmpfsOptions": {"SizeBytes": mount.tmpfs_size, "Mode": mount.tmpfs_mode},
    }
    body = without_none(
        {
            "Target": mount.target,
            "Source": mount.source,
            "Type": mount.type,
            "ReadOnly": mount.read_only,
            "Consistency": mount.consistency,
        }
    )
    return body | {key: found for key, values in nested.items() if (found := without_none(values))}


def health_body(check: Healthcheck) -> Body:
    """Give a health check, as containers and services take it."""
    spans = {
        "Interval": check.interval,
        "Timeout": check.timeout,
        "StartPeriod": check.start_period,
        "StartInterval": check.start_interval,
    }
    times = {key: None if seconds is None else to_nanoseconds(seconds) for key, seconds in spans.items()}
    return without_none({"Test": health_test(check), "Retries": check.retries, **times})


def _restart_policy(policy: RestartPolicy) -> Body:
    count = {"MaximumRetryCount": policy.maximum_retry_count}
    return {"HostConfig": {"RestartPolicy": {"Name": policy.name, **without_none(count)}}}


def _log_config(log: LogConfig) -> Body:
    return {"HostConfig": {"LogConfig": {"Type": log.type or "", "Config": dict(log.config)}}}


def _ulimits(limits: tuple[Ulimit, ...]) -> Body:
    return {
        "HostConfig": {"Ulimits": [{"Name": one.name, "Soft": one.soft, "Hard": one.hard} for one in limits]}
    }


def _devices(devices: tuple[Device, ...]) -> Body:
    return {
        "HostConfig": {
            "Devices": [
                {
                    "PathOnHost": one.path_on_host,
                    "PathInContainer": one.path_in_container or one.path_on_host,
                    "CgroupPermissions": one.cgroup_permissions,
                }
                for one in devices
            ]
        }
    }


def _device_requests(requests: tuple[DeviceRequest, ...]) -> Body:
    return {"HostConfig": {"DeviceRequests": [_device_request(one) for one in requests]}}


def _device_request(request: DeviceRequest) -> Body:
    lists = {
        "DeviceIDs": list(request.device_ids) or None,
        "Capabilities": [list(one) for one in request.capabilities] or None,
        "Options": dict(request.options) or None,
    }
    return without_none({"Driver": request.driver, "Count": request.count, **lists})


def _rates(key: str, field: str = "Rate") -> Encoder:
    def encode(rates: Mapping[str, int]) -> Body:
        return {"HostConfig": {key: [{"Path": path, field: rate} for path, rate in rates.items()]}}

    return encode


def _networks(networks: Mapping[str, NetworkAttachment]) -> Body:
    return {"NetworkingConfig": {"EndpointsConfig": {name: endpoint(one) for name, one in networks.items()}}}


def endpoint(network: NetworkAttachment) -> Body:
    """Give the settings of one network, as creating a container and connecting one take them.

    Raises:
        NotSupported: It has what only Podman knows.
    """
    if network.interface_name is not None:
        raise NotSupported("interface_name of a network", ENGINE)
    addresses = {
        "IPv4Address": network.ipv4_address,
        "IPv6Address": network.ipv6_address,
        "LinkLocalIPs": list(network.link_local_ips) or None,
    }
    return without_none(
        {
            "Aliases": list(network.aliases) or None,
            "IPAMConfig": without_none(addresses) or None,
            "MacAddress": network.mac_address,
            "Links": list(network.links) or None,
            "DriverOpts": dict(network.driver_opts) or None,
            "GwPriority": network.gw_priority,
        }
    )


_PLAIN = {
    "command": "Cmd",
    "domainname": "Domainname",
    "entrypoint": "Entrypoint",
    "hostname": "Hostname",
    "labels": "Labels",
    "network_disabled": "NetworkDisabled",
    "stdin_once": "StdinOnce",
    "stdin_open": "OpenStdin",
    "stop_timeout": "StopTimeout",
    "tty": "Tty",
    "user": "User",
    "working_dir": "WorkingDir",
}
_PLAIN_HOST = {
    "annotations": "Annotations",
    "auto_remove": "AutoRemove",
    "blkio_weight": "BlkioWeight",
    "cap_add": "CapAdd",
    "cap_drop": "CapDrop",
    "cgroup_parent": "CgroupParent",
    "cgroupns": "CgroupnsMode",
    "cpu_count": "CpuCount",
    "cpu_percent": "CpuPercent",
    "cpu_period": "CpuPeriod",
    "cpu_quota": "CpuQuota",
    "cpu_rt_period": "CpuRealtimePeriod",
    "cpu_rt_runtime": "CpuRealtimeRuntime",
    "cpu_shares": "CpuShares",
    "cpuset_cpus": "CpusetCpus",
    "cpuset_mems": "CpusetMems",
    "device_cgroup_rules": "DeviceCgroupRules",
    "dns": "Dns",
    "dns_opt": "DnsOptions",
    "dns_search": "DnsSearch",
    "extra_hosts": "ExtraHosts",
    "group_add": "GroupAdd",
    "init": "Init",
    "ipc_mode": "IpcMode",
    "isolation": "Isolation",
    "kernel_memory": "KernelMemory",
    "links": "Links",
    "mem_limit": "Memory",
    "mem_reservation": "MemoryReservation",
    "mem_swappiness": "MemorySwappiness",
    "memswap_limit": "MemorySwap",
    "nano_cpus": "NanoCpus",
    "network_mode": "NetworkMode",
    "oom_kill_disable": "OomKillDisable",
    "oom_score_adj": "OomScoreAdj",
    "pid_mode": "PidMode",
    "pids_limit": "PidsLimit",
    "privileged": "Privileged",
    "publish_all_ports": "PublishAllPorts",
    "read_only": "ReadonlyRootfs",
    "runtime": "Runtime",
    "security_opt": "SecurityOpt",
    "shm_size": "ShmSize",
    "storage_opt": "StorageOpt",
    "sysctls": "Sysctls",
    "tmpfs": "Tmpfs",
    "userns_mode": "UsernsMode",
    "uts_mode": "UTSMode",
    "volume_driver": "VolumeDriver",
    "volumes_from": "VolumesFrom",
}
_TABLE: dict[str, Encoder] = {
    **{name: at(key) for name, key in _PLAIN.items()},
    **{name: _host(key) for name, key in _PLAIN_HOST.items()},
    "blkio_weight_device": _rates("BlkioWeightDevice", "Weight"),
    "device_read_bps": _rates("BlkioDeviceReadBps"),
    "device_read_iops": _rates("BlkioDeviceReadIOps"),
    "device_requests": _device_requests,
    "device_write_bps": _rates("BlkioDeviceWriteBps"),
    "device_write_iops": _rates("BlkioDeviceWriteIOps"),
    "devices": _devices,
    "environment": _environment,
    "expose": _expose,
    "healthcheck": lambda check: {"Healthcheck": health_body(check)},
    "log_config": _log_config,
    "mac_address": _nothing,
    "mounts": _mounts,
    "name": _nothing,
    "networks": _networks,
    "platform": _nothing,
    "ports": _ports,
    "restart_policy": _restart_policy,
    "stop_signal": lambda signal: {"StopSignal": str(signal)},
    "ulimits": _ulimits,
    "use_config_proxy": _nothing,
    "volumes": _volumes,
}
