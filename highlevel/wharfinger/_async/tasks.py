"""Tasks of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.task import AsyncTask, AsyncTaskList
from wharfinger._dialects.dialect_swarm import swarm_words

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._dialects.dialect import Filters


class AsyncTasksManager:
    """Finds tasks of a swarm's services; `client.tasks` (Docker).

    Every method raises NotSwarmManager on an engine that manages no swarm.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def get(self, task_id: str) -> AsyncTask:
        """One task.

        Args:
            task_id: Its id, or a unique start of it.

        Raises:
            TaskNotFound: There is none.
            NotSwarmManager: This engine manages no swarm.
        """
        return AsyncTask(
            self._engine, await self._engine.call(lambda say: swarm_words(say).tasks.inspect(task_id))
        )

    async def list(self, filters: Filters | None = None) -> AsyncTaskList:
        """Tasks of all services, by one request; those that have ended are told of too, while the swarm keeps them.

        Args:
            filters: Such as {"service": "web", "desired-state": "running"} or {"node": "self"}.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).tasks.list(filters))
        return [AsyncTask(self._engine, attrs) for attrs in found]
