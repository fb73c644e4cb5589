"""One config of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._core.config_options import config_data
from wharfinger._core.container_facts import section
from wharfinger._core.human import parse_pairs
from wharfinger._core.lines import parse_time
from wharfinger._dialects.dialect_swarm import swarm_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession


class AsyncConfig:
    """A config that a swarm keeps, for its services to read.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncConfig) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncConfig, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
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
    def version(self) -> int:
        """The number of its last change."""
        return int(section(self._attrs, "Version").get("Index") or 0)

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    @property
    def name(self) -> str:
        """Its name."""
        return str(section(self._attrs, "Spec").get("Name") or "")

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return section(self._attrs, "Spec", "Labels")

    @property
    def data(self) -> bytes:
        """What is kept."""
        return config_data(section(self._attrs, "Spec"))

    @property
    def templating(self) -> str:
        """Who fills its data in as a template, such as "golang"; empty where it is none."""
        return str(section(self._attrs, "Spec", "Templating").get("Name") or "")

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ConfigNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).configs.inspect(self.id))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            ConfigNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def update(self, *, labels: Mapping[str, str] | list[str]) -> None:
        """Gives it other labels, which is all that can be changed.

        What `attrs` tell has to be the newest: call `reload` before. It is done afterwards.

        Args:
            labels: All that it shall have: a mapping, or a list of "name=value".

        Raises:
            ConfigNotFound: It is gone.
            Conflict: It was changed since `attrs` were told.
        """
        spec = {**section(self._attrs, "Spec"), "Labels": parse_pairs("labels", labels)}
        await self._engine.call(lambda say: swarm_words(say).configs.update(self.id, self.version, spec))
        await self.reload()

    async def remove(self) -> None:
        """Removes it; see AsyncConfigsManager.remove."""
        await self._engine.call(lambda say: swarm_words(say).configs.remove(self.id))


# Beside a method called list, that name no longer means the type.
AsyncConfigList: TypeAlias = list[AsyncConfig]
