"""Waiting until a swarm has come to what a service says."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Literal

from wharfinger._async.events import AsyncEventSource
from wharfinger._async.merging import AsyncMergedStreams
from wharfinger._core.service_convergence import convergence, monitor_seconds, span_seconds, task_messages
from wharfinger._core.timeouts import check_seconds
from wharfinger.errors import NotConvergedInTime, NotFound, ServiceNotConverged

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.service import AsyncService
    from wharfinger._async.task import AsyncTask
    from wharfinger._core.container_options import Span
    from wharfinger._core.service_convergence import Convergence
    from wharfinger.types import Event

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class AsyncConverging:
    """One service that is waited for. Its events wake it; of tasks there are none, so they are looked at after pauses.

    Args:
        engine: A manager of its swarm.
        service: The service, whose `attrs` tell what it shall be.
        timeout: Seconds that it may take; None is no limit.
        stable_for: How long it has to stay so; None is what the service says.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        service: AsyncService,
        timeout: float | None,
        stable_for: Span | None,
    ) -> None:
        check_seconds("timeout", timeout)
        self._engine = engine
        self._service = service
        self._asked = service.attrs["Spec"]
        self._timeout = timeout
        self._end = None if timeout is None else monotonic() + timeout
        self._stable_for = None if stable_for is None else span_seconds("stable_for", stable_for)
        self._tasks: list[AsyncTask] = []
        self._pause = _FIRST_PAUSE
        self._why = ""

    async def wait(self) -> None:
        """Wait until it has converged, and stayed so.

        Raises:
            ServiceNotFound: It was gone before.
            ServiceNotConverged: It will not come to it by itself.
            NotConvergedInTime: It did not in time.
        """
        await self._service.reload()
        filters = {"type": ["service"], "service": [self._service.id]}
        source = await AsyncEventSource(self._engine, filters=filters).stream()
        events: AsyncMergedStreams[Literal["event"], Event] = AsyncMergedStreams({"event": source})
        try:
            await self._until_stable(events)
        finally:
            await events.close()

    async def _until_stable(self, events: AsyncMergedStreams[Literal["event"], Event]) -> None:
        since: float | None = None
        while True:
            found = await self._look()
            now = monotonic()
            if not found.converged:
                since = None
            elif found.for_good:
                return
            else:
                since = now if since is None else since
                if now - since >= self._hold():
                    return
            await self._wake(events, None if since is None else since + self._hold() - now)

    def _hold(self) -> float:
        return monitor_seconds(self._service.attrs) if self._stable_for is None else self._stable_for

    async def _look(self) -> Convergence:
        service = self._service
        try:
            await service.reload()
            self._tasks = await service.tasks()
        except NotFound as gone:
            raise self._failure("it was removed meanwhile") from gone
        if service.update_status.get("State") == "rollback_started":
            # At its end no more is told than that it ended.
            self._why = str(service.update_status.get("Message") or "")
        found = convergence(service.attrs, [task.attrs for task in self._tasks], self._asked)
        if found.failure:
            raise self._failure(found.failure)
        return found

    async def _wake(self, events: AsyncMergedStreams[Literal["event"], Event], hold: float | None) -> None:
        left = None if self._end is None else self._end - monotonic()
        if left is not None and left <= 0:
            raise NotConvergedInTime(
                self._service.name,
                f"{self._timeout:g} s went by; {self._shown()}",
                self._messages(),
                self._timeout,
            )
        woken = False
        with suppress(TimeoutError):
            # The end of the stream counts as well: pauses do without it.
            arrived = await events.take(min(one for one in (self._pause, left, hold) if one is not None))
            woken = bool(arrived.values)
        self._pause = _FIRST_PAUSE if woken else min(2 * self._pause, _LONGEST_PAUSE)

    def _shown(self) -> str:
        states: dict[str, int] = {}
        for task in self._tasks:
            if task.desired_state in ("running", "complete"):
                states[task.state] = states.get(task.state, 0) + 1
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        return f"its tasks are: {told}" if told else "it has no tasks"

    def _messages(self) -> list[str]:
        return task_messages(self._service.attrs, [task.attrs for task in self._tasks])

    def _failure(self, reason: str) -> ServiceNotConverged:
        told = f"{reason}: {self._why}" if self._why else reason
        return ServiceNotConverged(self._service.name, told, self._messages())
