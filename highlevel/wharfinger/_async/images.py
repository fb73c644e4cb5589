"""Images of an engine and of registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._async.builds import AsyncImageBuilds
from wharfinger._async.image_transfers import AsyncImageTransfers
from wharfinger._async.registry_data import AsyncRegistryData
from wharfinger._core.credentials import registry_of_term
from wharfinger._core.references import ImageReference, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._dialects.dialect import Filters


class AsyncImagesManager(AsyncImageTransfers, AsyncImageBuilds):
    """Finds, gets, makes, sends and removes images; `client.images`.

    What goes to a registry carries, unless auth_config is given, the credentials that are kept for that registry: by
    `client.login`, in Docker's config.json or Podman's auth.json, or by the credential helpers that these name. They
    are read when they are needed. An empty auth_config goes without any.
    """

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
            ValueError: The term is empty.
        """
        named("a term to search for", term)
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
            ValueError: It is no image's name.
        """
        ImageReference.parse(name)
        found = AsyncRegistryData(self._engine, self._keyring, self, name, auth_config)
        await found.reload()
        return found

    async def scp(self, source: str, dest: str | None = None, quiet: bool = False) -> str:
        """Copies an image between two hosts over ssh, or between two users of one (Podman).

        The engine does it, by the connections that its own containers.conf names. The copy between users of one host,
        "user@localhost::", is refused by the service of Podman 4.3, and only Podman's own program does it there.

        Args:
            source: An image, or "connection::image".
            dest: "connection::", with another name behind it if wanted; the engine's own host unless given.
            quiet: Let the engine say nothing of it in its log.

        Returns:
            The name or id of the copy, as the engine tells it.

        Raises:
            APIError: The engine could not reach a host, has no such connection, or no such image.
            ValueError: Neither names a connection, or the source is empty.
            NotSupported: Docker has nothing like it; `save` and `load` carry an image from one client to another.
        """
        named("the source", source)
        if "::" not in source + (dest or ""):
            raise ValueError(f"source={source!r}, dest={dest!r}: expected 'connection::' in one of them")
        return await self._engine.call_slowly(lambda say: say.images.scp(source, dest, quiet=quiet))
