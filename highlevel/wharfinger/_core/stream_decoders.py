"""Decoders of streams in the one form that a Stream takes: bytes in, values out, and an explicit end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from wharfinger._core.frames import FrameDecoder, RawDecoder
from wharfinger._core.jsonlines import JSONDecoder
from wharfinger._core.lines import LineDecoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._core.frames import OutputDecoder
    from wharfinger._core.lines import Stamps
    from wharfinger.types import LogFrame, StreamName

T = TypeVar("T")
OutputPair: TypeAlias = tuple[bytes | None, bytes | None]


class Decoder(Protocol[T]):
    """Turns the chunks of a reply into values."""

    def feed(self, data: bytes, /) -> list[T]:
        """The values that are complete now."""
        ...

    def finish(self) -> list[T]:
        """The last values; raises ProtocolError where the stream was cut short."""
        ...


def output_decoder(*, tty: bool) -> OutputDecoder:
    """The decoder of a container's output: it is framed unless there is a terminal."""
    return RawDecoder() if tty else FrameDecoder(whole=False)


class Chunks:
    """Bytes as they come."""

    def feed(self, data: bytes, /) -> list[bytes]:
        """The chunk."""
        return [data]

    def finish(self) -> list[bytes]:
        """Nothing: bytes may end anywhere."""
        return []


class Frames:
    """A container's output, with the name of the stream that each piece belongs to."""

    def __init__(self, *, tty: bool) -> None:
        self._output = output_decoder(tty=tty)

    def feed(self, data: bytes, /) -> list[tuple[StreamName, bytes]]:
        """The pieces in the chunk."""
        return self._output.feed(data)

    def finish(self) -> list[tuple[StreamName, bytes]]:
        """Nothing; says whether a frame was cut short."""
        self._output.finish()
        return []


class Output:
    """A container's output without the names of its streams."""

    def __init__(self, *, tty: bool) -> None:
        self._frames = Frames(tty=tty)

    def feed(self, data: bytes, /) -> list[bytes]:
        """The pieces in the chunk."""
        return [piece for _, piece in self._frames.feed(data)]

    def finish(self) -> list[bytes]:
        """Nothing; says whether a frame was cut short."""
        self._frames.finish()
        return []


class Pairs:
    """A container's output in pairs (stdout, stderr): one of the two holds a piece, the other is None."""

    def __init__(self, *, tty: bool) -> None:
        self._frames = Frames(tty=tty)

    def feed(self, data: bytes, /) -> list[OutputPair]:
        """The pieces in the chunk."""
        return [
            (None, piece) if name == "stderr" else (piece, None) for name, piece in self._frames.feed(data)
        ]

    def finish(self) -> list[OutputPair]:
        """Nothing; says whether a frame was cut short."""
        self._frames.finish()
        return []


class Lines:
    """A container's output in lines, with the time where it was asked for."""

    def __init__(self, *, tty: bool, timestamps: bool) -> None:
        stamped: Stamps = "line" if tty else "frame"
        self._frames = Frames(tty=tty)
        self._lines = LineDecoder(stamps=stamped if timestamps else "none")

    def feed(self, data: bytes, /) -> list[LogFrame]:
        """The lines that are complete now."""
        return self._lines.feed(self._frames.feed(data))

    def finish(self) -> list[LogFrame]:
        """A last line without an end."""
        self._frames.finish()
        return self._lines.finish()


class JSONValues(Generic[T]):
    """JSON values, each turned into what it means."""

    def __init__(self, convert: Callable[[Any], T]) -> None:
        self._values = JSONDecoder()
        self._convert = convert

    def feed(self, data: bytes, /) -> list[T]:
        """The values that are complete now."""
        return [self._convert(value) for value in self._values.feed(data)]

    def finish(self) -> list[T]:
        """A last value that nothing came after."""
        return [self._convert(value) for value in self._values.finish()]
