"""One secret of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._core.container_facts import section
from wharfinger._core.human import parse_pairs
from wharfinger._core.lines import parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession


class AsyncSecret:
    """A secret that an engine keeps.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncSecret) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncSecret, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON; what is kept is in it only where it was asked for."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id."""
        return str(self._attrs.get("ID") or "")

    @property
    def short_id(self) -> str:
        """The first 12 characters of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name."""
        return str(section(self._attrs, "Spec").get("Name") or "")

    @property
    def labels(self) -> dict[str, str]:
        """Its labels; Podman 4.3 leaves them out of a list."""
        return section(self._attrs, "Spec", "Labels")

    @property
    def driver(self) -> str:
        """Who keeps it, such as Podman's "file"; empty where the swarm itself does."""
        return str(section(self._attrs, "Spec", "Driver").get("Name") or "")

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC; None where the engine does not tell."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC; None where the engine does not tell."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    @property
    def data(self) -> str | None:
        """What is kept, where `secrets.get(…, show_secret=True)` asked for it; else None."""
        found: str | None = self._attrs.get("SecretData") or None
        return found

    async def reload(self) -> None:
        """Asks the engine for the facts of now, without what is kept.

        Raises:
            SecretNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: say.secrets.inspect(self.id, show_secret=False))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            SecretNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def update(self, *, labels: Mapping[str, str] | list[str]) -> None:
        """Gives it other labels, which is all that can be changed (Docker).

        What `attrs` tell has to be the newest: call `reload` before. It is done afterwards.

        Args:
            labels: All that it shall have: a mapping, or a list of "name=value".

        Raises:
            SecretNotFound: It is gone.
            Conflict: It was changed since `attrs` were told.
            NotSupported: Podman cannot change a secret.
        """
        spec = {**section(self._attrs, "Spec"), "Labels": parse_pairs("labels", labels)}
        version = int(section(self._attrs, "Version").get("Index") or 0)
        await self._engine.call(lambda say: say.secrets.update(self.id, version, spec))
        await self.reload()

    async def remove(self) -> None:
        """Removes it; see AsyncSecretsManager.remove."""
        await self._engine.call(lambda say: say.secrets.remove(self.id))


# Beside a method called list, that name no longer means the type.
AsyncSecretList: TypeAlias = list[AsyncSecret]
