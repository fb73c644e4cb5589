"""Streams of many engines as one, in which an engine's fault is a value that ends nothing but its own part.

Only this colour has it: a thread for each engine is no way to look after hundreds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from wharfinger._async.streams import AsyncStream
from wharfinger._core.stream_decoders import Given
from wharfinger.errors import ClosedError, ContainerNotFound, ProtocolError
from wharfinger.types import HostError, HostResult, HostValue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from wharfinger._async.container import AsyncContainer

T = TypeVar("T")


class AsyncHostSource(Generic[T]):
    """What the stream of one engine gives and, last, what it raised.

    Args:
        host: The engine's name.
        stream: Its stream, or what came instead of one.
        endless: Whether an end that nothing was wrong with is wrong itself.
    """

    def __init__(self, host: str, stream: AsyncStream[T] | Exception, *, endless: bool) -> None:
        self._host = host
        self._stream = stream
        self._endless = endless
        self._closed = False

    async def __anext__(self) -> HostResult[T]:
        stream = self._stream
        if isinstance(stream, Exception):
            return self._last(stream)
        try:
            return HostValue(self._host, await stream.__anext__())
        except StopAsyncIteration:
            if not self._endless or self._closed:
                raise
            return self._last(ProtocolError(f"the engine {self._host} ended its stream"))
        except Exception as error:
            if self._closed:
                raise
            return self._last(error)

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._closed = True
        if not isinstance(self._stream, Exception):
            await self._stream.close()

    def _last(self, error: Exception) -> HostError:
        self._stream, self._endless = _ended(), False
        return HostError(self._host, error)


class AsyncLate(Generic[T]):
    """A stream that is opened when it is first read; one of a container that is gone by then is empty.

    Args:
        open: Opens it.
    """

    def __init__(self, open: Callable[[], Awaitable[AsyncStream[T]]]) -> None:
        self._open = open
        self._stream: AsyncStream[T] | None = None
        self._closed = False

    async def __anext__(self) -> T:
        if self._stream is None:
            try:
                stream = await self._open()
            except ContainerNotFound:
                stream = _ended()
            if self._closed:
                await stream.close()
                raise ClosedError("the stream was closed by this side")
            self._stream = stream
        return await self._stream.__anext__()

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._closed = True
        if self._stream is not None:
            await self._stream.close()


def of_hosts(streams: Iterable[HostResult[AsyncStream[T]]], *, endless: bool) -> AsyncStream[HostResult[T]]:
    """One stream of those of many engines.

    Args:
        streams: The stream of each, or what went wrong with opening it.
        endless: Whether an end that nothing was wrong with is wrong itself.
    """
    sources = [
        AsyncHostSource(one.host, one.value if isinstance(one, HostValue) else one.error, endless=endless)
        for one in streams
    ]
    return AsyncStream.merge(*[AsyncStream(source, Given[HostResult[T]](_as_it_is)) for source in sources])


def of_containers(
    containers: Iterable[AsyncContainer], open: Callable[[AsyncContainer], Awaitable[AsyncStream[T]]]
) -> AsyncStream[tuple[AsyncContainer, T]]:
    """One stream of those of many containers, each opened when it is read.

    Args:
        containers: The containers.
        open: Opens the stream of one: engines may answer with its first value, which may take for ever.
    """
    return AsyncStream.merge_named(
        {one: AsyncStream(AsyncLate(partial(open, one)), Given[T](_as_it_is)) for one in containers}
    )


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever the stream gives
    return value


def _ended() -> AsyncStream[Any]:
    return AsyncStream.merge()
