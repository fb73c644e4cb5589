"""Several streams as one."""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from wharfinger._async._primitives import AsyncWorker, home
from wharfinger._async._primitives_streams import AsyncMailbox, close_soon, let_go
from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._async.streams import AsyncStream

K = TypeVar("K")
T = TypeVar("T")

_ROOM = 16


class Arrival(NamedTuple, Generic[K, T]):
    """A value of a stream, or without one its end, and what it raised."""

    key: K
    values: tuple[T, ...] = ()
    fault: Exception | None = None


class AsyncMergedStreams(Generic[K, T]):
    """Reads several streams, each by a worker of its own, and gives their values as they come.

    The workers know the streams, not this object, so that it can be dropped while they are at work: then it closes the
    streams, with a ResourceWarning.

    Args:
        streams: The streams, by what tells them apart.
    """

    _mailbox: AsyncMailbox[Arrival[K, T]] | None = None

    def __init__(self, streams: Mapping[K, AsyncStream[T]]) -> None:
        self._streams = {**streams}
        self._mailbox: AsyncMailbox[Arrival[K, T]] | None = None
        self._workers: list[AsyncWorker] = []
        self._open = len(self._streams)
        self._home: object = None
        self._closed = False

    def __del__(self) -> None:
        if self._mailbox is None or self._closed or not self._open:
            # What was never read is told of, and closed, by each of the streams.
            return
        closers = [stream.close for stream in self._streams.values()]
        let_go(self._home, partial(close_soon, self._home, self._mailbox, closers), _nothing)
        # Last: where warnings are errors, nothing after it would happen.
        warnings.warn("merged streams were dropped without being closed", ResourceWarning, stacklevel=1)

    async def take(self, timeout: float | None = None) -> Arrival[K, T]:
        """The next value of any, or the end of one.

        Raises:
            TimeoutError: None has come, within the seconds given.
            Exception: What one of them raised.
        """
        found = await (self._mailbox or self._begin()).take(timeout)
        if found.fault is not None:
            await self.close()
            raise found.fault
        if not found.values:
            self._open -= 1
        return found

    def add(self, key: K, stream: AsyncStream[T]) -> None:
        """One more, in the place of one that has ended.

        Args:
            key: What tells it from the others.
            stream: The stream.
        """
        self._streams[key] = stream
        self._open += 1
        if self._mailbox is not None:
            self._workers.append(AsyncWorker(partial(_pump, self._mailbox, key, stream)))

    async def close(self) -> None:
        """Closes all of them."""
        self._closed = True
        if self._mailbox is not None:
            self._mailbox.close()
        for stream in self._streams.values():
            await stream.close()
        for worker in self._workers:
            await worker.abandon()

    async def __anext__(self) -> tuple[K, T]:
        while self._open:
            found = await self.take()
            if found.values:
                return found.key, found.values[0]
        raise StopAsyncIteration

    def _begin(self) -> AsyncMailbox[Arrival[K, T]]:
        self._home = home()
        self._mailbox = mailbox = AsyncMailbox[Arrival[K, T]](_ROOM)
        self._workers = [
            AsyncWorker(partial(_pump, mailbox, key, stream)) for key, stream in self._streams.items()
        ]
        return mailbox


async def _pump(mailbox: AsyncMailbox[Arrival[K, T]], key: K, stream: AsyncStream[T]) -> None:
    fault: Exception | None = None
    try:
        async for value in stream:
            await mailbox.put(Arrival(key, (value,)))
    except Exception as found:  # noqa: BLE001 - raised where the values are taken
        fault = found
    with suppress(ClosedError):
        # Nobody waits for the end of what was closed.
        await mailbox.put(Arrival(key, fault=fault))


def _nothing() -> None:
    """In the child of a fork, where nobody reads them."""
