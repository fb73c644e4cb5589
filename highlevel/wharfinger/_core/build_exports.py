"""What a build hands over to this machine, written where it was asked for and nowhere else.

The functions here write local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from typing import TYPE_CHECKING, BinaryIO

import attrs

from wharfinger._core.build_folders import permissions
from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from pathlib import Path

    from wharfinger._core.build_folders import Entry

_GO_DIR = 1 << 31
_GO_LINK = 1 << 27


class FileExport:
    """Writes one file, which is there only when it is whole.

    Args:
        path: Where.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = _beside(path)
        self._file: BinaryIO = _new(self._made)

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._file.write(data)

    def finish(self) -> None:
        """Put it where it belongs."""
        self._file.close()
        self._made.replace(self._path)

    def abandon(self) -> None:
        """Leave nothing behind of what is not whole."""
        self._file.close()
        self._made.unlink(missing_ok=True)


@attrs.define
class _Open:
    entry: Entry
    made: Path
    file: BinaryIO


class FolderExport:
    """Writes files into a folder; what is in it already stays, but for what has the same name.

    Nothing is written through links that are there or come along, and no program gets another's rights by its bits.

    Args:
        root: The folder, made if need be.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = root.resolve()
        self._folders: dict[str, Entry] = {}
        self._files: set[str] = set()
        self._links: list[Entry] = []
        self._open: dict[int, _Open] = {}
        self._count = 0

    @property
    def idle(self) -> bool:
        """Whether all files that were asked for are whole."""
        return not self._open

    def add(self, entry: Entry) -> int | None:
        """Make what was told of; gives the number under which to ask for its bytes, where it has some.

        Raises:
            OSError: It cannot be made here.
            ProtocolError: It would lie outside, or is told of before what it is in.
        """
        number, self._count = self._count, self._count + 1
        path = self._root / self._checked(entry.path)
        if entry.mode & _GO_DIR:
            self._folder(path, entry)
        elif entry.mode & _GO_LINK:
            _remove(path)
            path.symlink_to(entry.link)
        elif not entry.has_data:
            raise OSError(
                errno.EPERM, "a folder takes no devices and pipes of a build; export it as tar", path
            )
        elif entry.link:
            if entry.link not in self._files:
                raise ProtocolError(
                    f"the build exports {entry.path!r} as a link to {entry.link!r}, which did not come"
                )
            self._links.append(entry)
        else:
            made = _beside(path)
            self._open[number] = _Open(entry, made, _new(made))
            self._files.add(entry.path)
            return number
        return None

    def write(self, number: int, data: bytes) -> None:
        """Add to a file; no bytes end it.

        Raises:
            OSError: They cannot be written.
            ProtocolError: There is no such file.
        """
        found = self._open.get(number)
        if found is None:
            raise ProtocolError(f"the engine sent bytes of file {number}, which was not asked for")
        if data:
            found.file.write(data)
            return
        del self._open[number]
        found.file.close()
        try:
            found.made.chmod(permissions(found.entry.mode) & 0o777)
            os.utime(found.made, ns=(found.entry.mtime, found.entry.mtime))
            found.made.replace(self._root / found.entry.path)
        except OSError:
            found.made.unlink()
            raise

    def finish(self) -> None:
        """Make what needs the files to be whole: hard links, and the bits and times of folders.

        Raises:
            OSError: It cannot be made here.
        """
        for entry in self._links:
            self._link(entry)
        for name, entry in reversed(self._folders.items()):
            path = self._root / name
            path.chmod(permissions(entry.mode) & 0o777)
            os.utime(path, ns=(entry.mtime, entry.mtime))

    def abandon(self) -> None:
        """Leave nothing behind of files that are not whole."""
        for found in self._open.values():
            found.file.close()
            found.made.unlink(missing_ok=True)
        self._open.clear()

    def _checked(self, path: str) -> str:
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts) or "\0" in path:
            raise ProtocolError(f"the build exports {path!r}, which is no path beneath the folder")
        parent = "/".join(parts[:-1])
        if parent and parent not in self._folders:
            raise ProtocolError(f"the build exports {path!r}, which is in no folder that it told of before")
        return path

    def _folder(self, path: Path, entry: Entry) -> None:
        if path.is_symlink() or not path.is_dir():
            _remove(path)
            path.mkdir()
        # Its own bits may not even let us in.
        path.chmod(stat.S_IRWXU)
        self._folders[entry.path] = entry

    def _link(self, entry: Entry) -> None:
        path = self._root / entry.path
        _remove(path)
        os.link(self._root / entry.link, path, follow_symlinks=False)


def _beside(path: Path) -> Path:
    return path.parent / f".{secrets.token_hex(8)}.part"


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        raise IsADirectoryError(errno.EISDIR, "a folder is where the build has something else", str(path))
    path.unlink(missing_ok=True)
