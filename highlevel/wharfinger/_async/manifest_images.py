"""Manifest lists of Podman: how one is found, and how images come into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.image import AsyncImage
from wharfinger._core.human import parse_list
from wharfinger._core.manifest_options import STORAGE, has_transport, name_in_registry
from wharfinger._core.references import named
from wharfinger._dialects.podman import podman
from wharfinger.errors import APIError, ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring

AnyImages: TypeAlias = "str | AsyncImage | Sequence[str | AsyncImage]"


async def found_list(engine: AsyncEngineSession, key: str) -> dict[str, Any]:
    """What the engine's list of images says of a manifest list.

    Raises:
        ImageNotFound: There is none of this name or id.
    """
    found = await engine.call(podman(lambda say: say.manifests.summaries(key)))
    if not found:
        # That filter is by name only.
        everything = await engine.call(podman(lambda say: say.manifests.summaries(None)))
        found = [one for one in everything if str(one.get("Id")).startswith(key)]
    if len(found) != 1:
        told = "no such manifest list" if not found else f"{len(found)} manifest lists begin so"
        raise ImageNotFound(404, f"{key}: {told}", "GET", "/libpod/manifests")
    return found[0]


async def list_of(engine: AsyncEngineSession, summary: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest list itself."""
    id = str(summary.get("Id"))
    return await engine.call(podman(lambda say: say.manifests.inspect(id, tls_verify=None, auth=None)))


async def add_images(
    engine: AsyncEngineSession,
    keyring: AsyncKeyring,
    id: str,
    images: AnyImages,
    body: Mapping[str, Any],
    *,
    tls_verify: bool | None,
    auth_config: Mapping[str, str] | None,
) -> None:
    """Adds images to a manifest list, those of registries and those of the engine."""
    given = (
        [images]
        if isinstance(images, str | AsyncImage)
        else parse_list("images", images, "['team/app:1-arm64']")
    )
    names = [
        f"{STORAGE}{one.id}" if isinstance(one, AsyncImage) else named("an image's name", one)
        for one in given
    ]
    asked = name_in_registry(names)
    auth = await keyring.of_image(asked, auth_config) if asked else None

    async def send(wanted: Sequence[str]) -> None:
        whole = {**body, "images": [*wanted]}
        await engine.call_slowly(
            podman(lambda say: say.manifests.modify(id, "update", whole, tls_verify=tls_verify, auth=auth))
        )

    try:
        await send(names)
    except APIError:
        # Podman 4.3 looks in registries only, unless it is told that the image is its own.
        own = [await _own_name(engine, name) for name in names]
        if own == names:
            raise
        await send(own)


async def _own_name(engine: AsyncEngineSession, name: str) -> str:
    if has_transport(name) or not await engine.call(lambda say: say.images.exists(name)):
        return name
    return f"{STORAGE}{name}"
