# Derived from highlevel/wharfinger/_async/output.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What comes out of an attached container or a command, read while it is fed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from wharfinger._core.stream_decoders import output_decoder
from wharfinger._sync._primitives import Worker, pieces
from wharfinger.errors import ClosedError, ProtocolError

if TYPE_CHECKING:
    from wharfinger._core.operation import BinaryFile
    from wharfinger._sync.raw_streams import DuplexConnection
    from wharfinger.types import StreamName

Input: TypeAlias = "bytes | str | Iterable[bytes] | BinaryFile"
Piece: TypeAlias = "tuple[StreamName, bytes]"

_CHUNK = 65536
_END_OF_INPUT = b"\x04"  # Ctrl-D


def communicate(duplex: DuplexConnection, *, tty: bool, input: Input | None) -> list[Piece]:
    """Sends all of the input, then its end, while it reads everything that comes; closes the connection.

    Raises:
        ProtocolError: The output was cut short.
        StreamError: The engine told an error inside it.
        Exception: What reading the input raised.
    """
    faults: list[Exception] = []
    worker = Worker(lambda: _feed(duplex, input, faults, tty=tty))
    try:
        found = _read(duplex, tty=tty, fed=input is not None)
    except ClosedError:
        # By the feeder, where its input failed.
        _finish(duplex, worker, faults)
        raise
    except BaseException:
        _finish(duplex, worker, [])
        raise
    _finish(duplex, worker, faults)
    return found


def _finish(duplex: DuplexConnection, worker: Worker, faults: list[Exception]) -> None:
    duplex.close()
    worker.abandon()
    if faults:
        raise faults[0]


def _read(duplex: DuplexConnection, *, tty: bool, fed: bool) -> list[Piece]:
    decoder = output_decoder(tty=tty)
    found: list[Piece] = []
    while data := _receive(duplex, fed=fed):
        found += decoder.feed(data)
    decoder.finish()
    return found


def _receive(duplex: DuplexConnection, *, fed: bool) -> bytes:
    try:
        return duplex.receive(_CHUNK)
    except ProtocolError as fault:
        # An engine that goes before it has taken all of the input resets the connection, behind the last output.
        if fed and isinstance(fault.__cause__, ConnectionResetError):
            return b""
        raise


def _feed(duplex: DuplexConnection, input: Input | None, faults: list[Exception], *, tty: bool) -> None:
    if input is None:
        return
    try:
        last = _send(duplex, input)
        if tty:
            # To end its side would end the output, too. Where a line is begun, the first Ctrl-D only sends that off.
            duplex.send(_END_OF_INPUT if last in (b"", b"\n") else _END_OF_INPUT * 2)
        else:
            duplex.close_write()
    except (ClosedError, ProtocolError):
        # A command may end before it has read everything: that is no fault of the sender.
        return
    except Exception as fault:  # noqa: BLE001 - the caller's own, told by who waits for the output
        faults.append(fault)
        # The command would wait for the rest for ever, and its reader with it.
        duplex.close()


def _send(duplex: DuplexConnection, input: Input) -> bytes:
    """Sends all of the input, and gives its last byte."""
    if isinstance(input, str):
        input = input.encode()
    if isinstance(input, bytes | bytearray | memoryview):
        whole = memoryview(input).cast("B")
        duplex.send(whole)
        return bytes(whole[-1:])
    last = b""
    for piece in pieces(_chunks(input)):
        duplex.send(piece)
        last = piece[-1:] or last
    return last


def _chunks(
    input: Iterable[bytes] | BinaryFile,
) -> Iterable[bytes]:
    # A file is an iterable of lines too, which may be of any length.
    if isinstance(input, Iterable | Iterable) and not hasattr(input, "read"):
        return input
    read = cast("BinaryFile", input).read
    return iter(lambda: read(_CHUNK), b"")


def joined(found: list[Piece], *names: StreamName) -> bytes:
    """What was written to any of the streams, in the order of its coming."""
    return b"".join(data for name, data in found if name in names)
