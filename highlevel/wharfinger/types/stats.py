"""What a container uses of its machine, as its engine measures it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

# Podman begins a stream with two measurements at once, whose difference tells nothing.
_TOO_SHORT = timedelta(seconds=1)


class StatsCounts(NamedTuple):
    """The counters of a reading that the next one is compared with.

    Attributes:
        read: When it was taken.
        cpu_ns: Processor time used, in nanoseconds.
        network_rx: Bytes received.
        network_tx: Bytes sent.
        block_read: Bytes read from disks.
        block_write: Bytes written to disks.
    """

    read: datetime | None
    cpu_ns: int
    network_rx: int
    network_tx: int
    block_read: int
    block_write: int


class ContainerStats(Mapping[str, Any]):
    """One reading of what a container uses of processor, memory, networks and disks.

    The engine's own JSON, as a mapping that cannot be changed, and properties with the numbers that the engine's own
    program shows (`docker stats`, `podman stats`). What is reckoned against an earlier
    reading is None in the first.
    """

    __slots__ = ("_attrs", "_before", "_started")

    def __init__(
        self,
        attrs: dict[str, Any],
        *,
        before: StatsCounts | ContainerStats | None = None,
        started: datetime | None = None,
    ) -> None:
        self._attrs = attrs
        self._before = before
        self._started = started

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - the engine's JSON
        return self._attrs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._attrs)

    def __len__(self) -> int:
        return len(self._attrs)

    def __repr__(self) -> str:
        percent = self.cpu_percent
        cpu = "?" if percent is None else f"{percent:.1f} %"
        return f"<ContainerStats {self.name or self.id[:12]}: cpu {cpu}, memory {self.memory_usage} bytes>"

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The container's full id."""
        return str(self._attrs.get("id") or self._attrs.get("Id") or "")

    @property
    def name(self) -> str:
        """The container's name, without a slash before it."""
        return str(self._attrs.get("name") or "").removeprefix("/")

    @property
    def read(self) -> datetime | None:
        """When it was taken, in UTC; None of a container that does not run."""
        return _time(self._attrs.get("read"))

    @property
    def running(self) -> bool:
        """Whether the container was running; else every number is 0."""
        return _told_time(self._attrs.get("read"))

    @property
    def cpu_percent(self) -> float | None:
        """Its share of the processors since the reading before: 100 is one processor busy all the time.

        In the first reading of a stream, and in one alone, Podman's is the share since the container's start, and
        Docker's is None unless the engine waited for another reading, as it does for stream=False.
        """
        now, before = _part(self._attrs, "cpu_stats"), _part(self._attrs, "precpu_stats")
        if "cpu" in now:
            return self._podman_cpu(now, before)
        if not self.running:
            return 0.0
        if not before.get("system_cpu_usage"):
            return None
        used = self.cpu_total_ns - _number(_part(before, "cpu_usage"), "total_usage")
        passed = _number(now, "system_cpu_usage") - _number(before, "system_cpu_usage")
        if used <= 0 or passed <= 0:
            return 0.0
        return used / passed * (self.online_cpus or 1) * 100

    def _podman_cpu(self, now: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
        # Podman reckons against the clock; what it calls the system's time is something else.
        read, earlier = self.read, _time(self._attrs.get("preread"))
        if read is None:
            return 0.0
        if earlier is None:
            return share_since(self._started, read, self.cpu_total_ns)
        return float((before if read - earlier < _TOO_SHORT else now).get("cpu") or 0.0)

    @property
    def cpu_total_ns(self) -> int:
        """Processor time used since the start, in nanoseconds."""
        return _number(_part(_part(self._attrs, "cpu_stats"), "cpu_usage"), "total_usage")

    @property
    def online_cpus(self) -> int | None:
        """How many processors the machine has; None where the engine does not tell."""
        cpu = _part(self._attrs, "cpu_stats")
        return _number(cpu, "online_cpus") or len(_part(cpu, "cpu_usage").get("percpu_usage") or ()) or None

    @property
    def memory_usage(self) -> int:
        """Memory in use, in bytes; Docker's without the part of the page cache that can be dropped at once."""
        memory = _part(self._attrs, "memory_stats")
        usage, detail = _number(memory, "usage"), _part(memory, "stats")
        if "cpu" in _part(self._attrs, "cpu_stats"):
            return usage
        # The first name is that of cgroup v1, where the other one leaves out what is in cgroups below.
        droppable = _number(
            detail, "total_inactive_file" if "total_inactive_file" in detail else "inactive_file"
        )
        return usage - droppable if droppable < usage else usage

    @property
    def memory_limit(self) -> int:
        """How much memory it may use, in bytes: all of the machine's where it has no limit."""
        return _number(_part(self._attrs, "memory_stats"), "limit")

    @property
    def memory_percent(self) -> float:
        """Memory in use, as a share of what it may use."""
        limit = self.memory_limit
        return self.memory_usage / limit * 100 if limit else 0.0

    @property
    def network_rx_bytes(self) -> int:
        """Bytes received by all its interfaces since the start."""
        return self._network("rx_bytes")

    @property
    def network_tx_bytes(self) -> int:
        """Bytes sent by all its interfaces since the start."""
        return self._network("tx_bytes")

    def _network(self, key: str) -> int:
        return sum(_number(one, key) for one in _part(self._attrs, "networks").values())

    @property
    def block_read_bytes(self) -> int:
        """Bytes read from disks since the start."""
        return self._blocks("r")

    @property
    def block_write_bytes(self) -> int:
        """Bytes written to disks since the start."""
        return self._blocks("w")

    def _blocks(self, initial: str) -> int:
        told = _part(self._attrs, "blkio_stats").get("io_service_bytes_recursive") or ()
        return sum(_number(one, "value") for one in told if str(one.get("op", ""))[:1].lower() == initial)

    @property
    def pids(self) -> int:
        """How many processes and threads it has."""
        return _number(_part(self._attrs, "pids_stats"), "current")

    @property
    def counts(self) -> StatsCounts:
        """The counters that the next reading is compared with."""
        return StatsCounts(
            self.read,
            self.cpu_total_ns,
            self.network_rx_bytes,
            self.network_tx_bytes,
            self.block_read_bytes,
            self.block_write_bytes,
        )

    @property
    def network_rx_rate(self) -> float | None:
        """Bytes received a second since the reading before; None without one."""
        return self._rate("network_rx")

    @property
    def network_tx_rate(self) -> float | None:
        """Bytes sent a second since the reading before; None without one."""
        return self._rate("network_tx")

    @property
    def block_read_rate(self) -> float | None:
        """Bytes read from disks a second since the reading before; None without one."""
        return self._rate("block_read")

    @property
    def block_write_rate(self) -> float | None:
        """Bytes written to disks a second since the reading before; None without one."""
        return self._rate("block_write")

    @property
    def _counts_before(self) -> StatsCounts | None:
        # Reckoned when it is asked for: most readings are never compared.
        return self._before.counts if isinstance(self._before, ContainerStats) else self._before

    def _rate(self, counter: str) -> float | None:
        read, before = self.read, self._counts_before
        if read is None or before is None or before.read is None or read <= before.read:
            return None
        more: int = getattr(self.counts, counter) - getattr(before, counter)
        # Fewer: it was started anew meanwhile.
        return more / (read - before.read).total_seconds() if more >= 0 else None


def share_since(started: datetime | None, now: datetime, used_ns: int) -> float | None:
    """Processor time as a percentage of the time since a start; None where that is not known."""
    if started is None or now <= started:
        return None
    return used_ns / 1e9 / (now - started).total_seconds() * 100


def _time(told: object) -> datetime | None:
    return datetime.fromisoformat(str(told)) if _told_time(told) else None


def _told_time(told: object) -> bool:
    # The year 1 is how the engines say never.
    return bool(told) and not str(told).startswith("0001-")


def _part(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = values.get(key) or {}
    return found


def _number(values: Mapping[str, Any], key: str) -> int:
    return int(values.get(key) or 0)
