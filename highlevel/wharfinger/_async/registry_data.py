"""What a registry tells of an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from wharfinger._core.references import ImageReference

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.image import AsyncImage
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._async.keyring import AsyncKeyring


class AsyncRegistryData:
    """An image in a registry, as it was when it was asked for.

    Its properties tell what the registry told last, and ask nothing. Two are equal when they have the same digest.

    Attributes:
        image_name: The name by which it was asked for.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        keyring: AsyncKeyring,
        images: AsyncImagesManager,
        name: str,
        auth_config: Mapping[str, str] | None,
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._images = images
        self._auth_config = auth_config
        self._attrs: dict[str, Any] = {}
        self.image_name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.image_name} {self.short_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncRegistryData) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncRegistryData, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON, with "Descriptor" and "Platforms"."""
        return self._attrs

    @property
    def id(self) -> str:
        """The digest by which the registry has it, such as "sha256:…"."""
        descriptor: dict[str, Any] = self._attrs.get("Descriptor") or {}
        return str(descriptor.get("digest") or "")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the digest, without what is before them."""
        return self.id.removeprefix("sha256:")[:12]

    def has_platform(self, platform: str | Mapping[str, str]) -> bool:
        """Whether there is one for a platform.

        Args:
            platform: Such as "linux/amd64" or "linux/arm/v7", or {"os": …, "architecture": …, "variant": …}.

        Raises:
            ValueError: It is no platform.
            TypeError: It is neither a str nor a mapping.
        """
        wanted = _platform(platform)
        found: list[dict[str, Any]] = self._attrs.get("Platforms") or []
        return any(all(one.get(key) == value for key, value in wanted.items()) for one in found)

    async def pull(self, platform: str | None = None) -> AsyncImage:
        """Gets this very image, even where its name means another by now.

        Args:
            platform: Such as "linux/arm64"; the engine's own unless given.

        Raises:
            PullError: It could not be got.
        """
        name = ImageReference.parse(self.image_name).name
        return await self._images.pull(name, self.id, platform=platform, auth_config=self._auth_config)

    async def reload(self) -> None:
        """Asks the registry for the facts of now.

        Raises:
            ImageNotFound: It is gone.
            Unauthorized, Forbidden, APIError: The registry does not tell.
        """
        auth = await self._keyring.of_image(self.image_name, self._auth_config)
        self._attrs = await self._engine.call(lambda say: say.images.distribution(self.image_name, auth))


def _platform(given: object) -> dict[str, str]:
    found: dict[str, str]
    if isinstance(given, str):
        parts = given.split("/")
        found = dict(zip(("os", "architecture", "variant"), parts, strict=False)) if len(parts) < 4 else {}
    elif isinstance(given, Mapping):
        found = {**cast("Mapping[str, str]", given)}
    else:
        raise TypeError(f"platform={given!r}: expected such as 'linux/amd64', got {type(given).__name__}")
    if not {"os", "architecture"} <= found.keys() <= {"os", "architecture", "variant"}:
        raise ValueError(f"platform={given!r}: expected such as 'linux/amd64' or 'linux/arm/v7'")
    return found
