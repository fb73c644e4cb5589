"""One end of an HTTP/2 connection that carries gRPC calls: bytes in and events out, words in and bytes out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import attrs
import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from wharfinger._core.grpc import metadata
from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# How much may be on its way to us and not looked at yet: in one call, and in all.
WINDOW = 1024 * 1024
_WHOLE_WINDOW = 4 * WINDOW
_FIRST_WINDOW = 65535

Headers: TypeAlias = "Mapping[str, tuple[str, ...]]"


@attrs.frozen
class CallOpened:
    """The other side calls.

    Attributes:
        stream: Its number.
        headers: By name, the path among them.
    """

    stream: int
    headers: Headers = attrs.field(repr=False)


@attrs.frozen
class CallData:
    """Bytes of a call.

    Attributes:
        stream: Of which.
        data: The bytes.
        size: How much of the window they take until they are acknowledged.
    """

    stream: int
    data: bytes = attrs.field(repr=False)
    size: int


@attrs.frozen
class CallTrailers:
    """How the other side ended a call of ours."""

    stream: int
    headers: Headers = attrs.field(repr=False)


@attrs.frozen
class CallEnded:
    """The other side sends nothing more in a call."""

    stream: int


@attrs.frozen
class CallReset:
    """The other side gave a call up."""

    stream: int


@attrs.frozen
class ConnectionEnded:
    """The other side wants no more calls."""


Happening: TypeAlias = CallOpened | CallData | CallTrailers | CallEnded | CallReset | ConnectionEnded


class HTTP2:
    """Keeps the state of one connection.

    Args:
        client: Whether this side calls.
    """

    def __init__(self, *, client: bool) -> None:
        config = h2.config.H2Configuration(client_side=client, header_encoding="utf-8")
        self._state = h2.connection.H2Connection(config)
        values = {
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW,
            h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 100,
            h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: 1024 * 1024,
        }
        if client:
            values[h2.settings.SettingCodes.ENABLE_PUSH] = 0
        self._state.local_settings = h2.settings.Settings(client=client, initial_values=values)
        self._state.initiate_connection()
        self._state.increment_flow_control_window(_WHOLE_WINDOW - _FIRST_WINDOW)
        self._unsent = bytearray()

    @property
    def unsent(self) -> int:
        """How many bytes wait to be sent."""
        self._collect()
        return len(self._unsent)

    def take(self) -> bytes:
        """The bytes that wait to be sent."""
        self._collect()
        data = bytes(self._unsent)
        self._unsent.clear()
        return data

    def receive(self, data: bytes) -> list[Happening]:
        """Take in what has come.

        Raises:
            ProtocolError: It is not HTTP/2.
        """
        try:
            return [found for event in self._state.receive_data(data) for found in _told(event)]
        except h2.exceptions.ProtocolError as fault:
            raise ProtocolError(f"what the engine sent is not HTTP/2: {fault}") from fault

    def open(self, headers: Iterable[tuple[str, str]]) -> int:
        """Begin a call, and give its number."""
        stream = self._state.get_next_available_stream_id()
        self._state.send_headers(stream, list(headers))
        return stream

    def send_headers(self, stream: int, headers: Iterable[tuple[str, str]], *, end: bool = False) -> None:
        """Send headers or trailers in a call; nothing happens where it is over."""
        try:
            self._state.send_headers(stream, list(headers), end_stream=end)
        except h2.exceptions.ProtocolError as fault:
            raise _gone(fault) from fault

    def room(self, stream: int) -> int:
        """How many bytes the other side has room for in a call.

        Raises:
            ProtocolError: The call is over.
        """
        try:
            window = self._state.local_flow_control_window(stream)
        except h2.exceptions.ProtocolError as fault:
            raise _gone(fault) from fault
        return min(window, self._state.max_outbound_frame_size)

    def send(self, stream: int, data: bytes | memoryview) -> None:
        """Send bytes in a call, not more than there is room for.

        Raises:
            ProtocolError: The call is over.
        """
        try:
            self._state.send_data(stream, data)
        except h2.exceptions.ProtocolError as fault:
            raise _gone(fault) from fault

    def end(self, stream: int) -> None:
        """Say that nothing more is sent in a call; nothing happens where it is over."""
        try:
            self._state.end_stream(stream)
        except h2.exceptions.ProtocolError:
            return

    def reset(self, stream: int, *, wrong: bool) -> None:
        """Give a call up, or say that the rest of what it sends is not wanted."""
        code = h2.errors.ErrorCodes.CANCEL if wrong else h2.errors.ErrorCodes.NO_ERROR
        try:
            self._state.reset_stream(stream, code)
        except h2.exceptions.ProtocolError:
            return

    def acknowledge(self, stream: int, size: int) -> None:
        """Make room for as much as was looked at."""
        if size:
            self._state.acknowledge_received_data(size, stream)

    def close(self) -> None:
        """Say goodbye."""
        try:
            self._state.close_connection()
        except h2.exceptions.ProtocolError:
            return

    def _collect(self) -> None:
        self._unsent += self._state.data_to_send()


def _gone(fault: Exception) -> ProtocolError:
    return ProtocolError(f"the call is over: {fault}")


def _told(event: h2.events.Event) -> Iterator[Happening]:
    if isinstance(event, h2.events.RequestReceived):
        yield CallOpened(event.stream_id, _headers(event.headers))
    elif isinstance(event, h2.events.DataReceived):
        yield CallData(event.stream_id, event.data, event.flow_controlled_length)
    elif isinstance(event, h2.events.ResponseReceived | h2.events.TrailersReceived):
        # An answer that has nothing but an end tells it in its first headers.
        yield CallTrailers(event.stream_id, _headers(event.headers))
    elif isinstance(event, h2.events.StreamEnded):
        yield CallEnded(event.stream_id)
    elif isinstance(event, h2.events.StreamReset):
        yield CallReset(event.stream_id)
    elif isinstance(event, h2.events.ConnectionTerminated):
        yield ConnectionEnded()


def _headers(headers: Iterable[tuple[str | bytes, str | bytes]] | None) -> Headers:
    return metadata((_text(name), _text(value)) for name, value in headers or ())


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
