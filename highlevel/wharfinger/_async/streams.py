"""Replies that flow, as objects: iterate, close, or use with `async with`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.stream_decoders import Decoder

T = TypeVar("T")


class AsyncStream(Generic[T]):
    """The values of a reply as they come.

    An iterator and a context manager. Read to its end, its connection is given back by itself; a stream that is left
    before has to be closed, which `async with` does. Closing wakes whoever is reading. Only a proper end ends it: a
    stream that is cut short raises ProtocolError, and an error that the engine tells inside it raises StreamError.
    """

    def __init__(
        self, source: AsyncByteStream, decoder: Decoder[T], *, check: Callable[[T], None] | None = None
    ) -> None:
        self._source = source
        self._decoder = decoder
        self._check = check
        self._ready: deque[T] = deque()
        self._ended = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'ended' if self._ended else 'open'}>"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            await self._more()
        value = self._ready.popleft()
        if self._check is not None:
            try:
                self._check(value)
            except BaseException:
                await self.close()
                raise
        return value

    async def _more(self) -> None:
        try:
            self._ready.extend(self._decoder.feed(await self._source.__anext__()))
        except StopAsyncIteration:
            self._ended = True
            self._ready.extend(self._decoder.finish())
        except BaseException:
            await self.close()
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
