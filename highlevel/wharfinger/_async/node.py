"""One node of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._core.container_facts import section
from wharfinger._core.lines import parse_time
from wharfinger._core.node_options import NodeOptions, node_changes
from wharfinger._core.noun_options import parse_raw
from wharfinger._dialects.dialect_swarm import swarm_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession


class AsyncNode:
    """An engine that is in a swarm, as a manager of it sees it.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.hostname} {self.role} {self.state}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncNode) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncNode, self.id))

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
        """When it was joined, in UTC."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    @property
    def hostname(self) -> str:
        """Its host name; empty before the node has told."""
        return str(section(self._attrs, "Description").get("Hostname") or "")

    @property
    def name(self) -> str:
        """The name that `update` gave it beside its host name; empty where it has none."""
        return str(section(self._attrs, "Spec").get("Name") or "")

    @property
    def labels(self) -> dict[str, str]:
        """The labels that `update` gave it, not those of its engine."""
        return section(self._attrs, "Spec", "Labels")

    @property
    def role(self) -> str:
        """What it is to be: "worker" or "manager"."""
        return str(section(self._attrs, "Spec").get("Role") or "")

    @property
    def availability(self) -> str:
        """Whether it takes tasks: "active", "pause" or "drain"."""
        return str(section(self._attrs, "Spec").get("Availability") or "")

    @property
    def state(self) -> str:
        """Whether it is there: "ready", "down", "disconnected" or "unknown"."""
        return str(section(self._attrs, "Status").get("State") or "")

    @property
    def address(self) -> str:
        """Where the managers see it."""
        return str(section(self._attrs, "Status").get("Addr") or "")

    @property
    def reachability(self) -> str | None:
        """Whether other managers reach it: "reachable", "unreachable" or "unknown"; None where it is no manager."""
        found: str | None = section(self._attrs, "ManagerStatus").get("Reachability") or None
        return found

    @property
    def is_leader(self) -> bool:
        """Whether it is the manager that decides."""
        return bool(section(self._attrs, "ManagerStatus").get("Leader"))

    @property
    def engine_version(self) -> str:
        """Its engine's release, such as "28.5.2"; empty before the node has told."""
        return str(section(self._attrs, "Description", "Engine").get("EngineVersion") or "")

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NodeNotFound: It is no longer in the swarm.
            NotSwarmManager: This Docker manages no swarm any more.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).nodes.inspect(self.id))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            NodeNotFound: It is no longer in the swarm.
        """
        await self.reload()
        return self._attrs

    async def update(
        self, node_spec: Mapping[str, Any] | None = None, **options: Unpack[NodeOptions]
    ) -> None:
        """Changes it: by keywords, and the rest stays; or as a whole. `attrs` are newer afterwards.

        Args:
            node_spec: All of it, as docker-py has it: {"Availability": …, "Name": …, "Role": …, "Labels": {…}}. What
                `attrs` tell has to be the newest then.
            options: See NodeOptions: `update(availability="drain")` moves its tasks to other nodes.

        Raises:
            NodeNotFound: It is no longer in the swarm.
            Conflict: It is the last manager and was to be a worker; or it was changed by somebody else meanwhile.
            TypeError, ValueError: A keyword is unknown or wrong, or both are given; nothing was sent.
        """
        changes = node_changes(options)
        if node_spec is not None and changes:
            raise ValueError("node_spec and keywords are given, expected one of the two")
        if node_spec is None:
            await self.reload()
            spec = {**section(self._attrs, "Spec"), **changes}
        else:
            spec = parse_raw("node_spec", node_spec)
        await self._engine.call(lambda say: swarm_words(say).nodes.update(self.id, self.version, spec))
        await self.reload()

    async def promote(self) -> None:
        """Makes it a manager; see `update`.

        Raises:
            NodeNotFound: It is no longer in the swarm.
        """
        await self.update(role="manager")

    async def demote(self) -> None:
        """Makes it a worker; see `update`.

        Raises:
            Conflict: It is the last manager.
            NodeNotFound: It is no longer in the swarm.
        """
        await self.update(role="worker")

    async def remove(self, *, force: bool = False) -> None:
        """Takes it off the swarm's list; see AsyncNodesManager.remove.

        Args:
            force: Even where it is not down.
        """
        await self._engine.call(lambda say: swarm_words(say).nodes.remove(self.id, force=force))


# Beside a method called list, that name no longer means the type.
AsyncNodeList: TypeAlias = list[AsyncNode]
