"""A socket that is read, written and closed by several at once, which differs by more than its names.

Written twice, by hand: its twin is `_sync/_primitives_socket.py`, with the same public names less their `Async`.
No asyncio streams: they buffer without being asked, cost time on each read and hide the half-close.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S", bound="AsyncSocket")

# A broken pipe shall be an error here, whatever the program did to SIGPIPE.
_SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)
_CLOSED = "it was closed by this side"


async def connect(kind: type[S], family: int, address: Any, timeout: float | None) -> S:  # noqa: ANN401 - its type is the family's
    """Connect a stream socket.

    Raises:
        BlockingIOError: The engine has too many callers waiting on its socket file; try again soon.
        OSError: It cannot be; TimeoutError is one.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if family == socket.AF_UNIX:
            sock.connect(address)
        else:
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_connect(sock, address)
        return kind(sock)
    except BaseException:
        sock.close()
        raise


class _Patience:
    """How long one side of a socket waits: one timer for many waits, for to set one each time is dear."""

    __slots__ = ("_limit", "_loop", "_timer", "_until", "_waiter")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[Any] | None = None
        self._limit: float | None = None
        self._until = 0.0

    def begin(self, waiter: asyncio.Future[Any], limit: float | None) -> None:
        """Let a future fail with TimeoutError after so many seconds."""
        self._limit = limit
        if limit is None:
            return
        self._waiter = waiter
        until = self._until = self._loop.time() + limit
        if self._timer is not None and self._timer.when() > until:
            self.stop()
        if self._timer is None:
            self._timer = self._loop.call_at(until, self._look)

    def again(self) -> None:
        """Count the seconds anew."""
        if self._limit is not None:
            self._until = self._loop.time() + self._limit

    def end(self) -> None:
        """Nobody waits any more; the timer goes on for who waits next."""
        self._waiter = None

    def stop(self) -> None:
        """Nobody will wait again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if self._loop.time() < self._until:
            self._timer = self._loop.call_at(self._until, self._look)
        else:
            waiter.set_exception(TimeoutError())


class AsyncSocket:
    """A connected stream socket. One task may read while another writes; either may close.

    Reads and writes are tried at once; only when that would block, the loop watches the socket and does the rest,
    so that a task is woken once for each. It goes on watching until something is readable that nobody waits for,
    which saves most calls of epoll_ctl.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._loop = loop = asyncio.get_running_loop()
        self._fd = sock.fileno()
        self._closed = False
        self._watching = False
        self._attempt: Callable[[], Any] = int
        self._reader: asyncio.Future[Any] | None = None
        self._writer: asyncio.Future[Any] | None = None
        self._unsent = memoryview(b"")
        self._stash = b""
        self._asked = False
        self._reading = _Patience(loop)
        self._writing = _Patience(loop)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    @property
    def closed(self) -> bool:
        """Whether this side closed it."""
        return self._closed

    def is_readable(self) -> bool:
        """Whether bytes, or the end, have come already."""
        return bool(self._closed or self._stash or self._poll.poll(0))

    async def receive_into(self, buffer: memoryview, timeout: float | None) -> int:
        """Read what is there, or wait for it; 0 at the end.

        Raises:
            ClosedError: This side closed the socket.
            OSError: The connection broke; TimeoutError is one.
        """
        if self._stash:
            kept = await self.receive(len(buffer), timeout)
            buffer[: len(kept)] = kept
            return len(kept)
        if not self._asked:
            try:
                return self._sock.recv_into(buffer)
            except BlockingIOError:
                pass
            except OSError:
                self._check_open()
                raise
        self._asked = False
        count: int = await self._wait_readable(
            partial(self._sock.recv_into, buffer), lambda count: bytes(buffer[:count]), timeout
        )
        return count

    async def receive(self, limit: int, timeout: float | None) -> bytes:
        """Read at most that many bytes; b"" at the end. Raises as receive_into does."""
        if self._stash:
            kept, self._stash = self._stash[:limit], self._stash[limit:]
            return kept
        try:
            return self._sock.recv(limit)
        except BlockingIOError:
            data: bytes = await self._wait_readable(partial(self._sock.recv, limit), bytes, timeout)
            return data
        except OSError:
            self._check_open()
            raise

    async def send_all(self, data: bytes | memoryview, timeout: float | None) -> None:
        """Send it all.

        Raises:
            ClosedError: This side closed the socket.
            OSError: The connection broke; TimeoutError is one.
        """
        sent = self._send_some(data)
        # What asks is not answered at once: to try to read now would be in vain.
        self._asked = True
        if sent < len(data):
            await self._wait_sent(memoryview(data)[sent:], timeout, watch=False)

    async def send_watching(self, data: bytes | memoryview, timeout: float | None) -> int:
        """Send until all is sent or something comes in; give how much was sent. Raises as send_all does."""
        if self.is_readable():
            return 0
        sent = self._send_some(data)
        if sent < len(data):
            sent += await self._wait_sent(memoryview(data)[sent:], timeout, watch=True)
        return sent

    def _send_some(self, data: bytes | memoryview) -> int:
        try:
            return self._sock.send(data, _SEND_FLAGS) if len(data) else 0
        except BlockingIOError:
            return 0
        except OSError:
            self._check_open()
            raise

    def without_delay(self) -> None:
        """Send small pieces at once over TCP, and find out by itself when the peer is gone."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def close_write(self) -> None:
        """Tell the peer that nothing more will be sent, and keep reading."""
        self._check_open()
        self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close at once; who waits for this socket gets a ClosedError."""
        if self._closed:
            return
        self._closed = True
        self._unwatch()
        self._reading.stop()
        self._writing.stop()
        for waiter in (self._reader, self._writer):
            if waiter is not None and not waiter.done():
                waiter.set_exception(ClosedError(_CLOSED))
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def abandon(self) -> None:
        """Let go of it without a word to the other side: it belongs to another process or event loop."""
        self._closed = True
        self._unwatch()
        self._sock.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError(_CLOSED)

    def _unwatch(self) -> None:
        # A loop that was closed meanwhile has forgotten its watches.
        if self._watching and not self._loop.is_closed():
            self._loop.remove_reader(self._fd)
        self._watching = False
        if self._writer is not None and not self._loop.is_closed():
            self._loop.remove_writer(self._fd)

    async def _wait_readable(
        self, attempt: Callable[[], Any], keep: Callable[[Any], bytes], timeout: float | None
    ) -> Any:  # noqa: ANN401 - what the attempt gives
        self._check_open()
        if self._reader is not None:
            raise RuntimeError("another task is reading from this connection")
        self._attempt = attempt
        waiter = self._reader = self._loop.create_future()
        self._watch()
        self._reading.begin(waiter, timeout)
        try:
            return await waiter
        except asyncio.CancelledError:
            # Read already, but the task was cancelled before it could have it: the next read gives it.
            if _came(waiter):
                self._stash = keep(waiter.result())
            raise
        finally:
            self._reader = None
            self._reading.end()

    def _watch(self) -> None:
        if not self._watching:
            self._loop.add_reader(self._fd, self._on_readable)
            self._watching = True

    def _on_readable(self) -> None:
        waiter = self._reader
        if waiter is None or waiter.done():
            self._loop.remove_reader(self._fd)
            self._watching = False
            return
        try:
            result = self._attempt()
        except (BlockingIOError, InterruptedError):
            return
        except OSError as fault:
            waiter.set_exception(fault)
        else:
            waiter.set_result(result)

    async def _wait_sent(self, data: memoryview, timeout: float | None, *, watch: bool) -> int:
        """Have the loop send it all, or until something comes in; gives how much was sent."""
        self._check_open()
        if self._writer is not None:
            raise RuntimeError("another task is writing to this connection")
        waiter = self._writer = self._loop.create_future()
        self._unsent = data
        self._loop.add_writer(self._fd, self._on_writable)
        watch = watch and self._reader is None
        if watch:
            # Shares the future: whichever comes first, bytes to read or the end of what is sent.
            self._reader, self._attempt = waiter, self._look
            self._watch()
        self._writing.begin(waiter, timeout)
        try:
            await waiter
            return len(data) - len(self._unsent)
        except asyncio.CancelledError:
            _came(waiter)
            raise
        finally:
            self._writer = None
            self._unsent = memoryview(b"")
            self._writing.end()
            if watch:
                self._reader = None
            if not self._closed:
                self._loop.remove_writer(self._fd)

    def _look(self) -> None:
        # The loop may be telling of what was read since it looked.
        if not self._poll.poll(0):
            raise BlockingIOError

    def _on_writable(self) -> None:
        waiter = self._writer
        if waiter is None or waiter.done():
            return
        try:
            sent = self._sock.send(self._unsent, _SEND_FLAGS)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as fault:
            waiter.set_exception(fault)
            return
        self._unsent = self._unsent[sent:]
        self._writing.again()
        if not self._unsent:
            waiter.set_result(None)


def _came(waiter: asyncio.Future[Any]) -> bool:
    """Whether it has a result. A fault is looked at, so that asyncio does not log one that nobody came for."""
    return waiter.done() and not waiter.cancelled() and waiter.exception() is None
