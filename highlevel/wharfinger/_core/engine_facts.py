"""What each engine's JSON tells of the engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core.container_facts import section
from wharfinger.types import EngineInfo, EngineVersion, SwarmState

if TYPE_CHECKING:
    from collections.abc import Mapping

_PODMAN = "Podman Engine"
_ROOTLESS = "name=rootless"


def docker_version(raw: Mapping[str, Any]) -> EngineVersion:
    """Docker's reply to /version."""
    return EngineVersion(
        engine="docker",
        version=str(raw.get("Version") or ""),
        api_version=str(raw.get("ApiVersion") or ""),
        min_api_version=raw.get("MinAPIVersion"),
        os=str(raw.get("Os") or ""),
        arch=str(raw.get("Arch") or ""),
        attrs=raw,
    )


def libpod_version(raw: Mapping[str, Any]) -> EngineVersion:
    """Podman's reply to /libpod/version, in Docker's form: its native API's version is that of a component."""
    components: list[dict[str, Any]] = raw.get("Components") or []
    parts = {str(one.get("Name")): section(one, "Details") for one in components}
    native = section(parts, _PODMAN)
    return EngineVersion(
        engine="podman",
        version=str(raw.get("Version") or ""),
        api_version=str(native.get("APIVersion") or ""),
        min_api_version=native.get("MinAPIVersion"),
        os=str(raw.get("Os") or ""),
        arch=str(raw.get("Arch") or ""),
        attrs=raw,
    )


def docker_info(raw: Mapping[str, Any]) -> EngineInfo:
    """Docker's reply to /info."""
    security: list[str] = raw.get("SecurityOptions") or []
    return EngineInfo(
        engine="docker",
        version=_text(raw, "ServerVersion"),
        id=_text(raw, "ID"),
        hostname=_text(raw, "Name"),
        containers=_number(raw, "Containers"),
        running=_number(raw, "ContainersRunning"),
        paused=_number(raw, "ContainersPaused"),
        stopped=_number(raw, "ContainersStopped"),
        images=_number(raw, "Images"),
        operating_system=_text(raw, "OperatingSystem"),
        kernel=_text(raw, "KernelVersion"),
        cpus=_number(raw, "NCPU"),
        memory=_number(raw, "MemTotal"),
        storage_driver=_text(raw, "Driver"),
        root_dir=_text(raw, "DockerRootDir"),
        cgroup_driver=_text(raw, "CgroupDriver"),
        cgroup_version=_cgroups(raw.get("CgroupVersion")),
        rootless=_ROOTLESS in security,
        swarm=_swarm(section(raw, "Swarm")),
        attrs=raw,
    )


def libpod_info(raw: Mapping[str, Any]) -> EngineInfo:
    """Podman's reply to /libpod/info."""
    host, store = section(raw, "host"), section(raw, "store")
    containers, system = section(store, "containerStore"), section(host, "distribution")
    names = (_text(system, "distribution"), _text(system, "version"))
    return EngineInfo(
        engine="podman",
        version=_text(section(raw, "version"), "Version"),
        id="",
        hostname=_text(host, "hostname"),
        containers=_number(containers, "number"),
        running=_number(containers, "running"),
        paused=_number(containers, "paused"),
        stopped=_number(containers, "stopped"),
        images=_number(section(store, "imageStore"), "number"),
        operating_system=" ".join(filter(None, names)),
        kernel=_text(host, "kernel"),
        cpus=_number(host, "cpus"),
        memory=_number(host, "memTotal"),
        storage_driver=_text(store, "graphDriverName"),
        root_dir=_text(store, "graphRoot"),
        cgroup_driver=_text(host, "cgroupManager"),
        cgroup_version=_cgroups(host.get("cgroupVersion")),
        rootless=bool(section(host, "security").get("rootless")),
        swarm=SwarmState(),
        attrs=raw,
    )


def _swarm(raw: Mapping[str, Any]) -> SwarmState:
    return SwarmState(
        state=_text(raw, "LocalNodeState") or "inactive",
        node_id=_text(raw, "NodeID"),
        node_address=_text(raw, "NodeAddr"),
        is_manager=bool(raw.get("ControlAvailable")),
        nodes=_number(raw, "Nodes"),
        managers=_number(raw, "Managers"),
        error=_text(raw, "Error"),
    )


def _cgroups(version: object) -> int:
    """Docker's "1" and Podman's "v1"; what tells nothing is the older."""
    return 2 if str(version).endswith("2") else 1


def _text(raw: Mapping[str, Any], key: str) -> str:
    return str(raw.get(key) or "")


def _number(raw: Mapping[str, Any], key: str) -> int:
    return int(raw.get(key) or 0)
