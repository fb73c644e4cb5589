"""Decoders of streams in the one form that a Stream takes: bytes in, values out, and an explicit end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from wharfinger._core.frames import FrameDecoder, RawDecoder
from wharfinger._core.jsonlines import JSONDecoder
from wharfinger._core.lines import LineDecoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._core.frames import OutputDecoder, Part
    from wharfinger._core.lines import Stamps
    from wharfinger.types import LogFrame, StreamName

T = TypeVar("T")
OutputPair: TypeAlias = tuple[bytes | None, bytes | None]


class Decoder(Protocol[T]):
    """Turns the chunks of a reply into values.

    One with a true `takes_parts` may be fed with lists, too, of the parts that make up a chunk.
    """

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


class SizedChunks:
    """Bytes in pieces of one size; the last may be shorter.

    Raises:
        ValueError: The size is not one byte or more.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"chunk_size={size!r}: expected one byte or more")
        self._size = size
        self._kept = bytearray()

    def feed(self, data: bytes, /) -> list[bytes]:
        """The pieces that are whole now."""
        self._kept += data
        whole = len(self._kept) - len(self._kept) % self._size
        pieces = [bytes(self._kept[at : at + self._size]) for at in range(0, whole, self._size)]
        del self._kept[:whole]
        return pieces

    def finish(self) -> list[bytes]:
        """What is left."""
        return [bytes(self._kept)] if self._kept else []


def chunks(size: int | None) -> Chunks | SizedChunks:
    """Bytes as they come, or in pieces of one size."""
    return Chunks() if size is None else SizedChunks(size)


class AsIs(Generic[T]):
    """Values that need no decoding."""

    def feed(self, data: Any, /) -> list[T]:  # noqa: ANN401 - what the source gives is the value
        """The value."""
        return [data]

    def finish(self) -> list[T]:
        """Nothing."""
        return []


class Given(Generic[T]):
    """Values that are made already.

    Args:
        choose: Takes what is wanted out of each.
    """

    def __init__(self, choose: Callable[[Any], T]) -> None:
        self._choose = choose

    def feed(self, data: Any, /) -> list[T]:  # noqa: ANN401 - whatever its source makes
        """The value."""
        return [self._choose(data)]

    def finish(self) -> list[T]:
        """Nothing."""
        return []


class Frames:
    """A container's output, with the name of the stream that each piece belongs to."""

    takes_parts = True

    def __init__(self, *, tty: bool) -> None:
        self._output = output_decoder(tty=tty)

    def feed(self, data: bytes | list[Part], /) -> list[tuple[StreamName, bytes]]:
        """The pieces in the chunk."""
        return self._output.feed(data)

    def finish(self) -> list[tuple[StreamName, bytes]]:
        """Nothing; says whether a frame was cut short."""
        self._output.finish()
        return []


class Output:
    """A container's output without the names of its streams."""

    takes_parts = True

    def __init__(self, *, tty: bool) -> None:
        self._frames = Frames(tty=tty)

    def feed(self, data: bytes | list[Part], /) -> list[bytes]:
        """The pieces in the chunk."""
        return [piece for _, piece in self._frames.feed(data)]

    def finish(self) -> list[bytes]:
        """Nothing; says whether a frame was cut short."""
        self._frames.finish()
        return []


class Pairs:
    """A container's output in pairs (stdout, stderr): one of the two holds a piece, the other is None."""

    takes_parts = True

    def __init__(self, *, tty: bool) -> None:
        self._frames = Frames(tty=tty)

    def feed(self, data: bytes | list[Part], /) -> list[OutputPair]:
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

    takes_parts = True

    def __init__(self, *, tty: bool, timestamps: bool) -> None:
        stamped: Stamps = "line" if tty else "frame"
        self._frames = Frames(tty=tty)
        self._lines = LineDecoder(stamps=stamped if timestamps else "none")

    def feed(self, data: bytes | list[Part], /) -> list[LogFrame]:
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


class Reports(Generic[T]):
    """JSON lists, whose items are the values."""

    def __init__(self, convert: Callable[[Any], T]) -> None:
        self._lists = JSONValues[list[T]](lambda items: [convert(item) for item in items])

    def feed(self, data: bytes, /) -> list[T]:
        """The values that are complete now."""
        return [one for items in self._lists.feed(data) for one in items]

    def finish(self) -> list[T]:
        """Those that nothing came after."""
        return [one for items in self._lists.finish() for one in items]
