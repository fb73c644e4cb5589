"""Tar archives made in pieces: no temporary file, and never a whole file in memory.

The iterators here read local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

import errno
import io
import os
import tarfile
import time
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, TypeAlias, cast

import attrs

from wharfinger._core.tar_holes import data_parts, has_holes, sparse_map
from wharfinger.errors import FileChangedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CHUNK = 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
END = b"\0" * (2 * _BLOCK)
# Where an archive keeps an extended attribute of a file.
XATTR = "SCHILY.xattr."
_CAPABILITY = "security.capability"

Content: TypeAlias = bytes | str | os.PathLike[str]


@attrs.frozen
class Owner:
    """Who owns the files of an archive, by number."""

    uid: int = 0
    gid: int = 0


def tar_path(
    path: str | os.PathLike[str],
    arcname: str | None = None,
    *,
    owner: Owner | None = Owner(),
    exact: bool = False,
    chunk_size: int = CHUNK,
) -> Iterator[bytes]:
    """Make an archive of a file, or of a folder and everything in it, in a stable order.

    Symbolic links, hard links among the files, and devices are kept as such; times are cut to seconds.

    Args:
        path: What to archive.
        arcname: Its name in the archive; the last part of its path when None. "." puts a folder's content at
            the top.
        owner: Who owns the files in the archive; None keeps the numbers of the disk.
        exact: Keep extended attributes and holes, too.
        chunk_size: Bytes read at once.

    Raises:
        OSError: A file cannot be read.
        FileChangedError: A file changed its size meanwhile.
    """
    yield from _entries(Path(path), arcname, owner, chunk_size, exact=exact)
    yield END


def tar_files(
    files: Mapping[str, Content],
    *,
    mode: int | None = None,
    mtime: float | None = None,
    owner: Owner | None = None,
) -> Iterator[bytes]:
    """Make an archive out of names and contents.

    Args:
        files: Name in the archive to its content: bytes, text (as UTF-8), or the path of a
            local file or folder.
        mode: Permission bits of what is given as bytes or text; 0o644 when None.
        mtime: Seconds since 1970 for the same; now when None.
        owner: Who owns everything; 0:0 when None.

    Raises:
        OSError: A file cannot be read.
        FileChangedError: A file changed its size meanwhile.
    """
    who = owner or Owner()
    when = int(time.time() if mtime is None else mtime)
    for name, content in files.items():
        if isinstance(content, os.PathLike):
            yield from _entries(Path(content), name, who, CHUNK)
            continue
        data = content.encode() if isinstance(content, str) else content
        yield tar_member(name, data, mode=0o644 if mode is None else mode, mtime=when, owner=who)
    yield END


def tar_member(name: str, data: bytes, *, mode: int, mtime: int, owner: Owner) -> bytes:
    """Make the entry of one small file, without an archive's end."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), mode, mtime
    info.uid, info.gid = owner.uid, owner.gid
    return tar_head(info) + data + padding(len(data))


def tar_members(
    named: Iterable[tuple[Path, str]],
    *,
    owner: Owner | None = Owner(),
    exact: bool = False,
    chunk_size: int = CHUNK,
) -> Iterator[bytes]:
    """Make the entries of local files by their names in the archive, without its end.

    A folder's entry does not bring what is in it; files that are links of one another are kept as such.

    Raises:
        OSError: A file cannot be read.
        FileChangedError: A file changed its size meanwhile.
    """
    # Only its table of inodes is used, which tells hard links.
    with tarfile.open(fileobj=io.BytesIO(), mode="w", format=tarfile.PAX_FORMAT) as table:
        for file, name in named:
            info = _facts(table, file, name, owner)
            if exact:
                info.pax_headers = {**info.pax_headers, **_attributes(file)}
            yield from _entry(file, info, chunk_size, exact=exact)


def _entries(
    root: Path, arcname: str | None, owner: Owner | None, chunk_size: int, *, exact: bool = False
) -> Iterator[bytes]:
    top = arcname or root.resolve().name
    beneath = ((file, file.relative_to(root)) for file in _walk(root))
    named = (
        (file, str(PurePosixPath(top, part.as_posix())) if part.parts else top) for file, part in beneath
    )
    return tar_members(named, owner=owner, exact=exact, chunk_size=chunk_size)


def _walk(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for child in sorted(path.iterdir()):
            yield from _walk(child)


def tar_head(info: tarfile.TarInfo) -> bytes:
    """Make the header of an entry, names of any length and in any letters."""
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def padding(size: int) -> bytes:
    """What fills the last block of a content."""
    return b"\0" * (-size % _BLOCK)


def _facts(table: tarfile.TarFile, path: Path, name: str, owner: Owner | None) -> tarfile.TarInfo:
    # The stub leaves out that a socket, which no archive can hold, gives None.
    info = cast("tarfile.TarInfo | None", table.gettarinfo(path, name))
    if info is None:
        raise OSError(f"{path} is a socket, which an archive cannot hold; leave it out")
    info.mtime = int(info.mtime)
    if owner is not None:
        info.uid, info.gid, info.uname, info.gname = owner.uid, owner.gid, "", ""
    return info


def _attributes(path: Path) -> dict[str, str]:
    """Extended attributes that mean something elsewhere: the users' own, and what a program may do."""
    if not hasattr(os, "listxattr"):
        return {}
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError as fault:
        if fault.errno in (errno.ENOTSUP, errno.EPERM, errno.EACCES):
            # The file system has none, or does not let us see them, as of a symbolic link.
            return {}
        raise
    kept = [name for name in names if name.startswith("user.") or name == _CAPABILITY]
    return {
        XATTR + name: os.getxattr(path, name, follow_symlinks=False).decode("utf-8", "surrogateescape")
        for name in kept
    }


def _entry(path: Path, info: tarfile.TarInfo, chunk_size: int, *, exact: bool) -> Iterator[bytes]:
    if not info.isreg():
        yield tar_head(info)
        return
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        info.size = found.st_size
        if exact and has_holes(found):
            yield from _with_holes(file, path, info, chunk_size)
            return
        yield tar_head(info)
        yield from _content(file, path, info.size, chunk_size)
    yield padding(info.size)


def _with_holes(file: IO[bytes], path: Path, info: tarfile.TarInfo, chunk_size: int) -> Iterator[bytes]:
    """A file of which only what is no hole is sent."""
    size = info.size
    parts = data_parts(file.fileno(), size)
    places = sparse_map(parts, size)
    stored = sum(length for _, length in parts)
    info.pax_headers = {
        **info.pax_headers,
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": info.name,
        "GNU.sparse.realsize": str(size),
    }
    info.name, info.size = f"GNUSparseFile.0/{path.name}", len(places) + stored
    yield tar_head(info) + places
    for start, length in parts:
        file.seek(start)
        yield from _part(file, path, length, chunk_size)
    if os.fstat(file.fileno()).st_size != size:
        raise FileChangedError(f"{path} had {size} bytes and has another size now, after it was read")
    yield padding(stored)


def _content(file: IO[bytes], path: Path, size: int, chunk_size: int) -> Iterator[bytes]:
    yield from _part(file, path, size, chunk_size)
    if file.read(1):
        raise FileChangedError(f"{path} had {size} bytes and grew while it was read")


def _part(file: IO[bytes], path: Path, size: int, chunk_size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = file.read(min(chunk_size, left))
        if not chunk:
            raise FileChangedError(f"{path} had {size} bytes and ended after {size - left} while it was read")
        left -= len(chunk)
        yield chunk
