# Derived from highlevel/wharfinger/_async/raw_streams.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What open() and upgrade() give: a body that is read as it comes, and a connection in both directions."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Self

from wharfinger._core.timeouts import Limits, Timeout
from wharfinger._sync._primitives import StateLock, home
from wharfinger._sync._primitives_streams import let_go
from wharfinger.errors import ClosedError, EngineTimeout, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from wharfinger._core.frames import Part
    from wharfinger._sync.channel import Channel
    from wharfinger._sync.connection import Connection

_CLOSED = "the stream was closed by this side"


class ByteStream:
    """The body of a reply, in chunks of bytes as they come.

    One task or thread reads; any may close, which wakes the reader at once with a ClosedError. After the last
    chunk the connection is given back by itself; a stream that is not read to its end has to be closed. One that
    is dropped instead closes its connection, with a ResourceWarning.
    """

    _connection: Connection | None = None

    def __init__(
        self, connection: Connection, limits: Limits, give_back: Callable[[Connection], None]
    ) -> None:
        self._connection: Connection | None = connection
        self._limits = limits
        self._give_back = give_back
        self._guard = StateLock()
        self._home = home()
        self._closed = False
        self._status_code = connection.status_code
        self._headers = connection.headers

    def __del__(self) -> None:
        if self._connection is not None:
            _let_go(self, self._connection, self._home, self._give_back)

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open" if self._connection else "read to its end"
        return f"<{type(self).__name__} {self._status_code}, {state}>"

    @property
    def status_code(self) -> int:
        """HTTP status."""
        return self._status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the reply; names may be asked for in any case."""
        return self._headers

    @property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Headers as they were sent."""
        return self._headers.raw

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return _joined(self.parts())

    def next_within(self, seconds: float) -> bytes | None:
        """What comes next; None when nothing came in this time, after which reading goes on."""
        try:
            return _joined(self._parts(Limits(Timeout(read=seconds)), patient=True))
        except EngineTimeout:
            return None

    def parts(self) -> list[Part]:
        """What comes next, in the parts that the engine has cut it into: for who would cut it again.

        Views are good until more is read. Raises what the iterator does, at the end too.
        """
        return self._parts(self._limits)

    def _parts(self, limits: Limits, *, patient: bool = False) -> list[Part]:
        connection = self._connection
        if connection is None:
            if self._closed:
                raise ClosedError(_CLOSED)
            raise StopIteration
        try:
            parts = connection.read_parts(limits)
        except Exception as fault:
            if self._closed and not isinstance(fault, ClosedError):
                raise ClosedError(_CLOSED) from fault
            if not patient or not isinstance(fault, EngineTimeout):
                self.close()
            raise
        if parts:
            return parts
        if self._take() is not None:
            self._give_back(connection)
        raise StopIteration

    def read(self) -> bytes:
        """Give all that is still to come.

        Raises:
            ProtocolError: The body was cut short.
            ClosedError: This side closed the stream.
            EngineTimeout: A limit that was asked for was reached.
        """
        return b"".join(list(self))

    def close(self) -> None:
        """Close at once, wherever the reader is."""
        self.drop()

    def drop(self) -> None:
        """As close(), for finalizers, which cannot wait; only where the stream is at home."""
        self._closed = self._closed or self._connection is not None
        connection = self._take()
        if connection is not None:
            _drop(connection, self._give_back)

    def _take(self) -> Connection | None:
        # Reader and closer may come at once; the connection goes to one of them.
        with self._guard:
            connection, self._connection = self._connection, None
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _joined(parts: list[Part]) -> bytes:
    first = parts[0]
    return first if len(parts) == 1 and isinstance(first, bytes) else b"".join(parts)


def _drop(connection: Connection, give_back: Callable[[Connection], None]) -> None:
    connection.close()
    give_back(connection)


def _let_go(
    dropped: object,
    connection: Connection,
    place: object,
    give_back: Callable[[Connection], None],
) -> None:
    """Closes the connection of something that is being finalized, and says that nobody had closed it."""
    if connection.channel.closed:
        return
    words = f"{dropped!r} was dropped without being closed"
    let_go(place, partial(_drop, connection, give_back), connection.abandon)
    # Last: where warnings are errors, nothing after it would happen.
    warnings.warn(words, ResourceWarning, source=dropped, stacklevel=1)


class DuplexConnection:
    """A connection that carries bytes both ways, such as a container's streams.

    One task or thread receives while another sends; any may close, which wakes both with a ClosedError. One that is
    dropped instead closes itself, with a ResourceWarning.
    """

    def __init__(
        self, connection: Connection, limits: Limits, give_back: Callable[[Connection], None]
    ) -> None:
        self._connection = connection
        self._channel: Channel = connection.channel
        self._limits = limits
        self._give_back = give_back
        self._home = home()
        self._rest = connection.take_rest()
        self._status_code = connection.status_code
        self._headers = connection.headers

    def __del__(self) -> None:
        _let_go(self, self._connection, self._home, self._give_back)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._status_code}, {'closed' if self._channel.closed else 'open'}>"

    @property
    def status_code(self) -> int:
        """HTTP status: 101, or 200 of an engine that upgrades without saying so."""
        return self._status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the reply; names may be asked for in any case."""
        return self._headers

    def fileno(self) -> int:
        """The descriptor beneath; -1 when it is closed."""
        return self._channel.fileno()

    def limit(self, timeout: Timeout) -> None:
        """Set the limits of what is sent and received from now on."""
        self._limits = Limits(timeout)

    def send(self, data: bytes | memoryview) -> None:
        """Send it all.

        Raises:
            ProtocolError: The engine ended the connection.
            ClosedError: This side closed it.
            EngineTimeout: The engine took nothing for too long.
        """
        try:
            self._channel.send_all(data, self._limits.write())
        except TimeoutError as fault:
            raise self._limits.expired("write") from fault
        except OSError as fault:
            raise ProtocolError(f"the engine ended the connection while it was sent to: {fault}") from fault

    def receive(self, max_bytes: int = 65536) -> bytes:
        """Give what has come, waiting for it if need be; b"" when the engine has ended its side.

        Raises:
            ProtocolError: The connection broke.
            ClosedError: This side closed it.
            EngineTimeout: A limit that was asked for was reached.
        """
        if self._rest:
            data, self._rest = self._rest[:max_bytes], self._rest[max_bytes:]
            return data
        try:
            return self._channel.receive(max_bytes, self._limits.read())
        except TimeoutError as fault:
            raise self._limits.expired("read") from fault
        except OSError as fault:
            raise ProtocolError(f"the connection broke: {fault}") from fault

    def close_write(self) -> None:
        """Tell the engine that nothing more will be sent; receiving goes on.

        Raises:
            ProtocolError: The engine ended the connection.
            ClosedError: This side closed it.
        """
        try:
            self._channel.finish_sending(self._limits.write())
        except TimeoutError as fault:
            raise self._limits.expired("write") from fault
        except OSError as fault:
            raise ProtocolError(f"the engine ended the connection: {fault}") from fault

    def close(self) -> None:
        """Close both directions at once."""
        self.drop()

    def drop(self) -> None:
        """As close(), for finalizers, which cannot wait; only where the connection is at home."""
        self._channel.close()
        self._give_back(self._connection)

    def abandon(self) -> None:
        """Let go of it without a word: in the child of a fork, whose parent still uses it."""
        self._connection.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
