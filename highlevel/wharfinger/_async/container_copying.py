"""One container: copies to and from it."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from wharfinger._async._primitives import run_blocking
from wharfinger._async._primitives_streams import beside
from wharfinger._async.container_paths import AsyncContainerPaths
from wharfinger._core.copying import in_container, landing, local_source, local_target, new_file
from wharfinger._core.human import is_path, parse_flag
from wharfinger._core.tar import Owner
from wharfinger._core.tar_rename import moved, renamed
from wharfinger._core.untar import Unpacking, extract, first_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from wharfinger._async.container_paths import AsyncTaken, Found
    from wharfinger._core.copying import Place
    from wharfinger._core.operation import Content

AsyncElsewhere: TypeAlias = "tuple[AsyncContainerCopying, str]"


class BinaryWriter(Protocol):
    """Something to write bytes to: an open file, a pipe, a BytesIO."""

    def write(self, data: bytes, /) -> object:
        """Take all of it."""
        ...


class AsyncContainerCopying(AsyncContainerPaths):
    """The verbs that copy."""

    async def copy_to(
        self,
        src: Content | PathLike[str] | AsyncElsewhere,
        dst: str,
        *,
        follow_link: bool = False,
        archive: bool = False,
    ) -> None:
        """Copies a file or folder into it, by the rules of `docker cp` on both engines.

        Into a folder that is there the copy goes under its own name, and the content alone of a folder that is written
        with "/." at its end. Where nothing is, dst is the copy's new name, and its parent has to be there. A file takes
        the place of a file; no folder takes the place of a file, nor a file that of a folder. A link at dst is
        followed; a source that is a link is copied as a link unless it is written with "/" at its end. Nothing is kept
        on this machine on the way: memory stays small, whatever the size.

        Args:
            src: A path on this machine; a pair of another container, of whichever engine, and a path in it; or a tar
                to unpack in the folder dst: "-" for the one at standard input, bytes, an open file, or chunks.
            dst: A path in the container.
            follow_link: Copy what a link at src leads to.
            archive: Keep the owners, by number; else all belongs to root. A tar keeps its own always.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such folder, or the other container no such file.
            FileNotFoundError: There is nothing at src on this machine; nothing was sent.
            NotADirectoryError: A file is where a folder is expected; nothing was sent.
            FileChangedError: A file changed its size while it was read. The engine was told of no end, and has what
                came before.
            ValueError: follow_link or archive with a tar; both are the same container, whose engine would wait for
                itself.
            APIError: A file would take the place of a folder within, …
        """
        place = in_container(dst)
        parse_flag("follow_link", follow_link)
        parse_flag("archive", archive)
        if _is_elsewhere(src):
            other, path = cast("AsyncElsewhere", src)
            await self._copy_between(other, path, place, follow_link=follow_link, archive=archive)
        elif is_path(src) and src != "-":
            local = cast("str", src)
            source = await run_blocking(lambda: local_source(local, follow_link=follow_link))
            folder, name = await self._landing(place, source.name, is_dir=source.is_dir)
            await self._put(folder, source.tar(name, archive=archive))
        else:
            if follow_link or archive:
                raise ValueError(
                    "follow_link or archive with a tar, which is unpacked as it is; leave them out"
                )
            content: Any = sys.stdin.buffer if src == "-" else src
            await self._put(await self._folder(place.path), content)

    async def copy_from(
        self,
        src: str,
        dst: str | PathLike[str] | BinaryWriter | AsyncElsewhere,
        *,
        follow_link: bool = False,
        archive: bool = False,
        unsafe_links: bool = False,
        max_bytes: int | None = None,
        max_members: int | None = None,
    ) -> None:
        """Copies a file or folder out of it, by the rules of `docker cp` on both engines; see `copy_to` for them.

        On this machine nothing is written outside dst, whatever the container holds: no name leads out of it, nothing
        is written through a link, and devices and pipes are refused. A file appears when it is whole; what came before
        an error stays. Podman does not tell a link's own text: there a link is made anew to where it leads in the end.
        Podman tells the container's user as the owner of everything.

        Args:
            src: A path in the container.
            dst: A path on this machine; a pair of another container, of whichever engine, and a path in it; "-" for
                standard output, or an open binary file, which get a tar.
            follow_link: Copy what a link at src leads to.
            archive: Keep the owners, by number, which on this machine only root may, and all permissions; else a file
                belongs to the one who copies, and only that one may write it.
            unsafe_links: Make links on this machine that lead outside of dst, too, as `docker cp` does.
            max_bytes: Most bytes of files to take to this machine; no limit unless given.
            max_members: Most files, folders and links to take to this machine; no limit unless given.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such file.
            FileNotFoundError: There is no folder for dst on this machine.
            NotADirectoryError, IsADirectoryError, FileExistsError: A file is where a folder is expected, or the other
                way round.
            UnsafeArchiveError: Something would come outside of dst, is a device or a pipe, or exceeds a limit.
            ValueError: A limit or unsafe_links where nothing is unpacked on this machine.
            ProtocolError: The archive was cut short.
        """
        parse_flag("follow_link", follow_link)
        how = Unpacking(
            max_bytes=max_bytes, max_members=max_members, unsafe_links=unsafe_links, owners=archive
        ).checked()
        if _is_elsewhere(dst):
            _check_no_limits(how)
            other, path = cast("AsyncElsewhere", dst)
            await other.copy_to((self, src), path, follow_link=follow_link, archive=archive)
        elif is_path(dst) and dst != "-":
            await self._copy_to_disk(src, cast("str", dst), how, follow_link=follow_link)
        else:
            _check_no_limits(how)
            file: Any = sys.stdout.buffer if dst == "-" else dst
            if not hasattr(file, "write"):
                raise TypeError(f"dst is a {type(file).__name__}, expected a path, a binary file, or a pair")
            await self._copy_to_file(src, file, follow_link=follow_link)

    async def read_file(self, path: str) -> bytes:
        """The content of a file of it, whole.

        Args:
            path: Where it is; links are followed.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such file.
            IsADirectoryError: It is a folder.
            OSError: It is a device or a pipe.
        """
        found = await self._find(path, follow_link=True)
        if found.stat.is_dir:
            raise IsADirectoryError(errno.EISDIR, "it is a folder, expected a file", path)
        if not found.stat.is_file:
            raise OSError(errno.EINVAL, "it is a device or a pipe, expected a file", path)
        async with await self._take(found) as taken:
            return await beside(lambda: first_file(taken.chunks), taken.close)

    async def write_file(
        self,
        path: str,
        data: bytes | bytearray | memoryview | str,
        *,
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
    ) -> None:
        """Makes a file in it, or takes the place of one.

        Args:
            path: Where; its folder has to be there. A link is followed.
            data: The content; text is written as UTF-8.
            mode: Permission bits.
            uid: Number of the user who owns it; root unless given.
            gid: Number of its group; root's unless given.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: Its folder is not there.
            IsADirectoryError: A folder is there.
            TypeError, ValueError: What is given is no such thing; nothing was sent.
        """
        file, place = new_file(data, mode, uid, gid), in_container(path)
        if place.folder or not place.name:
            raise IsADirectoryError(errno.EISDIR, "it is written as a folder, expected a file", path)
        real, found = await self._behind(place.path)
        if found is not None and found.is_dir:
            raise IsADirectoryError(errno.EISDIR, "a folder is there, expected a file or nothing", path)
        folder, _, name = real.rpartition("/")
        await self._put(await self._folder(folder or "/"), file.tar(name))

    async def _put(self, folder: str, content: Content) -> None:
        await self._engine.call_slowly(
            lambda say: say.containers.put_archive(self.id, folder, content, keep_kinds=True)
        )

    async def _copy_between(
        self, other: AsyncContainerCopying, path: str, place: Place, *, follow_link: bool, archive: bool
    ) -> None:
        if other == self:
            raise ValueError("both are the same container; copy within it by exec_run(['cp', '-r', …])")
        found = await other._find(path, follow_link=follow_link)
        # Before the source is opened: Docker lets nobody else at a container's files meanwhile.
        folder, name = await self._landing(place, found.place.name, is_dir=found.stat.is_dir)
        owner = None if archive else Owner()
        async with await other._take(found) as taken:
            await self._put(folder, renamed(taken.chunks, moved(taken.top, name), owner))

    async def _copy_to_disk(self, src: str, dst: str, how: Unpacking, *, follow_link: bool) -> None:
        found = await self._find(src, follow_link=follow_link)
        target, exists, into = await run_blocking(lambda: local_target(dst))
        folder, name = landing(found.place.name, target, is_dir=found.stat.is_dir, exists=exists, into=into)
        async with await self._take(found) as taken:
            rules = how.renaming(moved(taken.top, name))
            await beside(lambda: extract(taken.chunks, folder, rules), taken.close)

    async def _copy_to_file(self, src: str, file: BinaryWriter, *, follow_link: bool) -> None:
        found = await self._find(src, follow_link=follow_link)
        async with await self._take(found) as taken:
            chunks = _named(taken, found)
            await beside(lambda: _write_all(chunks, file), taken.close)


def _named(taken: AsyncTaken, found: Found) -> Iterable[bytes]:
    name = found.place.name
    return taken.chunks if taken.top == name else renamed(taken.chunks, moved(taken.top, name), None)


def _write_all(chunks: Iterable[bytes], file: BinaryWriter) -> None:
    for chunk in chunks:
        file.write(chunk)


def _is_elsewhere(given: object) -> bool:
    return isinstance(given, tuple) and isinstance(cast("Any", given)[0], AsyncContainerCopying)


def _check_no_limits(how: Unpacking) -> None:
    if how.max_bytes is not None or how.max_members is not None or how.unsafe_links:
        raise ValueError(
            "max_bytes, max_members and unsafe_links are for copies to this machine; leave them out"
        )
