"""How long a request may take: what the caller asked for, and what is left of it."""

from __future__ import annotations

from time import monotonic
from typing import Literal, TypeAlias

import attrs

from wharfinger.errors import EngineTimeout

Phase: TypeAlias = Literal["pool", "connect", "read", "write"]


def check_seconds(name: str, value: object) -> None:
    """Refuse what is no limit of time.

    Raises:
        TypeError: It is no number.
        ValueError: It is not above 0.
    """
    if value is None:
        return
    wanted = "expected seconds above 0, or None for no limit at all"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}={value!r}: {wanted}")
    if not value > 0:
        raise ValueError(f"{name}={value!r}: {wanted}")


def _limit(_: object, attribute: attrs.Attribute[float], value: object) -> None:
    check_seconds(f"timeout {attribute.name}", value)


@attrs.frozen
class Timeout:
    """Limits of time for one request, in seconds; None is no limit.

    Attributes:
        connect: Until a connection stands, logins and handshakes included; also for a free place in the pool.
        read: Between two arrivals of bytes.
        write: Between two departures of bytes.
        total: For the whole request, until the last byte of its reply.

    Raises:
        TypeError: A limit is no number.
        ValueError: A limit is not above 0.
    """

    connect: float | None = attrs.field(default=10.0, validator=_limit)
    read: float | None = attrs.field(default=60.0, validator=_limit)
    write: float | None = attrs.field(default=60.0, validator=_limit)
    total: float | None = attrs.field(default=None, validator=_limit)

    def for_stream(self) -> Timeout:
        """The same for a stream, which may rightly be silent, and go on, for days."""
        return attrs.evolve(self, read=None, total=None)


class Limits:
    """A Timeout whose total has begun to run."""

    __slots__ = ("_until", "timeout")

    def __init__(self, timeout: Timeout) -> None:
        self.timeout = timeout
        self._until = None if timeout.total is None else monotonic() + timeout.total

    def _within(self, limit: float | None) -> float | None:
        if self._until is None:
            return limit
        left = max(0.0, self._until - monotonic())
        return left if limit is None else min(limit, left)

    def connect(self) -> float | None:
        """Seconds that connecting may take from now."""
        return self._within(self.timeout.connect)

    def read(self) -> float | None:
        """Seconds that the next arrival of bytes may take from now."""
        return self.timeout.read if self._until is None else self._within(self.timeout.read)

    def write(self) -> float | None:
        """Seconds that the next departure of bytes may take from now."""
        return self.timeout.write if self._until is None else self._within(self.timeout.write)

    def expired(self, phase: Phase, detail: str = "") -> EngineTimeout:
        """Give the error for a limit that was reached in this phase."""
        if self._until is not None and monotonic() >= self._until:
            return EngineTimeout("total", self.timeout.total, detail)
        limit = {"read": self.timeout.read, "write": self.timeout.write}.get(phase, self.timeout.connect)
        return EngineTimeout(phase, limit, detail)
