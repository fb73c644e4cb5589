"""What wait() takes: states to wait for, and how often Podman looks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# What Podman calls "not running".
NOT_RUNNING = ("created", "exited", "initialized", "stopped")
HEALTH_STATES = frozenset({"healthy", "unhealthy"})
# Of the versions that are described here, the first that has them.
HEALTH_SINCE = "4.9.5"
PODMAN_STATES = HEALTH_STATES | {
    *("configured", "created", "exited", "initialized", "paused"),
    *("removing", "running", "stopped", "stopping", "unknown"),
}
_DURATION = re.compile(r"(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+")


def wait_conditions(condition: str | Sequence[str] | None) -> tuple[str, ...]:
    """The states that are waited for; none where none was given.

    Raises:
        TypeError: It is neither text nor a list of it.
        ValueError: The list is empty.
    """
    if condition is None:
        return ()
    found = (condition,) if isinstance(condition, str) else tuple(condition)
    if not found:
        raise ValueError("condition=[] is empty; expected a state, or several")
    return tuple(map(_state, found))


def wait_interval(interval: float | str | timedelta | None) -> str | None:
    """A pause between two looks, as Podman reads it.

    Raises:
        TypeError: It is neither a number, a text nor a timedelta.
        ValueError: It is not above 0, or no duration.
    """
    if interval is None:
        return None
    if isinstance(interval, str):
        if not _DURATION.fullmatch(interval):
            raise ValueError(
                f"interval={interval!r}: expected a duration such as '250ms' or '2s', or seconds"
            )
        return interval
    seconds = _seconds(interval)
    if not 0 < seconds < float("inf"):
        raise ValueError(f"interval={interval!r}: expected seconds above 0, or a duration such as '250ms'")
    return f"{max(1, round(seconds * 1000))}ms"


def _state(condition: object) -> str:
    if not isinstance(condition, str):
        raise TypeError(f"condition={condition!r}: expected a state such as 'exited', or a list of them")
    return condition


def _seconds(interval: object) -> float:
    if isinstance(interval, timedelta):
        return interval.total_seconds()
    if isinstance(interval, bool) or not isinstance(interval, int | float):
        raise TypeError(
            f"interval={interval!r}: expected seconds, a timedelta, or a duration such as '250ms'"
        )
    return float(interval)
