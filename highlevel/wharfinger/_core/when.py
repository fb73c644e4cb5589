"""Points in time as the engines' queries take them: text that tells them to the nanosecond."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def unix_nanoseconds(when: datetime | timedelta | float | None) -> int | None:
    """Nanoseconds since 1970, and none before. A naive datetime is UTC; a timedelta is so long ago.

    Raises:
        TypeError: It is none of these.
        ValueError: It is a number, but no time.
    """
    if when is None:
        return None
    if isinstance(when, timedelta):
        found = time.time_ns() - _nanoseconds(when)
    elif isinstance(when, datetime):
        found = _nanoseconds((when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH)
    else:
        found = _of_number(when)
    return max(0, found)


def seconds_text(nanoseconds: int | None) -> str | None:
    """A point in time as Docker reads it to the nanosecond, such as "1767225600.000000001"."""
    if nanoseconds is None:
        return None
    return f"{nanoseconds // SECOND}.{nanoseconds % SECOND:09d}"


def date_text(nanoseconds: int | None) -> str | None:
    """A point in time as Podman reads it to the nanosecond, such as "2026-01-01T00:00:00.000000001Z".

    It takes seconds for a float, which has no room for nanoseconds.
    """
    if nanoseconds is None:
        return None
    date = datetime.fromtimestamp(nanoseconds // SECOND, UTC)
    return f"{date:%Y-%m-%dT%H:%M:%S}.{nanoseconds % SECOND:09d}Z"


def http_date(text: str | None) -> int | None:
    """The nanoseconds since 1970 of a Date header, which tells whole seconds; None where there is none."""
    from email.utils import parsedate_to_datetime

    try:
        return None if text is None else int(parsedate_to_datetime(text).timestamp()) * SECOND
    except ValueError:
        return None


def _nanoseconds(span: timedelta) -> int:
    # Whole numbers: a float has no room for the nanoseconds of today.
    return span // _MICROSECOND * 1000


def _of_number(value: object) -> int:
    # Text and flags could be read as numbers, and would be mistakes.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no point in time; expected a datetime, a timedelta or Unix seconds")
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is no point in time; expected Unix seconds, such as 1767225600.5")
    return value * SECOND if isinstance(value, int) else round(value * 1_000_000) * 1000
