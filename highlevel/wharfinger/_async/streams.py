"""Replies that flow, as objects: iterate, close, or use with `async with`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

from wharfinger._async.raw_streams import AsyncByteStream
from wharfinger._core.stream_decoders import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from wharfinger._core.stream_decoders import Decoder

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


class AsyncSource(Protocol):
    """What a stream is made of: pieces for its decoder, which are bytes unless the decoder knows better."""

    async def __anext__(self) -> Any:  # noqa: ANN401 - it is between source and decoder
        """The next piece."""
        ...

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        ...


class AsyncStream(Generic[T]):
    """The values of a reply as they come.

    An iterator and a context manager. Read to its end, its connection is given back by itself; a stream that is left
    before has to be closed, which `async with` does; one that is dropped instead closes its connection, too, with a
    ResourceWarning. Closing wakes whoever is reading. Only a proper end ends it: a stream that is cut short raises
    ProtocolError, and an error that the engine tells inside it raises StreamError. A read that is interrupted, by a
    cancelled task or a key, loses nothing: the next one goes on.
    """

    def __init__(
        self, source: AsyncSource, decoder: Decoder[T], *, check: Callable[[T], None] | None = None
    ) -> None:
        self._source: AsyncSource = source
        self._decoder: Decoder[T] = decoder
        self._check = check
        self._takes_parts = bool(getattr(decoder, "takes_parts", False))
        self._ready: deque[T] = deque()
        self._ended = False

    @staticmethod
    def merge(*streams: AsyncStream[V]) -> AsyncStream[V]:
        """One stream of the values of several, such as the events of several clients, in the order in which they come.

        It ends when all have ended. What one raises ends it, after the values that came before. A reader that is slow
        holds all of them up. Closing it closes them.

        Args:
            streams: The streams, which nobody else may read from now on.
        """
        from wharfinger._async.merging import AsyncMergedStreams

        merged = AsyncMergedStreams(dict(enumerate(streams)))
        return AsyncStream(merged, Given[V](lambda pair: pair[1]))

    @staticmethod
    def merge_named(streams: Mapping[K, AsyncStream[V]]) -> AsyncStream[tuple[K, V]]:
        """As `merge`, with each value in a pair behind the name of its stream.

        Args:
            streams: The streams by name, which nobody else may read from now on.
        """
        from wharfinger._async.merging import AsyncMergedStreams

        return AsyncStream(AsyncMergedStreams(streams), Given[tuple[K, V]](lambda pair: pair))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'ended' if self._ended else 'open'}>"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        ready = self._ready
        while not ready:
            if self._ended:
                raise StopAsyncIteration
            await self._more()
        if self._check is None:
            return ready.popleft()
        value = ready.popleft()
        try:
            self._check(value)
        except Exception:
            await self.close()
            raise
        return value

    async def _more(self) -> None:
        try:
            source = self._source
            if self._takes_parts and isinstance(source, AsyncByteStream):
                self._ready.extend(self._decoder.feed(cast("Any", await source.parts())))
            else:
                self._ready.extend(self._decoder.feed(await source.__anext__()))
        except StopAsyncIteration:
            self._ended = True
            self._ready.extend(self._decoder.finish())
        except Exception:
            await self._source.close()
            raise

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        await self._source.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
