"""Tar archives made and read in pieces: no temporary file, and never a whole file in memory.

The iterators here read and write local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, TypeAlias, cast

import attrs

from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

CHUNK = 1024 * 1024
_BLOCK = tarfile.BLOCKSIZE
_END = b"\0" * (2 * _BLOCK)

Content: TypeAlias = bytes | str | os.PathLike[str]


class FileChangedError(OSError):
    """A local file changed its size while it was being sent; the archive was left without an end."""


class UnsafeArchiveError(ValueError):
    """An archive wants something written outside its folder, or something that is no plain file."""


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
    chunk_size: int = CHUNK,
) -> Iterator[bytes]:
    """Make an archive of a file, or of a folder and everything in it, in a stable order.

    Symbolic links, hard links among the files, and devices are kept as such; times are cut to seconds.

    Args:
        path: What to archive.
        arcname: Its name in the archive; the last part of its path when None. "." puts a folder's content at
            the top.
        owner: Who owns the files in the archive; None keeps the numbers of the disk.
        chunk_size: Bytes read at once.

    Raises:
        OSError: A file cannot be read.
        FileChangedError: A file changed its size meanwhile.
    """
    yield from _entries(Path(path), arcname, owner, chunk_size)
    yield _END


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
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o644 if mode is None else mode, when
        info.uid, info.gid = who.uid, who.gid
        yield _head(info) + data + b"\0" * (-len(data) % _BLOCK)
    yield _END


def _entries(root: Path, arcname: str | None, owner: Owner | None, chunk_size: int) -> Iterator[bytes]:
    top = arcname or root.resolve().name
    # Only its table of inodes is used, which tells hard links.
    with tarfile.open(fileobj=io.BytesIO(), mode="w", format=tarfile.PAX_FORMAT) as table:
        for file in _walk(root):
            relative = file.relative_to(root)
            name = str(PurePosixPath(top, relative.as_posix())) if relative.parts else top
            yield from _file(table, file, name, owner, chunk_size)


def _walk(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for child in sorted(path.iterdir()):
            yield from _walk(child)


def _head(info: tarfile.TarInfo) -> bytes:
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _file(
    table: tarfile.TarFile, path: Path, name: str, owner: Owner | None, chunk_size: int
) -> Iterator[bytes]:
    # The stub leaves out that a socket, which no archive can hold, gives None.
    info = cast("tarfile.TarInfo | None", table.gettarinfo(path, name))
    if info is None:
        raise OSError(f"{path} is a socket, which an archive cannot hold; leave it out")
    info.mtime = int(info.mtime)
    if owner is not None:
        info.uid, info.gid, info.uname, info.gname = owner.uid, owner.gid, "", ""
    if not info.isreg():
        yield _head(info)
        return
    with path.open("rb") as file:
        info.size = os.fstat(file.fileno()).st_size
        yield _head(info)
        yield from _content(file, path, info.size, chunk_size)
    if info.size % _BLOCK:
        yield b"\0" * (-info.size % _BLOCK)


def _content(file: IO[bytes], path: Path, size: int, chunk_size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = file.read(min(chunk_size, left))
        if not chunk:
            raise FileChangedError(f"{path} had {size} bytes and ended after {size - left} while it was read")
        left -= len(chunk)
        yield chunk
    if file.read(1):
        raise FileChangedError(f"{path} had {size} bytes and grew while it was read")


class ChunkReader:
    """The `read` of a file over an iterable of chunks, which are let go of as soon as they are read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Read up to so many bytes: fewer only at the end."""
        parts: list[memoryview] = []
        wanted = size
        while wanted:
            if not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._rest = memoryview(chunk)
                continue
            part = self._rest[:wanted]
            self._rest = self._rest[len(part) :]
            wanted -= len(part)
            parts.append(part)
        return b"".join(parts)


@contextmanager
def _tar_faults() -> Generator[None]:
    try:
        yield
    except tarfile.TarError as fault:
        raise ProtocolError(f"what came is not a whole tar archive: {fault}") from fault


class MemberContent:
    """The content of a file in an archive, to be read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Read up to so many bytes; -1 reads all.

        Raises:
            ProtocolError: The archive is cut short.
        """
        with _tar_faults():
            return self._file.read(size)


def read_members(chunks: Iterable[bytes]) -> Iterator[tuple[tarfile.TarInfo, MemberContent | None]]:
    """Read an archive member by member, to its end.

    Args:
        chunks: The archive, cut anywhere.

    Yields:
        Each member and, for a file, its content, to be read before the next one is asked for.

    Raises:
        ProtocolError: It is no tar archive, or it is cut short.
    """
    source = cast("IO[bytes]", ChunkReader(chunks))
    with _tar_faults(), tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            yield member, MemberContent(file) if file else None
        # tarfile takes an end between two members for the end of the archive.
        if cast("IO[bytes]", archive.fileobj).tell() <= archive.offset:
            raise ProtocolError("the tar archive is cut short: its end mark is missing")
    while source.read(CHUNK):
        pass


def extract(
    chunks: Iterable[bytes],
    target: str | os.PathLike[str],
    *,
    max_bytes: int | None = None,
    max_members: int | None = None,
) -> list[Path]:
    """Unpack an archive into a folder, and never outside it.

    Files, folders, and links that stay inside are made; owners and special permission bits are not taken
    over. Nothing is written through a symbolic link, whoever made it.

    Args:
        chunks: The archive, cut anywhere.
        target: The folder, which is made when it is missing.
        max_bytes: Most bytes of file content taken; None is no limit.
        max_members: Most members taken; None is no limit.

    Returns:
        The paths made, in the archive's order.

    Raises:
        UnsafeArchiveError: A member is not safe, or a limit is exceeded; what came before it stays.
        ProtocolError: It is no tar archive, or it is cut short.
    """
    root = Path(target)
    root.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    size = 0
    for member, content in read_members(chunks):
        size += member.size if content else 0
        if max_members is not None and len(made) >= max_members:
            raise UnsafeArchiveError(f"the archive has more than the allowed {max_members} members")
        if max_bytes is not None and size > max_bytes:
            raise UnsafeArchiveError(f"the archive has more than the allowed {max_bytes} bytes")
        made.append(_make(root, member, content))
    return made


def _make(root: Path, member: tarfile.TarInfo, content: MemberContent | None) -> Path:
    inside = _inside(member.name, member)
    path = _place(root, inside, member)
    if member.isdir():
        if path.is_symlink() or not path.is_dir():
            path.mkdir(mode=0o755)
        return path
    if path.is_symlink() or path.is_file():
        path.unlink()
    if content is not None:
        _write(path, member, content)
    elif member.issym():
        path.symlink_to(_link_inside(member, inside))
    elif member.islnk():
        source = _place(root, _inside(member.linkname, member), member)
        if not stat.S_ISREG(os.lstat(source).st_mode):
            raise UnsafeArchiveError(
                f"{member.name!r} is a hard link to {member.linkname!r}, which is no file"
            )
        os.link(source, path, follow_symlinks=False)
    else:
        raise UnsafeArchiveError(f"{member.name!r} is a device or a pipe; expected files, folders and links")
    return path


def _write(path: Path, member: tarfile.TarInfo, content: MemberContent) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    # The permissions that are no danger to the one who unpacks: never set-id, never writable by others.
    mode = (member.mode & 0o755) | 0o600
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        while chunk := content.read(CHUNK):
            file.write(chunk)
    os.utime(path, (member.mtime, member.mtime))


def _inside(name: str, member: tarfile.TarInfo) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or ("\\" in name and os.sep == "\\"):
        raise UnsafeArchiveError(
            f"{member.name!r} ({name!r}) is outside the folder; expected a path beneath it"
        )
    return path


def _place(root: Path, inside: PurePosixPath, member: tarfile.TarInfo) -> Path:
    """Give a path beneath the folder after making its parents, none of which may be a link."""
    path = root
    for part in inside.parts[:-1]:
        path /= part
        if path.is_symlink():
            raise UnsafeArchiveError(f"{member.name!r} goes through the symbolic link {str(path)!r}")
        path.mkdir(exist_ok=True)
    return root / inside


def _link_inside(member: tarfile.TarInfo, inside: PurePosixPath) -> str:
    """Give a link's text if it cannot lead outside.

    Only leading ".." are counted against the depth: after a name, which may itself be a link, ".." leads to a
    place that the text does not tell.
    """
    parts = PurePosixPath(member.linkname).parts
    ups = next((index for index, part in enumerate(parts) if part != ".."), len(parts))
    if member.linkname.startswith("/") or ".." in parts[ups:] or ups > len(inside.parts) - 1:
        raise UnsafeArchiveError(f"{member.name!r} links to {member.linkname!r}, outside the folder")
    return member.linkname
