# Derived from highlevel/wharfinger/_async/transport.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Runs operations against one engine: the only way out of this library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote

import attrs

from wharfinger._core.http1 import HTTPReply
from wharfinger._core.timeouts import Limits, Timeout
from wharfinger._sync.connection import Connection, LostError
from wharfinger._sync.dialling import Dialler
from wharfinger._sync.outgoing import Request
from wharfinger._sync.pool import Pool
from wharfinger._sync.raw_streams import ByteStream, DuplexConnection
from wharfinger.errors import UnexpectedReply, WharfingerError

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger._core.operation import Operation, RequestKwargs
    from wharfinger.address import EngineAddress, TLSConfig

T = TypeVar("T")

# An engine's error is a line of JSON; what is longer than this is none.
_ERROR_BYTES = 1024 * 1024


class Transport:
    """Connections to one engine. Nothing is connected before the first request.

        with Transport(address) as transport:
            reply = transport.call(operation)

    Args:
        address: Where the engine is.
        timeout: Limits for requests that bring none of their own.
        max_connections: How many requests may wait for a whole reply at once, and how many connections are
            kept for later. Streams and upgrades come on top.
        tls: TLS material instead of the address's own.
        max_reply_bytes: How long a reply may be that is read whole; None for no limit.
    """

    def __init__(
        self,
        address: EngineAddress,
        *,
        timeout: Timeout | None = None,
        max_connections: int = 64,
        tls: TLSConfig | None = None,
        max_reply_bytes: int | None = None,
    ) -> None:
        if max_connections < 1:
            raise ValueError(f"max_connections={max_connections}: expected at least 1")
        self._address = address if tls is None else attrs.evolve(address, tls=tls)
        self._timeout = timeout or Timeout()
        self._bound = max_reply_bytes
        self._pool = Pool(max_connections)
        self._dialler = Dialler(self._address)
        remote = address.scheme in ("tcp", "http", "https")
        self._base = quote(address.path) if remote else ""
        self._host = _host_header(address) if remote else "localhost"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._address}, {self._pool.describe()}>"

    @property
    def address(self) -> EngineAddress:
        """Where the engine is."""
        return self._address

    @property
    def timeout(self) -> Timeout:
        """Limits for requests that bring none of their own."""
        return self._timeout

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._pool.closed

    def call(self, op: Operation[T], *, prefix: str = "", timeout: Timeout | None = None) -> T:
        """Run an operation and read its whole reply.

        Args:
            op: What to ask and how to read the reply.
            prefix: Version prefix, such as "/v1.51".
            timeout: Limits instead of the transport's.

        Raises:
            EngineUnreachable: The engine does not answer.
            EngineTimeout: A limit was reached.
            ProtocolError: What it answers is not HTTP, or was cut short.
            WharfingerError: Whatever the operation makes of the reply.
        """
        limits = Limits(timeout or self._timeout)
        request = Request(op.request, self._base + prefix, self._host)
        pool = self._pool
        pool.enter(limits)
        try:
            connection = self._exchange(request, limits)
            reply = self._read_reply(connection, limits, self._bound)
        finally:
            pool.leave()
        return op.parse(reply)

    def open(self, op: Operation[Any], *, prefix: str = "", timeout: Timeout | None = None) -> ByteStream:
        """Run an operation and give the body of its good reply unread.

        Takes no place from ordinary requests, and waits for the engine without a limit unless `timeout` sets
        one: use it for whatever lasts.

        Raises:
            EngineUnreachable: The engine does not answer.
            EngineTimeout: A limit was reached.
            ProtocolError: What it answers is not HTTP.
            WharfingerError: What the operation makes of a reply that is not 2xx.
        """
        limits = Limits(timeout or self._timeout.for_stream())
        request = Request(op.request, self._base + prefix, self._host)
        connection = self._exchange(request, limits)
        if 200 <= connection.status_code < 300:
            return ByteStream(connection, limits, self._pool.put)
        raise self._refused(op, request, connection)

    def upgrade(
        self, op: Operation[Any], *, prefix: str = "", timeout: Timeout | None = None
    ) -> DuplexConnection:
        """Run an operation that makes a duplex out of its connection.

        Limits and errors are those of open().
        """
        limits = Limits(timeout or self._timeout.for_stream())
        request = Request(op.request, self._base + prefix, self._host, upgrade=True)
        connection = self._exchange(request, limits)
        if connection.hijacked and connection.status_code in (101, 200):
            return DuplexConnection(connection, limits, self._pool.put)
        raise self._refused(op, request, connection)

    def send(self, kwargs: RequestKwargs, *, timeout: Timeout | None = None) -> ByteStream:
        """Send a request as it stands and give the body of its reply unread, whatever its status.

        The door for httpx; takes no place, as open() does.
        """
        limits = Limits(timeout or self._timeout)
        request = Request(kwargs, self._base, self._host)
        connection = self._exchange(request, limits)
        return ByteStream(connection, limits, self._pool.put)

    def close(self) -> None:
        """Close every connection, streams and upgrades too."""
        self._pool.close()
        self._dialler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, request: Request, limits: Limits) -> Connection:
        """Give a connection with the head of the reply read."""
        connection = self._pool.take()
        if connection is not None:
            try:
                return self._on(connection, request, limits)
            except LostError as lost:
                # The engine closed it while it was idle, and we had not heard of it yet.
                if not request.may_repeat(sent=lost.sent):
                    raise self._unanswered(connection, lost) from lost
                self._discard(connection)
        connection = self._dialler.dial(limits)
        self._pool.add(connection)
        try:
            return self._on(connection, request, limits)
        except LostError as lost:
            raise self._unanswered(connection, lost) from lost

    def _on(self, connection: Connection, request: Request, limits: Limits) -> Connection:
        try:
            connection.exchange(request, limits)
        except LostError:
            raise
        except BaseException:
            self._discard(connection)
            raise
        return connection

    def _unanswered(self, connection: Connection, lost: LostError) -> WharfingerError:
        try:
            return connection.lost(lost, str(self._address))
        finally:
            self._discard(connection)

    def _read_reply(self, connection: Connection, limits: Limits, bound: int | None) -> HTTPReply:
        try:
            content = connection.read_all(limits, bound)
            return HTTPReply(connection.status_code, connection.headers, content)
        except BaseException:
            connection.close()
            raise
        finally:
            self._pool.put(connection)

    def _refused(self, op: Operation[Any], request: Request, connection: Connection) -> UnexpectedReply:
        """Raise what the operation makes of a reply that is not the stream asked for, or give an error."""
        reply = self._read_reply(connection, Limits(self._timeout), _ERROR_BYTES)
        op.parse(reply)
        path = request.target.partition("?")[0]
        return UnexpectedReply(
            f"{request.method} {path}: expected a stream, the engine replied {reply.status_code}",
            reply.content,
            reply.status_code,
        )

    def _discard(self, connection: Connection) -> None:
        connection.close()
        self._pool.put(connection)


def _host_header(address: EngineAddress) -> str:
    host = address.host or "localhost"
    return f"[{host}]:{address.port}" if ":" in host else f"{host}:{address.port}"
