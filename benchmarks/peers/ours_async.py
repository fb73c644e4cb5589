"""Wharfinger, as its async users call it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Callable, Coroutine
from pathlib import Path
from typing import Any

from benchmarks.timing import big_tar, spread
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncPodmanClient

ECHO_BLOCK = bytes(64 * 1024)


async def drained(found: AsyncIterable[Any]) -> None:
    async for _ in found:
        pass


class Peer:
    """A client of one engine, or of the replay of one."""

    engine: type[AsyncDockerClient | AsyncPodmanClient] = AsyncDockerClient

    def __init__(self, address: str, container: str) -> None:
        self.client = self.engine(address)
        self.name = container
        self.tar: Path | None = None
        self.known: dict[str, AsyncContainer] = {}

    async def close(self) -> None:
        await self.client.close()

    async def _container(self, name: str | None = None) -> AsyncContainer:
        name = name or self.name
        if name not in self.known:
            found = self.known[name] = await self.client.containers.get(name)
            if name in ("short", "follow"):
                found.attrs["Id"] = name
        return self.known[name]

    async def ping(self, count: int) -> None:
        for _ in range(count):
            await self.client.ping()

    async def inspect(self, count: int) -> None:
        container = await self._container()
        for _ in range(count):
            await container.inspect()

    async def listing(self, count: int) -> None:
        for _ in range(count):
            await self.client.containers.list(all=True)

    async def models(self, _count: int) -> None:
        for one in await self.client.containers.list(all=True):
            _ = (one.id, one.name, one.status, one.labels, one.ports, one.created)

    async def logs_stream(self, _count: int) -> None:
        async with await (await self._container()).logs(stream=True, follow=False) as output:
            await drained(output)

    async def logs_whole(self, _count: int) -> None:
        await (await self._container()).logs()

    async def logs_short(self, _count: int) -> None:
        async with await (await self._container("short")).logs(stream=True, follow=False) as output:
            await drained(output)

    async def follow(self, _count: int) -> dict[str, float]:
        async with await (await self._container("follow")).logs(stream=True) as output:
            return spread([(time.monotonic_ns() - int(line)) / 1e9 async for line in output])

    async def _each(self, count: int, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(work())

    async def follow_many(self, count: int) -> None:
        container = await self._container("follow")

        async def one() -> None:
            async with await container.logs(stream=True) as output:
                await drained(output)

        await self._each(count, one)

    async def inspect_concurrent(self, count: int) -> None:
        await self._each(count, (await self._container()).inspect)

    async def exec_round(self, count: int) -> None:
        container = await self._container()
        for _ in range(count):
            await container.exec_run("true")

    async def exec_output(self, count: int) -> None:
        container = await self._container()
        run = await container.exec_run(f"dd if=/dev/zero bs=1M count={count}", stderr=False, stream=True)
        await drained(run.output)

    async def echo(self, count: int) -> dict[str, float]:
        cat = await self._container(f"{self.name}-echo")
        await cat.start()
        async with await cat.attach(stdin=True, stderr=False) as both:
            begin = time.perf_counter()
            writer = asyncio.create_task(self._feed(both, count))
            left = count * 1024 * 1024
            while left:
                left -= len((await anext(both)).data)
            pumped = time.perf_counter() - begin
            await writer
            await both.close_stdin()
            await drained(both)
        await cat.wait()
        return {"pumped": pumped}

    async def _feed(self, both: Any, count: int) -> None:
        for _ in range(count * 16):
            await both.send(ECHO_BLOCK)

    async def archive_get(self, _count: int) -> None:
        tar, _ = await (await self._container()).get_archive("/x")
        async with tar:
            await drained(tar)

    async def export(self, _count: int) -> None:
        async with await (await self._container()).export() as tar:
            await drained(tar)

    async def prepare_archive_put(self, count: int) -> None:
        self.tar = big_tar(count)

    async def archive_put(self, _count: int) -> None:
        assert self.tar is not None
        with self.tar.open("rb") as tar:
            await (await self._container()).put_archive("/", tar)

    async def stats(self, _count: int) -> None:
        async with await (await self._container()).stats() as readings:
            async for reading in readings:
                _ = (reading.cpu_percent, reading.memory_percent)

    async def events(self, _count: int) -> None:
        async with await self.client.events(since=0) as found:
            async for event in found:
                _ = (event.type, event.action, event.time, event.id)

    async def events_raw(self, _count: int) -> None:
        async with await self.client.events(since=0) as found:
            await drained(found)

    async def pull(self, _count: int) -> None:
        async with await self.client.images.pull("bench", "latest", stream=True) as progress:
            await drained(progress)
