"""How transfers go on, told to whoever wants to know."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from wharfinger._async._primitives_progress import tell
from wharfinger._async.outgoing import body_length, body_pieces
from wharfinger._async.streams import AsyncStream
from wharfinger._core.progress_streams import progress_decoder
from wharfinger.types import LoadProgress, Progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType

    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.operation import Content
    from wharfinger._progress_bar import LiveBars, LogLines
    from wharfinger.errors import StreamError

P = TypeVar("P", bound=Progress)

_PIECE = 256 * 1024


class AsyncWatch(Generic[P]):
    """Those who are told of the events of one transfer, while it is entered.

    Args:
        listener: The caller's function, if there is one.
        bar: Whether to show them, too.

    Raises:
        ModuleNotFoundError: A bar needs rich, which is not installed.
    """

    def __init__(self, listener: Callable[[P], object] | None, *, bar: bool) -> None:
        if listener is not None and not callable(listener):
            raise TypeError(f"progress={listener!r}: expected a function that takes an event")
        self._listener = listener
        self._display = _display() if bar else None
        self._shown = ExitStack()

    @property
    def wanted(self) -> bool:
        """Whether there is anyone to be told."""
        return self._listener is not None or self._display is not None

    async def tell(self, event: P) -> None:
        """Tell them."""
        if self._display is not None:
            self._display.show(event)
        if self._listener is not None:
            await tell(self._listener, event)

    async def follow(self, stream: AsyncStream[P]) -> list[P]:
        """Tell them all events of a stream, which is closed then; gives the events."""
        async with self, stream:
            events: list[P] = []
            async for event in stream:
                events.append(event)
                await self.tell(event)
        return events

    async def __aenter__(self) -> Self:
        if self._display is not None:
            self._shown.enter_context(self._display)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shown.__exit__(kind, value, trace)


def _display() -> LiveBars | LogLines:
    try:
        from wharfinger._progress_bar import progress_display
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "progress_bar=True needs rich, which is not installed: pip install 'wharfinger[progress]'",
            name=error.name,
        ) from error
    return progress_display()


def events_of(
    source: AsyncByteStream,
    decode: bool | None,
    kind: type[Progress],
    fault: Callable[[str], StreamError],
) -> AsyncStream[Any]:
    """The events of a transfer in the form that was asked for."""
    decoder, check = progress_decoder(decode, kind, fault)
    return AsyncStream(source, decoder, check=check)


async def told_while_sent(content: Content, watch: AsyncWatch[LoadProgress]) -> AsyncIterator[bytes]:
    """The pieces of a body, each told of when the next is asked for: it is with the engine by then."""
    total, sent = body_length(content), 0
    async for whole in body_pieces(content, total):
        view = memoryview(whole).cast("B")
        for start in range(0, len(view), _PIECE):
            piece = bytes(view[start : start + _PIECE])
            yield piece
            sent += len(piece)
            await watch.tell(LoadProgress.sending(sent, total))
