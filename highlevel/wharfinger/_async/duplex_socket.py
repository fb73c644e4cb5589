"""Both directions of a container or a command, with the methods of a socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType


class AsyncTalk(Protocol):
    """What carries the bytes: a connection as it is, or a websocket."""

    @property
    def exit_code(self) -> int | None: ...
    @property
    def state(self) -> str: ...
    def fileno(self) -> int: ...
    def limit(self, seconds: float | None) -> None: ...
    async def receive(self, max_bytes: int) -> bytes: ...
    async def send(self, data: bytes | bytearray | memoryview) -> None: ...
    async def end_input(self) -> None: ...
    async def close(self) -> None: ...


class AsyncDuplexSocket:
    """The bytes of a connection as the engine sends and takes them, with the methods of a socket.

    Where there is no terminal, what comes is framed: eight bytes of head (stream 1 or 2, three zeros, size as
    big-endian 32 bits) and as many bytes as the size says; AsyncDuplex takes that apart. One task or thread may receive
    while another sends. Its errors are this library's: EngineTimeout, ClosedError, ProtocolError.
    """

    def __init__(self, talk: AsyncTalk) -> None:
        self._talk = talk
        self._timeout: float | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._talk.state}>"

    @property
    def exit_code(self) -> int | None:
        """The program's exit code, known when its end was received; None before, and where it goes on."""
        return self._talk.exit_code

    async def recv(self, bufsize: int) -> bytes:
        """What has come, waiting for it if need be; b"" at the end.

        Args:
            bufsize: At most so many bytes.

        Raises:
            ProtocolError: The connection was cut.
            ClosedError: This side closed it.
            EngineTimeout: Nothing came in the time that was set.
        """
        return await self._talk.receive(bufsize)

    async def recv_into(self, buffer: bytearray | memoryview, nbytes: int = 0) -> int:
        """As recv, into a buffer.

        Args:
            buffer: Where to put it.
            nbytes: At most so many bytes; as many as there is room for unless given.

        Returns:
            How many they are; 0 at the end.
        """
        view = memoryview(buffer).cast("B")
        data = await self.recv(nbytes or len(view))
        view[: len(data)] = data
        return len(data)

    async def send(self, data: bytes | bytearray | memoryview) -> int:
        """Sends all of it.

        Args:
            data: The bytes.

        Returns:
            How many they are.

        Raises:
            ProtocolError: Nothing takes it any more.
            ClosedError: This side closed it.
            EngineTimeout: The engine took nothing in the time that was set.
        """
        await self._talk.send(data)
        return memoryview(data).nbytes

    async def sendall(self, data: bytes | bytearray | memoryview) -> None:
        """Sends all of it, as send does.

        Args:
            data: The bytes.
        """
        await self._talk.send(data)

    async def read(self, size: int = -1) -> bytes:
        """Bytes as a file gives them.

        Args:
            size: Exactly so many, fewer only at the end; all until the end unless given.

        Raises:
            ProtocolError: The connection was cut.
            ClosedError: This side closed it.
            EngineTimeout: Nothing came in the time that was set.
        """
        parts: list[bytes] = []
        while size and (data := await self.recv(65536 if size < 0 else min(size, 65536))):
            parts.append(data)
            size -= len(data) if size > 0 else 0
        return b"".join(parts)

    async def write(self, data: bytes | bytearray | memoryview) -> int:
        """Sends all of it, as send does.

        Args:
            data: The bytes.

        Returns:
            How many they are.
        """
        return await self.send(data)

    async def shutdown(self, how: int) -> None:
        """Ends our side, the other, or both.

        Args:
            how: socket.SHUT_WR ends the program's input and leaves its output; the others close.

        Raises:
            NotSupported: SHUT_WR over a websocket, which cannot be ended on one side.
            ProtocolError: Nothing is there any more.
            ClosedError: This side closed it.
        """
        if how == socket.SHUT_WR:
            await self._talk.end_input()
        else:
            await self.close()

    def settimeout(self, value: float | None) -> None:
        """Sets how long to wait.

        Args:
            value: Seconds above 0 for each of recv and send; None for no limit, which it is at first.

        Raises:
            ValueError: It is not above 0.
        """
        self._talk.limit(value)
        self._timeout = value

    def gettimeout(self) -> float | None:
        """What was set by settimeout."""
        return self._timeout

    def fileno(self) -> int:
        """The descriptor beneath, -1 when closed; over TLS, bytes may have come before it is readable."""
        return self._talk.fileno()

    async def close(self) -> None:
        """Ends the connection at once, wherever its reader and its writer are; the program may go on."""
        await self._talk.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
