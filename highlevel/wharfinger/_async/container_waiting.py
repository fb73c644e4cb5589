"""One container: waiting for what happens to it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wharfinger._async.container_logs import AsyncContainerLogs
from wharfinger._async.execution import run_command
from wharfinger._core import container_facts as facts
from wharfinger._core.exec_spec import ExecSpec
from wharfinger._core.listening import TABLES, checked_port, is_listening
from wharfinger._core.patterns import line_matcher
from wharfinger._core.timeouts import Timeout
from wharfinger._core.when import unix_nanoseconds
from wharfinger.errors import Conflict, ContainerNotFound, NotFound, NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from wharfinger._async.waiting import AsyncReadiness
    from wharfinger.types import LogFrame, WaitResult

_NO_PROGRAM = (126, 127)
_ATTEMPTS = 4
_LOOK = 1.0  # seconds between two looks at a health that no event tells
_RETRY = 0.25  # seconds until the log of a container that is between two runs is asked for again


class AsyncContainerWaiting(AsyncContainerLogs):
    """The verbs that wait."""

    async def wait(
        self,
        *,
        timeout: float | None = None,
        condition: str | Sequence[str] | None = None,
        interval: float | str | timedelta | None = None,
    ) -> WaitResult:
        """Waits until it ends, or reaches another state.

        Args:
            timeout: Seconds; no limit unless given.
            condition: "not-running" (the default); "next-exit" or "removed" (Docker); "configured", "created",
                "exited", "initialized", "paused", "removing", "running", "stopped", "stopping", "unknown", "healthy"
                or "unhealthy", or a list of which one is enough (Podman; the last two from 4.9 on).
            interval: How often Podman looks: seconds, or such as "250ms", its default (Podman).

        Returns:
            The exit code, and what went wrong while waiting.

        Raises:
            ContainerNotFound: It is gone.
            EngineTimeout: It did not happen in time.
            NotSupported: The engine does not know the condition, or has no interval; nothing was sent.
            ValueError: No engine knows the condition, or the interval is none; nothing was sent.
        """
        limits = Timeout(read=None, total=timeout)
        return await self._engine.call_slowly(
            lambda say: say.containers.wait(self.id, condition, interval), timeout=limits
        )

    async def wait_healthy(self, *, timeout: float | None = 60) -> None:
        """Waits until its health check says that it is healthy.

        It is woken by events; Podman, which tells no result of a check, is asked again each second, too.

        Args:
            timeout: Seconds; None is no limit.

        Raises:
            ContainerNotFound: It is gone.
            ContainerNotReady: It has no health check, or is unhealthy, or has ended meanwhile.
            NotReadyInTime: It did not become healthy in time.
        """
        async with self._readiness("it was healthy", timeout, "exec_die") as ready:
            early = (await self._engine.dialect()).containers.tells_health_early
            if not facts.has_health_check(self._attrs):
                raise await ready.failure(
                    "it has no health check; run it with healthcheck=, or wait for a log line"
                )
            await ready.look()
            while self.health != "healthy":
                await ready.event_or_pause(again=early)
                await ready.look()

    async def wait_for_log(
        self,
        pattern: str | bytes | re.Pattern[str] | re.Pattern[bytes],
        *,
        timeout: float | None = 60,
        stdout: bool = True,
        stderr: bool = True,
        since: datetime | timedelta | float | None = None,
    ) -> LogFrame:
        """Waits until it writes a line, or gives the first such line that it has written.

        Args:
            pattern: What the line holds: text, bytes, or a regular expression that matches anywhere in it.
            timeout: Seconds; None is no limit.
            stdout: Look at its standard output.
            stderr: Look at its standard error.
            since: Only at what is not older: a time (naive is UTC), Unix seconds, or how long ago.

        Returns:
            The line.

        Raises:
            ContainerNotFound: It is gone.
            ContainerNotReady: It has ended without, or has become unhealthy.
            NotReadyInTime: It did not write it in time.
            TypeError: The pattern is none.
            ValueError: The pattern is empty, or neither output is wanted.
        """
        matches = line_matcher(pattern)
        earliest = unix_nanoseconds(since)
        if not (stdout or stderr):
            raise ValueError("stdout=False, stderr=False: expected one of them, or both, to look at")
        async with self._readiness(f"it wrote {_shown(pattern)}", timeout) as ready:
            early = (await self._engine.dialect()).containers.tells_health_early
            longest = _LOOK if early and facts.has_health_check(self._attrs) else None
            while True:
                with suppress(ContainerNotFound):
                    ready.read_log(stdout=stdout, stderr=stderr, since=earliest)
                    found = await _first_match(ready, matches, longest)
                    if found is not None:
                        return found
                await ready.look()
                await ready.wake(_RETRY if facts.begun(self.status) else None)

    async def wait_for_port(self, port: int | str, *, timeout: float | None = 60) -> None:
        """Waits until something in it listens on a TCP port, on whichever address.

        No engine tells when a port opens: a command in the container looks for it (`cat`, which the image has to have),
        at once and then after pauses that grow from 0.05 s to a second. Its end is told by events.

        Args:
            port: The port inside the container: a number, or such as "80/tcp".
            timeout: Seconds; None is no limit.

        Raises:
            ContainerNotFound: It is gone.
            ContainerNotReady: It has ended or become unhealthy meanwhile.
            NotReadyInTime: Nothing listened in time.
            NotSupported: Its image has no `cat`.
            ValueError: It is no TCP port.
        """
        number = checked_port(port)
        async with self._readiness(f"something listened on port {number}", timeout) as ready:
            await ready.look()
            failed = 0
            while (tables := await self._listening()) is None or not is_listening(tables, number):
                # An end that is not told yet looks the same at first.
                failed = failed + 1 if tables is None else 0
                if failed == _ATTEMPTS:
                    raise NotSupported(
                        f"wait_for_port in container {self.name}",
                        needs="the program cat in its image; wait_for_log and wait_healthy do without",
                    )
                await ready.event_or_pause(again=True)
                await ready.look()

    def _readiness(self, what: str, timeout: float | None, *events: str) -> AsyncReadiness:
        from wharfinger._async.waiting import AsyncReadiness

        return AsyncReadiness(self._engine, self, what, timeout, *events)

    async def _listening(self) -> bytes | None:
        """The kernel's tables of what listens; None where the command could not be run."""
        try:
            found = await run_command(
                self._engine,
                self.id,
                ExecSpec(command=("cat", *TABLES), stderr=False),
                detach=False,
                stream=False,
                socket=False,
                demux=False,
                input=None,
                timeout=None,
            )
        except (Conflict, NotFound):
            # It does not run, or not any more: the next look tells.
            return b""
        return None if found.exit_code in _NO_PROGRAM else bytes(found.output)


async def _first_match(
    ready: AsyncReadiness, matches: Callable[[LogFrame], bool], longest: float | None
) -> LogFrame | None:
    """The first line that matches; None at the end of the log."""
    while True:
        found = await ready.wake(longest)
        if found is not None and found.key == "log" and not found.values:
            return None
        if found is None or found.key == "event":
            # What it wrote before its end may be still to come.
            await ready.look(may_have_ended=True)
        elif matches(found.values[0]):
            frame: LogFrame = found.values[0]
            return frame


def _shown(pattern: str | bytes | re.Pattern[Any]) -> str:
    return repr(pattern.pattern if isinstance(pattern, re.Pattern) else pattern)
