"""A container's log read in several replies as if it were one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.frames import FrameDecoder
from wharfinger._core.lines import LineDecoder, split_timestamp
from wharfinger._core.resumption import Seen
from wharfinger._core.when import SECOND, unix_nanoseconds
from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from wharfinger._core.frames import Frame
    from wharfinger.types import LogFrame

# Docker keeps longer lines in parts of this size, each with a time before it.
_PART = 16 * 1024
_EXCERPT = 80
# Docker's two outputs are read, and given their times, by two threads, which one after the other write them down: on a
# busy machine much later.
_OVERLAP = SECOND


def check_resume(*, resume: bool, stream: bool, follow: bool | None) -> None:
    """Says whether there is anything to resume.

    Raises:
        ValueError: There is not.
    """
    if resume and (not stream or follow is False):
        given = "stream=False" if not stream else "follow=False"
        raise ValueError(
            f"resume=True is given with {given}, where nothing is followed; expected stream=True"
        )


class ContinuedFrames:
    """What is new in each reply, in whole frames. Every reply has to have times.

    Args:
        tty: Whether the replies are those of a terminal, without frames.
        timestamps: Leave the times on.
        since: Where the first reply began, in nanoseconds since 1970.
    """

    def __init__(self, *, tty: bool, timestamps: bool, since: int | None) -> None:
        self._tty = tty
        self._timestamps = timestamps
        self._seen = Seen(since, overlap=_OVERLAP)
        self._decoder = self._fresh()

    @property
    def since(self) -> int | None:
        """From which time on to ask again."""
        return self._seen.since

    def begin(self) -> None:
        """Another reply begins."""
        self._decoder = self._fresh()
        self._seen.begin()

    def feed(self, data: bytes) -> list[Frame]:
        """The new frames that are complete now."""
        return self._new(self._decoder.feed(data))

    def finish(self) -> list[Frame]:
        """What is new at the end of a reply."""
        decoder = self._decoder
        if isinstance(decoder, _TerminalLines):
            return self._new(decoder.rest())
        decoder.finish()
        return []

    def _fresh(self) -> FrameDecoder | _TerminalLines:
        return _TerminalLines() if self._tty else FrameDecoder()

    def _new(self, frames: list[Frame]) -> list[Frame]:
        out: list[Frame] = []
        for stream, stamped in frames:
            when, data = split_timestamp(stamped)
            if when is None:
                raise ProtocolError(f"expected a line with its time before it, got {stamped[:_EXCERPT]!r}")
            if self._seen.is_new(hash((stream, stamped)), unix_nanoseconds(when) or 0):
                out.append((stream, stamped if self._timestamps else data))
        return out


class _TerminalLines:
    """Takes the output of a terminal apart where the engine has put the times in."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[Frame]:
        """The lines that are complete now."""
        *lines, self._kept = (self._kept + data).split(b"\n")
        return [part for line in lines for part in _parts(line + b"\n")]

    def rest(self) -> list[Frame]:
        """A last line without an end."""
        rest, self._kept = self._kept, b""
        return _parts(rest) if rest else []


def _parts(line: bytes) -> list[Frame]:
    out: list[Frame] = []
    while True:
        _, data = split_timestamp(line)
        head = len(line) - len(data) + _PART
        if len(data) <= _PART or split_timestamp(line[head:])[0] is None:
            return [*out, ("stdout", line)]
        out.append(("stdout", line[:head]))
        line = line[head:]


class ContinuedOutput:
    """A container's log in bytes."""

    def __init__(self, frames: ContinuedFrames) -> None:
        self._frames = frames

    @property
    def since(self) -> int | None:
        """See Continuation."""
        return self._frames.since

    def begin(self) -> None:
        """See Continuation."""
        self._frames.begin()

    def feed(self, data: bytes, /) -> list[bytes]:
        """See Continuation."""
        return [piece for _, piece in self._frames.feed(data)]

    def finish(self) -> list[bytes]:
        """See Continuation."""
        return [piece for _, piece in self._frames.finish()]

    def last(self) -> list[bytes]:
        """Nothing: bytes may end anywhere."""
        return []


class ContinuedLines:
    """A container's log in lines, which may begin in one reply and end in another."""

    def __init__(self, frames: ContinuedFrames, *, timestamps: bool) -> None:
        self._frames = frames
        self._lines = LineDecoder(stamps="frame" if timestamps else "none")

    @property
    def since(self) -> int | None:
        """See Continuation."""
        return self._frames.since

    def begin(self) -> None:
        """See Continuation."""
        self._frames.begin()

    def feed(self, data: bytes, /) -> list[LogFrame]:
        """See Continuation."""
        return self._lines.feed(self._frames.feed(data))

    def finish(self) -> list[LogFrame]:
        """See Continuation."""
        return self._lines.feed(self._frames.finish())

    def last(self) -> list[LogFrame]:
        """A last line without an end."""
        return self._lines.finish()
