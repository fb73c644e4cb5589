"""What comes out of an attached container or a command, read while it is fed."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from wharfinger._async._primitives import AsyncWorker, pieces
from wharfinger._core.stream_decoders import output_decoder
from wharfinger.errors import ClosedError, ProtocolError

if TYPE_CHECKING:
    from wharfinger._async.raw_streams import AsyncDuplexConnection
    from wharfinger._core.operation import BinaryFile
    from wharfinger.types import StreamName

Input: TypeAlias = "bytes | str | Iterable[bytes] | AsyncIterable[bytes] | BinaryFile"
Piece: TypeAlias = "tuple[StreamName, bytes]"

_CHUNK = 65536
_END_OF_INPUT = b"\x04"  # Ctrl-D


async def communicate(duplex: AsyncDuplexConnection, *, tty: bool, input: Input | None) -> list[Piece]:
    """Sends all of the input, then its end, while it reads everything that comes; closes the connection.

    Raises:
        ProtocolError: The output was cut short.
        StreamError: The engine told an error inside it.
        Exception: What reading the input raised.
    """
    faults: list[Exception] = []
    worker = AsyncWorker(lambda: _feed(duplex, input, faults, tty=tty))
    try:
        found = await _read(duplex, tty=tty, fed=input is not None)
    except ClosedError:
        # By the feeder, where its input failed.
        await _finish(duplex, worker, faults)
        raise
    except BaseException:
        await _finish(duplex, worker, [])
        raise
    await _finish(duplex, worker, faults)
    return found


async def _finish(duplex: AsyncDuplexConnection, worker: AsyncWorker, faults: list[Exception]) -> None:
    await duplex.close()
    await worker.abandon()
    if faults:
        raise faults[0]


async def _read(duplex: AsyncDuplexConnection, *, tty: bool, fed: bool) -> list[Piece]:
    decoder = output_decoder(tty=tty)
    found: list[Piece] = []
    while data := await _receive(duplex, fed=fed):
        found += decoder.feed(data)
    decoder.finish()
    return found


async def _receive(duplex: AsyncDuplexConnection, *, fed: bool) -> bytes:
    try:
        return await duplex.receive(_CHUNK)
    except ProtocolError as fault:
        # An engine that goes before it has taken all of the input resets the connection, behind the last output.
        if fed and isinstance(fault.__cause__, ConnectionResetError):
            return b""
        raise


async def _feed(
    duplex: AsyncDuplexConnection, input: Input | None, faults: list[Exception], *, tty: bool
) -> None:
    if input is None:
        return
    try:
        last = await _send(duplex, input)
        if tty:
            # To end its side would end the output, too. Where a line is begun, the first Ctrl-D only sends that off.
            await duplex.send(_END_OF_INPUT if last in (b"", b"\n") else _END_OF_INPUT * 2)
        else:
            await duplex.close_write()
    except (ClosedError, ProtocolError):
        # A command may end before it has read everything: that is no fault of the sender.
        return
    except Exception as fault:  # noqa: BLE001 - the caller's own, told by who waits for the output
        faults.append(fault)
        # The command would wait for the rest for ever, and its reader with it.
        await duplex.close()


async def _send(duplex: AsyncDuplexConnection, input: Input) -> bytes:
    """Sends all of the input, and gives its last byte."""
    if isinstance(input, str):
        input = input.encode()
    if isinstance(input, bytes | bytearray | memoryview):
        whole = memoryview(input).cast("B")
        await duplex.send(whole)
        return bytes(whole[-1:])
    last = b""
    async for piece in pieces(_chunks(input)):
        await duplex.send(piece)
        last = piece[-1:] or last
    return last


def _chunks(
    input: Iterable[bytes] | AsyncIterable[bytes] | BinaryFile,
) -> Iterable[bytes] | AsyncIterable[bytes]:
    # A file is an iterable of lines too, which may be of any length.
    if isinstance(input, Iterable | AsyncIterable) and not hasattr(input, "read"):
        return input
    read = cast("BinaryFile", input).read
    return iter(lambda: read(_CHUNK), b"")


def joined(found: list[Piece], *names: StreamName) -> bytes:
    """What was written to any of the streams, in the order of its coming."""
    return b"".join(data for name, data in found if name in names)
