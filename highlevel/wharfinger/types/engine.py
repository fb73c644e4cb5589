"""What engines tell of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs


@attrs.frozen(eq=False)
class EngineVersion(Mapping[str, Any]):
    """Which engine answers, and what it speaks; as a mapping it is the engine's own JSON, which docker-py gives.

    Attributes:
        engine: docker or podman.
        version: Release of the engine, such as "28.5.2".
        api_version: Highest version of its API, such as "1.51"; Podman's native one, such as "5.4.2", while
            ["ApiVersion"] is that of its Docker-compatible one.
        min_api_version: Lowest version that it still speaks, where it tells.
        os: Such as "linux".
        arch: Such as "amd64".
        attrs: The engine's own JSON.
    """

    engine: Literal["docker", "podman"]
    version: str
    api_version: str
    min_api_version: str | None = None
    os: str = ""
    arch: str = ""
    attrs: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the engine's JSON holds
        return self.attrs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.attrs)

    def __len__(self) -> int:
        return len(self.attrs)


@attrs.frozen(kw_only=True)
class SwarmState:
    """What an engine tells of the swarm that it is in.

    Attributes:
        state: "inactive", "pending", "active", "error" or "locked"; Podman is always "inactive".
        node_id: The id of the engine's own node.
        node_address: Where other nodes reach it.
        is_manager: Whether it manages the swarm, so that `client.swarm`, `nodes`, `configs` and the like answer.
        nodes: How many nodes the swarm has, where it is a manager.
        managers: How many of them are managers, likewise.
        error: Why it is in the state "error".
    """

    state: str = "inactive"
    node_id: str = ""
    node_address: str = ""
    is_manager: bool = False
    nodes: int = 0
    managers: int = 0
    error: str = ""


@attrs.frozen(eq=False, kw_only=True)
class EngineInfo(Mapping[str, Any]):
    """An engine and its host; as a mapping it is the engine's own JSON, which docker-py and podman-py give.

    Attributes:
        engine: docker or podman.
        version: Release of the engine.
        id: The engine's id; empty on Podman.
        hostname: Name of its host.
        containers: How many containers there are.
        running: How many of them run.
        paused: How many of them are paused.
        stopped: How many of them are neither.
        images: How many images there are.
        operating_system: Of the host, such as "Debian GNU/Linux 12 (bookworm)"; Podman says "debian 12".
        kernel: Version of the host's kernel.
        cpus: How many processors the host has.
        memory: Bytes of memory that the host has.
        storage_driver: What keeps images and containers, such as "overlay2".
        root_dir: Where they are kept.
        cgroup_driver: "systemd" or "cgroupfs".
        cgroup_version: 1 or 2.
        rootless: Whether the engine runs without root's rights.
        swarm: The swarm that it is in.
        attrs: The engine's own JSON.
    """

    engine: Literal["docker", "podman"]
    version: str
    id: str
    hostname: str
    containers: int
    running: int
    paused: int
    stopped: int
    images: int
    operating_system: str
    kernel: str
    cpus: int
    memory: int
    storage_driver: str
    root_dir: str
    cgroup_driver: str
    cgroup_version: int
    rootless: bool
    swarm: SwarmState
    attrs: Mapping[str, Any] = attrs.field(repr=False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the engine's JSON holds
        return self.attrs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.attrs)

    def __len__(self) -> int:
        return len(self.attrs)
