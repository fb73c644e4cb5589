# Derived from highlevel/wharfinger/_async/streams.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Replies that flow, as objects: iterate, close, or use with `async with`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

from wharfinger._core.stream_decoders import Given
from wharfinger._sync.raw_streams import ByteStream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from wharfinger._core.stream_decoders import Decoder

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


class Source(Protocol):
    """What a stream is made of: pieces for its decoder, which are bytes unless the decoder knows better."""

    def __next__(self) -> Any:  # noqa: ANN401 - it is between source and decoder
        """The next piece."""
        ...

    def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        ...


class Stream(Generic[T]):
    """The values of a reply as they come.

    An iterator and a context manager. Read to its end, its connection is given back by itself; a stream that is left
    before has to be closed, which `async with` does; one that is dropped instead closes its connection, too, with a
    ResourceWarning. Closing wakes whoever is reading. Only a proper end ends it: a stream that is cut short raises
    ProtocolError, and an error that the engine tells inside it raises StreamError. A read that is interrupted, by a
    cancelled task or a key, loses nothing: the next one goes on.
    """

    def __init__(
        self, source: Source, decoder: Decoder[T], *, check: Callable[[T], None] | None = None
    ) -> None:
        self._source: Source = source
        self._decoder: Decoder[T] = decoder
        self._check = check
        self._takes_parts = bool(getattr(decoder, "takes_parts", False))
        self._ready: deque[T] = deque()
        self._ended = False

    @staticmethod
    def merge(*streams: Stream[V]) -> Stream[V]:
        """One stream of the values of several, such as the events of several clients, in the order in which they come.

        It ends when all have ended. What one raises ends it, after the values that came before. A reader that is slow
        holds all of them up. Closing it closes them.

        Args:
            streams: The streams, which nobody else may read from now on.
        """
        from wharfinger._sync.merging import MergedStreams

        merged = MergedStreams(dict(enumerate(streams)))
        return Stream(merged, Given[V](lambda pair: pair[1]))

    @staticmethod
    def merge_named(streams: Mapping[K, Stream[V]]) -> Stream[tuple[K, V]]:
        """As `merge`, with each value in a pair behind the name of its stream.

        Args:
            streams: The streams by name, which nobody else may read from now on.
        """
        from wharfinger._sync.merging import MergedStreams

        return Stream(MergedStreams(streams), Given[tuple[K, V]](lambda pair: pair))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'ended' if self._ended else 'open'}>"

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        ready = self._ready
        while not ready:
            if self._ended:
                raise StopIteration
            self._more()
        if self._check is None:
            return ready.popleft()
        value = ready.popleft()
        try:
            self._check(value)
        except Exception:
            self.close()
            raise
        return value

    def _more(self) -> None:
        try:
            source = self._source
            if self._takes_parts and isinstance(source, ByteStream):
                self._ready.extend(self._decoder.feed(cast("Any", source.parts())))
            else:
                self._ready.extend(self._decoder.feed(source.__next__()))
        except StopIteration:
            self._ended = True
            self._ready.extend(self._decoder.finish())
        except Exception:
            self._source.close()
            raise

    def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
