"""Images that an engine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.image import AsyncImage, AsyncImageList
from wharfinger._async.streams import AsyncStream
from wharfinger._core.stream_decoders import Chunks
from wharfinger.errors import ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """Whether there is one of this name or id."""
        try:
            await self.get(name)
        except ImageNotFound:
            return False
        return True

    async def list(
        self, name: str | None = None, *, all: bool = False, filters: Filters | None = None
    ) -> AsyncImageList:
        """Images, by one request.

        Args:
            name: Only those with this name.
            all: Intermediate layers too.
            filters: Such as {"dangling": True}.
        """
        given = {**(filters or {}), **({"reference": name} if name else {})}
        found = await self._engine.call(lambda say: say.images.list(all=all, filters=given))
        return [AsyncImage(self._engine, attrs) for attrs in found]

    async def load(self, data: Content) -> AsyncImageList:
        """Takes in the images of an archive that `save` made.

        Args:
            data: The archive: bytes, a file, or chunks; sent as it is read.

        Raises:
            StreamError, APIError: It is no archive of images.
        """
        names = await self._engine.call_slowly(lambda say: say.images.load(data))
        return [await self.get(name) for name in names]

    async def import_image(
        self,
        data: Content,
        *,
        reference: str | None = None,
        message: str | None = None,
        changes: Sequence[str] | None = None,
    ) -> AsyncImage:
        """Makes an image of one layer from a root file system.

        Args:
            data: A tar, plain or compressed: bytes, a file, or chunks; sent as it is read.
            reference: What to call it, such as "team/base:1".
            message: What its history shall say.
            changes: Lines of a Dockerfile, such as ['CMD ["sh"]', "ENV A=b"].

        Raises:
            StreamError, APIError: It is no tar, or a change is wrong.
        """
        id = await self._engine.call_slowly(
            lambda say: say.images.import_image(data, reference=reference, message=message, changes=changes)
        )
        return await self.get(id)

    async def remove(self, image: str, *, force: bool = False, noprune: bool = False) -> Removed:
        """Removes a name of an image, and the image with its last name.

        Args:
            image: Name or id.
            force: Even where it has several names or a container was made from it.
            noprune: Leave its parents (Docker).

        Returns:
            What was done, such as [{"Untagged": "a:1"}, {"Deleted": "sha256:…"}].

        Raises:
            ImageNotFound: There is none.
            Conflict: A container uses it.
        """
        return await self._engine.call_slowly(
            lambda say: say.images.remove(image, force=force, noprune=noprune)
        )

    async def tag(self, image: str, repository: str, tag: str | None = None) -> bool:
        """Gives an image another name.

        Args:
            image: Its name or id.
            repository: Such as "registry.example.com/team/app".
            tag: Such as "1.0"; "latest" unless given.

        Returns:
            True, as `AsyncImage.tag` does.

        Raises:
            ImageNotFound: There is none.
        """
        await self._engine.call(lambda say: say.images.tag(image, repository, tag))
        return True

    async def save(self, names: str | Sequence[str]) -> AsyncStream[bytes]:
        """One archive of one or many images as it comes, for `load` of either engine.

        Args:
            names: Names, which the archive keeps, or ids. What they share is in it once.

        Returns:
            Chunks of a tar; close it unless it is read to its end.

        Raises:
            ImageNotFound: There is no such image.
            ValueError: No name is given.
        """
        wanted = [names] if isinstance(names, str) else [*names]
        if not wanted:
            raise ValueError("names is empty; expected one or more names or ids of images")
        return AsyncStream(await self._engine.open(lambda say: say.images.save(wanted)), Chunks())

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
