"""One pod: what its containers write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from wharfinger._async.pod_state import AsyncPodState
from wharfinger._async.streams import AsyncStream
from wharfinger._core import pod_facts as facts

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wharfinger.types import LogFrame


class AsyncPodLogs(AsyncPodState):
    """The verb that reads what its containers write."""

    @overload
    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> list[tuple[str, LogFrame]]: ...

    @overload
    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        follow: bool | None = None,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> AsyncStream[tuple[str, LogFrame]]: ...

    async def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        follow: bool | None = None,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> list[tuple[str, LogFrame]] | AsyncStream[tuple[str, LogFrame]]:
        """The lines that its containers have written, each in a pair behind its container's name.

        Args:
            stdout: Their standard outputs.
            stderr: Their standard errors.
            stream: Give a stream, in whose order they come, instead of all at once in the order of their times.
            follow: With stream: go on as they write more, until all have ended; so unless it is False. Containers that
                come to the pod later are not among them.
            timestamps: When each line was written, in its LogFrame; without them one container's lines come after
                another's.
            tail: Only this many lines from the end of each container.
            since: Only what is not older: a time (naive is UTC), Unix seconds, or how long ago.
            until: Only what is not newer, likewise.

        Raises:
            PodNotFound: It is gone.
            ValueError: follow without a stream; nothing was sent.
            ProtocolError: An answer of the engine was cut short.
        """
        if follow and not stream:
            raise ValueError("follow=True is given with stream=False, expected it with stream=True")
        await self.reload()
        opened: dict[str, AsyncStream[LogFrame]] = {}
        try:
            for container in self.containers:
                opened[container.name] = await container.logs(
                    stdout=stdout,
                    stderr=stderr,
                    stream=True,
                    lines=True,
                    follow=stream if follow is None else follow,
                    timestamps=timestamps,
                    tail=tail,
                    since=since,
                    until=until,
                )
        except BaseException:
            for one in opened.values():
                await one.close()
            raise
        merged = AsyncStream.merge_named(opened)
        if stream:
            return merged
        async with merged:
            found = [pair async for pair in merged]
        order = {name: place for place, name in enumerate(opened)}
        # Those of one container are in order already.
        return facts.by_time(sorted(found, key=lambda pair: order[pair[0]]))
