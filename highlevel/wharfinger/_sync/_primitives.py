"""The few things that differ by more than their names: this module is written twice, by hand.

Its twin is `_async/_primitives.py`, with the same public names and `Async` before them. All else is derived.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
Item = TypeVar("Item")
S = TypeVar("S", bound="Socket")

# A broken pipe shall be an error here, whatever the program did to SIGPIPE.
_SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)
_CLOSED = "it was closed by this side"
_PATIENCE = 1.0  # seconds for a thread whose connection was closed under it

Lock = threading.Lock
StateLock = threading.Lock


class Waiter:
    """Something to wait for that happens once."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Let it happen."""
        self._event.set()

    def wait(self, timeout: float | None) -> None:
        """Wait until it happens.

        Raises:
            TimeoutError: It did not, within the seconds given.
        """
        if not self._event.wait(timeout):
            raise TimeoutError


def home() -> object:
    """What connections belong to and cannot leave: here the process, for a fork would share them."""
    return os.getpid()


def sleep(seconds: float) -> None:
    """Let others run for a while."""
    time.sleep(seconds)


def run_blocking(function: Callable[[], T]) -> T:
    """Call what may block."""
    return function()


def pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Go through the pieces of a body."""
    return iter(content)


def resolve(host: str, port: int, timeout: float | None) -> list[tuple[int, Any]]:  # noqa: ARG001 - the system's resolver has limits of its own
    """Give the address families and addresses of a host, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def connect(kind: type[S], family: int, address: Any, timeout: float | None) -> S:  # noqa: ANN401 - its type is the family's
    """Connect a stream socket.

    Raises:
        BlockingIOError: The engine has too many callers waiting on its socket file; try again soon.
        OSError: It cannot be; TimeoutError is one.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        # 0 would mean not to wait at all, and give another error.
        sock.settimeout(None if timeout is None else max(timeout, 0.001))
        sock.connect(address)
        return kind(sock)
    except BaseException:
        sock.close()
        raise


class Socket:
    """A connected stream socket. One thread may read while another writes; any may close.

    It never blocks but in poll, so that reader and writer can have limits of their own.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._closed = False
        # The descriptor must not be closed under a thread that is about to use it: the number could belong
        # to something else by then. Who leaves last closes it.
        self._reading = False
        self._writing = False
        self._poll_in = select.poll()
        self._poll_in.register(sock, select.POLLIN)
        self._poll_out = select.poll()
        self._poll_out.register(sock, select.POLLOUT)

    @property
    def closed(self) -> bool:
        """Whether this side closed it."""
        return self._closed

    def is_readable(self) -> bool:
        """Whether bytes, or the end, have come already."""
        return bool(self._closed or self._poll_in.poll(0))

    def receive_into(self, buffer: memoryview, timeout: float | None) -> int:
        """Read what is there, or wait for it; 0 at the end.

        Raises:
            ClosedError: This side closed the socket.
            OSError: The connection broke; TimeoutError is one.
        """
        count: int = self._receive(self._sock.recv_into, buffer, timeout)
        return count

    def receive(self, limit: int, timeout: float | None) -> bytes:
        """Read at most that many bytes; b"" at the end. Raises as receive_into does."""
        data: bytes = self._receive(self._sock.recv, limit, timeout)
        return data

    def _receive(self, attempt: Callable[[Any], Any], argument: Any, timeout: float | None) -> Any:  # noqa: ANN401 - bytes or their number
        if self._reading:
            raise RuntimeError("another thread is reading from this connection")
        self._reading = True
        try:
            while True:
                if self._closed:
                    raise ClosedError(_CLOSED)
                if not self._poll_in.poll(None if timeout is None else ceil(timeout * 1000)):
                    raise TimeoutError
                try:
                    result = attempt(argument)
                except (BlockingIOError, InterruptedError):
                    continue
                if not result and self._closed:
                    raise ClosedError(_CLOSED)
                return result
        except OSError as fault:
            if self._closed:
                raise ClosedError(_CLOSED) from fault
            raise
        finally:
            self._reading = False
            if self._closed:
                self._let_go()

    def send_all(self, data: bytes | memoryview, timeout: float | None) -> None:
        """Send it all.

        Raises:
            ClosedError: This side closed the socket.
            OSError: The connection broke; TimeoutError is one.
        """
        self._send(data, timeout, watch=False)

    def send_watching(self, data: bytes | memoryview, timeout: float | None) -> int:
        """Send until all is sent or something comes in; give how much was sent. Raises as send_all does."""
        return self._send(data, timeout, watch=True)

    def _send(self, data: bytes | memoryview, timeout: float | None, *, watch: bool) -> int:
        if self._writing:
            raise RuntimeError("another thread is writing to this connection")
        self._writing = True
        try:
            return self._send_loop(data, timeout, watch=watch)
        except OSError as fault:
            if self._closed:
                raise ClosedError(_CLOSED) from fault
            raise
        finally:
            self._writing = False
            if self._closed:
                self._let_go()

    def _send_loop(self, data: bytes | memoryview, timeout: float | None, *, watch: bool) -> int:
        sent = 0
        size = len(data)
        while sent < size:
            if self._closed:
                raise ClosedError(_CLOSED)
            if watch and self._poll_in.poll(0):
                break
            try:
                sent += self._sock.send(memoryview(data)[sent:] if sent else data, _SEND_FLAGS)
            except (BlockingIOError, InterruptedError):
                self._wait_writable(timeout, watch=watch)
        return sent

    def _wait_writable(self, timeout: float | None, *, watch: bool) -> None:
        poll = self._poll_out
        if watch:
            poll = select.poll()
            poll.register(self._sock, select.POLLIN | select.POLLOUT)
        if not poll.poll(None if timeout is None else ceil(timeout * 1000)):
            raise TimeoutError

    def without_delay(self) -> None:
        """Send small pieces at once over TCP, and find out by itself when the peer is gone."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def close_write(self) -> None:
        """Tell the peer that nothing more will be sent, and keep reading."""
        if self._closed:
            raise ClosedError(_CLOSED)
        self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close at once; a thread that waits for this socket wakes with a ClosedError."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._let_go()

    def abandon(self) -> None:
        """Let go of it without a word to the other side: it belongs to another process."""
        self._closed = True
        self._sock.close()

    def _let_go(self) -> None:
        if not self._reading and not self._writing:
            self._sock.close()


def complete(work: Callable[[], T]) -> T:
    """Do something to its end even when the caller is interrupted meanwhile, who hears of that afterwards."""
    # Taken by who comes first: the thread, or the caller that was interrupted before the thread began.
    begun = threading.Lock()
    ended = threading.Event()
    found: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        if not begun.acquire(blocking=False):
            return
        try:
            found.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised in the thread that waits for it
            faults.append(fault)
        finally:
            ended.set()

    try:
        threading.Thread(target=run, daemon=True).start()
        ended.wait()
    except BaseException:
        if not begun.acquire(blocking=False):
            ended.wait()
        raise
    if faults:
        raise faults[0]
    return found[0]


def each(work: Callable[[Item], T], items: Sequence[Item], limit: int) -> list[T]:
    """Do the same with every item, at most so many at once; gives the results in the order of the items.

    Raises what the first raised that failed, when those that had begun have ended.
    """
    if not items:
        return []
    with ThreadPoolExecutor(min(limit, len(items))) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            return [one.result() for one in begun]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Worker:
    """Does something beside its caller.

    Args:
        work: What to do; begins at once.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as fault:  # noqa: BLE001 - raised again by join, in the thread that waits for it
            self._fault = fault

    def join(self) -> None:
        """Wait for its end; raises what it raised."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def abandon(self) -> None:
        """Wait for its end, which somebody else has brought about, whatever it is."""
        # A caller's iterator may hold it up for ever, which nothing can interrupt: it ends when it comes back.
        self._thread.join(_PATIENCE)
