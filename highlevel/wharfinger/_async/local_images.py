"""Images that an engine has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger._async.image import AsyncImage, AsyncImageList
from wharfinger._async.progress import AsyncWatch, events_of, told_while_sent
from wharfinger._async.sending import sent_from
from wharfinger._async.streams import AsyncStream
from wharfinger._core.references import ImageReference, name_and_tag, named
from wharfinger._core.stream_decoders import chunks
from wharfinger.errors import StreamError
from wharfinger.types import LoadProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._core.operation import Content
    from wharfinger._dialects.dialect import Filters

Removed: TypeAlias = list[dict[str, Any]]


class AsyncLocalImages:
    """What client.images does without a registry."""

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def get(self, name: str) -> AsyncImage:
        """One image.

        Args:
            name: Its name, id or a unique start of the id.

        Raises:
            ImageNotFound: There is none.
        """
        return AsyncImage(self._engine, await self._engine.call(lambda say: say.images.inspect(name)))

    async def exists(self, name: str) -> bool:
        """Whether there is one.

        Args:
            name: Its name, id or a unique start of the id.
        """
        return await self._engine.call(lambda say: say.images.exists(name))

    async def list(
        self, name: str | None = None, *, all: bool = False, filters: Filters | None = None
    ) -> AsyncImageList:
        """Images, by one request.

        Args:
            name: Only those with this name.
            all: Intermediate layers too.
            filters: Such as {"dangling": True}.

        Raises:
            BadRequest, ServerError: The engine does not know a filter.
            ValueError: The name is empty.
        """
        given = {**(filters or {}), **({} if name is None else {"reference": named("an image's name", name)})}
        found = await self._engine.call(lambda say: say.images.list(all=all, filters=given))
        return [AsyncImage(self._engine, attrs) for attrs in found]

    async def load(
        self,
        data: Content | PathLike[str] | None = None,
        *,
        file_path: str | PathLike[str] | None = None,
        progress: Callable[[LoadProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> AsyncImageList:
        """Takes in the images of an archive that `save` made.

        Args:
            data: The archive: bytes, a file, a pathlib.Path of one, or chunks; sent as it is read.
            file_path: Where the archive is, instead of data.
            progress: Called with each LoadProgress: of what is sent, and on Docker of its layers, too; as `pull` does.
            progress_bar: Show the progress, as `pull` does.

        Raises:
            StreamError, APIError: It is no archive of images.
            ValueError: Neither data nor file_path is given, or both.
            OSError: The file cannot be read.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        watch = AsyncWatch(progress, bar=progress_bar)
        if (data is None) is (file_path is None):
            count = "neither" if data is None else "both"
            raise ValueError(f"{count} of data and file_path given, expected one of them")
        given = cast("Content", data) if file_path is None else Path(file_path)
        async with await sent_from(given) as content:
            names = await self._load(content, watch)
        return [await self.get(name) for name in names]

    async def _load(self, content: Content, watch: AsyncWatch[LoadProgress]) -> Sequence[str]:
        sent = told_while_sent(content, watch) if watch.wanted else content
        events: Removed = []
        async with watch:
            source = await self._engine.open(lambda say: say.images.load(sent, quiet=not watch.wanted))
            async with events_of(source, True, LoadProgress, StreamError) as stream:
                async for event in stream:
                    events.append(event)
                    told = LoadProgress.from_event(event)
                    if told.status:
                        await watch.tell(told)
        return (await self._engine.dialect()).images.loaded(events)

    async def import_image(
        self,
        data: Content | PathLike[str] | None = None,
        *,
        url: str | None = None,
        reference: str | None = None,
        message: str | None = None,
        changes: Sequence[str] | None = None,
    ) -> AsyncImage:
        """Makes an image of one layer from a root file system.

        Args:
            data: A tar, plain or compressed: bytes, a file, a pathlib.Path of one, or chunks; sent as it is read.
            url: Where the engine shall get the tar, by HTTP, instead of data.
            reference: What to call it, such as "team/base:1".
            message: What its history shall say.
            changes: Lines of a Dockerfile, such as ['CMD ["sh"]', "ENV A=b"].

        Raises:
            StreamError, APIError: It is no tar, or a change is wrong.
            ValueError: The reference is no image's name; neither data nor url is given, or both.
            OSError: The file cannot be read.
        """
        if (data is None) is (not url):
            count = "neither" if data is None else "both"
            raise ValueError(f"{count} of data and url given, expected one of them")
        name = None if reference is None else str(ImageReference.parse(reference))
        async with await sent_from(b"" if data is None else data) as content:
            body = None if data is None else content
            id = await self._engine.call_slowly(
                lambda say: say.images.import_image(
                    body, url=url, reference=name, message=message, changes=changes
                )
            )
        return await self.get(id)

    async def remove(self, image: str | AsyncImage, *, force: bool = False, noprune: bool = False) -> Removed:
        """Removes a name of an image, and the image with its last name.

        Args:
            image: Its name, id or a unique start of the id; an image is removed by its id.
            force: Even where it has several names or a container was made from it.
            noprune: Leave its parents (Docker).

        Returns:
            What was done, such as [{"Untagged": "a:1"}, {"Deleted": "sha256:…"}].

        Raises:
            ImageNotFound: There is none.
            Conflict: A container uses it.
        """
        name = image.id if isinstance(image, AsyncImage) else image
        return await self._engine.call_slowly(
            lambda say: say.images.remove(name, force=force, noprune=noprune)
        )

    async def tag(self, image: str | AsyncImage, repository: str, tag: str | None = None) -> bool:
        """Gives an image another name.

        Args:
            image: Its name, id or a unique start of the id, or itself.
            repository: Such as "registry.example.com/team/app".
            tag: Such as "1.0"; "latest" unless given.

        Returns:
            True, as `AsyncImage.tag` does.

        Raises:
            ImageNotFound: There is none.
            ValueError: The other name is none, or has a digest.
        """
        name = image.id if isinstance(image, AsyncImage) else image
        wanted = name_and_tag(repository, tag)
        await self._engine.call(lambda say: say.images.tag(name, *wanted))
        return True

    async def save(self, names: str | Sequence[str], *, chunk_size: int | None = None) -> AsyncStream[bytes]:
        """One archive of one or many images as it comes, for `load` of either engine.

        Args:
            names: Names, which the archive keeps, or ids. What they share is in it once.
            chunk_size: Bytes of each chunk, the last of which may be shorter; as they come unless given.

        Returns:
            Chunks of a tar; close it unless it is read to its end.

        Raises:
            ImageNotFound: There is no such image.
            ValueError: No name is given, or one is empty; chunk_size is not one byte or more.
        """
        wanted = [names] if isinstance(names, str) else [*names]
        if not wanted:
            raise ValueError("names is empty; expected one or more names or ids of images")
        for name in wanted:
            named("an image's name", name)
        decoder = chunks(chunk_size)
        return AsyncStream(await self._engine.open(lambda say: say.images.save(wanted)), decoder)

    async def prune(
        self, filters: Filters | None = None, *, all: bool = False, external: bool = False
    ) -> dict[str, Any]:
        """Removes images that no container uses: those without a name, unless more is asked for.

        Args:
            filters: Such as {"label": "a=b"}, {"until": "24h"} or {"dangling": False}, which is what `all` says.
            all: Those with a name too.
            external: Even where containers of other programs use them (Podman).

        Returns:
            {"ImagesDeleted": [{"Deleted": id}, …], "SpaceReclaimed": bytes}.
        """
        return await self._engine.call_slowly(
            lambda say: say.images.prune(all=all, external=external, filters=filters)
        )
