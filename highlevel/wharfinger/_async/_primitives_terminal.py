"""What a terminal needs that differs by more than its names: this module is written twice, by hand.

Its twin is `_sync/_primitives_terminal.py`, with the same public names less their `Async`.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 65536


class AsyncKeyboard:
    """What is typed, and when the window changes its size.

    Args:
        descriptor: A terminal, or what stands for one.
    """

    def __init__(self, descriptor: int) -> None:
        self._fd = descriptor
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._readable = False
        self._resized = False
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether this side wants no more."""
        return self._closed

    async def read(self) -> bytes | None:
        """What was typed, waiting for it if need be; b"" at the end, None when the window has another size."""
        while not self._closed:
            if self._resized:
                self._resized = False
                return None
            if self._readable:
                self._readable = False
                return _read(self._fd)
            await self._wait()
        return b""

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            self._loop.add_reader(self._fd, self._on_readable)
        except PermissionError:
            # A regular file, which can always be read.
            self._readable = True
            return
        try:
            await self._waiter
        finally:
            self._loop.remove_reader(self._fd)

    def _on_readable(self) -> None:
        self._readable = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def resized(self) -> None:
        """Note that the window has another size; from a signal handler."""
        self._resized = True
        self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Let the reader come to its end."""
        self._closed = True
        self._wake()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        # The terminal has gone.
        return b""


async def write_out(descriptor: int, data: bytes) -> None:
    """Write all of it, however long a terminal keeps it waiting."""
    await asyncio.get_running_loop().run_in_executor(None, _write_all, descriptor, data)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
