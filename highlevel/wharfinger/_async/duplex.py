"""Both directions of a container or a command, as an object."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, Self, overload

from wharfinger._core.detach_keys import DEFAULT, KeyWatch
from wharfinger._core.stream_decoders import output_decoder
from wharfinger.types import LogFrame

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger._async.conversation import AsyncConversation
    from wharfinger._core.stream_decoders import OutputPair

_END_OF_INPUT = b"\x04"  # Ctrl-D


class AsyncDuplex:
    """What a program writes, as it comes, and a way to write to it.

    An iterator over LogFrames and a context manager. One task or thread may read while another sends, and should where
    the program answers much: nothing is kept for a reader who does not come. Any may close it, which wakes both with a
    ClosedError. Only a proper end ends it: one that is cut short raises ProtocolError. One that is dropped instead of
    being closed closes its connection, with a ResourceWarning; the program may go on.
    """

    def __init__(self, conversation: AsyncConversation, *, tty: bool, detach_keys: str | None) -> None:
        self._conversation = conversation
        self._tty = tty
        self._decoder = output_decoder(tty=tty)
        self._watch = KeyWatch((DEFAULT if tty else "") if detach_keys is None else detach_keys)
        self._ready: deque[LogFrame] = deque()
        self._ended = False
        self._last = b""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._conversation.state}>"

    @property
    def tty(self) -> bool:
        """Whether the program has a terminal: then all that it writes comes as stdout."""
        return self._tty

    @property
    def exit_code(self) -> int | None:
        """The program's exit code, known when all it wrote was read.

        None before, when it goes on after the detach keys, and when the engine has forgotten it (a container that it
        removed).
        """
        return self._conversation.exit_code

    async def send(self, data: bytes | bytearray | memoryview) -> None:
        """Writes to the program's standard input; returns when the engine has taken all of it.

        Args:
            data: The bytes. Detach keys in them end the connection, and what stands behind them is not sent.

        Raises:
            ProtocolError: The program has ended, or the connection was cut.
            ClosedError: This side closed it, or its standard input.
        """
        if not memoryview(data).nbytes:
            return
        if self._watch.idle:
            self._last = bytes(memoryview(data).cast("B")[-1:])
            await self._conversation.send(data)
            return
        rest, left = self._watch.feed(bytes(data))
        if rest:
            self._last = rest[-1:]
            await self._conversation.send(rest)
        if left:
            await self._conversation.leave()

    async def close_stdin(self) -> None:
        """Ends the program's standard input, and goes on reading.

        A program at a terminal gets Ctrl-D, which is all that ends its input there. A container of Docker whose
        standard input stays open (made without stdin_once) ends the connection instead, and runs on.

        Raises:
            ProtocolError: The program has ended, or the connection was cut.
            ClosedError: This side closed it.
        """
        held = self._watch.rest()
        if held:
            self._last = held[-1:]
            await self._conversation.send(held)
        if self._tty:
            # To end its side would end the output, too. Where a line is begun, the first only sends that off.
            begun = self._last not in (b"", b"\n", b"\r")
            self._last = b""
            await self._conversation.send(_END_OF_INPUT * (2 if begun else 1))
        else:
            await self._conversation.end_input()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> LogFrame:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            await self._more()
        return self._ready.popleft()

    async def _more(self) -> None:
        data = await self._conversation.receive()
        try:
            if data:
                self._ready.extend(LogFrame(stream, piece) for stream, piece in self._decoder.feed(data))
            else:
                self._decoder.finish()
                self._ended = True
        except BaseException:
            await self.close()
            raise

    @overload
    async def read(self, *, demux: Literal[False] = False) -> bytes: ...

    @overload
    async def read(self, *, demux: Literal[True]) -> OutputPair: ...

    async def read(self, *, demux: bool = False) -> bytes | OutputPair:
        """All that is still to come, until the end.

        Args:
            demux: Give a pair (stdout, stderr), None for a stream that got nothing.

        Raises:
            ProtocolError: It was cut short.
            ClosedError: This side closed it.
        """
        frames = [frame async for frame in self]
        if not demux:
            return b"".join(frame.data for frame in frames)
        out = b"".join(frame.data for frame in frames if frame.stream != "stderr")
        err = b"".join(frame.data for frame in frames if frame.stream == "stderr")
        return out or None, err or None

    async def resize(self, height: int, width: int) -> None:
        """Sets the size of the program's terminal.

        Args:
            height: Lines.
            width: Characters in each.

        Raises:
            NotFound: It is gone.
            Conflict: It is not running.
            TypeError, ValueError: A size is no number, or negative; nothing was sent.
        """
        await self._conversation.resize(height, width)

    async def close(self) -> None:
        """Ends the connection at once, wherever its reader and its writer are; the program may go on."""
        await self._conversation.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
