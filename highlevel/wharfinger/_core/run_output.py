"""The output of a container that is read while it runs: some of it for the caller, some for an error's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.stream_decoders import Frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger.types import StreamName

# As much of stderr as an error keeps, so that memory stays flat however much is written.
_KEPT = 64 * 1024


class WantedOutput:
    """Pieces of some streams, without their names; keeps the last of stderr for an error.

    Args:
        streams: Whose pieces to give.
        tty: Whether it has a terminal.
    """

    def __init__(self, streams: Sequence[StreamName], *, tty: bool) -> None:
        self._frames = Frames(tty=tty)
        self._streams = streams
        self._errors = bytearray()

    @property
    def errors(self) -> bytes:
        """The end of what was written to stderr."""
        return bytes(self._errors)

    def feed(self, data: bytes, /) -> list[bytes]:
        """The pieces in the chunk that were asked for."""
        found = self._frames.feed(data)
        self._errors += b"".join(piece for name, piece in found if name == "stderr")
        del self._errors[:-_KEPT]
        return [piece for name, piece in found if name in self._streams]

    def finish(self) -> list[bytes]:
        """Nothing."""
        return []

    def check_whole(self) -> None:
        """Raises ProtocolError where a frame was cut short."""
        self._frames.finish()
