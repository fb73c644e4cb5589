"""Points in time as engines write them: RFC 3339 with up to nine fractional digits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Self

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:([Zz])|([+-])(\d\d):(\d\d))"
)


class Timestamp(datetime):
    """A datetime that keeps what a datetime cannot: nanoseconds, and the text as the engine wrote it.

    Compares and sorts as the datetime that it is (microseconds); `nanosecond` is the fraction of the second
    in nanoseconds, 0 to 999,999,999; `text` is the original.
    """

    # Unset where reckoning made it of another one (`when + timedelta(…)`): it is then no more than a datetime.
    _nanosecond: int | None = None
    _text: str | None = None

    @property
    def nanosecond(self) -> int:
        """The fraction of the second, 0 to 999,999,999."""
        return self.microsecond * 1000 if self._nanosecond is None else self._nanosecond

    @property
    def text(self) -> str:
        """As the engine wrote it, or ISO 8601 where no engine did."""
        return self.isoformat() if self._text is None else self._text

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The point in time that `text` names, or None where it names none (an empty string, say)."""
        match = _RFC3339.fullmatch(text)
        try:
            return cls._of_match(match, text) if match else cls._of_iso(text)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def _of_match(cls, match: re.Match[str], text: str) -> Self:
        year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
        nanosecond = int((match[7] or "").ljust(9, "0")) if match[7] else 0
        zone = UTC
        if match[9]:
            offset = timedelta(hours=int(match[10]), minutes=int(match[11]))
            zone = timezone(-offset if match[9] == "-" else offset)
        return cls._make(
            datetime(year, month, day, hour, minute, second, nanosecond // 1000, zone), nanosecond, text
        )

    @classmethod
    def _of_iso(cls, text: str) -> Self:
        # Rare spellings (no zone, a week date): here so that the common one pays no import.
        from dateutil.parser import isoparse

        when = isoparse(text)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return cls._make(when, when.microsecond * 1000, text)

    @classmethod
    def _make(cls, when: datetime, nanosecond: int, text: str) -> Self:
        self = cls(
            when.year,
            when.month,
            when.day,
            when.hour,
            when.minute,
            when.second,
            when.microsecond,
            when.tzinfo,
        )
        self._nanosecond = nanosecond
        self._text = text
        return self

    def __reduce_ex__(self, protocol: Any) -> str | tuple[Any, ...]:
        return super().__reduce_ex__(protocol) if self._text is None else (Timestamp.parse, (self._text,))


def format_timestamp(when: datetime) -> str:
    """RFC 3339 for a request; a naive time is taken as UTC, as the engines do."""
    if isinstance(when, Timestamp) and when.tzinfo:
        return when.text
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()
