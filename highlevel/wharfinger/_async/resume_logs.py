"""A container's log, followed over cut connections and restarts."""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING

from wharfinger._async.resuming import PASSING, AsyncResumingStream
from wharfinger._core import container_facts as facts
from wharfinger._core.log_resumption import ContinuedFrames, ContinuedLines, ContinuedOutput
from wharfinger._core.when import http_date
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._async.streams import AsyncStream
    from wharfinger.types import LogFrame


class AsyncLogSource:
    """Asks for the log of a container.

    Args:
        engine: Its engine.
        id: Its id.
        stdout: Its standard output.
        stderr: Its standard error.
        tail: Only this many lines from the end.
        since: Only what is not older, in nanoseconds since 1970.
        until: Only what is not newer, likewise.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        id: str,
        *,
        stdout: bool,
        stderr: bool,
        tail: int | None,
        since: int | None,
        until: int | None,
    ) -> None:
        self._engine = engine
        self._id = id
        self._stdout = stdout
        self._stderr = stderr
        self._tail = tail
        self._since = since
        self._until = until
        self._ended: str | None = None

    async def output(self, *, tty: bool, timestamps: bool) -> AsyncStream[bytes]:
        """The log in bytes."""
        first = await self._first()
        frames = ContinuedFrames(tty=tty, timestamps=timestamps, since=self._since)
        return AsyncResumingStream(self, ContinuedOutput(frames), first)

    async def lines(self, *, tty: bool, timestamps: bool) -> AsyncStream[LogFrame]:
        """The log in lines."""
        first = await self._first()
        frames = ContinuedFrames(tty=tty, timestamps=timestamps, since=self._since)
        return AsyncResumingStream(self, ContinuedLines(frames, timestamps=timestamps), first)

    async def open(self, since: int | None) -> AsyncByteStream:
        """See AsyncReopenable."""
        if since is None:
            return await self._open(self._since, self._tail)
        # Its last lines were counted from the end that it had at first.
        return await self._open(since, None)

    async def is_over(self) -> bool:
        """See AsyncReopenable.

        An engine that shuts down ends its replies well, too. So the log of a container that has ended is asked for
        once more; the end of what was opened after the container's end is the log's.
        """
        if self._until is not None and time_ns() >= self._until:
            return True
        try:
            attrs = await self._engine.call(lambda say: say.containers.inspect(self._id))
        except NotFound:
            return True
        except PASSING:
            return False
        status = facts.status(attrs)
        if not facts.ended(status):
            self._ended = None
            return not facts.begun(status)
        before, self._ended = self._ended, str(facts.section(attrs, "State").get("FinishedAt"))
        return self._ended == before

    async def has_ended(self) -> bool | None:
        """See AsyncReopenable."""
        try:
            attrs = await self._engine.call(lambda say: say.containers.inspect(self._id))
        except NotFound:
            return True
        except PASSING:
            return None
        return facts.ended(facts.status(attrs))

    async def _first(self) -> AsyncByteStream:
        first = await self._open(self._since, self._tail)
        if self._tail == 0:
            # They begin now, by the engine's clock: where to go on when none has come until a cut.
            self._since, self._tail = http_date(first.headers.get("Date")), None
        return first

    async def _open(self, since: int | None, tail: int | None) -> AsyncByteStream:
        return await self._engine.open(
            lambda say: say.containers.logs(
                self._id,
                stdout=self._stdout,
                stderr=self._stderr,
                follow=True,
                timestamps=True,
                tail=tail,
                since=since,
                until=self._until,
            )
        )
