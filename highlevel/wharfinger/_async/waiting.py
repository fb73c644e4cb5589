"""Waiting for a container: woken by its events, and told at once when it is in vain."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Self

import attrs

from wharfinger._async.events import AsyncEventSource
from wharfinger._async.merging import AsyncMergedStreams
from wharfinger._async.streams import AsyncStream
from wharfinger._core import container_facts as facts
from wharfinger._core.stream_decoders import Given, Lines
from wharfinger._core.timeouts import check_seconds
from wharfinger._core.when import unix_nanoseconds
from wharfinger.errors import ContainerNotReady, NotFound, NotReadyInTime, WharfingerError
from wharfinger.types import LogFrame

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger._async.container_logs import AsyncContainerLogs
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.merging import Arrival
    from wharfinger._core.timeouts import Timeout

_EVENTS = ("start", "die", "destroy", "health_status")
_LAST_LINES = 10
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_GRACE = 1.0


class AsyncReadiness:
    """One container that is waited for. Its events are heard before it is looked at, so that none is missed.

    Args:
        engine: Its engine.
        container: The container.
        what: What is waited for, as words of an error.
        timeout: Seconds that it may take; None is no limit.
        events: Which further events to wake for.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        container: AsyncContainerLogs,
        what: str,
        timeout: float | None,
        *events: str,
    ) -> None:
        check_seconds("timeout", timeout)
        self._engine = engine
        self._container = container
        self._what = what
        self._timeout = timeout
        self._events = [*_EVENTS, *events]
        self._end = None if timeout is None else monotonic() + timeout
        self._arriving = AsyncMergedStreams[Literal["event", "log"], Any]({})
        self._pause = _FIRST_PAUSE

    async def __aenter__(self) -> Self:
        container = self._container
        await container.reload()
        # From its start on, by the engine's clock: Docker begins to listen a moment after it says so.
        since = unix_nanoseconds(container.started_at or container.created)
        filters = {"container": [container.id], "event": self._events}
        source = AsyncEventSource(self._engine, since=since, filters=filters)
        self._arriving.add("event", await source.stream())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._arriving.close()

    def read_log(self, *, stdout: bool, stderr: bool, since: int | None) -> None:
        """Wake for the lines that it writes, too."""
        # A thread that waits for Podman's answer can be woken by nothing else.
        left = None if self._end is None else max(0.0, self._end - monotonic()) + _GRACE
        limits = attrs.evolve(self._engine.timeout.for_stream(), total=left)
        log = _AsyncLateLog(
            self._engine, self._container, stdout=stdout, stderr=stderr, since=since, limits=limits
        )
        self._arriving.add("log", AsyncStream(log, Given[LogFrame](_as_it_is)))

    async def look(self, *, may_have_ended: bool = False) -> None:
        """Asks how the container is.

        Args:
            may_have_ended: Its end alone does not decide.

        Raises:
            ContainerNotReady: It cannot become ready any more.
        """
        container = self._container
        try:
            await container.reload()
        except NotFound as gone:
            raise ContainerNotReady(container.name, f"it was removed before {self._what}") from gone
        if facts.ended(container.status):
            # Docker calls what has ended unhealthy, too.
            if may_have_ended:
                return
            raise await self.failure(f"it ended with exit code {container.exit_code} before {self._what}")
        if container.health == "unhealthy":
            raise await self.failure(f"it became unhealthy before {self._what}")

    async def wake(self, longest: float | None = None) -> Arrival[Literal["event", "log"], Any] | None:
        """What has come, within the seconds given; None where nothing has.

        Raises:
            NotReadyInTime: All the time there was is over.
        """
        left = None if self._end is None else self._end - monotonic()
        limits = [one for one in (left, longest) if one is not None]
        if left is None or left > 0:
            try:
                return await self._arriving.take(min(limits, default=None))
            except TimeoutError:
                if left is None or (longest is not None and longest < left):
                    return None
        raise NotReadyInTime(
            self._container.name,
            f"{self._timeout:g} s went by before {self._what}",
            facts.health_log(self._container.attrs),
            await self._last_lines(),
            self._timeout,
        )

    async def event_or_pause(self, *, again: bool) -> None:
        """Waits for an event, and after one or at first for a short pause, each longer than the one before.

        Args:
            again: Go on with pauses of a second, without events, too.
        """
        longest = self._pause if again or self._pause < _LONGEST_PAUSE else None
        woken = await self.wake(longest)
        self._pause = _FIRST_PAUSE if woken else min(2 * self._pause, _LONGEST_PAUSE)

    async def failure(self, reason: str) -> ContainerNotReady:
        """The error, with what may explain it."""
        container = self._container
        return ContainerNotReady(
            container.name, reason, facts.health_log(container.attrs), await self._last_lines()
        )

    async def _last_lines(self) -> list[str]:
        try:
            written = await self._container.logs(tail=_LAST_LINES)
        except WharfingerError:
            # Without them the failure still has to be told.
            return []
        return written.decode("utf-8", "replace").splitlines()[-_LAST_LINES:]


class _AsyncLateLog:
    """A log that is asked for when it is read: Podman answers with the first output only."""

    def __init__(
        self,
        engine: AsyncEngineSession,
        container: AsyncContainerLogs,
        *,
        stdout: bool,
        stderr: bool,
        since: int | None,
        limits: Timeout,
    ) -> None:
        self._engine = engine
        self._container = container
        self._stdout = stdout
        self._stderr = stderr
        self._since = since
        self._limits = limits
        self._stream: AsyncStream[LogFrame] | None = None
        self._closed = False

    async def __anext__(self) -> LogFrame:
        if self._stream is None:
            self._stream = await self._open()
            if self._closed:
                await self._stream.close()
        return await self._stream.__anext__()

    async def close(self) -> None:
        self._closed = True
        if self._stream is not None:
            await self._stream.close()

    async def _open(self) -> AsyncStream[LogFrame]:
        framed = (await self._engine.dialect()).containers.frames_every_log
        tty = not framed and bool(facts.tty(self._container.attrs))
        source = await self._engine.open(
            lambda say: say.containers.logs(
                self._container.id,
                stdout=self._stdout,
                stderr=self._stderr,
                follow=True,
                timestamps=True,
                tail=None,
                since=self._since,
                until=None,
            ),
            timeout=self._limits,
        )
        return AsyncStream(source, Lines(tty=tty, timestamps=True))


def _as_it_is(frame: LogFrame) -> LogFrame:
    return frame
