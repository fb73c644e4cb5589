"""Points in time as the engines' queries take them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def unix_seconds(when: datetime | timedelta | float | None) -> float | None:
    """Seconds since 1970. A naive datetime is UTC; a timedelta is so long ago.

    Raises:
        TypeError: It is none of these.
    """
    if when is None:
        return None
    if isinstance(when, timedelta):
        return time.time() - when.total_seconds()
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    return _number(when)


def _number(value: object) -> float:
    # Text and flags could be read as numbers, and would be mistakes.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no point in time; expected a datetime, a timedelta or Unix seconds")
    return float(value)
