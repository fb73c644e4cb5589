"""Calls of gRPC over a connection of ours, whichever side makes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from wharfinger._async._primitives import AsyncWorker
from wharfinger._async._primitives_gate import AsyncGate
from wharfinger._core.grpc import Messages, RPCError, Status, framed, metadata, told_status, trailers
from wharfinger._core.http2 import (
    HTTP2,
    CallData,
    CallEnded,
    CallOpened,
    CallReset,
    CallTrailers,
    ConnectionEnded,
)
from wharfinger.errors import ClosedError, ProtocolError, WharfingerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wharfinger._async.raw_streams import AsyncDuplexConnection
    from wharfinger._core.http2 import Happening, Headers

# What waits to be sent is not more than this, whatever the other side has room for.
_UNSENT = 256 * 1024
_CONTENT = ("content-type", "application/grpc")


class AsyncCall:
    """One call: messages one way and the other. One task or thread sends, one receives.

    Attributes:
        path: What is called, such as "/grpc.health.v1.Health/Check".
        headers: What was sent along.
    """

    def __init__(self, connection: AsyncRPC, stream: int, headers: Headers) -> None:
        self.path = headers.get(":path", ("",))[0]
        self.headers = headers
        self._connection = connection
        self._stream = stream
        self._messages = Messages()
        self._owed = 0
        self._holds_everything = False
        self._ended = False
        self._fault: Exception | None = None
        self._trailers: Headers = {}

    async def receive(self) -> bytes | None:
        """The next message; None when the other side has sent its last.

        Raises:
            RPCError: It ended with another status than OK, or was given up.
            ProtocolError: It was cut short.
            ClosedError: This side ended the connection.
        """
        gate, state = self._connection.gate, self._connection.state
        with gate:
            await gate.until(lambda: bool(self._messages) or self._ended or self._fault is not None)
            if self._messages:
                message = self._messages.take()
                if not self._messages:
                    owed, self._owed = self._owed, 0
                    state.acknowledge(self._stream, owed)
                    gate.notify()
                return message
            if self._fault is not None:
                raise self._fault
            return None

    def hold_everything(self) -> None:
        """Lets the other side send before it is looked at: for small messages that it must not wait with."""
        with self._connection.gate:
            self._holds_everything = True

    async def send(self, message: bytes) -> None:
        """Sends a message, when the other side has room for it.

        Raises:
            RPCError: The other side gave the call up.
            ProtocolError: The connection was cut.
            ClosedError: This side ended the connection.
        """
        gate, state = self._connection.gate, self._connection.state
        data = memoryview(framed(message))
        while data:
            with gate:
                await gate.until(self._may_send)
                if self._fault is not None:
                    raise self._fault
                size = min(len(data), state.room(self._stream))
                state.send(self._stream, data[:size])
                data = data[size:]
                gate.notify()

    def end_sending(self) -> None:
        """Says that this side has sent its last message."""
        with self._connection.gate:
            self._connection.state.end(self._stream)
            self._connection.gate.notify()

    def give_up(self) -> None:
        """Says that the rest of it is not wanted."""
        with self._connection.gate:
            self._connection.state.reset(self._stream, wrong=True)
            self.break_off(ClosedError("the call was given up by this side"))
            self._connection.gate.notify()

    def answer(self, status: int, message: str) -> None:
        """Ends a call of the other side."""
        with self._connection.gate:
            if self._fault is not None:
                return
            self._connection.state.send_headers(self._stream, trailers(status, message), end=True)
            if not self._ended:
                self._connection.state.reset(self._stream, wrong=False)
            self._connection.gate.notify()

    def take_in(self, happening: CallData | CallTrailers | CallEnded | CallReset) -> None:
        """Keeps what has come."""
        if isinstance(happening, CallData):
            self._keep(happening)
        elif isinstance(happening, CallTrailers):
            self._trailers = {**self._trailers, **happening.headers}
        elif isinstance(happening, CallReset):
            self.break_off(RPCError(Status.CANCELLED, "the engine gave the call up"))
        else:
            self._end()

    def break_off(self, fault: Exception) -> None:
        """Says that no more will come, and why."""
        if self._fault is None and not (self._ended and self._trailers):
            self._fault = fault

    def _may_send(self) -> bool:
        if self._fault is not None:
            return True
        state = self._connection.state
        return state.unsent < _UNSENT and state.room(self._stream) > 0

    def _keep(self, happening: CallData) -> None:
        idle = self._holds_everything or not self._messages
        try:
            self._messages.feed(happening.data)
        except ProtocolError as fault:
            self.break_off(fault)
            idle = True
        if idle:
            # Somebody waits for it, or the rest of a message that may be longer than the window is needed.
            self._connection.state.acknowledge(self._stream, happening.size)
        else:
            self._owed += happening.size

    def _end(self) -> None:
        self._ended = True
        try:
            self._messages.finish()
        except ProtocolError as fault:
            self.break_off(fault)
        if self._connection.client:
            status, message = told_status(self._trailers)
            if status != Status.OK:
                self._fault = RPCError(status, message)


class Handler(Protocol):
    """What answers calls of the other side; ends one well by returning."""

    async def __call__(self, call: AsyncCall) -> None: ...


class AsyncRPC:
    """A connection that calls go over.

        async with AsyncRPC(duplex, {"/grpc.health.v1.Health/Check": check}) as rpc:
            …

    Args:
        duplex: The bytes; closed with this.
        handlers: What the other side may call, by path; those raise RPCError where it has to be told of a fault.
        client: Whether this side calls.

    Attributes:
        gate: Guards the state.
        state: HTTP/2's.
        client: Whether this side calls.
        fault: The first fault of a handler that was none of the protocol's.
    """

    def __init__(
        self,
        duplex: AsyncDuplexConnection,
        handlers: Mapping[str, Handler] | None = None,
        *,
        client: bool = False,
    ) -> None:
        self.gate = AsyncGate()
        self.state = HTTP2(client=client)
        self.client = client
        self.fault: Exception | None = None
        self._duplex = duplex
        self._handlers = {path.lower(): handler for path, handler in (handlers or {}).items()}
        self._calls: dict[int, AsyncCall] = {}
        self._serving: dict[int, AsyncWorker] = {}
        self._over = False
        self._closed = False
        self._workers = (AsyncWorker(self._write), AsyncWorker(self._read))

    @property
    def closed(self) -> bool:
        """Whether this side closed it."""
        return self._closed

    async def call(self, path: str, message: bytes, headers: Iterable[tuple[str, str]] = ()) -> AsyncCall:
        """Calls the other side with one message.

        Raises:
            ClosedError: The connection is over.
        """
        asking = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "localhost"),
            _CONTENT,
            ("te", "trailers"),
            *headers,
        ]
        with self.gate:
            if self._over:
                raise ClosedError("the connection of the build is over")
            stream = self.state.open(asking)
            call = self._calls[stream] = AsyncCall(self, stream, metadata(asking))
            self.gate.notify()
        await call.send(message)
        call.end_sending()
        return call

    async def close(self) -> None:
        """Ends it, and everything that was going on over it."""
        self._say_goodbye()
        with self.gate:
            serving = [*self._serving.values()]
        await self._duplex.close()
        for worker in (*self._workers, *serving):
            await worker.abandon()

    def drop(self) -> None:
        """As close(), for finalizers, which cannot wait; only where the connection is at home."""
        self._say_goodbye()
        self._duplex.drop()

    def abandon(self) -> None:
        """Let go of it without a word: in the child of a fork, whose parent still uses it."""
        self._closed = True
        self._duplex.abandon()

    def _say_goodbye(self) -> None:
        with self.gate:
            self._closed = True
            self._give_up(ClosedError("the connection of the build was closed by this side"))

    async def _read(self) -> None:
        fault: Exception = ProtocolError("the engine ended the connection of the build")
        try:
            while data := await self._duplex.receive():
                with self.gate:
                    for happening in self.state.receive(data):
                        self._take_in(happening)
                    self.gate.notify()
        except WharfingerError as found:
            fault = found
        finally:
            with self.gate:
                self._give_up(fault)

    async def _write(self) -> None:
        try:
            while True:
                with self.gate:
                    await self.gate.until(lambda: self.state.unsent > 0 or self._over)
                    data = self.state.take()
                    self.gate.notify()
                if not data:
                    return
                await self._duplex.send(data)
        except WharfingerError as fault:
            with self.gate:
                self._give_up(fault)

    def _give_up(self, fault: Exception) -> None:
        self._over = True
        for call in self._calls.values():
            call.break_off(fault)
        self.gate.notify()

    def _take_in(self, happening: Happening) -> None:
        if isinstance(happening, CallOpened):
            call = self._calls[happening.stream] = AsyncCall(self, happening.stream, happening.headers)
            self._serving[happening.stream] = AsyncWorker(partial(self._serve, happening.stream, call))
        elif isinstance(happening, ConnectionEnded):
            self._give_up(ProtocolError("the engine ended the connection of the build"))
        elif happening.stream in self._calls:
            self._calls[happening.stream].take_in(happening)
            if self.client and isinstance(happening, CallEnded | CallReset):
                del self._calls[happening.stream]
        elif isinstance(happening, CallData):
            self.state.acknowledge(happening.stream, happening.size)

    async def _serve(self, stream: int, call: AsyncCall) -> None:
        status, message = Status.OK, ""
        try:
            with self.gate:
                self.state.send_headers(stream, [(":status", "200"), _CONTENT])
                self.gate.notify()
            handler = self._handlers.get(call.path.lower())
            if handler is None:
                raise RPCError(Status.UNIMPLEMENTED, f"{call.path} is not served")  # noqa: TRY301 - told of as others are
            await handler(call)
        except RPCError as fault:
            status, message = Status(fault.status), fault.message
        except (ClosedError, ProtocolError):
            # Nobody is there any more to be told.
            status = Status.CANCELLED
        except Exception as fault:  # noqa: BLE001 - kept for who owns the connection
            self.fault = self.fault or fault
            status, message = Status.UNKNOWN, str(fault) or type(fault).__name__
        finally:
            call.answer(status, message)
            with self.gate:
                self._calls.pop(stream, None)
                self._serving.pop(stream, None)
