"""Output of containers, taken apart: the multiplexed frames of both engines, and the raw bytes of a tty.

A frame is eight bytes of head (stream number, three zeros, size as big-endian 32 bits) and as many bytes as
the size says.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from wharfinger._core.decoding import FaultHolder
from wharfinger.errors import ProtocolError, StreamError
from wharfinger.types import StreamName

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD_SIZE = 8
# Engines cut at some 16 to 64 KiB, journald at 1 MiB; more means that these bytes are no frames at all.
MAX_FRAME = 64 * 1024 * 1024
MAX_ERROR_TEXT = 64 * 1024

_unpack_head = struct.Struct(">II").unpack_from
# The zeros after the number belong to the key, so that one look-up checks all four bytes.
_STREAMS: dict[int, StreamName] = {0: "stdin", 1 << 24: "stdout", 2 << 24: "stderr"}
_SYSTEM_ERROR = 3 << 24

# Where a piece of a reply has more parts than that, joining them costs less than looking at each.
_FEW_PARTS = 64

Frame = tuple[StreamName, bytes]
# A view is of memory that is used again: it is good until the call that gets it has returned.
Part: TypeAlias = bytes | memoryview


class OutputDecoder(Protocol):
    """Turns chunks of a reply into (stream, bytes)."""

    def feed(self, data: bytes | bytearray | memoryview | list[Part]) -> list[Frame]:
        """Take the next chunk, or the parts of it; give what it completes."""
        ...

    def finish(self) -> None:
        """Say that the input has ended."""
        ...


class RawDecoder:
    """The output of a tty: no frames, everything is stdout."""

    def feed(self, data: bytes | bytearray | memoryview | list[Part]) -> list[Frame]:
        """Take the next chunk; give it back under its stream."""
        whole = b"".join(data) if isinstance(data, list) else bytes(data)
        return [("stdout", whole)] if whole else []

    def finish(self) -> None:
        """Say that the input has ended, which a raw stream may do anywhere."""


class FrameDecoder(FaultHolder):
    """Decoder of multiplexed output, fed with chunks cut anywhere.

    A fault is raised after everything before it was given: at once, or at the next call.

    Args:
        whole: Give each frame in one piece. False gives the parts of a frame as they arrive, which holds
            nothing back and joins nothing.
        max_frame: Largest frame taken, in bytes.
    """

    def __init__(self, *, whole: bool = True, max_frame: int = MAX_FRAME) -> None:
        super().__init__()
        self._whole = whole
        self._max = max_frame
        self._head = b""
        self._stream: StreamName | None = None  # None: the frame is the engine's own error text
        self._left = 0
        self._parts: list[bytes] = []

    def feed(self, data: bytes | bytearray | memoryview | list[Part]) -> list[Frame]:
        """Take the next chunk, or the parts that it came in; give the frames that it completes.

        Parts are not joined: a frame that fills one is copied once only.

        Raises:
            ProtocolError: The bytes are no frames, or a frame is larger than allowed.
            StreamError: The engine told an error inside the stream.
        """
        self.check()
        parts: Sequence[Part] = data if isinstance(data, list) else [bytes(data)]
        if len(parts) > _FEW_PARTS:
            parts = [b"".join(parts)]
        out: list[Frame] = []
        try:
            unpack, streams, largest = _unpack_head, _STREAMS, self._max
            for chunk in parts:
                # Engines put most frames into a chunk of their own.
                if len(chunk) > HEAD_SIZE and not self._left and not self._head:
                    kind, size = unpack(chunk)
                    if size == len(chunk) - HEAD_SIZE and size <= largest and kind in streams:
                        piece = chunk[HEAD_SIZE:]
                        out.append((streams[kind], piece if isinstance(piece, bytes) else bytes(piece)))
                        continue
                self._feed_part(chunk, out)
        except (ProtocolError, StreamError) as fault:
            return self.settle(out, fault)
        return out

    def finish(self) -> None:
        """Say that the input has ended.

        Raises:
            ProtocolError: It ended inside a frame.
        """
        self.check()
        if self._head:
            raise ProtocolError(
                f"output ended after {len(self._head)} of the {HEAD_SIZE} bytes of a frame head"
            )
        if self._left:
            raise ProtocolError(f"output ended {self._left} bytes before the end of a frame")

    def _feed_part(self, chunk: Part, out: list[Frame]) -> None:
        pos = self._resume(chunk, out) if self._head or self._left else 0
        pos = self._complete_frames(chunk, pos, out)
        if pos < len(chunk):
            self._keep_rest(chunk, pos, out)

    def _complete_frames(self, chunk: Part, pos: int, out: list[Frame]) -> int:
        """Give every frame that lies wholly in the chunk; the position after them."""
        end = len(chunk)
        last, largest = end - HEAD_SIZE, self._max
        found: list[tuple[StreamName, Part]] = []
        # Once for each line of a log: names that are looked up elsewhere cost a third of its time.
        unpack, streams, append = _unpack_head, _STREAMS, found.append
        try:
            while pos <= last:
                kind, size = unpack(chunk, pos)
                start = pos + HEAD_SIZE
                stop = start + size
                if stop > end or size > largest:
                    break
                stream = streams[kind]
                if size:
                    append((stream, chunk[start:stop]))
                pos = stop
        except KeyError:
            head = bytes(chunk[pos : pos + HEAD_SIZE])
            text = bytes(chunk[pos + HEAD_SIZE :][: unpack(head)[1]])
            raise self._bad_head(head, text) from None
        finally:
            # What is cut out of bytes is bytes; out of a view, it is one that must not outlive this call.
            if not isinstance(chunk, bytes):
                found = [(stream, bytes(piece)) for stream, piece in found]
            out += cast("list[Frame]", found)
        return pos

    def _resume(self, chunk: Part, out: list[Frame]) -> int:
        """Complete the head and the frame that the last chunk left open; the position after them."""
        pos = 0
        if self._head:
            pos = min(HEAD_SIZE - len(self._head), len(chunk))
            self._head += chunk[:pos]
            if len(self._head) < HEAD_SIZE:
                return pos
            self._open(self._head)
            self._head = b""
        if self._left:
            pos += self._take(bytes(chunk[pos : pos + self._left]), out)
        return pos

    def _keep_rest(self, chunk: Part, pos: int, out: list[Frame]) -> None:
        """Remember the beginning of a frame that ends in a later chunk."""
        if len(chunk) - pos < HEAD_SIZE:
            self._head = bytes(chunk[pos:])
            return
        start = pos + HEAD_SIZE
        self._open(bytes(chunk[pos:start]))
        self._take(bytes(chunk[start:]), out)

    def _open(self, head: bytes) -> None:
        kind, size = _unpack_head(head)
        if kind == _SYSTEM_ERROR and size <= MAX_ERROR_TEXT:
            self._stream = None
            if not size:
                raise self._bad_head(head, b"")
        elif kind not in _STREAMS:
            raise self._bad_head(head, b"")
        elif size > self._max:
            raise ProtocolError(
                f"a frame of {size} bytes is announced, expected {self._max} at most; "
                f"output without frames (a tty) must be read as raw"
            )
        else:
            self._stream = _STREAMS[kind]
        self._left = size

    def _take(self, part: bytes, out: list[Frame]) -> int:
        """Add a part to the open frame; give it out when it is complete, or at once."""
        self._left -= len(part)
        stream = self._stream
        if stream is not None and not self._whole:
            if part:
                out.append((stream, part))
            return len(part)
        if part:
            self._parts.append(part)
        if self._left == 0 and self._parts:
            joined = b"".join(self._parts)
            self._parts.clear()
            if stream is None:
                raise _system_error(joined)
            out.append((stream, joined))
        return len(part)

    def _bad_head(self, head: bytes, text: bytes) -> ProtocolError | StreamError:
        kind, size = _unpack_head(head)
        if kind == _SYSTEM_ERROR and size <= MAX_ERROR_TEXT:
            return _system_error(text)
        return ProtocolError(
            f"expected a frame head (stream 0 to 3, three zeros, size), got {head.hex(' ')}; "
            f"output without frames (a tty) must be read as raw"
        )


def _system_error(text: bytes) -> StreamError:
    return StreamError(text.decode("utf-8", "replace").strip() or "the engine ended the stream with an error")
