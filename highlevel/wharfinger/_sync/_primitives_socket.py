"""A socket that is read, written and closed by several at once, which differs by more than its names.

Written twice, by hand: its twin is `_async/_primitives_socket.py`, with the same public names and `Async` before them.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S", bound="Socket")

# A broken pipe shall be an error here, whatever the program did to SIGPIPE.
_SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)
_CLOSED = "it was closed by this side"


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

    Reads wait in recv, and writes in send, as long as the system was told that they may: to wait in poll before each
    would be another call, and poll waits until most of what was sent is gone. Writes that look out for a reply never
    block but in poll.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(None)
        self._sock = sock
        # How long the system lets reads, and writes, wait.
        self._patience: dict[int, float | None] = {socket.SO_RCVTIMEO: None, socket.SO_SNDTIMEO: None}
        self._closed = False
        # The descriptor must not be closed under a thread that is about to use it: the number could belong
        # to something else by then. Who leaves last closes it.
        self._reading = False
        self._writing = False
        self._poll_in = select.poll()
        self._poll_in.register(sock, select.POLLIN)

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
            if self._closed:
                raise ClosedError(_CLOSED)
            self._be_patient(socket.SO_RCVTIMEO, timeout)
            result = attempt(argument)
        except BlockingIOError as fault:
            # What the system says when its patience has ended.
            raise TimeoutError from fault
        except OSError as fault:
            if self._closed:
                raise ClosedError(_CLOSED) from fault
            raise
        else:
            if not result and self._closed:
                raise ClosedError(_CLOSED)
            return result
        finally:
            self._reading = False
            if self._closed:
                self._let_go()

    def _be_patient(self, option: int, timeout: float | None) -> None:
        if timeout == self._patience[option]:
            return
        # 0 would mean to wait for ever.
        seconds = 0.0 if timeout is None else max(timeout, 0.001)
        whole = int(seconds)
        limit = struct.pack("ll", whole, int((seconds - whole) * 1_000_000))
        self._sock.setsockopt(socket.SOL_SOCKET, option, limit)
        self._patience[option] = timeout

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
        flags = _SEND_FLAGS | (socket.MSG_DONTWAIT if watch else 0)
        if not watch:
            self._be_patient(socket.SO_SNDTIMEO, timeout)
        while sent < size:
            if self._closed:
                raise ClosedError(_CLOSED)
            if watch and self._poll_in.poll(0):
                break
            try:
                sent += self._sock.send(memoryview(data)[sent:] if sent else data, flags)
            except BlockingIOError as fault:
                if not watch:
                    # What the system says when its patience has ended.
                    raise TimeoutError from fault
                self._wait_until_writable_or_answered(timeout)
        return sent

    def _wait_until_writable_or_answered(self, timeout: float | None) -> None:
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
