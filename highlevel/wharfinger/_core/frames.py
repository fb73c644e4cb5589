"""Output of containers, taken apart: the multiplexed frames of both engines, and the raw bytes of a tty.

A frame is eight bytes of head (stream number, three zeros, size as big-endian 32 bits) and as many bytes as
the size says.
"""

from __future__ import annotations

import struct
from typing import Protocol

from wharfinger._core.decoding import FaultHolder
from wharfinger.errors import ProtocolError, StreamError
from wharfinger.types import StreamName

HEAD_SIZE = 8
# Engines cut at some 16 to 64 KiB, journald at 1 MiB; more means that these bytes are no frames at all.
MAX_FRAME = 64 * 1024 * 1024
MAX_ERROR_TEXT = 64 * 1024

_unpack_head = struct.Struct(">II").unpack_from
# The zeros after the number belong to the key, so that one look-up checks all four bytes.
_STREAMS: dict[int, StreamName] = {0: "stdin", 1 << 24: "stdout", 2 << 24: "stderr"}
_SYSTEM_ERROR = 3 << 24

Frame = tuple[StreamName, bytes]


class OutputDecoder(Protocol):
    """Turns chunks of a reply into (stream, bytes)."""

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Take the next chunk; give what it completes."""
        ...

    def finish(self) -> None:
        """Say that the input has ended."""
        ...


class RawDecoder:
    """The output of a tty: no frames, everything is stdout."""

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Take the next chunk; give it back under its stream."""
        return [("stdout", bytes(data))] if data else []

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

    def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
        """Take the next chunk; give the frames that it completes.

        Raises:
            ProtocolError: The bytes are no frames, or a frame is larger than allowed.
            StreamError: The engine told an error inside the stream.
        """
        self.check()
        chunk = data if isinstance(data, bytes) else bytes(data)
        out: list[Frame] = []
        try:
            pos = self._resume(chunk, out)
            pos = self._complete_frames(chunk, pos, out)
            if pos < len(chunk):
                self._keep_rest(chunk, pos, out)
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

    def _complete_frames(self, chunk: bytes, pos: int, out: list[Frame]) -> int:
        """Give every frame that lies wholly in the chunk; the position after them."""
        last = len(chunk) - HEAD_SIZE
        end = len(chunk)
        while pos <= last:
            kind, size = _unpack_head(chunk, pos)
            start = pos + HEAD_SIZE
            stop = start + size
            if stop > end or size > self._max:
                break
            stream = _STREAMS.get(kind)
            if stream is None:
                raise self._bad_head(chunk[pos:start], chunk[start:stop])
            if size:
                out.append((stream, chunk[start:stop]))
            pos = stop
        return pos

    def _resume(self, chunk: bytes, out: list[Frame]) -> int:
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
            pos += self._take(chunk[pos : pos + self._left], out)
        return pos

    def _keep_rest(self, chunk: bytes, pos: int, out: list[Frame]) -> None:
        """Remember the beginning of a frame that ends in a later chunk."""
        if len(chunk) - pos < HEAD_SIZE:
            self._head = chunk[pos:]
            return
        start = pos + HEAD_SIZE
        self._open(chunk[pos:start])
        self._take(chunk[start:], out)

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
