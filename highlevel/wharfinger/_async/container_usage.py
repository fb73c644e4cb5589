"""One container: its processes, and what they use."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal, overload

from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.streams import AsyncStream
from wharfinger._core import container_facts as facts
from wharfinger._core.stream_decoders import JSONValues

if TYPE_CHECKING:
    from wharfinger.types import ContainerStats


class AsyncContainerUsage(AsyncContainerState):
    """The verbs that tell what a container does just now."""

    @overload
    async def top(self, *, ps_args: str | None = None, stream: Literal[False] = False) -> dict[str, Any]: ...

    @overload
    async def top(
        self, *, ps_args: str | None = None, stream: Literal[True], delay: int | None = None
    ) -> AsyncStream[dict[str, Any]]: ...

    async def top(
        self, *, ps_args: str | None = None, stream: bool = False, delay: int | None = None
    ) -> dict[str, Any] | AsyncStream[dict[str, Any]]:
        """Its processes.

        Args:
            ps_args: Arguments of ps, such as "-ef"; the engine chooses unless given. Docker runs the host's ps,
                Podman reads these as names of columns too, such as "pid user".
            stream: Go on with newer ones until it ends (Podman).
            delay: With stream: seconds between them, 5 unless given (Podman).

        Returns:
            {"Titles": ["PID", …], "Processes": [["1", …], …]}

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running, or ps refuses the arguments (Podman).
            ServerError: ps refuses the arguments (Docker).
            NotSupported: stream on Docker; nothing was sent.
            ValueError: delay without a stream, or below 1; nothing was sent.
        """
        words = shlex.split(ps_args or "")
        if delay is not None and (not stream or delay < 1):
            raise ValueError(f"delay={delay}, stream={stream}: expected seconds from 1, with stream=True")
        if not stream:
            return await self._engine.call(lambda say: say.containers.top(self.id, words))
        say = await self._engine.dialect()
        flowing = say.containers.top(self.id, words, stream=True, delay=delay)
        # What is wrong with the arguments or the container, Podman's stream would not tell: it just ends.
        await self._engine.call(lambda say: say.containers.top(self.id, words))
        return AsyncStream(await self._engine.open(lambda _: flowing), JSONValues[dict[str, Any]](dict))

    @overload
    async def stats(
        self, *, stream: Literal[True] = True, decode: Literal[True] = True
    ) -> AsyncStream[ContainerStats]: ...

    @overload
    async def stats(
        self, *, stream: Literal[False], one_shot: bool = False, decode: Literal[True] = True
    ) -> ContainerStats: ...

    async def stats(
        self, *, stream: bool = True, one_shot: bool = False, decode: bool = True
    ) -> ContainerStats | AsyncStream[ContainerStats]:
        """What it uses of processor, memory, networks and disks.

        Args:
            stream: Give a reading every second (Docker) or every five (Podman) until it ends, instead of one.
            one_shot: With stream=False: at once, without the earlier reading to compare with (Docker).
            decode: Only True: readings always come as values.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running (Podman with stream=False; Docker gives zeros, and a stream ends at once).
            NotSupported: one_shot on Podman; nothing was sent.
            ValueError: one_shot with a stream, or decode=False; nothing was sent.
        """
        if not decode:
            raise ValueError("decode=False: expected True; for bytes use client.open")
        if not stream:
            return await self._measured(one_shot=one_shot)
        if one_shot:
            raise ValueError("one_shot=True is given with stream=True, expected it with stream=False")
        from wharfinger._async.stats import open_readings

        return await open_readings(self._engine, self.id)

    async def _measured(self, *, one_shot: bool) -> ContainerStats:
        from wharfinger._core.stats import lacks_start
        from wharfinger.types import ContainerStats

        found = await self._engine.call_slowly(
            lambda say: say.containers.stats(self.id, stream=False, one_shot=one_shot)
        )
        if not lacks_start(found):
            return ContainerStats(found)
        attrs = await self._engine.call(lambda say: say.containers.inspect(self.id))
        return ContainerStats(found, started=facts.started_at(attrs))
