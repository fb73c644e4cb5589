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

Input: TypeAlias = "bytes | str | Iterable[bytes] | Iterable[bytes] | BinaryFile"
Piece: TypeAlias = "tuple[StreamName, bytes]"

_CHUNK = 65536


def communicate(duplex: DuplexConnection, *, tty: bool, input: Input | None) -> list[Piece]:
    """Sends all of the input, then its end, while it reads everything that comes; closes the connection.

    Raises:
        ProtocolError: The output was cut short.
        StreamError: The engine told an error inside it.
    """
    worker = Worker(lambda: _feed(duplex, input))
    try:
        found = _read(duplex, tty=tty)
    except BaseException:
        duplex.close()
        worker.abandon()
        raise
    duplex.close()
    _settle(worker)
    return found


def _read(duplex: DuplexConnection, *, tty: bool) -> list[Piece]:
    decoder = output_decoder(tty=tty)
    found: list[Piece] = []
    while data := duplex.receive(_CHUNK):
        found += decoder.feed(data)
    decoder.finish()
    return found


def _feed(duplex: DuplexConnection, input: Input | None) -> None:
    if input is None:
        return
    if isinstance(input, str):
        input = input.encode()
    if isinstance(input, bytes | bytearray | memoryview):
        duplex.send(input)
    else:
        for piece in pieces(_chunks(input)):
            duplex.send(piece)
    duplex.close_write()


def _chunks(input: Iterable[bytes] | Iterable[bytes] | BinaryFile) -> Iterable[bytes] | Iterable[bytes]:
    # A file is an iterable of lines too, which may be of any length.
    if isinstance(input, Iterable | Iterable) and not hasattr(input, "read"):
        return input
    read = cast("BinaryFile", input).read
    return iter(lambda: read(_CHUNK), b"")


def _settle(worker: Worker) -> None:
    """A command may end before it has read everything: that is no fault of the sender."""
    try:
        worker.join()
    except (ClosedError, ProtocolError):
        return


def joined(found: list[Piece], *names: StreamName) -> bytes:
    """What was written to any of the streams, in the order of its coming."""
    return b"".join(data for name, data in found if name in names)
