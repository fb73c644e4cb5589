"""What streams need beyond `_primitives.py` that differs by more than its names: written twice, by hand.

Its twin is `_sync/_primitives_streams.py`, with the same public names less their `Async`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence

T = TypeVar("T")

# A loop keeps no task alive by itself.
_closing: set[asyncio.Task[None]] = set()


def let_go(place: object, close: Callable[[], None], abandon: Callable[[], None]) -> None:
    """Close what nobody refers to any more; called by a finalizer, which any thread may run at any moment.

    Args:
        place: The home it belongs to: only there it may be closed.
        close: Closes it.
        abandon: Lets go of it where closing is for somebody else; not needed in this colour.
    """
    del abandon
    loop = cast("asyncio.AbstractEventLoop", place)
    try:
        loop.call_soon_threadsafe(close)
    except RuntimeError:
        # The loop is closed, and watches nothing any more.
        close()


def close_soon(
    place: object, mailbox: AsyncMailbox[Any], closers: Sequence[Callable[[], Coroutine[Any, Any, None]]]
) -> None:
    """Close a mailbox, and what is read by those who fill it; called by way of let_go.

    Args:
        place: The home they belong to.
        mailbox: The mailbox.
        closers: Close the others.
    """
    mailbox.close()
    loop = cast("asyncio.AbstractEventLoop", place)
    if loop.is_closed():
        # Its tasks have ended, and what they read goes as it is dropped.
        return
    for closer in closers:
        task = loop.create_task(closer())
        _closing.add(task)
        task.add_done_callback(_closing.discard)


def blocking(stream: AsyncIterator[bytes]) -> Iterator[bytes]:
    """Give what reads a stream from another thread, which waits while this loop fetches each chunk."""
    loop = asyncio.get_running_loop()

    async def fetch() -> bytes | None:
        return await anext(stream, None)

    def chunks() -> Iterator[bytes]:
        while (chunk := asyncio.run_coroutine_threadsafe(fetch(), loop).result()) is not None:
            yield chunk

    return chunks()


async def beside(work: Callable[[], T], stop: Callable[[], Awaitable[None]]) -> T:
    """Do what blocks, and what needs this loop meanwhile.

    Args:
        work: What to do.
        stop: Brings its end about, for a caller that is interrupted, who waits for that.
    """
    done = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await stop()
        await asyncio.gather(done, return_exceptions=True)
        raise


class AsyncMailbox(Generic[T]):
    """Hands things over from some to one; who brings more than fits waits.

    Args:
        size: How many things it holds.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: deque[T] = deque()
        self._closed = False
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()

    async def put(self, thing: T) -> None:
        """Put it in, waiting for room.

        Raises:
            ClosedError: It was closed.
        """
        while not self._closed and len(self._things) >= self._size:
            self._emptied.clear()
            await self._emptied.wait()
        if self._closed:
            raise ClosedError("the mailbox was closed")
        self._things.append(thing)
        self._filled.set()

    async def take(self, timeout: float | None = None) -> T:
        """Take the first thing out, waiting for one.

        Raises:
            ClosedError: It was closed.
            TimeoutError: None has come, within the seconds given.
        """
        async with asyncio.timeout(timeout):
            while not self._closed and not self._things:
                self._filled.clear()
                await self._filled.wait()
        if self._closed:
            raise ClosedError("the stream was closed by this side")
        self._emptied.set()
        return self._things.popleft()

    def close(self) -> None:
        """Throw away what is in it, and wake everybody."""
        self._closed = True
        self._things.clear()
        with contextlib.suppress(RuntimeError):
            # Those who wait in a loop that is closed wait no more.
            self._filled.set()
            self._emptied.set()
