"""Where a copy comes from and goes to, by the rules of `docker cp`; pure but for looks at the local disk.

The functions that look at the disk say so, and belong on a thread where an event loop is near.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
import tarfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._core.human import parse_int, wrong_type, wrong_value
from wharfinger._core.tar import END, Owner, tar_head, tar_member, tar_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wharfinger.types import FileStat

_HIGHEST_ID = 2**32 - 2


@attrs.frozen
class Place:
    """A path as it is meant.

    Attributes:
        path: Absolute, without "." and "..", and without a slash at its end.
        name: What a copy of it is called; empty where only its content is meant.
        folder: Whether it was written so that it has to be a folder.
    """

    path: str
    name: str
    folder: bool


def in_container(path: str) -> Place:
    """Read a path of a container; one without a slash before it begins at the root.

    Raises:
        TypeError, ValueError: It is none.
    """
    if not isinstance(cast("object", path), str):
        wrong_type("path", path, "the path of a file or folder in a container")
    if not path or "\0" in path:
        wrong_value("path", path, "the path of a file or folder in a container")
    # Two slashes at the beginning would stay.
    return _place(path, posixpath.normpath("/" + path.lstrip("/")))


def _place(written: str, path: str) -> Place:
    last = written.rpartition("/")[2]
    return Place(
        path, "" if last == "." or path == "/" else posixpath.basename(path), last in ("", ".", "..")
    )


@attrs.frozen
class LocalSource:
    """What is copied from this machine.

    Attributes:
        path: Where it is.
        name: What the copy is called; empty where only its content is meant.
        is_dir: Whether it is a folder.
    """

    path: Path
    name: str
    is_dir: bool

    def tar(self, name: str, *, archive: bool) -> Iterator[bytes]:
        """Make the archive while it is read, from the disk; archive keeps the owners."""
        return tar_path(self.path, name or ".", owner=None if archive else Owner(), exact=True)


def local_source(path: str | os.PathLike[str], *, follow_link: bool) -> LocalSource:
    """Look at what is to be copied, on the disk.

    Raises:
        FileNotFoundError: Nothing is there.
        NotADirectoryError: It is written as a folder, and is none.
    """
    written = os.fspath(path)
    place = _place(written, os.path.abspath(written or "\0"))  # noqa: PTH100 - Path.resolve would follow links
    here = Path(place.path)
    if here.is_symlink() and (follow_link or place.folder):
        here = here.resolve(strict=True)
    is_dir = stat.S_ISDIR(here.lstat().st_mode)
    if place.folder and not is_dir:
        raise NotADirectoryError(errno.ENOTDIR, "the source is written as a folder, and is none", written)
    return LocalSource(here, place.name, is_dir)


def local_target(path: str | os.PathLike[str]) -> tuple[Place, bool, bool]:
    """Look at where something is to be copied to, on the disk.

    Returns:
        The place behind all links, whether something is there, and whether that is a folder.

    Raises:
        FileNotFoundError: There is no folder to put it in.
    """
    written = os.fspath(path)
    place = _place(written, os.path.abspath(written or "\0"))  # noqa: PTH100 - Path.resolve would follow links
    here = Path(place.path)
    if here.is_symlink():
        here = here.resolve()
        place = attrs.evolve(place, path=str(here))
    if not here.exists() and not here.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to copy into", str(here.parent))
    return place, here.exists(), here.is_dir()


def landing(name: str, target: Place, *, is_dir: bool, exists: bool, into: bool) -> tuple[str, str]:
    """Decide where a copy comes to.

    Args:
        name: What the source is called; empty where only its content is meant.
        target: Where it shall go.
        is_dir: Whether the source is a folder.
        exists: Whether something is at the target.
        into: Whether that is a folder.

    Returns:
        The folder, and the copy's name in it; no name where its content goes to the folder itself.

    Raises:
        NotADirectoryError: A folder would take a file's place.
        FileNotFoundError: A file, or the content of a folder, shall go into a folder that is missing.
    """
    if into:
        return target.path, name
    if exists and (is_dir or target.folder):
        raise NotADirectoryError(errno.ENOTDIR, "what is there is a file, expected a folder", target.path)
    if (not is_dir and target.folder) or not target.name:
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to copy into", target.path)
    return posixpath.dirname(target.path), posixpath.basename(target.path)


def check_folder(place: Place, found: FileStat) -> None:
    """Refuse a source in a container that is written as a folder, and is none.

    Raises:
        NotADirectoryError: It is.
    """
    if place.folder and not found.is_dir:
        raise NotADirectoryError(errno.ENOTDIR, "the source is written as a folder, and is none", place.path)


def link_archive(path: str, target: str, name: str) -> Iterator[bytes]:
    """Make the archive of a symbolic link whose own text is not told, from where it leads to."""
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = tarfile.SYMTYPE, 0o777, int(time.time())
    info.linkname = posixpath.relpath(target, posixpath.dirname(path))
    yield tar_head(info)
    yield END


@attrs.frozen
class NewFile:
    """A file to write in a container."""

    data: bytes = attrs.field(repr=False)
    mode: int
    owner: Owner

    def tar(self, name: str) -> Iterator[bytes]:
        """Make the archive."""
        yield tar_member(name, self.data, mode=self.mode, mtime=int(time.time()), owner=self.owner)
        yield END


def new_file(data: object, mode: object, uid: object, gid: object) -> NewFile:
    """Read what a file shall be.

    Raises:
        TypeError, ValueError: That cannot be.
    """
    if isinstance(data, str):
        content = data.encode()
    elif isinstance(data, bytes | bytearray | memoryview):
        content = bytes(cast("Any", data))
    else:
        raise TypeError(
            f"data is of type {type(data).__name__}, expected bytes, or text, which is written as UTF-8"
        )
    if not 0 <= parse_int("mode", mode) <= 0o7777:
        wrong_value("mode", mode, "permission bits such as 0o644")
    owner = Owner(parse_int("uid", uid), parse_int("gid", gid))
    for name, number in (("uid", owner.uid), ("gid", owner.gid)):
        if not 0 <= number <= _HIGHEST_ID:
            wrong_value(name, number, "the number of a user or group")
    return NewFile(content, parse_int("mode", mode), owner)
