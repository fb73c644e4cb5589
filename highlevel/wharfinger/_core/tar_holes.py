"""Holes of local files, and how an archive tells of them (GNU's sparse format 1.0)."""

from __future__ import annotations

import errno
import os
import tarfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Parts = list[tuple[int, int]]

# A map with more parts than this costs more than the holes save.
_MOST_PARTS = 10_000
_PIECE = 64 * 1024
_HOLE = bytes(_PIECE)


def has_holes(found: os.stat_result) -> bool:
    """Whether a file takes less of its disk than it has bytes."""
    return hasattr(os, "SEEK_DATA") and found.st_blocks * 512 < found.st_size


def data_parts(file: int, size: int) -> Parts:
    """Where a file is no hole: offset and length of each part, in order; all of it where nothing tells."""
    parts: Parts = []
    end = 0
    while end < size and len(parts) < _MOST_PARTS:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
        except OSError as fault:
            # Nothing but a hole follows; any other fault is of a file system that cannot tell.
            return parts if fault.errno == errno.ENXIO else [(0, size)]
        end = min(size, os.lseek(file, start, os.SEEK_HOLE))
        if start < size:
            parts.append((start, end - start))
    return parts if end >= size else [(0, size)]


def sparse_map(parts: Iterable[tuple[int, int]], size: int) -> bytes:
    """What stands before the content: how many parts, and where each is; the last one tells the end."""
    places = [*parts, (size, 0)]
    numbers = [len(places), *(number for place in places for number in place)]
    text = b"".join(b"%d\n" % number for number in numbers)
    return text + b"\0" * (-len(text) % tarfile.BLOCKSIZE)


def write_with_holes(file: IO[bytes], data: bytes) -> None:
    """Write, and leave a hole where there are only zeros; `end_with_hole` has to follow the last piece."""
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        if piece == _HOLE:
            file.seek(_PIECE, os.SEEK_CUR)
        else:
            file.write(piece)


def end_with_hole(file: IO[bytes]) -> None:
    """Give a file its length when its last bytes are a hole."""
    file.truncate(file.tell())
