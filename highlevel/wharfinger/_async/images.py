"""Images of an engine and of registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from wharfinger._async.local_images import AsyncLocalImages
from wharfinger._async.registry_data import AsyncRegistryData
from wharfinger._async.streams import AsyncStream
from wharfinger._core.credentials import registry_of_term
from wharfinger._core.references import ImageReference
from wharfinger._core.stream_decoders import JSONValues
from wharfinger.errors import APIError, PullError, PushError
from wharfinger.types import PullProgress, PushProgress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._async.image import AsyncImage, AsyncImageList
    from wharfinger._dialects.dialect import Filters


class AsyncImagesManager(AsyncLocalImages):
    """Finds, gets, sends and removes images; `client.images`.

    What goes to a registry carries, unless auth_config is given, the credentials that are kept for that registry: by
    `client.login`, in Docker's config.json or Podman's auth.json, or by the credential helpers that these name. They
    are read when they are needed. An empty auth_config goes without any.
    """

    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: Literal[False] = False,
        stream: Literal[False] = False,
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncImage: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: Literal[True],
        stream: Literal[False] = False,
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncImageList: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: Literal[True],
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncStream[PullProgress]: ...
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: bool = False,
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncImage | AsyncImageList | AsyncStream[PullProgress]:
        """Gets an image from a registry.

        Args:
            repository: Its name, with or without a tag or digest.
            tag: Its tag; "latest" when neither this nor the name has one.
            all_tags: Get all that the repository has, and give a list of the images.
            stream: Give the progress as it comes instead of waiting for the image.
            platform: Such as "linux/arm64"; the engine's own unless given.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Raises:
            PullError: It could not be got: no such image, wrong credentials, no way to the registry, …; even where an
                older image is there.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ValueError: It is no image's name, or has a tag beside all_tags.
        """
        reference = _reference(repository, tag)
        if all_tags and (reference.tag or reference.digest):
            raise ValueError(f"all_tags=True with {str(reference)!r}; expected a name without tag and digest")
        name = str(reference)
        auth = await self._keyring.of_image(name, auth_config)
        try:
            source = await self._engine.open(
                lambda say: say.images.pull(name, all_tags=all_tags, platform=platform, auth=auth)
            )
        except APIError as error:
            # What one engine says by a status, another says in the stream.
            raise PullError(error.message, error.status_code) from error
        progress = AsyncStream(source, JSONValues(PullProgress.from_event), check=_check_pull)
        if stream:
            return progress
        async with progress:
            async for _ in progress:
                pass
        return await self.list(name) if all_tags else await self.get(name)

    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[False] = False,
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
    ) -> tuple[PushProgress, ...]: ...
    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[True],
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
    ) -> AsyncStream[PushProgress]: ...
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: bool = False,
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
    ) -> tuple[PushProgress, ...] | AsyncStream[PushProgress]:
        """Sends an image to the registry that its name tells.

        Args:
            repository: Its name, with or without a tag.
            tag: Its tag; "latest" when neither this nor the name has one.
            stream: Give the progress as it comes instead of waiting for the end.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            destination: The name to have in the registry, where it is another (Podman).

        Returns:
            The progress: all of it after the end, or as it comes.

        Raises:
            PushError: It could not be sent: no such image, wrong credentials, no way to the registry, …
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ValueError: It is no image's name, or has a digest.
        """
        reference = _reference(repository, tag)
        if reference.digest:
            raise ValueError(f"{str(reference)!r} has a digest; expected a name with a tag, which is sent")
        name = str(reference.with_tag(reference.tag or "latest"))
        auth = await self._keyring.of_image(destination or name, auth_config)
        try:
            source = await self._engine.open(
                lambda say: say.images.push(name, destination=destination, auth=auth)
            )
        except APIError as error:
            raise PushError(error.message, error.status_code) from error
        progress = AsyncStream(source, JSONValues(PushProgress.from_event), check=_check_push)
        if stream:
            return progress
        async with progress:
            events = [event async for event in progress]
        return tuple(events)

    async def search(
        self,
        term: str,
        *,
        limit: int | None = None,
        filters: Filters | None = None,
        list_tags: bool = False,
        auth_config: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Looks for images in a registry.

        Args:
            term: Words, with the registry before them, such as "quay.io/podman"; the engine's own registries, which
                is Docker Hub on Docker, unless one is named.
            limit: At most so many; 25 unless given.
            filters: Such as {"is-official": True} or {"stars": 3}.
            list_tags: Give the tags of the repository that `term` names instead (Podman).
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Returns:
            Of each "name", "description", "star_count" and "is_official"; on Podman "index" and "tag" too.

        Raises:
            APIError: The registry could not be searched.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
        """
        auth = await self._keyring.of_registry(registry_of_term(term), given=auth_config)
        return await self._engine.call(
            lambda say: say.images.search(term, limit=limit, filters=filters, list_tags=list_tags, auth=auth)
        )

    async def get_registry_data(
        self, name: str, auth_config: Mapping[str, str] | None = None
    ) -> AsyncRegistryData:
        """What a registry tells of an image, without getting it (Docker).

        Args:
            name: The image's.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Raises:
            ImageNotFound: The registry has none.
            Unauthorized, Forbidden, APIError: The registry does not tell.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: Podman's API has nothing like it.
        """
        found = AsyncRegistryData(self._engine, self._keyring, self, name, auth_config)
        await found.reload()
        return found


def _reference(repository: str, tag: str | None) -> ImageReference:
    if tag is None:
        return ImageReference.parse(repository)
    return ImageReference.parse(f"{repository}{'@' if tag.startswith('sha256:') else ':'}{tag}")


def _check_pull(event: PullProgress) -> None:
    if event.error:
        raise PullError(event.error)


def _check_push(event: PushProgress) -> None:
    if event.error:
        raise PushError(event.error)
