"""The folders that a build reads from, as BuildKit asks for them: what is in them, in which order, with which bits.

The functions here read local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import posixpath
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.dockerignore import IgnoreRules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wharfinger._core.dockerignore import Verdict

_CHUNK = 1024 * 1024
_WILD = frozenset("*?[]^\\")
# A mode as Go writes it, which is what goes over the wire.
_GO_KINDS = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
    stat.S_IFIFO: 1 << 25,
    stat.S_IFSOCK: 1 << 24,
}
_GO_BITS = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}
GO_KIND = 1 << 31 | 1 << 27 | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19
# They tell of this machine, and not of the file.
_OWN_XATTRS = ("system.", "security.selinux", "trusted.")


def go_mode(mode: int) -> int:
    """A mode of this system as Go writes it."""
    found = mode & 0o777 | _GO_KINDS.get(stat.S_IFMT(mode), 0)
    for bit, gos in _GO_BITS.items():
        found |= gos if mode & bit else 0
    return found


def permissions(mode: int) -> int:
    """The permissions in a mode that Go wrote, as this system has them."""
    found = mode & 0o777
    for bit, gos in _GO_BITS.items():
        found |= bit if mode & gos else 0
    return found


@attrs.frozen
class Entry:
    """One thing in a folder.

    Attributes:
        path: From the folder's top, with slashes.
        mode: As Go writes it.
        size: Bytes.
        mtime: Nanoseconds since 1970.
        link: Where a symlink points to; of a hard link, the path that was sent before.
        device: Major and minor number.
        xattrs: What is kept with it.
    """

    path: str
    mode: int
    size: int = 0
    mtime: int = 0
    link: str = ""
    device: tuple[int, int] = (0, 0)
    xattrs: Mapping[str, bytes] = attrs.field(factory=dict[str, bytes], repr=False)

    @property
    def has_data(self) -> bool:
        """Whether its bytes may be asked for."""
        return not self.mode & GO_KIND


@attrs.frozen
class FolderFilter:
    """Which of a folder's files are wanted.

    Attributes:
        excludes: Patterns of what is not.
        includes: Patterns of what alone is; none at all for everything.
        follow: Paths that are wanted too, and what is behind them where they are links.
    """

    excludes: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()


@attrs.frozen
class LocalFolder:
    """A folder of this machine.

    Attributes:
        root: Where.
    """

    root: Path

    def entries(self, wanted: FolderFilter) -> Iterator[Entry]:
        """What is wanted of it, each folder before what is in it, by the bytes of the names.

        Raises:
            OSError: It cannot be read.
            ValueError: A pattern is none.
        """
        includes = _included(self.root, wanted)
        return _Walk(
            self.root, IgnoreRules.of(wanted.excludes), None if includes is None else IgnoreRules.of(includes)
        ).entries()

    def content(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of a file.

        Raises:
            OSError: It cannot be read, or has changed since it was told of.
        """
        return _content(self.root / entry.path, entry)


@attrs.frozen
class MemoryFolder:
    """Files that are given by name.

    Attributes:
        files: Each bytes, text, or the path of a local file.
        mtime: The time that they are told to have; nanoseconds since 1970.
    """

    files: Mapping[str, Any] = attrs.field(repr=False)
    mtime: int = 0

    def entries(self, wanted: FolderFilter) -> Iterator[Entry]:
        """See LocalFolder."""
        excludes = IgnoreRules.of(wanted.excludes)
        includes = [*wanted.includes, *(posixpath.normpath(path).lstrip("/") for path in wanted.follow)]
        only = IgnoreRules.of(includes) if includes and not {"", "."} & {*includes} else None
        named = {posixpath.normpath(name): name for name in self.files}
        kept = [
            path for path in named if not excludes.excludes(path) and (only is None or only.excludes(path))
        ]
        folders = {parent for path in kept for parent in _parents(path)}
        for path in sorted((*kept, *folders), key=lambda path: os.fsencode(path).split(b"/")):
            yield self._entry(path, named.get(path))

    def content(self, entry: Entry) -> Iterator[bytes]:
        """See LocalFolder."""
        name = next(name for name in self.files if posixpath.normpath(name) == entry.path)
        found = self.files[name]
        if isinstance(found, bytes | str):
            return iter([found.encode() if isinstance(found, str) else found])
        return _content(Path(found), entry)

    def _entry(self, path: str, name: str | None) -> Entry:
        if name is None:
            return Entry(path, go_mode(stat.S_IFDIR | 0o755), mtime=self.mtime)
        found = self.files[name]
        if isinstance(found, bytes | str):
            size = len(found.encode() if isinstance(found, str) else found)
            return Entry(path, 0o644, size, self.mtime)
        # Who names a link means what it leads to.
        told = Path(found).stat()
        return Entry(path, go_mode(told.st_mode), told.st_size, self.mtime)


Folder = LocalFolder | MemoryFolder


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _content(file: Path, entry: Entry) -> Iterator[bytes]:
    sent = 0
    with file.open("rb", buffering=0) as opened:
        while data := opened.read(_CHUNK):
            sent += len(data)
            if sent > entry.size:
                break
            yield data
    if sent != entry.size:
        raise OSError(errno.EIO, "the file changed while it was sent to the build", str(file))


class _Walk:
    """Goes through a folder once."""

    def __init__(self, root: Path, excludes: IgnoreRules, includes: IgnoreRules | None) -> None:
        self._root = root
        self._excludes = excludes
        self._includes = includes
        self._seen: dict[tuple[int, int], str] = {}

    def entries(self) -> Iterator[Entry]:
        yield from self._folder("", None, None)

    def _folder(self, before: str, out: Verdict | None, into: Verdict | None) -> Iterator[Entry]:
        with os.scandir(self._root / before) as found:
            items = sorted(found, key=lambda item: os.fsencode(item.name))
        for item in items:
            name = before + item.name
            left_out = self._excludes.judge(name, out)
            taken = self._includes.judge(name, into) if self._includes else None
            keep = not left_out.excluded and (taken is None or taken.excluded)
            if item.is_dir(follow_symlinks=False):
                yield from self._inside(name, item, left_out, taken, keep=keep)
            elif keep and (entry := self._entry(name, item)) is not None:
                yield entry

    def _inside(
        self,
        name: str,
        item: os.DirEntry[str],
        left_out: Verdict,
        taken: Verdict | None,
        *,
        keep: bool,
    ) -> Iterator[Entry]:
        """A folder that is not wanted itself is told of when something in it is."""
        entry = self._entry(name, item)
        told = keep
        if keep and entry is not None:
            yield entry
        if self._is_worth_a_look(name, left_out, taken):
            for inner in self._folder(f"{name}/", left_out, taken):
                if not told and entry is not None:
                    told = True
                    yield entry
                yield inner

    def _is_worth_a_look(self, name: str, left_out: Verdict, taken: Verdict | None) -> bool:
        if left_out.excluded and not _may_fit(self._excludes, name, keeping=True):
            return False
        return (
            taken is None
            or taken.excluded
            or (self._includes is not None and _may_fit(self._includes, name, keeping=False))
        )

    def _entry(self, name: str, item: os.DirEntry[str]) -> Entry | None:
        told = item.stat(follow_symlinks=False)
        kind = stat.S_IFMT(told.st_mode)
        if kind == stat.S_IFSOCK:
            return None
        try:
            name.encode()
        except UnicodeEncodeError:
            raise OSError(
                errno.EILSEQ, "BuildKit takes names of files in UTF-8 only; rename it", os.fsencode(name)
            ) from None
        link, size = "", told.st_size if kind == stat.S_IFREG else 0
        if kind == stat.S_IFLNK:
            link = str(Path(item.path).readlink())
        elif kind != stat.S_IFDIR and told.st_nlink > 1:
            place = (told.st_dev, told.st_ino)
            link = self._seen.setdefault(place, name)
            link = "" if link == name else link
            size = 0 if link else size
        device = kind in (stat.S_IFBLK, stat.S_IFCHR)
        return Entry(
            path=name,
            mode=go_mode(told.st_mode),
            size=size,
            mtime=told.st_mtime_ns,
            link=link,
            device=(os.major(told.st_rdev), os.minor(told.st_rdev)) if device else (0, 0),
            xattrs=_xattrs(item.path),
        )


def _xattrs(path: str) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}
    try:
        names = os.listxattr(path, follow_symlinks=False)
        return {
            name: os.getxattr(path, name, follow_symlinks=False)
            for name in names
            if not name.startswith(_OWN_XATTRS)
        }
    except OSError:
        # A file system without them, or attributes for others' eyes: the file itself is sent all the same.
        return {}


def _may_fit(rules: IgnoreRules, folder: str, *, keeping: bool) -> bool:
    """Whether a pattern may fit something in a folder."""
    for pattern in rules.patterns:
        text = pattern.text.removesuffix("/**").removesuffix("/*")
        if pattern.keeps == keeping and (_WILD & {*text} or f"{text}/".startswith(f"{folder}/")):
            return True
    return False


def _included(root: Path, wanted: FolderFilter) -> Sequence[str] | None:
    """The patterns of what alone is wanted; None for everything."""
    if not wanted.includes and not wanted.follow:
        return None
    found: dict[str, None] = {}
    for path in wanted.follow:
        _follow(root, path, found)
    both = [*wanted.includes, *found]
    return None if "." in found or not both else both


def _follow(root: Path, path: str, found: dict[str, None]) -> None:
    """Note a path, and all that the links in it lead to."""
    current = ""
    parts = [part for part in posixpath.normpath(path).split("/") if part not in ("", ".", "..")]
    for number, part in enumerate(parts):
        current = f"{current}/{part}" if current else part
        targets = _targets(root, current)
        if targets:
            if current in found:
                return
            found[current] = None
            for target in targets:
                _follow(root, posixpath.join(target, *parts[number + 1 :]), found)
            if not _WILD & {*part}:
                return
    found[current or "."] = None


def _targets(root: Path, path: str) -> list[str]:
    """Where a link leads to, from the folder's top; for a pattern, where all links lead to that it fits."""
    folder, _, name = path.rpartition("/")
    if {*"*?["} & {*name}:
        names = _names(root / folder)
        paths = [posixpath.join(folder, one) for one in names if fnmatch.fnmatchcase(one, name)]
    else:
        paths = [path]
    return [target for one in paths for target in _link(root, one)]


def _names(folder: Path) -> Iterable[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - the names alone are wanted
    except (FileNotFoundError, NotADirectoryError):
        return ()


def _link(root: Path, path: str) -> list[str]:
    try:
        link = (root / path).readlink().as_posix()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as fault:
        if fault.errno == errno.EINVAL:  # it is no link
            return []
        raise
    # What leads out of the folder is taken as if the folder were all there is.
    return [posixpath.normpath(posixpath.join("/", posixpath.dirname(path), link)).lstrip("/")]
