# Derived from highlevel/wharfinger/_async/tasks.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Tasks of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger._sync.task import Task, TaskList

if TYPE_CHECKING:
    from wharfinger._dialects.dialect import Filters
    from wharfinger._sync.engine import EngineSession


class TasksManager:
    """Finds tasks of a swarm's services; `client.tasks` (Docker).

    Every method raises NotSwarmManager on an engine that manages no swarm.
    """

    def __init__(self, engine: EngineSession) -> None:
        self._engine = engine

    def get(self, task_id: str) -> Task:
        """One task.

        Args:
            task_id: Its id, or a unique start of it.

        Raises:
            TaskNotFound: There is none.
            NotSwarmManager: This engine manages no swarm.
        """
        return Task(self._engine, self._engine.call(lambda say: swarm_words(say).tasks.inspect(task_id)))

    def list(self, filters: Filters | None = None) -> TaskList:
        """Tasks of all services, by one request; those that have ended are told of too, while the swarm keeps them.

        Args:
            filters: Such as {"service": "web", "desired-state": "running"} or {"node": "self"}.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This engine manages no swarm.
        """
        found = self._engine.call(lambda say: swarm_words(say).tasks.list(filters))
        return [Task(self._engine, attrs) for attrs in found]
