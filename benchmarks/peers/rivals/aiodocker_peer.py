"""aiodocker, by its documentation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Callable, Coroutine
from pathlib import Path
from typing import Any

import aiodocker

from benchmarks.timing import big_tar, shares, spread

ECHO_BLOCK = bytes(64 * 1024)


async def drained(found: AsyncIterable[Any]) -> None:
    async for _ in found:
        pass


class Peer:
    def __init__(self, address: str, container: str) -> None:
        self.address = address
        self.name = container
        self.client: Any = None
        self.tar: Path | None = None

    async def close(self) -> None:
        await self._docker().close()

    def _docker(self) -> Any:
        # It wants to be made on the loop.
        if self.client is None:
            self.client = aiodocker.Docker(self.address)
        return self.client

    def _container(self, name: str | None = None) -> Any:
        return self._docker().containers.container(name or self.name)

    async def ping(self, count: int) -> None:
        docker = self._docker()
        for _ in range(count):
            async with docker._query("_ping") as reply:
                await reply.read()

    async def inspect(self, count: int) -> None:
        container = self._container()
        for _ in range(count):
            await container.show()

    async def listing(self, count: int) -> None:
        for _ in range(count):
            await self._docker().containers.list(all=True)

    async def models(self, _count: int) -> None:
        for one in await self._docker().containers.list(all=True):
            _ = (one.id, one["Names"], one["State"], one["Labels"], one["Ports"], one["Created"])

    async def logs_stream(self, _count: int) -> None:
        await drained(self._container("c").log(stdout=True, stderr=True, follow=True))

    async def logs_whole(self, _count: int) -> None:
        await self._container("c").log(stdout=True, stderr=True)

    async def logs_short(self, _count: int) -> None:
        await drained(self._container("short").log(stdout=True, stderr=True, follow=True))

    async def follow(self, _count: int) -> dict[str, float]:
        output = self._container("follow").log(stdout=True, follow=True)
        return spread([(time.monotonic_ns() - int(line)) / 1e9 async for line in output])

    async def _each(self, count: int, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(work())

    async def follow_many(self, count: int) -> None:
        container = self._container("follow")
        await self._each(count, lambda: drained(container.log(stdout=True, follow=True)))

    async def inspect_concurrent(self, count: int) -> None:
        await self._each(count, self._container().show)

    async def exec_round(self, count: int) -> None:
        for _ in range(count):
            made = await self._container().exec(["true"])
            await made.start(detach=False).read_out()
            await made.inspect()

    async def exec_output(self, count: int) -> None:
        made = await self._container().exec(["dd", "if=/dev/zero", "bs=1M", f"count={count}"], stderr=False)
        async with made.start(detach=False) as both:
            while await both.read_out() is not None:
                pass

    async def echo(self, count: int) -> dict[str, float]:
        cat = self._container(f"{self.name}-echo")
        await cat.start()
        async with cat.attach(stdin=True, stdout=True) as both:
            begin = time.perf_counter()
            writer = asyncio.create_task(self._feed(both, count))
            left = count * 1024 * 1024
            # It cannot close what it writes to, so the end is told by the count.
            while left > 0:
                left -= len((await both.read_out()).data)
            await writer
            pumped = time.perf_counter() - begin
        await cat.wait()
        return {"pumped": pumped}

    async def _feed(self, both: Any, count: int) -> None:
        for _ in range(count * 16):
            await both.write_in(ECHO_BLOCK)

    async def archive_get(self, _count: int) -> None:
        # It reads all into memory, and makes a TarFile of it.
        await self._container("c").get_archive("/x")

    async def prepare_archive_put(self, count: int) -> None:
        self.tar = big_tar(count)

    async def archive_put(self, _count: int) -> None:
        with self.tar.open("rb") as tar:
            await self._container("c").put_archive("/", tar)

    async def stats(self, _count: int) -> None:
        async for reading in self._container("c").stats(stream=True):
            shares(reading)

    async def events(self, _count: int) -> None:
        async with self._docker()._query("events", params={"since": 0}) as reply:
            await drained(aiodocker.jsonstream.json_stream_stream(reply))

    events_raw = events

    async def pull(self, _count: int) -> None:
        await drained(self._docker().images.pull("bench", tag="latest", stream=True))
