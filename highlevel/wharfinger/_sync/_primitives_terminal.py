"""What a terminal needs that differs by more than its names: this module is written twice, by hand.

Its twin is `_async/_primitives_terminal.py`, with the same public names and `Async` before them.
"""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 65536


class Keyboard:
    """What is typed, and when the window changes its size.

    Args:
        descriptor: A terminal, or what stands for one.
    """

    def __init__(self, descriptor: int) -> None:
        self._fd = descriptor
        self._resized = False
        self._closed = False
        # The reader waits in poll, which a byte in here ends.
        self._woken, self._waking = os.pipe()
        os.set_blocking(self._waking, False)
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)

    @property
    def closed(self) -> bool:
        """Whether this side wants no more."""
        return self._closed

    def read(self) -> bytes | None:
        """What was typed, waiting for it if need be; b"" at the end, None when the window has another size."""
        while not self._closed:
            ready = [descriptor for descriptor, _ in self._poll.poll()]
            if self._woken in ready:
                os.read(self._woken, _CHUNK)
            if self._resized:
                self._resized = False
                return None
            if self._fd in ready and not self._closed:
                return _read(self._fd)
        return b""

    def _wake(self) -> None:
        try:
            os.write(self._waking, b"!")
        except BlockingIOError:
            # It will be woken by what is in there already.
            return

    def resized(self) -> None:
        """Note that the window has another size; from a signal handler."""
        self._resized = True
        self._wake()

    def close(self) -> None:
        """Let the reader come to its end."""
        self._closed = True
        self._wake()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        os.close(self._woken)
        os.close(self._waking)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        # The terminal has gone.
        return b""


def write_out(descriptor: int, data: bytes) -> None:
    """Write all of it, however long a terminal keeps it waiting."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
