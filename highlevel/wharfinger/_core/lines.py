"""From frames to lines: joins what the engine split, per stream, and takes timestamps off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from wharfinger._core.decoding import FaultHolder
from wharfinger.errors import ProtocolError
from wharfinger.types import LogFrame, StreamName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wharfinger._core.frames import Frame

MAX_LINE = 16 * 1024 * 1024
# The longest stamp is 2026-01-02T03:04:05.123456789+00:00, of 35 bytes.
_MAX_STAMP = 40

Stamps = Literal["none", "frame", "line"]


def split_timestamp(data: bytes) -> tuple[datetime | None, bytes]:
    """Take the RFC 3339 time and the space after it off a log line.

    Returns:
        The time in UTC and the rest; (None, data) when the line does not begin with a time.
    """
    stamp, space, rest = data[:_MAX_STAMP].partition(b" ")
    if not space or len(stamp) < 20 or stamp[4:5] != b"-" or stamp[10:11] != b"T":
        return None, data
    when = parse_time(stamp.decode("ascii", "replace"))
    return (None, data) if when is None else (when, rest + data[_MAX_STAMP:])


def parse_time(text: str) -> datetime | None:
    """Read an RFC 3339 time with any number of fractional digits; None when it is not one.

    The result is in UTC and cut to microseconds.
    """
    whole, dot, fraction = text.partition(".")
    digits = len(fraction) - len(fraction.lstrip("0123456789"))
    zone = fraction[digits:] if dot else ""
    try:
        when = datetime.fromisoformat(whole + zone)
        if dot:
            when += timedelta(microseconds=int(fraction[:digits][:6].ljust(6, "0")))
        return when.astimezone(UTC) if when.tzinfo else None
    except (ValueError, OverflowError):
        return None


class LineDecoder(FaultHolder):
    """Joins frames into lines; each stream on its own.

    Args:
        keepends: Leave the line end (LF or CRLF) on the line.
        stamps: Where the engine put a timestamp: "frame" at the beginning of every frame (multiplexed logs,
            where each part of a long line has its own), "line" at the beginning of every line (a tty).
        max_line: Longest line taken, in bytes.
    """

    def __init__(self, *, keepends: bool = True, stamps: Stamps = "none", max_line: int = MAX_LINE) -> None:
        super().__init__()
        self._keepends = keepends
        self._stamps: Stamps = stamps
        self._max = max_line
        self._as_is = keepends and stamps == "none"
        self._open: dict[StreamName, _OpenLine] = {}

    def feed(self, frames: Iterable[Frame]) -> list[LogFrame]:
        """Take frames; give the lines that they complete.

        Raises:
            ProtocolError: A line is longer than allowed; the lines before it are given first.
        """
        self.check()
        out: list[LogFrame] = []
        fault: ProtocolError | None = None
        as_is, begun, longest, append = self._as_is, self._open, self._max, out.append
        for stream, data in frames:
            # Nearly all frames are one line; they are not worth three calls.
            if as_is and stream not in begun and 0 <= data.find(b"\n") == len(data) - 1 < longest:
                append(LogFrame(stream, data))
                continue
            fault = self._frame(stream, data, out)
            if fault is not None:
                break
        return self.settle(out, fault)

    def finish(self) -> list[LogFrame]:
        """Say that the input has ended; give the lines that lack a line end, the oldest first."""
        self.check()
        rest = [self._line(stream, line.join(), line.timestamp) for stream, line in self._open.items()]
        self._open.clear()
        return rest

    def _frame(self, stream: StreamName, data: bytes, out: list[LogFrame]) -> ProtocolError | None:
        stamp: datetime | None = None
        if self._stamps == "frame":
            stamp, data = split_timestamp(data)
        first = data.find(b"\n") + 1
        if first == len(data) and first and stream not in self._open:
            return self._whole(stream, data, stamp, out)
        pos = 0
        while first:
            fault = self._end_line(stream, data[pos:first], stamp, out)
            if fault is not None:
                return fault
            pos = first
            first = data.find(b"\n", pos) + 1
        return self._keep(stream, data[pos:], stamp)

    def _end_line(
        self, stream: StreamName, part: bytes, stamp: datetime | None, out: list[LogFrame]
    ) -> ProtocolError | None:
        """Complete the line that is open on the stream, if any, with its last part."""
        line = self._open.get(stream)
        if line is None:
            return self._whole(stream, part, stamp, out)
        fault = self._keep(stream, part, stamp)
        if fault is None:
            del self._open[stream]
            out.append(self._line(stream, line.join(), line.timestamp))
        return fault

    def _whole(
        self, stream: StreamName, data: bytes, stamp: datetime | None, out: list[LogFrame]
    ) -> ProtocolError | None:
        if len(data) > self._max:
            return self._too_long(stream)
        out.append(self._line(stream, data, stamp))
        return None

    def _keep(self, stream: StreamName, part: bytes, stamp: datetime | None) -> ProtocolError | None:
        if not part:
            return None
        line = self._open.setdefault(stream, _OpenLine(stamp))
        line.parts.append(part)
        line.size += len(part)
        return self._too_long(stream) if line.size > self._max else None

    def _too_long(self, stream: StreamName) -> ProtocolError:
        return ProtocolError(
            f"a line on {stream} is longer than {self._max} bytes; read frames instead of lines, "
            f"or allow longer ones"
        )

    def _line(self, stream: StreamName, data: bytes, stamp: datetime | None) -> LogFrame:
        if self._stamps == "line":
            stamp, data = split_timestamp(data)
        if not self._keepends:
            data = data.removesuffix(b"\n").removesuffix(b"\r") if data.endswith(b"\n") else data
        return LogFrame(stream, data, stamp)


class _OpenLine:
    """The parts of a line whose end has not come yet."""

    __slots__ = ("parts", "size", "timestamp")

    def __init__(self, timestamp: datetime | None) -> None:
        self.timestamp = timestamp
        self.parts: list[bytes] = []
        self.size = 0

    def join(self) -> bytes:
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)
