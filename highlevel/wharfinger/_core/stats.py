"""Readings of what containers use, made of the engines' JSON: each knows what it is compared with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wharfinger._core.decoding import FaultHolder
from wharfinger._core.jsonlines import JSONDecoder
from wharfinger.errors import StreamError
from wharfinger.types.stats import ContainerStats, StatsCounts

if TYPE_CHECKING:
    from collections.abc import Mapping


class Readings:
    """Turns the JSON of one container's stream into readings."""

    def __init__(self) -> None:
        self._before: ContainerStats | None = None

    def __call__(self, raw: dict[str, Any]) -> ContainerStats:
        """The next reading."""
        found = ContainerStats(raw, before=self._before)
        # Without what that is compared with itself: each would keep all before it.
        self._before = ContainerStats(raw)
        return found


def lacks_start(raw: Mapping[str, Any]) -> bool:
    """Whether the share of the processor has to be reckoned from the container's start, which is not told: Podman's."""
    return "cpu" in (raw.get("cpu_stats") or {})


class LibpodStats(ContainerStats):
    """A reading in the form in which Podman tells of many containers at once."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """The container's full id."""
        return str(self._attrs.get("ContainerID") or "")

    @property
    def name(self) -> str:
        """The container's name."""
        return str(self._attrs.get("Name") or "")

    @property
    def read(self) -> datetime | None:
        """When it was taken, in UTC; None of a container that does not run."""
        nanoseconds = self._count("SystemNano")
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if nanoseconds else None

    @property
    def running(self) -> bool:
        """Whether the container was running; else every number is 0."""
        return self._count("SystemNano") != 0

    @property
    def cpu_percent(self) -> float | None:
        """Its share of the processors since the reading before, or since its start in the first one."""
        read, before = self.read, self._counts_before
        if read and before and before.read and read > before.read and self.cpu_total_ns >= before.cpu_ns:
            # As Podman does, which forgets the reading before when it has to be asked anew.
            passed = (read - before.read).total_seconds()
            return (self.cpu_total_ns - before.cpu_ns) / 1e9 / passed * 100
        return float(self._attrs.get("CPU") or 0.0)

    @property
    def cpu_total_ns(self) -> int:
        """Processor time used since the start, in nanoseconds."""
        return self._count("CPUNano")

    @property
    def online_cpus(self) -> int | None:
        """How many processors the machine has; None where Podman does not tell."""
        return len(self._attrs.get("PerCPU") or ()) or None

    @property
    def memory_usage(self) -> int:
        """Memory in use, in bytes."""
        return self._count("MemUsage")

    @property
    def memory_limit(self) -> int:
        """How much memory it may use, in bytes."""
        return self._count("MemLimit")

    @property
    def network_rx_bytes(self) -> int:
        """Bytes received by all its interfaces since the start."""
        return self._count("NetInput") + self._interfaces("RxBytes")

    @property
    def network_tx_bytes(self) -> int:
        """Bytes sent by all its interfaces since the start."""
        return self._count("NetOutput") + self._interfaces("TxBytes")

    def _interfaces(self, key: str) -> int:
        # Podman 5 tells of each interface, and no sums.
        found: Mapping[str, Mapping[str, Any]] = self._attrs.get("Network") or {}
        return sum(int(one.get(key) or 0) for one in found.values())

    @property
    def block_read_bytes(self) -> int:
        """Bytes read from disks since the start."""
        return self._count("BlockInput")

    @property
    def block_write_bytes(self) -> int:
        """Bytes written to disks since the start."""
        return self._count("BlockOutput")

    @property
    def pids(self) -> int:
        """How many processes and threads it has."""
        return self._count("PIDs")

    def _count(self, key: str) -> int:
        return int(self._attrs.get(key) or 0)


class LibpodReadings:
    """Turns Podman's reports on many containers into readings, through as many requests as it takes.

    Args:
        named: Whether they were asked for by name: then one that has ended is not told of again, as if it had
            a stream of its own, and `over` tells when all have.
    """

    def __init__(self, *, named: bool) -> None:
        self._named = named
        self._before: dict[str, StatsCounts] = {}
        self._ended: set[str] = set()
        self.over = False

    def of_report(self, report: Mapping[str, Any]) -> list[ContainerStats]:
        """The readings of the containers that run.

        Raises:
            StreamError: Podman could not measure one of them; it does not say which, nor why.
        """
        found = every_reading(report)
        if self._named:
            self._ended.update(one.id for one in found if not one.running)
        running = [
            LibpodStats(one.attrs, before=self._before.get(one.id))
            for one in found
            if one.running and one.id not in self._ended
        ]
        self._before = {one.id: one.counts for one in running}
        self.over = self._named and not running
        return [*running]


class Reports(FaultHolder):
    """Decoder of Podman's stream of reports."""

    def __init__(self, readings: LibpodReadings) -> None:
        super().__init__()
        self._values = JSONDecoder()
        self._readings = readings

    def feed(self, data: bytes, /) -> list[ContainerStats]:
        """The readings that are complete now."""
        self.check()
        found: list[ContainerStats] = []
        for report in self._values.feed(data):
            try:
                found += self._readings.of_report(report)
            except StreamError as fault:
                return self.settle(found, fault)
        return found

    def finish(self) -> list[ContainerStats]:
        """Nothing; says whether a report was cut short."""
        self.check()
        self._values.finish()
        return []


def every_reading(report: Mapping[str, Any]) -> list[LibpodStats]:
    """The readings of a report, zeros of containers that do not run among them.

    Raises:
        StreamError: Podman could not measure one of them.
    """
    if report.get("Error") is not None:
        raise StreamError(
            f"Podman could not measure every container: {report['Error'] or 'it does not say why'}"
        )
    return [LibpodStats(raw) for raw in report.get("Stats") or ()]
