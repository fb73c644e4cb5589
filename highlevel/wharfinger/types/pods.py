"""What pods use, and what became of what was played."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any

import attrs

_SIZE = re.compile(r"([\d.]+)\s*([kKMGTP]?)(i?)B")
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}


class PodStats(Mapping[str, Any]):
    """One reading of what a container of a pod uses of processor, memory, networks and disks.

    The engine's own JSON, in which the numbers are text, as a mapping that cannot be changed; and properties with
    the numbers, as exact as the engine tells them. Those of a container that does not run are None.
    """

    __slots__ = ("_attrs", "_sent_first")

    def __init__(self, attrs: dict[str, Any], *, sent_first: bool = False) -> None:
        self._attrs = attrs
        # Podman before 4.4 told them the wrong way round.
        self._sent_first = sent_first

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - the engine's JSON
        return self._attrs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._attrs)

    def __len__(self) -> int:
        return len(self._attrs)

    def __repr__(self) -> str:
        return f"<PodStats {self.name} of {self.pod_id}: cpu {self._text('CPU')}, memory {self._text('MemUsageBytes')}>"

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def pod_id(self) -> str:
        """The first 12 digits of the pod's id."""
        return self._text("Pod")

    @property
    def container_id(self) -> str:
        """The first 12 digits of the container's id."""
        return self._text("CID")

    @property
    def name(self) -> str:
        """The container's name."""
        return self._text("Name")

    @property
    def running(self) -> bool:
        """Whether the container was running."""
        return self.pids is not None

    @property
    def cpu_percent(self) -> float | None:
        """Its share of the processors: 100 is one processor busy all the time."""
        return _percent(self._text("CPU")) if self.running else None

    @property
    def memory_usage(self) -> int | None:
        """Memory in use, in bytes."""
        return self._pair("MemUsageBytes")[0]

    @property
    def memory_limit(self) -> int | None:
        """How much memory it may use, in bytes: all of the machine's where it has no limit."""
        return self._pair("MemUsageBytes")[1]

    @property
    def memory_percent(self) -> float | None:
        """Memory in use, as a share of what it may use."""
        return _percent(self._text("Mem")) if self.running else None

    @property
    def network_rx_bytes(self) -> int | None:
        """Bytes received; those of a pod's shared network are told for each of its containers."""
        return self._pair("NetIO")[self._sent_first]

    @property
    def network_tx_bytes(self) -> int | None:
        """Bytes sent, likewise."""
        return self._pair("NetIO")[not self._sent_first]

    @property
    def block_read_bytes(self) -> int | None:
        """Bytes read from disks; None also where there were none."""
        return self._pair("BlockIO")[0]

    @property
    def block_write_bytes(self) -> int | None:
        """Bytes written to disks; None also where there were none."""
        return self._pair("BlockIO")[1]

    @property
    def pids(self) -> int | None:
        """How many processes and threads it has."""
        told = self._text("PIDS")
        return int(told) if told.isdecimal() else None

    def _text(self, key: str) -> str:
        return str(self._attrs.get(key) or "")

    def _pair(self, key: str) -> tuple[int | None, int | None]:
        first, _, second = self._text(key).partition("/")
        return _size(first), _size(second)


def _size(told: str) -> int | None:
    match = _SIZE.fullmatch(told.strip())
    if match is None:
        return None
    unit: int = (1024 if match[3] else 1000) ** _POWERS[match[2].upper()]
    return round(float(match[1]) * unit)


def _percent(told: str) -> float | None:
    try:
        return float(told.removesuffix("%"))
    except ValueError:
        return None


@attrs.frozen
class KubePod:
    """A pod that was made of YAML.

    Attributes:
        id: The pod's full id.
        containers: Ids of its containers.
        init_containers: Ids of those that ran before them.
        logs: What pulling and making told.
    """

    id: str
    containers: tuple[str, ...] = ()
    init_containers: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()


@attrs.frozen
class KubeReport:
    """What was made of YAML, or taken down.

    Attributes:
        pods: What was made.
        volumes: Names of volumes that were made.
        secrets: Ids of secrets that were made.
        stopped: Ids of pods that were stopped.
        removed: Ids of pods that were removed.
        removed_volumes: Names of volumes that were removed; Podman 4.3 removes none.
        removed_secrets: Ids of secrets that were removed; Podman 4.3 removes none.
        service_container: Id of the container that ties the pods' lives together, or None.
        exit_codes: How each container ended, by its id, where `wait` was asked for.
        attrs: The engine's own JSON.
    """

    pods: tuple[KubePod, ...] = ()
    volumes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    removed_volumes: tuple[str, ...] = ()
    removed_secrets: tuple[str, ...] = ()
    service_container: str | None = None
    exit_codes: Mapping[str, int] = attrs.field(factory=dict[str, int])
    attrs: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False)


@attrs.frozen
class HealthCheck:
    """One run of a container's health check.

    Attributes:
        start: When it began, in UTC; None where the engine does not tell.
        end: When it ended, likewise.
        exit_code: How it ended; 0 is well.
        output: What it wrote.
    """

    start: datetime | None
    end: datetime | None
    exit_code: int
    output: str


@attrs.frozen
class Health:
    """How well a container is.

    Attributes:
        status: What the last check told: healthy or unhealthy.
        failing_streak: Failures in a row until now.
        log: The last runs of its check, the newest last.
    """

    status: str
    failing_streak: int
    log: tuple[HealthCheck, ...] = ()
