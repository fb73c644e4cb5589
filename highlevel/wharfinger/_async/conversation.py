"""Bytes to a program and from it, and how it ended: what a Duplex, a socket and a streamed command are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wharfinger._core.timeouts import Timeout
from wharfinger.errors import ClosedError, ProtocolError

if TYPE_CHECKING:
    from wharfinger._async.raw_streams import AsyncDuplexConnection

CHUNK = 65536
# As much as a socket file holds at once.
_RECEIVED = 256 * 1024
# As long as it takes: a program may read nothing and write nothing for days.
UNHURRIED = Timeout(read=None, write=None)
_CLOSED = "it was closed by this side"


class AsyncProgram(Protocol):
    """What is at the other end of a connection."""

    async def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal."""
        ...

    async def ending(self, *, input_ended: bool) -> int | None:
        """Its exit code, now that nothing more comes from it; None where it goes on without us.

        Raises:
            ProtocolError: It goes on, and nobody has left it: the connection was cut.
        """
        ...


class AsyncConversation:
    """A connection to a program.

    One task or thread receives while another sends; any may close, which wakes both with a ClosedError.

    Args:
        connection: The connection.
        program: What is at its other end; None for one that nobody asks how it ended.
        heeds_farewell: Whether the engine ends its side, and the program goes on, when this side has nothing to say.
    """

    def __init__(
        self,
        connection: AsyncDuplexConnection,
        program: AsyncProgram | None,
        *,
        heeds_farewell: bool = False,
    ) -> None:
        self._connection = connection
        self._program = program
        self._heeds_farewell = heeds_farewell
        self._exit_code: int | None = None
        self._sent = False
        self._input_ended = False
        self._left = False
        self._at_end = False
        self._over = False
        self._closed = False

    @property
    def exit_code(self) -> int | None:
        """The program's exit code; None before the end was read, and where it goes on."""
        return self._exit_code

    @property
    def state(self) -> str:
        """In a word, for a repr."""
        return "ended" if self._over else "closed" if self._closed else "open"

    def fileno(self) -> int:
        """The descriptor beneath; -1 when it is closed."""
        return self._connection.fileno()

    def limit(self, seconds: float | None) -> None:
        """Set how long sending and receiving may wait from now on."""
        self._connection.limit(Timeout(read=seconds, write=seconds))

    async def receive(self, max_bytes: int = _RECEIVED) -> bytes:
        """What has come, waiting for it if need be; b"" at the proper end, when the exit code is known.

        Raises:
            ProtocolError: The connection was cut.
            ClosedError: This side closed it.
            EngineTimeout: A limit that was asked for was reached.
        """
        if not self._at_end:
            data = await self._receive(max_bytes)
            if data:
                return data
            self._at_end = True
            await self._connection.close()
        if self._closed and not self._over:
            raise ClosedError(_CLOSED)
        if not self._over and not self._left and self._program is not None:
            self._exit_code = await self._program.ending(input_ended=self._input_ended)
        self._over = True
        return b""

    async def _receive(self, max_bytes: int) -> bytes:
        try:
            return await self._connection.receive(max_bytes)
        except ProtocolError as fault:
            # An engine that goes before it has taken all that was sent resets the connection, behind the last
            # output. What it says of the program tells this from a cut.
            if self._sent and isinstance(fault.__cause__, ConnectionResetError):
                return b""
            await self.close()
            raise
        except ClosedError:
            if self._left:
                return b""
            raise
        except Exception:
            await self.close()
            raise

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Sends all of it.

        Raises:
            ProtocolError: Nothing takes it any more.
            ClosedError: This side closed it, or ended the input.
            EngineTimeout: A limit that was asked for was reached.
        """
        self._check_sending()
        self._sent = True
        await self._connection.send(memoryview(data).cast("B"))

    async def end_input(self) -> None:
        """Says that nothing more will be sent; receiving goes on. Raises as send does."""
        if self._input_ended:
            return
        self._check_sending()
        self._input_ended = True
        await self._connection.close_write()

    def _check_sending(self) -> None:
        if self._input_ended:
            raise ClosedError("the program's input was ended by this side")
        if self._at_end and not self._closed:
            raise ProtocolError("the program's output has ended, and nothing takes its input any more")

    async def resize(self, height: int, width: int) -> None:
        """Sets the size of the program's terminal."""
        if self._program is not None:
            await self._program.resize(height, width)

    async def leave(self) -> None:
        """Ends it properly while the program goes on; a reader comes to the end."""
        self._left = self._input_ended = True
        if self._heeds_farewell:
            await self._connection.close_write()
        else:
            await self._connection.close()

    async def close(self) -> None:
        """Ends it at once, wherever reader and writer are."""
        self._closed = True
        await self._connection.close()

    async def __anext__(self) -> bytes:
        data = await self.receive()
        if not data:
            raise StopAsyncIteration
        return data
