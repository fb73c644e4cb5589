"""The few things that differ by more than their names: this module is written twice, by hand.

Its twin is `_sync/_primitives.py`, with the same public names less their `Async`. All else is derived.
No asyncio streams: they buffer without being asked, cost time on each read and hide the half-close.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")
Item = TypeVar("Item")
S = TypeVar("S", bound="AsyncSocket")

# A broken pipe shall be an error here, whatever the program did to SIGPIPE.
_SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)
_CLOSED = "it was closed by this side"
_END = object()

AsyncLock = asyncio.Lock


class StateLock:
    """Keeps threads apart for a few statements; tasks need no lock for what has no await."""

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class AsyncWaiter:
    """Something to wait for that happens once."""

    __slots__ = ("_future",)

    def __init__(self) -> None:
        self._future = asyncio.get_running_loop().create_future()

    def set(self) -> None:
        """Let it happen."""
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, timeout: float | None) -> None:
        """Wait until it happens.

        Raises:
            TimeoutError: It did not, within the seconds given.
        """
        async with asyncio.timeout(timeout):
            await self._future


def home() -> object:
    """What connections belong to and cannot leave: here the event loop."""
    return asyncio.get_running_loop()


async def sleep(seconds: float) -> None:
    """Let others run for a while."""
    await asyncio.sleep(seconds)


async def run_blocking(function: Callable[[], T]) -> T:
    """Call what may block, without holding others up."""
    return await asyncio.get_running_loop().run_in_executor(None, function)


async def pieces(content: Iterable[bytes] | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Go through the pieces of a body, whichever way they are given."""
    if isinstance(content, AsyncIterable):
        async for piece in content:
            yield piece
        return
    source = iter(content)
    while (piece := await run_blocking(lambda: cast("Any", next(source, _END)))) is not _END:
        yield piece


async def resolve(host: str, port: int, timeout: float | None) -> list[tuple[int, Any]]:
    """Give the address families and addresses of a host, in the order in which to try them."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(timeout):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


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


class AsyncSocket:
    """A connected stream socket. One task may read while another writes; either may close.

    Reads and writes are tried at once; only when that would block, the loop watches the socket. It goes on
    watching until something is readable that nobody waits for, which saves most calls of epoll_ctl.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._fd = sock.fileno()
        self._closed = False
        self._watching = False
        self._attempt: Callable[[], Any] = int
        self._reader: asyncio.Future[Any] | None = None
        self._writer: asyncio.Future[Any] | None = None
        self._stash = b""
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
        try:
            return self._sock.recv_into(buffer)
        except BlockingIOError:
            count: int = await self._wait_readable(
                partial(self._sock.recv_into, buffer), lambda count: bytes(buffer[:count]), timeout
            )
            return count
        except OSError:
            self._check_open()
            raise

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
        sent = await self._send_some(data, timeout, watch=False)
        if sent < len(data):
            view = memoryview(data)
            while sent < len(data):
                sent += await self._send_some(view[sent:], timeout, watch=False)

    async def send_watching(self, data: bytes | memoryview, timeout: float | None) -> int:
        """Send until all is sent or something comes in; give how much was sent. Raises as send_all does."""
        view = memoryview(data)
        sent = 0
        while sent < len(data) and not self.is_readable():
            sent += await self._send_some(view[sent:], timeout, watch=True)
        return sent

    async def _send_some(self, data: bytes | memoryview, timeout: float | None, *, watch: bool) -> int:
        try:
            return self._sock.send(data, _SEND_FLAGS)
        except BlockingIOError:
            await self._wait_writable(timeout, watch=watch)
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
        try:
            return await self._until(waiter, timeout)
        except asyncio.CancelledError:
            # Read already, but the task was cancelled before it could have it: the next read gives it.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._stash = keep(waiter.result())
            raise
        finally:
            self._reader = None

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

    async def _wait_writable(self, timeout: float | None, *, watch: bool) -> None:
        self._check_open()
        if self._writer is not None:
            raise RuntimeError("another task is writing to this connection")
        waiter = self._writer = self._loop.create_future()
        self._loop.add_writer(self._fd, _finish, waiter)
        watch = watch and self._reader is None
        if watch:
            # Shares the future: whichever comes first, bytes to read or room to write.
            self._reader, self._attempt = waiter, int
            self._watch()
        try:
            await self._until(waiter, timeout)
        finally:
            self._writer = None
            if watch:
                self._reader = None
            if not self._closed:
                self._loop.remove_writer(self._fd)

    async def _until(self, waiter: asyncio.Future[Any], timeout: float | None) -> Any:  # noqa: ANN401 - what the future gives
        timer = None if timeout is None else self._loop.call_later(timeout, _expire, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                # Looked at, so that asyncio does not log a fault that nobody came for.
                waiter.exception()
            raise
        finally:
            if timer is not None:
                timer.cancel()


def _finish(waiter: asyncio.Future[Any]) -> None:
    if not waiter.done():
        waiter.set_result(None)


def _expire(waiter: asyncio.Future[Any]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())


async def complete(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do something to its end even when the caller is interrupted meanwhile, who hears of that afterwards."""
    task = asyncio.ensure_future(work())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


async def each(work: Callable[[Item], Coroutine[Any, Any, T]], items: Sequence[Item], limit: int) -> list[T]:
    """Do the same with every item, at most so many at once; gives the results in the order of the items.

    Raises what the first raised that failed; the others end, too.
    """
    todo = iter(enumerate(items))
    found: dict[int, T] = {}

    async def work_off() -> None:
        for number, item in todo:
            found[number] = await work(item)

    tasks = [asyncio.ensure_future(work_off()) for _ in range(min(limit, len(items)))]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [found[number] for number in range(len(items))]


class AsyncWorker:
    """Does something beside its caller.

    Args:
        work: What to do; begins at once.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._task = asyncio.ensure_future(work())

    async def join(self) -> None:
        """Wait for its end; raises what it raised."""
        await self._task

    async def abandon(self) -> None:
        """Bring its end about, unless somebody has, and wait for it, whatever it is."""
        self._task.cancel()
        # Gathered, so that asyncio does not log a fault that nobody came for.
        await asyncio.gather(self._task, return_exceptions=True)
