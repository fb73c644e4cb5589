"""The three forms in which the events of a transfer can be had, each of them watched for an error told inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core.decoding import FaultHolder
from wharfinger._core.jsonlines import JSONDecoder, error_message
from wharfinger._core.stream_decoders import JSONValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._core.stream_decoders import Decoder
    from wharfinger.errors import StreamError
    from wharfinger.types import Progress


class WatchedChunks(FaultHolder):
    """The bytes of a stream of JSON values as they come; the error that they tell is raised behind them.

    Args:
        fault: The error to raise, made of the engine's text.
    """

    def __init__(self, fault: Callable[[str], StreamError]) -> None:
        super().__init__()
        self._make = fault
        self._values = JSONDecoder()

    def feed(self, data: bytes, /) -> list[bytes]:
        """The chunk."""
        self.check()
        return self.settle([data], self._told(self._values.feed(data)))

    def finish(self) -> list[bytes]:
        """Nothing; says whether an error was told, or the stream was cut short."""
        self.check()
        return self.settle([], self._told(self._values.finish()))

    def _told(self, values: list[Any]) -> Exception | None:
        told = next(filter(None, map(error_message, values)), None)
        return self._make(told) if told else None


def progress_decoder(
    decode: bool | None, kind: type[Progress], fault: Callable[[str], StreamError]
) -> tuple[Decoder[Any], Callable[[Any], None] | None]:
    """The decoder of a transfer's stream, and what looks at each of its values.

    Args:
        decode: None for values of `kind`, True for the engine's JSON, False for bytes.
        kind: The events' type.
        fault: The error to raise where the engine tells one, made of its text.
    """
    if decode is False:
        return WatchedChunks(fault), None

    def check(value: Any) -> None:  # noqa: ANN401 - an event in either form
        message = error_message(value) if decode else value.error
        if message:
            raise fault(message)

    return JSONValues(dict if decode else kind.from_event), check


def check_stream_options(*, stream: bool, decode: bool | None, told: bool) -> None:
    """Says what contradicts itself.

    Args:
        stream: Whether the caller reads the events.
        decode: In which form.
        told: Whether they shall be told to a function or shown by a bar.

    Raises:
        ValueError: The form without the stream, or both ways to see the events.
    """
    if decode is not None and not stream:
        raise ValueError(f"decode={decode} is given without stream=True, which it is the form of")
    if stream and told:
        raise ValueError("stream=True is given together with progress or progress_bar; expected one of them")
