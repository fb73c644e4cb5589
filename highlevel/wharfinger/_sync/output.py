# Derived from highlevel/wharfinger/_async/output.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What comes out of an attached container or a command, read while it is fed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from wharfinger._core.stream_decoders import Frames
from wharfinger._sync._primitives import Worker, pieces
from wharfinger._sync.conversation import CHUNK, Conversation
from wharfinger._sync.streams import Stream
from wharfinger.errors import ClosedError, ProtocolError

if TYPE_CHECKING:
    from wharfinger._core.operation import BinaryFile
    from wharfinger._sync.raw_streams import DuplexConnection
    from wharfinger.types import StreamName

Input: TypeAlias = "bytes | str | Iterable[bytes] | BinaryFile"
Piece: TypeAlias = "tuple[StreamName, bytes]"

_END_OF_INPUT = b"\x04"  # Ctrl-D


class Fed:
    """What a program writes, while it is fed.

    Args:
        talk: The connection to it.
        input: What to send, followed by its end; None leaves its input alone.
        tty: Whether it has a terminal.
    """

    def __init__(self, talk: Conversation, input: Input | None, *, tty: bool) -> None:
        self._talk = talk
        faults: list[Exception] = []
        self._faults = faults
        self._worker = None if input is None else Worker(lambda: _feed(talk, input, faults, tty=tty))

    def __next__(self) -> bytes:
        try:
            data = self._talk.receive()
        except ClosedError:
            # By the feeder, where its input failed.
            self._finish()
            raise
        if data:
            return data
        self._finish()
        raise StopIteration

    def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._talk.close()
        if self._worker is not None:
            self._worker.abandon()

    def _finish(self) -> None:
        self.close()
        if self._faults:
            raise self._faults.pop()


def communicate(duplex: DuplexConnection, *, tty: bool, input: Input | None) -> list[Piece]:
    """Sends all of the input, then its end, while it reads everything that comes; closes the connection.

    Raises:
        ProtocolError: The output was cut short.
        StreamError: The engine told an error inside it.
        Exception: What reading the input raised.
    """
    return collected(Fed(Conversation(duplex, None), input, tty=tty), tty=tty)


def collected(source: Fed, *, tty: bool) -> list[Piece]:
    """All that a program writes. Raises as communicate does."""
    with Stream(source, Frames(tty=tty)) as pieces:
        return list(pieces)


def _feed(talk: Conversation, input: Input, faults: list[Exception], *, tty: bool) -> None:
    try:
        last = _send(talk, input)
        if tty:
            # To end its side would end the output, too. Where a line is begun, the first Ctrl-D only sends that off.
            talk.send(_END_OF_INPUT if last in (b"", b"\n") else _END_OF_INPUT * 2)
        else:
            talk.end_input()
    except (ClosedError, ProtocolError):
        # A command may end before it has read everything: that is no fault of the sender.
        return
    except Exception as fault:  # noqa: BLE001 - the caller's own, told by who waits for the output
        faults.append(fault)
        # The command would wait for the rest for ever, and its reader with it.
        talk.close()


def _send(talk: Conversation, input: Input) -> bytes:
    """Sends all of the input, and gives its last byte."""
    if isinstance(input, str):
        input = input.encode()
    if isinstance(input, bytes | bytearray | memoryview):
        whole = memoryview(input).cast("B")
        talk.send(whole)
        return bytes(whole[-1:])
    last = b""
    for piece in pieces(_chunks(input)):
        talk.send(piece)
        last = piece[-1:] or last
    return last


def _chunks(
    input: Iterable[bytes] | BinaryFile,
) -> Iterable[bytes]:
    # A file is an iterable of lines too, which may be of any length.
    if isinstance(input, Iterable | Iterable) and not hasattr(input, "read"):
        return input
    read = cast("BinaryFile", input).read
    return iter(lambda: read(CHUNK), b"")


def joined(found: list[Piece], *names: StreamName) -> bytes:
    """What was written to any of the streams, in the order of its coming."""
    return b"".join(data for name, data in found if name in names)
