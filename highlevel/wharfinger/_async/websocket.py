"""Attaching by websocket: the handshake over a connection of ours, and the messages in it."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

from wharfinger._async._primitives import AsyncLock
from wharfinger._async.conversation import CHUNK
from wharfinger._core.operation import Operation
from wharfinger.errors import NotSupported, ProtocolError

if TYPE_CHECKING:
    from wharfinger._async.conversation import AsyncConversation
    from wharfinger._async.raw_streams import AsyncDuplexConnection

_NORMAL = (1000, 1001, 1005)  # "normal", "going away", and no code at all


class Handshake:
    """Asks for a websocket, and checks that the engine understood.

    Raises:
        ImportError: The library that knows the protocol is missing.
    """

    def __init__(self) -> None:
        try:
            from wsproto.utilities import generate_accept_token
        except ImportError as fault:
            raise ImportError(
                "attaching by websocket needs the package wsproto; install it as wharfinger[websocket]"
            ) from fault
        nonce = base64.b64encode(os.urandom(16))
        self._key = nonce.decode()
        self._accepted = generate_accept_token(nonce).decode()

    def asking(self, op: Operation[Any]) -> Operation[Any]:
        """The operation, asking for a websocket."""
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": self._key,
            "Sec-WebSocket-Version": "13",
        }
        return Operation({**op.request, "headers": {**op.request.get("headers", {}), **headers}}, op.parse)

    async def check(self, connection: AsyncDuplexConnection) -> None:
        """Checks the engine's part of it.

        Raises:
            ProtocolError: It is none.
        """
        if connection.headers.get("sec-websocket-accept", "").strip() != self._accepted:
            await connection.close()
            raise ProtocolError("the engine did not answer the handshake of the websocket as it has to")


class AsyncWebSocket:
    """The bytes in the messages of a websocket, both ways."""

    def __init__(self, talk: AsyncConversation) -> None:
        from wsproto.connection import CLIENT, Connection

        self._talk = talk
        self._protocol = Connection(CLIENT)
        # The reader answers pings, while another may be sending.
        self._sending = AsyncLock()
        self._ready = b""
        self._ended = False

    @property
    def exit_code(self) -> int | None:
        """The container's exit code; None before its end was read, and where it goes on."""
        return self._talk.exit_code

    @property
    def state(self) -> str:
        """In a word, for a repr."""
        return self._talk.state

    def fileno(self) -> int:
        """The descriptor beneath; -1 when it is closed."""
        return self._talk.fileno()

    def limit(self, seconds: float | None) -> None:
        """Set how long sending and receiving may wait from now on."""
        self._talk.limit(seconds)

    async def receive(self, max_bytes: int) -> bytes:
        """What has come, waiting for it if need be; b"" at the end. Raises as AsyncConversation.receive does."""
        while not self._ready:
            data = await self._talk.receive()
            if not data:
                return b""
            if not self._ended:
                await self._take(data)
        data, self._ready = self._ready[:max_bytes], self._ready[max_bytes:]
        return data

    async def _take(self, data: bytes) -> None:
        from wsproto.events import BytesMessage, CloseConnection, Ping

        self._protocol.receive_data(data)
        for event in self._protocol.events():
            if isinstance(event, BytesMessage):
                self._ready += event.data
            elif isinstance(event, Ping):
                await self._send(event.response())
            elif isinstance(event, CloseConnection):
                self._ended = True
                if event.code not in _NORMAL:
                    await self.close()
                    raise ProtocolError(f"the websocket ended with code {event.code}: {event.reason or ''}")

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Sends all of it. Raises as AsyncConversation.send does."""
        from wsproto.events import BytesMessage

        view = memoryview(data).cast("B")
        for start in range(0, len(view), CHUNK):
            await self._send(BytesMessage(bytes(view[start : start + CHUNK])))

    async def _send(self, event: Any) -> None:  # noqa: ANN401 - the events of that library have no common class that is told
        async with self._sending:
            if self._ended:
                raise ProtocolError("the engine has ended the websocket")
            await self._talk.send(self._protocol.send(event))

    async def end_input(self) -> None:
        """Raises NotSupported: there is no such thing."""
        raise NotSupported("ending one side of a websocket alone", needs="attach_socket without ws=True")

    async def close(self) -> None:
        """Ends it at once, wherever reader and writer are."""
        await self._talk.close()
