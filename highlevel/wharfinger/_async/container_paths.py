"""One container: what is where in its file system."""

from __future__ import annotations

import errno
import posixpath
from typing import TYPE_CHECKING, Self

import attrs

from wharfinger._async._primitives_streams import blocking
from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.streams import AsyncStream
from wharfinger._core.copying import check_folder, in_container, landing, link_archive
from wharfinger._core.stream_decoders import Chunks
from wharfinger.errors import APIError, NotFound
from wharfinger.types import FileStat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from wharfinger._core.copying import Place


@attrs.frozen
class Found:
    """A file or folder of a container.

    Attributes:
        place: As it was asked for.
        path: Where it is, behind the links that were to be followed.
        stat: What the engine tells of it.
    """

    place: Place
    path: str
    stat: FileStat


class AsyncTaken:
    """An archive on its way out of a container.

    Attributes:
        chunks: The archive, for a thread that may wait.
        top: The name that all of it is beneath; empty for the root of all files.
    """

    def __init__(self, chunks: Iterable[bytes], top: str, stream: AsyncStream[bytes] | None = None) -> None:
        self.chunks = chunks
        self.top = top
        self._stream = stream

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        if self._stream is not None:
            await self._stream.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AsyncContainerPaths(AsyncContainerState):
    """What the verbs about files share."""

    async def _stat(self, path: str) -> FileStat | None:
        """What is there, of a link itself; None where nothing is."""
        try:
            return await self._engine.call(lambda say: say.containers.archive_stat(self.id, path))
        except NotFound:
            return None
        except APIError:
            # The reply to HEAD has no text: when it is asked for the file itself, Docker says what is wrong.
            return await self._stat_by_archive(path)

    async def _stat_by_archive(self, path: str) -> FileStat | None:
        try:
            source = await self._engine.open(lambda say: say.containers.get_archive(self.id, path))
        except APIError as fault:
            if "not a directory" in fault.message:
                raise NotADirectoryError(errno.ENOTDIR, "what it is beneath is no folder", path) from fault
            raise
        await source.close()
        return FileStat.from_header(source.headers.get("X-Docker-Container-Path-Stat", ""))

    async def _behind(self, path: str) -> tuple[str, FileStat | None]:
        """What is there, behind links, and where that is."""
        found = await self._stat(path)
        if found is None or not found.is_link:
            return path, found
        path = posixpath.normpath(found.link_target)
        return path, await self._stat(path)

    async def _missing(self, path: str) -> NotFound:
        """The error for what is not there; raises that of a container that is gone."""
        await self._engine.call(lambda say: say.containers.inspect(self.id))
        told = f"the container has no file or folder {path!r}"
        return NotFound(404, told, "HEAD", f"/containers/{self.id}/archive")

    async def _find(self, path: str, *, follow_link: bool) -> Found:
        """What is to be copied from here."""
        place = in_container(path)
        real, found = place.path, await self._stat(place.path)
        if found is not None and found.is_link and (follow_link or place.folder):
            real, found = await self._behind(real)
        if found is None:
            raise await self._missing(real)
        check_folder(place, found)
        return Found(place, real, found)

    async def _take(self, found: Found) -> AsyncTaken:
        """The archive of it."""
        top = posixpath.basename(found.path)
        dialect = await self._engine.dialect()
        if found.stat.is_link and dialect.containers.follows_links:
            return AsyncTaken([*link_archive(found.path, found.stat.link_target, top)], top)
        source = await self._engine.open(lambda say: say.containers.get_archive(self.id, found.path))
        stream = AsyncStream(source, Chunks())
        return AsyncTaken(blocking(stream), top, stream)

    async def _landing(self, place: Place, name: str, *, is_dir: bool) -> tuple[str, str]:
        """The folder that a copy comes to, and its name there."""
        path, found = await self._behind(place.path)
        target = attrs.evolve(place, path=path)
        into = found is not None and found.is_dir
        try:
            folder, new = landing(name, target, is_dir=is_dir, exists=found is not None, into=into)
        except FileNotFoundError:
            raise await self._missing(path) from None
        if not into:
            await self._folder(folder)
        return folder, new

    async def _folder(self, path: str) -> str:
        """Where a folder is, behind links."""
        real, found = await self._behind(path)
        if found is None:
            raise await self._missing(path)
        if not found.is_dir:
            raise NotADirectoryError(errno.ENOTDIR, "what is there is no folder", path)
        return real
