"""What is known of one pod."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._async.container import AsyncContainer
from wharfinger._core import pod_facts as facts

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession


class AsyncPodState:
    """What is known of a pod.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name} {self.status or '?'}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncPodState) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncPodState, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON: of inspect, or of a list, which tells less."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id, 64 hexadecimal digits."""
        return facts.text(self._attrs, "Id")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name."""
        return facts.text(self._attrs, "Name")

    @property
    def status(self) -> str:
        """created, running, degraded (some of its containers run), paused, stopped, exited or dead."""
        return facts.text(self._attrs, "State", "Status").lower()

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        found: dict[str, str] = self._attrs.get("Labels") or {}
        return {**found}

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC."""
        return facts.created(self._attrs)

    @property
    def infra_id(self) -> str:
        """The id of its infra container, which holds what the others share; empty without one."""
        return facts.text(self._attrs, "InfraContainerID", "InfraId")

    @property
    def shared_namespaces(self) -> list[str]:
        """What its containers share, such as ["ipc", "net", "uts"]; empty for one out of a list."""
        return sorted(self._attrs.get("SharedNamespaces") or ())

    @property
    def containers(self) -> list[AsyncContainer]:
        """Its containers but the infra container, each with little more than its id, name and status."""
        return [
            AsyncContainer(self._engine, one, summary=True) for one in facts.members(self._attrs, infra=False)
        ]

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            PodNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: say.pods.inspect(self.id))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            PodNotFound: It is gone.
        """
        await self.reload()
        return self._attrs
