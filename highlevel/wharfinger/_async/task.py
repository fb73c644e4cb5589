"""One task of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.swarm_logs import AsyncSwarmLogs
from wharfinger._core.container_facts import section
from wharfinger._core.lines import parse_time
from wharfinger._dialects.dialect_swarm import swarm_words

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.log_query import LogQuery


class AsyncTask(AsyncSwarmLogs):
    """A task of a service: one container on one node, from its assignment to its end (Docker).

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.state}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncTask) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncTask, self.id))

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
    def status(self) -> dict[str, Any]:
        """How it is, as the engine tells it: "State", "Timestamp", "Message", "Err", "ContainerStatus"."""
        return section(self._attrs, "Status")

    @property
    def state(self) -> str:
        """Such as new, pending, assigned, preparing, starting, running, complete, shutdown, failed or rejected."""
        return str(self.status.get("State") or "")

    @property
    def desired_state(self) -> str:
        """What the swarm wants it to be, such as running or shutdown."""
        return str(self._attrs.get("DesiredState") or "")

    @property
    def error(self) -> str:
        """What went wrong, in the engine's words; empty where nothing did."""
        return str(self.status.get("Err") or "")

    @property
    def exit_code(self) -> int | None:
        """How its main process ended; None before that."""
        # The engine tells 0 of one that has not ended.
        ended = self.state in ("complete", "failed", "shutdown")
        found = section(self._attrs, "Status", "ContainerStatus").get("ExitCode")
        return int(found) if ended and found is not None else None

    @property
    def service_id(self) -> str:
        """The service that it is of."""
        return str(self._attrs.get("ServiceID") or "")

    @property
    def node_id(self) -> str:
        """The node that it is on; empty before it was assigned."""
        return str(self._attrs.get("NodeID") or "")

    @property
    def slot(self) -> int | None:
        """Which of the replicas it is, from 1; None for a global service."""
        return self._attrs.get("Slot") or None

    @property
    def container_id(self) -> str | None:
        """Its container on that node; None before there is one."""
        return section(self._attrs, "Status", "ContainerStatus").get("ContainerID") or None

    @property
    def image(self) -> str:
        """What it runs."""
        return str(section(self._attrs, "Spec", "ContainerSpec").get("Image") or "")

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            TaskNotFound: It is gone: a swarm keeps few that have ended.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).tasks.inspect(self.id))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            TaskNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    def _has_tty(self) -> bool:
        return bool(section(self._attrs, "Spec", "ContainerSpec").get("TTY"))

    async def _open_logs(self, query: LogQuery) -> AsyncByteStream:
        return await self._engine.open(lambda say: swarm_words(say).tasks.logs(self.id, query))


# Beside a method called list, that name no longer means the type.
AsyncTaskList: TypeAlias = list[AsyncTask]
