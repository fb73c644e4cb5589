"""Manifest lists of Podman."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from wharfinger._async._primitives import complete
from wharfinger._async.manifest import AsyncManifest, AsyncManifestList
from wharfinger._async.manifest_images import AnyImages, add_images, found_list, list_of
from wharfinger._core.references import ImageReference, named
from wharfinger._dialects.podman import podman

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring


class AsyncManifestsManager:
    """Makes, finds and removes manifest lists; `client.manifests` of a Podman client."""

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def create(
        self,
        name: str,
        images: AnyImages | None = None,
        *,
        all: bool = False,
        amend: bool = False,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncManifest:
        """Makes a manifest list. Where an image cannot be added, nothing is left of a new one.

        Args:
            name: What to call it, such as "quay.io/team/app:1.0".
            images: What shall be in it; see `Manifest.add`.
            all: See `Manifest.add`.
            amend: Take the list of this name where there is one.
            tls_verify: See `Manifest.add`.
            auth_config: See `Manifest.add`.

        Raises:
            Conflict: There is an image or a list of this name, without amend.
            ImageNotFound: There is no such image.
            APIError: A registry cannot be asked, …
            ValueError: The name is no image's name; nothing was sent.
        """
        wanted = str(ImageReference.parse(name))
        is_new = not (amend and await self.exists(wanted))
        id = await self._engine.call(podman(lambda say: say.manifests.create(wanted, amend=amend)))
        if images:
            try:
                await add_images(
                    self._engine,
                    self._keyring,
                    id,
                    images,
                    {"all": all},
                    tls_verify=tls_verify,
                    auth_config=auth_config,
                )
            except BaseException:
                if is_new:
                    await complete(partial(self._discard, id))
                raise
        return await self.get(id)

    async def _discard(self, id: str) -> None:
        await self._engine.call(podman(lambda say: say.manifests.remove(id, ignore=False)))

    async def get(self, key: str) -> AsyncManifest:
        """One manifest list of the engine's; `inspect` looks in registries, too.

        Args:
            key: Its name or id, or a unique start of the id.

        Raises:
            ImageNotFound: There is none.
        """
        summary = await found_list(self._engine, named("a manifest list's name", key))
        return AsyncManifest(self._engine, self._keyring, summary, await list_of(self._engine, summary))

    async def exists(self, key: str) -> bool:
        """Whether the engine has a manifest list of this name or id.

        Args:
            key: The name or id.
        """
        return await self._engine.call(podman(lambda say: say.manifests.exists(key)))

    async def list(self) -> AsyncManifestList:
        """All manifest lists of the engine, by one request for each."""
        found = await self._engine.call(podman(lambda say: say.manifests.summaries(None)))
        return [
            AsyncManifest(self._engine, self._keyring, summary, await list_of(self._engine, summary))
            for summary in found
        ]

    async def inspect(
        self,
        name: str,
        *,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """A manifest list as it is, of this engine or of a registry.

        Args:
            name: Its name.
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given
                (Podman API 4.9.5).
            auth_config: {"username": …, "password": …} for the registry.

        Returns:
            The list's own JSON, with "mediaType" and "manifests"; of a registry's single image without those.

        Raises:
            ImageNotFound: There is none, or the registry cannot be asked.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: tls_verify on an older engine; nothing was sent.
            ValueError: It is no image's name.
        """
        wanted = str(ImageReference.parse(name))
        auth = await self._keyring.of_image(wanted, auth_config)
        return await self._engine.call_slowly(
            podman(lambda say: say.manifests.inspect(wanted, tls_verify=tls_verify, auth=auth))
        )

    async def remove(self, name: str | AsyncManifest, *, ignore: bool = False) -> None:
        """Removes a manifest list; its images stay.

        Args:
            name: Its name or id, or the list.
            ignore: Be content where there is none (Podman API 5.4.2).

        Raises:
            ImageNotFound: There is none, or it is no list.
            NotSupported: ignore on an older engine; nothing was sent.
        """
        which = name if isinstance(name, str) else name.id
        await self._engine.call(podman(lambda say: say.manifests.remove(which, ignore=ignore)))
