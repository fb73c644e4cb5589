"""Bytes that come in chunks of any size, as chunks of one size, and out of a compressed transfer."""

from __future__ import annotations

import zlib

from wharfinger._core.human import parse_int
from wharfinger._core.stream_decoders import Chunks, Decoder
from wharfinger.errors import ProtocolError

_GZIP = 16 + zlib.MAX_WBITS


def check_chunk_size(chunk_size: int | None) -> None:
    """Refuse a size that no chunk can have.

    Raises:
        TypeError, ValueError: It is no whole number above 0.
    """
    if chunk_size is not None and parse_int("chunk_size", chunk_size) < 1:
        raise ValueError(
            f"chunk_size={chunk_size!r}: expected a number of bytes, or None for chunks as they come"
        )


def chunk_decoder(*, chunk_size: int | None, encoding: str = "") -> Decoder[bytes]:
    """The decoder of a body.

    Args:
        chunk_size: Bytes in every chunk but the last; as they come when None.
        encoding: What the reply's Content-Encoding says.

    Raises:
        ProtocolError: It says something that was not asked for.
    """
    plain: Decoder[bytes] = Chunks() if chunk_size is None else _Sized(chunk_size)
    if encoding in ("", "identity"):
        return plain
    if encoding != "gzip":
        raise ProtocolError(f"the engine compressed its reply with {encoding!r}, expected gzip")
    return _Unzipped(plain)


class _Sized:
    """Collects and cuts."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept = bytearray()

    def feed(self, data: bytes, /) -> list[bytes]:
        """The chunks that are full now."""
        kept = self._kept
        kept += data
        full = len(kept) - len(kept) % self._size
        found = [bytes(kept[start : start + self._size]) for start in range(0, full, self._size)]
        del kept[:full]
        return found

    def finish(self) -> list[bytes]:
        """A last one that is not full."""
        return [bytes(self._kept)] if self._kept else []


class _Unzipped:
    """Takes a compression away."""

    def __init__(self, inner: Decoder[bytes]) -> None:
        self._inner = inner
        self._gzip = zlib.decompressobj(_GZIP)

    def feed(self, data: bytes, /) -> list[bytes]:
        """The chunks in the chunk."""
        try:
            plain = self._gzip.decompress(data)
        except zlib.error as fault:
            raise ProtocolError(f"the engine's compressed reply cannot be read: {fault}") from fault
        return self._inner.feed(plain) if plain else []

    def finish(self) -> list[bytes]:
        """The last; says whether it was cut short."""
        if not self._gzip.eof:
            raise ProtocolError("the engine's compressed reply was cut short")
        return self._inner.finish()
