"""The few things that differ by more than their names: this module is written twice, by hand.

Its twin is `_sync/_primitives.py`, with the same public names less their `Async`. All else is derived.
No asyncio streams: they buffer without being asked, cost time on each read and hide the half-close.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Sequence,
)
from typing import Any, TypeVar, cast

T = TypeVar("T")
Item = TypeVar("Item")

_END = object()
# How much of a large file to read at once: each time is a hop to a thread and back.
_FILE_PIECE = 1024 * 1024

AsyncLock = asyncio.Lock
# Tasks need no lock for what has no await, but one in C costs less than a class here that does nothing.
StateLock = threading.RLock


class AsyncWaiter:
    """Something to wait for that happens once."""

    __slots__ = ("_future",)

    def __init__(self) -> None:
        self._future = asyncio.get_running_loop().create_future()

    def set(self) -> None:
        """Let it happen."""
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, timeout: float | None) -> None:
        """Wait until it happens.

        Raises:
            TimeoutError: It did not, within the seconds given.
        """
        async with asyncio.timeout(timeout):
            await self._future


def home() -> object:
    """What connections belong to and cannot leave: here the event loop."""
    return asyncio.get_running_loop()


async def sleep(seconds: float) -> None:
    """Let others run for a while."""
    await asyncio.sleep(seconds)


async def run_blocking(function: Callable[[], T]) -> T:
    """Call what may block, without holding others up."""
    return await asyncio.get_running_loop().run_in_executor(None, function)


async def pieces(content: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Go through the pieces of a body, whichever way they are given."""
    if isinstance(content, AsyncIterable):
        async for piece in content:
            yield piece
        return
    source = iter(content)
    while (piece := await run_blocking(lambda: cast("Any", next(source, _END)))) is not _END:
        yield piece


async def file_pieces(
    read: Callable[[int], T], length: int | None, *, quick: bool
) -> AsyncGenerator[T, None]:
    """What a file gives, until it gives nothing.

    Args:
        read: Of the file.
        length: How much to read; None for all.
        quick: Whether it keeps nobody waiting, as regular files do: the next piece is then read while one is sent.
    """
    loop = asyncio.get_running_loop()
    left = length

    def begin() -> asyncio.Future[T]:
        return loop.run_in_executor(None, read, _FILE_PIECE if left is None else min(left, _FILE_PIECE))

    ahead = begin()
    try:
        while data := await ahead:
            if left is not None:
                left -= min(left, len(cast("bytes", data)))
            if quick:
                ahead = begin()
                yield data
            else:
                yield data
                ahead = begin()
    finally:
        if quick:
            # Who closes the file, or reads on in it, shall find no thread there.
            await asyncio.gather(ahead, return_exceptions=True)


async def resolve(host: str, port: int, timeout: float | None) -> list[tuple[int, Any]]:
    """Give the address families and addresses of a host, in the order in which to try them."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(timeout):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


async def complete(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do something to its end even when the caller is interrupted meanwhile, who hears of that afterwards."""
    task = asyncio.ensure_future(work())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


async def each(work: Callable[[Item], Coroutine[Any, Any, T]], items: Sequence[Item], limit: int) -> list[T]:
    """Do the same with every item, at most so many at once; gives the results in the order of the items.

    Raises what the first raised that failed; the others end, too.
    """
    todo = iter(enumerate(items))
    found: dict[int, T] = {}

    async def work_off() -> None:
        for number, item in todo:
            found[number] = await work(item)

    tasks = [asyncio.ensure_future(work_off()) for _ in range(min(limit, len(items)))]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [found[number] for number in range(len(items))]


class AsyncWorker:
    """Does something beside its caller.

    Args:
        work: What to do; begins at once.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._task = asyncio.ensure_future(work())

    async def join(self) -> None:
        """Wait for its end; raises what it raised."""
        await self._task

    async def abandon(self) -> None:
        """Bring its end about, unless somebody has, and wait for it, whatever it is."""
        self._task.cancel()
        # Gathered, so that asyncio does not log a fault that nobody came for.
        await asyncio.gather(self._task, return_exceptions=True)
