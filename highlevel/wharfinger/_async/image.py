"""One image of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.streams import AsyncStream
from wharfinger._core import container_facts
from wharfinger._core.references import name_and_tag
from wharfinger._core.stream_decoders import chunks

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession


class AsyncImage:
    """An image on an engine.

    Its properties tell what the engine told last, and ask nothing. Two are equal when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self.tags) or self.short_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncImage) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncImage, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id; Docker writes "sha256:" before it, Podman does not."""
        return str(self._attrs.get("Id") or "")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id, without what is before them."""
        return self.id.removeprefix("sha256:")[:12]

    @property
    def tags(self) -> list[str]:
        """Its names."""
        found: list[str] = self._attrs.get("RepoTags") or []
        return [name for name in found if name != "<none>:<none>"]

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        config: dict[str, Any] = self._attrs.get("Config") or {}
        found: dict[str, str] = config.get("Labels") or self._attrs.get("Labels") or {}
        return {**found}

    @property
    def digests(self) -> list[str]:
        """The names by which registries have it, such as "quay.io/team/app@sha256:…"."""
        found: list[str] = self._attrs.get("RepoDigests") or []
        return [name for name in found if not name.startswith("<none>@")]

    @property
    def size(self) -> int:
        """Bytes of all its layers, as the engine keeps them."""
        return int(self._attrs.get("Size") or 0)

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC; None where it does not tell."""
        return container_facts.created(self._attrs)

    @property
    def architecture(self) -> str | None:
        """Such as "amd64"; None in a list, which does not tell."""
        return self._attrs.get("Architecture") or None

    @property
    def os(self) -> str | None:
        """Such as "linux"; None in a list, which does not tell."""
        return self._attrs.get("Os") or None

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ImageNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: say.images.inspect(self.id))

    async def tag(self, repository: str, tag: str | None = None) -> bool:
        """Gives it another name.

        Args:
            repository: Such as "registry.example.com/team/app".
            tag: Such as "1.0"; "latest" unless given.

        Returns:
            True, as docker-py does.

        Raises:
            ImageNotFound: It is gone.
            ValueError: The other name is none, or has a digest.
        """
        wanted = name_and_tag(repository, tag)
        await self._engine.call(lambda say: say.images.tag(self.id, *wanted))
        return True

    async def untag(self, repository: str | None = None, tag: str | None = None) -> None:
        """Takes a name away from it; it stays even without any (Podman).

        Args:
            repository: Such as "registry.example.com/team/app"; all names go unless given.
            tag: Such as "1.0"; that of `repository`, else "latest".

        Raises:
            ImageNotFound: It is gone.
            APIError: It has no such name.
            NotSupported: Docker removes an image with its last name; `client.images.remove(name)` does that.
            ValueError: It is no name, or a tag is given without a repository.
        """
        if repository is None and tag is not None:
            raise ValueError(f"tag={tag!r} without a repository; expected both, or none for all names")
        name, tag = (None, None) if repository is None else name_and_tag(repository, tag)
        tag = tag or ("latest" if name else None)
        await self._engine.call(lambda say: say.images.untag(self.id, name, tag))

    async def history(self) -> list[dict[str, Any]]:
        """How it was made, newest first: what each layer's line was, when, and how many bytes it added.

        Returns:
            The engine's own JSON, with "Id", "Created" (Unix seconds), "CreatedBy", "Tags", "Size", "Comment".

        Raises:
            ImageNotFound: It is gone.
        """
        return await self._engine.call(lambda say: say.images.history(self.id))

    async def save(self, *, chunk_size: int | None = None, named: bool | str = False) -> AsyncStream[bytes]:
        """An archive of it as it comes, for `load` of either engine.

        Args:
            chunk_size: Bytes of each chunk, the last of which may be shorter; as they come unless given.
            named: Keep a name in the archive: True for its first, or which of its names.

        Returns:
            Chunks of a tar; close it unless it is read to its end.

        Raises:
            ImageNotFound: It is gone.
            ValueError: It has no such name; chunk_size is not one byte or more.
        """
        name = self._name_to_keep(named)
        decoder = chunks(chunk_size)
        return AsyncStream(await self._engine.open(lambda say: say.images.save([name])), decoder)

    def _name_to_keep(self, named: bool | str) -> str:
        if named is False:
            return self.id
        wanted = next(iter(self.tags), None) if named is True else named
        if wanted not in self.tags:
            raise ValueError(f"named={named!r}: image {self.short_id} has the names {self.tags}")
        return wanted

    async def remove(self, *, force: bool = False, noprune: bool = False) -> list[dict[str, Any]]:
        """Removes it; see AsyncImagesManager.remove."""
        return await self._engine.call_slowly(
            lambda say: say.images.remove(self.id, force=force, noprune=noprune)
        )


# Beside a method called list, that name no longer means the type.
AsyncImageList: TypeAlias = list[AsyncImage]
