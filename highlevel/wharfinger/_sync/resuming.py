# Derived from highlevel/wharfinger/_async/resuming.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Streams that go on after their connection was cut or their engine restarted."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from wharfinger._core.resumption import LONGEST_PAUSE, SILENCE, Backoff
from wharfinger._sync._primitives import Waiter
from wharfinger._sync.streams import Stream
from wharfinger.errors import (
    ClosedError,
    EngineTimeout,
    EngineUnreachable,
    NotFound,
    ProtocolError,
    ServerError,
    WharfingerError,
)

if TYPE_CHECKING:
    from wharfinger._core.resumption import Continuation
    from wharfinger._sync.raw_streams import ByteStream

T = TypeVar("T")

# What a restart looks like from here; an engine that is just starting or ending answers with 5xx.
PASSING = (EngineUnreachable, EngineTimeout, ProtocolError, ServerError)


class Reopenable(Protocol):
    """Where a stream comes from, again and again."""

    def open(self, since: int | None) -> ByteStream:
        """Ask for it.

        Args:
            since: From which time on, in nanoseconds since 1970; None as at first.
        """
        ...

    def is_over(self) -> bool:
        """Whether the proper end of a reply is the end of all."""
        ...

    def has_ended(self) -> bool | None:
        """Whether nothing more can come, though the reply goes on; None when that cannot be told just now."""
        ...


class ResumingStream(Stream[T]):
    """A stream made of one reply after another.

    An engine may forget a reader who comes just as what is read ends, and leave the reply open for ever. So the first
    time that a reply has been silent for a while, what it is about is looked at.

    Args:
        source: Where the replies come from.
        continuation: Makes values of them, each once.
        first: The first of them.
    """

    def __init__(self, source: Reopenable, continuation: Continuation[T], first: ByteStream) -> None:
        super().__init__(first, continuation)
        self._reopenable = source
        self._continuation = continuation
        self._backoff = Backoff()
        self._begun = monotonic()
        self._closed = False
        self._resting: Waiter | None = None
        # Whether the engine surely knows of the reader.
        self._known = False

    def _more(self) -> None:
        try:
            self._read_on()
        except BaseException:
            self.close()
            raise

    def _read_on(self) -> None:
        try:
            data = self._next()
            found = [] if data is None else self._continuation.feed(data)
        except StopIteration:
            self._at_end()
        except ProtocolError as cut:
            self._reconnect(cut)
        else:
            self._give(found)

    def _next(self) -> bytes | None:
        source = cast("ByteStream", self._source)
        if self._known:
            return source.__next__()
        data = source.next_within(SILENCE)
        if data is None:
            ended = self._reopenable.has_ended()
            self._known = ended is False
            if ended:
                self._reconnect(None)
        return data

    def _at_end(self) -> None:
        try:
            self._give(self._continuation.finish())
        except ProtocolError as cut:
            self._reconnect(cut)
            return
        if self._reopenable.is_over():
            self._end()
        else:
            self._reconnect(None)

    def _end(self) -> None:
        self._ended = True
        self._ready.extend(self._continuation.last())

    def _give(self, found: list[T]) -> None:
        if found:
            self._backoff.went_on()
            self._ready.extend(found)

    def _reconnect(self, cut: WharfingerError | None) -> None:
        """Opens it again; `cut` is None where the last reply had ended well."""
        self._source.close()
        if monotonic() - self._begun >= LONGEST_PAUSE:
            self._backoff.went_on()
        fault: WharfingerError = cut or ProtocolError("the engine ended the stream again and again")
        while True:
            self._rest(fault)
            try:
                self._source = self._reopenable.open(self._continuation.since)
            except PASSING as again:
                fault = again
            except NotFound:
                if cut is not None:
                    raise
                self._end()
                return
            else:
                break
        self._begun = monotonic()
        self._known = False
        self._continuation.begin()
        if self._closed:
            # Whoever closed it could not know of this one.
            self._source.close()

    def _rest(self, fault: WharfingerError) -> None:
        pause = self._backoff.pause(monotonic())
        if pause is None:
            raise fault
        self._resting = Waiter()
        if not self._closed:
            try:
                self._resting.wait(pause)
            except TimeoutError:
                return
        raise ClosedError("the stream was closed by this side")

    def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._closed = True
        if self._resting is not None:
            self._resting.set()
        super().close()
