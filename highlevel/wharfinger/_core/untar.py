"""Tar archives read in pieces, and unpacked without ever leaving the folder they are meant for.

The functions here read and write local files, and so belong on a thread where an event loop is near. They do not
lean on the filters of Python's tarfile, which Debian 12's Python has not; where it has them, they are asked, too.
"""

from __future__ import annotations

import errno
import os
import stat
import tarfile
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

import attrs

from wharfinger._core.human import parse_flag, parse_int, wrong_value
from wharfinger._core.tar import CHUNK, XATTR
from wharfinger._core.tar_holes import end_with_hole, write_with_holes
from wharfinger.errors import ProtocolError, UnsafeArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_NOWHERE = f".{os.urandom(8).hex()}"
_USER_XATTR = f"{XATTR}user."


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
    with _tar_faults(), tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            yield member, MemberContent(file) if file else None
            # It would keep every one of them.
            cast("Any", archive).members = []
        # tarfile takes an end between two members for the end of the archive.
        if cast("IO[bytes]", archive.fileobj).tell() <= archive.offset:
            raise ProtocolError("the tar archive is cut short: its end mark is missing")
    while source.read(CHUNK):
        pass


def first_file(chunks: Iterable[bytes]) -> bytes:
    """Give the content of an archive's first file, after reading the archive to its end.

    Raises:
        ProtocolError: It is no tar archive, it is cut short, or it has no file.
    """
    found: bytes | None = None
    for _, content in read_members(chunks):
        if content is not None and found is None:
            found = content.read()
    if found is None:
        raise ProtocolError("the tar archive has no file, expected one")
    return found


@attrs.frozen(kw_only=True)
class Unpacking:
    """How an archive is unpacked.

    Attributes:
        rename: Gives the name to unpack a member by its name in the archive; None leaves them.
        max_bytes: Most bytes of file content taken; None is no limit.
        max_members: Most members taken; None is no limit.
        unsafe_links: Make symbolic links that lead outside, too; nothing is written through any.
        owners: Take owners and all permission bits over.
    """

    rename: Callable[[str], str] | None = None
    max_bytes: int | None = None
    max_members: int | None = None
    unsafe_links: bool = False
    owners: bool = False

    def checked(self) -> Unpacking:
        """The same.

        Raises:
            TypeError, ValueError: What was given is no limit, or neither True nor False.
        """
        for name, limit in (("max_bytes", self.max_bytes), ("max_members", self.max_members)):
            if limit is not None and parse_int(name, limit) < 0:
                wrong_value(name, limit, "a number, or None for no limit")
        parse_flag("unsafe_links", self.unsafe_links)
        parse_flag("archive", self.owners)
        return self

    def renaming(self, rename: Callable[[str], str]) -> Unpacking:
        """The same, under other names."""
        return attrs.evolve(self, rename=rename)


def extract_archive(
    chunks: Iterable[bytes],
    target: str | os.PathLike[str],
    *,
    archive: bool = False,
    unsafe_links: bool = False,
    max_bytes: int | None = None,
    max_members: int | None = None,
) -> int:
    """Unpack a tar into a folder of this machine, and never outside it, as `copy_from` does.

    No name leads out of the folder, nothing is written through a link, and devices and pipes are refused. A file
    appears under its name when it is whole. Reads and writes while it is called: with an event loop, on a thread.

    Args:
        chunks: The tar, not compressed, cut anywhere, such as what `export` gives.
        target: The folder, which is made when it is missing.
        archive: Keep the owners, by number, which only root may, and all permissions; else a file belongs to the one
            who unpacks, and only that one may write it.
        unsafe_links: Make symbolic links that lead outside, too.
        max_bytes: Most bytes of files taken; no limit unless given.
        max_members: Most files, folders and links taken; no limit unless given.

    Returns:
        How many files, folders and links it had.

    Raises:
        UnsafeArchiveError: Something would come outside of the folder, is a device or a pipe, or exceeds a limit; what
            came before it stays.
        ProtocolError: It is no tar, or it is cut short.
        OSError: Something cannot be written.
    """
    how = Unpacking(owners=archive, unsafe_links=unsafe_links, max_bytes=max_bytes, max_members=max_members)
    return extract(chunks, target, how.checked())


def extract(chunks: Iterable[bytes], target: str | os.PathLike[str], how: Unpacking | None = None) -> int:
    """Unpack an archive into a folder, and never outside it.

    Files, folders, and links that stay inside are made. Nothing is written through a symbolic link, whoever made
    it; a file appears under its name when it is whole.

    Args:
        chunks: The archive, cut anywhere.
        target: The folder, which is made when it is missing.
        how: What is taken over, and limits.

    Returns:
        How many members it had.

    Raises:
        UnsafeArchiveError: A member is not safe, or a limit is exceeded; what came before it stays.
        ProtocolError: It is no tar archive, or it is cut short.
        OSError: Something cannot be written.
    """
    how = how or Unpacking()
    root = Path(target)
    existed = root.is_dir()
    root.mkdir(parents=True, exist_ok=True)
    place = _Place(root.resolve(), how, made={} if existed else {root.resolve(): None})
    count = size = 0
    for member, content in read_members(chunks):
        count += 1
        size += member.size if content else 0
        _check_limits(count, size, how)
        place.put(_renamed(member, how), content)
    place.finish()
    return count


def _check_limits(count: int, size: int, how: Unpacking) -> None:
    if how.max_members is not None and count > how.max_members:
        raise UnsafeArchiveError(f"the archive has more than the allowed {how.max_members} members")
    if how.max_bytes is not None and size > how.max_bytes:
        raise UnsafeArchiveError(f"the archive has more than the allowed {how.max_bytes} bytes")


def _renamed(member: tarfile.TarInfo, how: Unpacking) -> tarfile.TarInfo:
    if how.rename is not None:
        member.name = how.rename(member.name)
        if member.islnk():
            member.linkname = how.rename(member.linkname)
    return member


class _Place:
    """A folder that an archive is unpacked in."""

    def __init__(self, root: Path, how: Unpacking, made: dict[Path, tarfile.TarInfo | None]) -> None:
        self._root = root
        self._how = how
        # Folders that were not there before; they get their facts last, when nothing more is written in them.
        self._made = made

    def put(self, member: tarfile.TarInfo, content: MemberContent | None) -> None:
        inside = _inside(member.name, member)
        path = self._parent_of(inside, member)
        if member.isdir():
            self._ask_python(member)
            self._folder(path, member)
            return
        make = self._maker(member, inside, content)
        self._ask_python(member)
        self._anew(path, make)

    def _maker(
        self, member: tarfile.TarInfo, inside: PurePosixPath, content: MemberContent | None
    ) -> Callable[[Path], None]:
        """Give what makes a file or link under the name that it is called with."""
        if not inside.parts:
            raise UnsafeArchiveError(f"{member.name!r} is the folder itself, and no folder in the archive")
        if content is not None:
            return lambda file: self._write(file, member, content)
        if member.issym():
            text = member.linkname if self._how.unsafe_links else _link_inside(member, inside)
            return lambda file: self._link(file, text, member)
        if member.islnk():
            source = self._linked(member)
            return lambda file: os.link(source, file, follow_symlinks=False)
        raise UnsafeArchiveError(f"{member.name!r} is a device or a pipe; expected files, folders and links")

    def finish(self) -> None:
        """Give the folders that were made what the archive tells of them, the innermost first."""
        for path, member in reversed(self._made.items()):
            if member is not None:
                path.chmod(member.mode & 0o777 if self._how.owners else (member.mode & 0o755) | 0o700)
                self._own(path, member)
                os.utime(path, (member.mtime, member.mtime))

    def _ask_python(self, member: tarfile.TarInfo) -> None:
        """Have Python's own rules for archives that are not trusted as a second opinion."""
        judge: Any = getattr(tarfile, "data_filter", None)
        if judge is None or (member.issym() and self._how.unsafe_links):
            return
        try:
            # A folder that is not there: what is on the disk is looked at here, and not by it.
            judge(member, str(self._root / _NOWHERE))
        except tarfile.TarError as fault:
            raise UnsafeArchiveError(f"{member.name!r} is not safe: {fault}") from fault

    def _parent_of(self, inside: PurePosixPath, member: tarfile.TarInfo) -> Path:
        """Give a path beneath the folder after making its parents, none of which may be a link."""
        path = self._root
        for part in inside.parts[:-1]:
            path /= part
            if path.is_symlink():
                raise UnsafeArchiveError(f"{member.name!r} goes through the symbolic link {str(path)!r}")
            path.mkdir(exist_ok=True)
        return self._root / inside

    def _folder(self, path: Path, member: tarfile.TarInfo) -> None:
        if path in self._made:
            self._made[path] = member
        elif path.is_symlink() or not path.is_dir():
            # Raises FileExistsError where something else is.
            path.mkdir(mode=0o700)
            self._made[path] = member

    def _anew(self, path: Path, make: Callable[[Path], None]) -> None:
        """Make something under a name of its own, and then put it in the place of what was there."""
        if path.is_dir() and not path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "a file cannot take the place of this folder", str(path))
        new = path.parent / f".{os.urandom(8).hex()}.part"
        try:
            make(new)
            new.replace(path)
        finally:
            # Still there when something failed, or when it is a link to the very file that was there.
            with suppress(FileNotFoundError):
                new.unlink()

    def _write(self, path: Path, member: tarfile.TarInfo, content: MemberContent) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            while chunk := content.read(CHUNK):
                write_with_holes(file, chunk)
            end_with_hole(file)
            _set_attributes(file.fileno(), member)
        self._own(path, member)
        path.chmod(member.mode & 0o777 if self._how.owners else _safe_mode(member.mode))
        os.utime(path, (member.mtime, member.mtime))

    def _link(self, path: Path, text: str, member: tarfile.TarInfo) -> None:
        path.symlink_to(text)
        self._own(path, member)

    def _own(self, path: Path, member: tarfile.TarInfo) -> None:
        if self._how.owners:
            os.chown(path, member.uid, member.gid, follow_symlinks=False)

    def _linked(self, member: tarfile.TarInfo) -> Path:
        source = self._parent_of(_inside(member.linkname, member), member)
        if not source.is_symlink() and not source.exists():
            raise UnsafeArchiveError(
                f"{member.name!r} is a hard link to {member.linkname!r}, which is not there"
            )
        if not stat.S_ISREG(source.lstat().st_mode):
            raise UnsafeArchiveError(
                f"{member.name!r} is a hard link to {member.linkname!r}, which is no file"
            )
        return source


def _safe_mode(mode: int) -> int:
    """The permissions that are no danger to the one who unpacks: never set-id, never writable by others."""
    return (mode & 0o755 if mode & 0o100 else mode & 0o644) | 0o600


def _set_attributes(file: int, member: tarfile.TarInfo) -> None:
    for key, value in member.pax_headers.items():
        # Others than these tell what a program may do, or belong to the system.
        if key.startswith(_USER_XATTR) and hasattr(os, "setxattr"):
            try:
                os.setxattr(file, key.removeprefix(XATTR), value.encode("utf-8", "surrogateescape"))
            except OSError as fault:
                if fault.errno != errno.ENOTSUP:
                    raise


def _inside(name: str, member: tarfile.TarInfo) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or ("\\" in name and os.sep == "\\"):
        raise UnsafeArchiveError(
            f"{member.name!r} ({name!r}) is outside the folder; expected a path beneath it"
        )
    return path


def _link_inside(member: tarfile.TarInfo, inside: PurePosixPath) -> str:
    """Give a link's text if it cannot lead outside.

    Only leading ".." are counted against the depth: after a name, which may itself be a link, ".." leads to a
    place that the text does not tell.
    """
    parts = PurePosixPath(member.linkname).parts
    ups = next((index for index, part in enumerate(parts) if part != ".."), len(parts))
    if member.linkname.startswith("/") or ".." in parts[ups:] or ups > len(inside.parts) - 1:
        raise UnsafeArchiveError(
            f"{member.name!r} links to {member.linkname!r}, outside the folder; unsafe_links=True makes such links, too"
        )
    return member.linkname
