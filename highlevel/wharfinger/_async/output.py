"""What comes out of an attached container or a command, read while it is fed."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from wharfinger._async._primitives import AsyncWorker, pieces
from wharfinger._async.conversation import CHUNK, AsyncConversation
from wharfinger._async.streams import AsyncStream
from wharfinger._core.stream_decoders import Frames
from wharfinger.errors import ClosedError, ProtocolError

if TYPE_CHECKING:
    from wharfinger._async.raw_streams import AsyncDuplexConnection
    from wharfinger._core.operation import BinaryFile
    from wharfinger.types import StreamName

Input: TypeAlias = "bytes | str | Iterable[bytes] | AsyncIterable[bytes] | BinaryFile"
Piece: TypeAlias = "tuple[StreamName, bytes]"

_END_OF_INPUT = b"\x04"  # Ctrl-D


class AsyncFed:
    """What a program writes, while it is fed.

    Args:
        talk: The connection to it.
        input: What to send, followed by its end; None leaves its input alone.
        tty: Whether it has a terminal.
    """

    def __init__(self, talk: AsyncConversation, input: Input | None, *, tty: bool) -> None:
        self._talk = talk
        faults: list[Exception] = []
        self._faults = faults
        self._worker = None if input is None else AsyncWorker(lambda: _feed(talk, input, faults, tty=tty))

    async def __anext__(self) -> bytes:
        try:
            data = await self._talk.receive()
        except ClosedError:
            # By the feeder, where its input failed.
            await self._finish()
            raise
        if data:
            return data
        await self._finish()
        raise StopAsyncIteration

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        await self._talk.close()
        if self._worker is not None:
            await self._worker.abandon()

    async def _finish(self) -> None:
        await self.close()
        if self._faults:
            raise self._faults.pop()


async def communicate(duplex: AsyncDuplexConnection, *, tty: bool, input: Input | None) -> list[Piece]:
    """Sends all of the input, then its end, while it reads everything that comes; closes the connection.

    Raises:
        ProtocolError: The output was cut short.
        StreamError: The engine told an error inside it.
        Exception: What reading the input raised.
    """
    return await collected(AsyncFed(AsyncConversation(duplex, None), input, tty=tty), tty=tty)


async def collected(source: AsyncFed, *, tty: bool) -> list[Piece]:
    """All that a program writes. Raises as communicate does."""
    async with AsyncStream(source, Frames(tty=tty)) as pieces:
        return [piece async for piece in pieces]


async def _feed(talk: AsyncConversation, input: Input, faults: list[Exception], *, tty: bool) -> None:
    try:
        last = await _send(talk, input)
        if tty:
            # To end its side would end the output, too. Where a line is begun, the first Ctrl-D only sends that off.
            await talk.send(_END_OF_INPUT if last in (b"", b"\n") else _END_OF_INPUT * 2)
        else:
            await talk.end_input()
    except (ClosedError, ProtocolError):
        # A command may end before it has read everything: that is no fault of the sender.
        return
    except Exception as fault:  # noqa: BLE001 - the caller's own, told by who waits for the output
        faults.append(fault)
        # The command would wait for the rest for ever, and its reader with it.
        await talk.close()


async def _send(talk: AsyncConversation, input: Input) -> bytes:
    """Sends all of the input, and gives its last byte."""
    if isinstance(input, str):
        input = input.encode()
    if isinstance(input, bytes | bytearray | memoryview):
        whole = memoryview(input).cast("B")
        await talk.send(whole)
        return bytes(whole[-1:])
    last = b""
    async for piece in pieces(_chunks(input)):
        await talk.send(piece)
        last = piece[-1:] or last
    return last


def _chunks(
    input: Iterable[bytes] | AsyncIterable[bytes] | BinaryFile,
) -> Iterable[bytes] | AsyncIterable[bytes]:
    # A file is an iterable of lines too, which may be of any length.
    if isinstance(input, Iterable | AsyncIterable) and not hasattr(input, "read"):
        return input
    read = cast("BinaryFile", input).read
    return iter(lambda: read(CHUNK), b"")


def joined(found: list[Piece], *names: StreamName) -> bytes:
    """What was written to any of the streams, in the order of its coming."""
    return b"".join(data for name, data in found if name in names)
