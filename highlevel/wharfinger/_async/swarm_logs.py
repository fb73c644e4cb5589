"""What the tasks of a swarm write: all of a service's, or one's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from wharfinger._async.streams import AsyncStream
from wharfinger._core.log_query import LogQuery
from wharfinger._core.stream_decoders import Lines, Output
from wharfinger._core.when import unix_nanoseconds

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger.types import LogFrame


class AsyncSwarmLogs:
    """A service or a task: what it writes."""

    @overload
    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        lines: Literal[False] = False,
        timestamps: bool = False,
        details: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
    ) -> bytes: ...

    @overload
    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        lines: Literal[False] = False,
        follow: bool | None = None,
        timestamps: bool = False,
        details: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
    ) -> AsyncStream[bytes]: ...

    @overload
    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        lines: Literal[True],
        follow: bool | None = None,
        timestamps: bool = False,
        details: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
    ) -> AsyncStream[LogFrame]: ...

    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        lines: bool = False,
        follow: bool | None = None,
        timestamps: bool = False,
        details: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
    ) -> bytes | AsyncStream[bytes] | AsyncStream[LogFrame]:
        """What its tasks have written, on whichever nodes.

        Args:
            stdout: Their standard output.
            stderr: Their standard error.
            stream: Give a stream instead of everything at once.
            lines: With stream: a LogFrame for each line, instead of bytes as they come.
            follow: Go on as they write more, tasks that are started later included, until it is closed; as `stream`
                unless given.
            timestamps: When each line was written, before it or in its LogFrame.
            details: Before each line, which node, service and task wrote it, as the engine puts it:
                "com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=… ".
            tail: Only this many lines from the end of each task, of both outputs together.
            since: Only what is not older: a time (naive is UTC), Unix seconds, or how long ago; to the second.

        Raises:
            ServiceNotFound, TaskNotFound: It is gone.
            ProtocolError: The engine's answer was cut short.
            ValueError: Neither output is wanted; nothing was sent.
        """
        if not (stdout or stderr):
            raise ValueError("stdout=False, stderr=False: expected one of them, or both")
        query = LogQuery(
            stdout=stdout,
            stderr=stderr,
            follow=stream if follow is None else follow,
            timestamps=timestamps,
            details=details,
            tail=None if tail == "all" else tail,
            since=unix_nanoseconds(since),
        )
        tty = self._has_tty()
        source = await self._open_logs(query)
        if stream and lines:
            return AsyncStream(source, Lines(tty=tty, timestamps=timestamps))
        flowing = AsyncStream(source, Output(tty=tty))
        if stream:
            return flowing
        async with flowing:
            return b"".join([piece async for piece in flowing])

    def _has_tty(self) -> bool:
        # A service and a task each know it of their own description.
        raise NotImplementedError

    async def _open_logs(self, query: LogQuery) -> AsyncByteStream:
        # Each has a path of its own.
        raise NotImplementedError
