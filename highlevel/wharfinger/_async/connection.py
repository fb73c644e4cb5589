"""One connection: a request goes out, the head of its reply comes in, then the body or a duplex."""

from __future__ import annotations

from contextlib import aclosing
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from typing import TYPE_CHECKING

from wharfinger._core.http1 import Headers, ReplyParser
from wharfinger.errors import ClosedError, EngineUnreachable, ProtocolError, UnexpectedReply

if TYPE_CHECKING:
    from wharfinger._async.channel import AsyncChannel
    from wharfinger._async.outgoing import AsyncRequest
    from wharfinger._core.frames import Part
    from wharfinger._core.timeouts import Limits

BUFFER_BYTES = 128 * 1024


class LostError(Exception):
    """The connection broke before any byte of a reply: the request may have to be sent again.

    Attributes:
        sent: Whether the engine may have got any of the request.
    """

    def __init__(self, *, sent: bool) -> None:
        self.sent = sent
        super().__init__("the engine closed the connection before it replied")


class AsyncConnection:
    """A channel to the engine and the reply that is being read from it."""

    __slots__ = ("_buffer", "_channel", "_name", "_parser", "_rest", "used")

    def __init__(self, channel: AsyncChannel, name: str) -> None:
        self._channel = channel
        self._name = name
        self._parser = ReplyParser()
        # A bytearray would be filled with zeros at once: pages of this one cost memory when something comes.
        self._buffer = memoryview(mmap(-1, BUFFER_BYTES, flags=MAP_PRIVATE | MAP_ANONYMOUS))
        self._rest = b""
        self.used = False

    @property
    def channel(self) -> AsyncChannel:
        """What it is made of; belongs to whoever upgraded the connection."""
        return self._channel

    @property
    def status_code(self) -> int:
        """HTTP status of the reply."""
        return self._parser.status_code

    @property
    def headers(self) -> Headers:
        """Headers of the reply."""
        return self._parser.headers

    @property
    def complete(self) -> bool:
        """Whether the whole reply has come."""
        return self._parser.complete

    @property
    def hijacked(self) -> bool:
        """Whether what follows the head is a stream of the engine's own making, not a body."""
        return self._parser.upgraded or self._parser.until_close

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent."""
        return self._parser.reusable and not self._channel.closed

    def is_stale(self) -> bool:
        """Whether the engine closed it, or said something unasked, while it was idle."""
        return self._channel.is_readable()

    def close(self) -> None:
        """Close at once; who reads from it gets a ClosedError."""
        self._channel.close()

    def abandon(self) -> None:
        """Let go of it without a word to the engine: somebody else may be using it."""
        self._channel.abandon()

    async def exchange(self, request: AsyncRequest, limits: Limits) -> None:
        """Send a request and read the head of its reply.

        Raises:
            LostError: The connection broke before any byte of a reply.
            EngineTimeout: A limit was reached.
            ProtocolError: The reply is not HTTP or was cut short.
        """
        parser = self._parser
        parser.begin(request.method)
        self.used = True
        try:
            await self._send(request.head, limits, sent=False)
            if request.streamed and not await self._send_body(request, limits):
                parser.forbid_reuse()
        except LostError as lost:
            # The engine may have answered and closed without reading on: then its answer is the better news.
            parser.forbid_reuse()
            await self._read_head_of_broken(lost, limits)
        while not parser.head_done:
            await self._receive(limits)
        if parser.upgraded and not request.upgrade:
            raise ProtocolError("the engine upgraded the connection (status 101), which was not asked for")

    async def _send(self, data: bytes | memoryview, limits: Limits, *, sent: bool) -> None:
        try:
            await self._channel.send_all(data, limits.write())
        except TimeoutError as fault:
            raise limits.expired("write") from fault
        except OSError as fault:
            raise LostError(sent=sent) from fault

    async def _send_watching(self, data: bytes | memoryview, limits: Limits) -> int:
        try:
            return await self._channel.send_watching(data, limits.write())
        except TimeoutError as fault:
            raise limits.expired("write") from fault
        except OSError as fault:
            raise LostError(sent=True) from fault

    async def _read_head_of_broken(self, lost: LostError, limits: Limits) -> None:
        try:
            while not self._parser.head_done:
                await self._receive(limits)
        except LostError as later:
            # Reading may tell more than a broken pipe does, such as which certificate TLS wanted.
            raise LostError(sent=lost.sent) from later.__cause__ or lost.__cause__

    async def _send_body(self, request: AsyncRequest, limits: Limits) -> bool:
        """Send a body piece by piece; False when the engine refused it before the end."""
        async with aclosing(request.pieces()) as pieces:
            async for piece in pieces:
                if self._parser.head_done:
                    await self._send(piece, limits, sent=True)
                elif not await self._send_piece(piece, limits):
                    return False
        return True

    async def _send_piece(self, piece: bytes | memoryview, limits: Limits) -> bool:
        sent = await self._send_watching(piece, limits)
        while sent < len(piece):
            await self._receive(limits)
            if self._parser.status_code >= 300:
                return False
            if self._parser.head_done:
                # An early success: some engines begin to reply while they read.
                await self._send(piece[sent:], limits, sent=True)
                return True
            sent += await self._send_watching(piece[sent:], limits)
        return True

    async def _receive(self, limits: Limits) -> None:
        """Read once from the channel into the parser."""
        try:
            count = await self._channel.receive_into(self._buffer, limits.read())
        except TimeoutError as fault:
            raise limits.expired("read") from fault
        except OSError as fault:
            if not self._parser.started:
                raise LostError(sent=True) from fault
            raise ProtocolError(f"the connection to {self._name} broke within a reply: {fault}") from fault
        if count:
            rest = self._parser.feed(self._buffer[:count])
            if rest is not None:
                self._rest = bytes(rest)
        elif not self._parser.started:
            raise LostError(sent=True)
        else:
            self._parser.end()

    async def read_some(self, limits: Limits) -> bytes:
        """Give what has come of the body, waiting for it if need be; b"" at its end.

        Raises:
            EngineTimeout: A limit was reached.
            ProtocolError: The body was cut short or is not HTTP.
        """
        return await self._read_past(limits) if await self._has_to_read_past(limits) else self._parser.take()

    async def read_parts(self, limits: Limits) -> list[Part]:
        """As read_some, in the parts that the engine has cut it into; none at its end.

        Views are good until more is read.
        """
        if not await self._has_to_read_past(limits):
            return self._parser.take_parts()
        data = await self._read_past(limits)
        return [data] if data else []

    async def _has_to_read_past(self, limits: Limits) -> bool:
        """Wait until the parser has something of the body, or has come to its end; whether it never will."""
        parser = self._parser
        while not parser.has_parts and not parser.complete:
            if parser.remaining is not None or parser.until_close:
                return True
            await self._receive(limits)
        return False

    async def _read_past(self, limits: Limits) -> bytes:
        """Read a body whose bytes need no parser."""
        left = self._parser.remaining
        try:
            data = await self._channel.receive(
                BUFFER_BYTES if left is None else min(left, BUFFER_BYTES), limits.read()
            )
        except TimeoutError as fault:
            raise limits.expired("read") from fault
        except OSError as fault:
            raise ProtocolError(f"the connection to {self._name} broke within a body: {fault}") from fault
        if not data:
            self._parser.end()
        elif left is not None:
            self._parser.past(len(data))
        return data

    async def read_all(self, limits: Limits, bound: int | None) -> bytes:
        """Give the whole body.

        Raises:
            UnexpectedReply: It is longer than the bound, in bytes.
            EngineTimeout: A limit was reached.
            ProtocolError: It was cut short or is not HTTP.
        """
        first = await self.read_some(limits)
        if self._parser.complete and (bound is None or len(first) <= bound):
            # Nothing more to come, but the parser may hold a part that came together with the end.
            rest = self._parser.take()
            return first + rest if rest else first
        parts, size = [first], len(first)
        while data := await self.read_some(limits):
            parts.append(data)
            size += len(data)
            if bound is not None and size > bound:
                break
        if bound is not None and size > bound:
            raise UnexpectedReply(
                f"the engine's reply is longer than the {bound} bytes it may have here",
                b"".join(parts)[:bound],
                self.status_code,
            )
        return b"".join(parts)

    def take_rest(self) -> bytes:
        """Give what came after the head of an upgrade together with it."""
        rest, self._rest = self._rest, b""
        return rest + self._parser.take()

    async def lost(self, fault: LostError, address: str) -> EngineUnreachable | ClosedError:
        """Give the error for a request that got no reply at all."""
        if self._channel.closed:
            return ClosedError("the client was closed while it waited for a reply")
        why = await self._channel.explain()
        cause = fault.__cause__
        reason = why or (f"{fault} ({cause})" if cause is not None else str(fault))
        return EngineUnreachable([(address, reason)], "The engine may have ended, or may not be one")
