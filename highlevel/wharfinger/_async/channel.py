"""What a connection is made of: bytes out, bytes in, a half-close, an end. And how sockets are dialled."""

from __future__ import annotations

import errno
import os
import socket
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wharfinger._async._primitives import resolve, sleep
from wharfinger._async._primitives_socket import AsyncSocket, connect
from wharfinger.errors import EngineUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wharfinger._core.timeouts import Limits
    from wharfinger.address import EngineAddress

C = TypeVar("C", bound="AsyncPlainChannel")

_HINTS = {
    errno.ENOENT: "Start the engine, or give the address of another one",
    errno.ECONNREFUSED: "The address is there but no engine listens on it: start the engine",
    errno.EACCES: "You may not use this socket: run as a user of its group, or use a rootless engine",
    errno.EPERM: "You may not use this socket: run as a user of its group, or use a rootless engine",
}


class AsyncChannel(Protocol):
    """A stream of bytes to the engine and one back.

    One task or thread may read while another writes, and any may close. What is read or written after this
    side closed raises ClosedError; what the other side or the network did raises OSError, and TimeoutError
    is one; bytes cut short, where that can be told from a clean end, raise ProtocolError.
    """

    @property
    def closed(self) -> bool:
        """Whether this side closed it."""
        ...

    def is_readable(self) -> bool:
        """Whether bytes, or the end, have come already."""
        ...

    def fileno(self) -> int:
        """The descriptor beneath; -1 when it is closed."""
        ...

    async def receive_into(self, buffer: memoryview, timeout: float | None) -> int:
        """Read what is there, or wait for it; 0 at the end."""
        ...

    async def receive(self, limit: int, timeout: float | None) -> bytes:
        """Read at most that many bytes; b"" at the end."""
        ...

    async def send_all(self, data: bytes | memoryview, timeout: float | None) -> None:
        """Send it all."""
        ...

    async def send_watching(self, data: bytes | memoryview, timeout: float | None) -> int:
        """Send until all is sent or something comes in; give how much was sent."""
        ...

    async def finish_sending(self, timeout: float | None) -> None:
        """Tell the engine that nothing more will be sent, and keep reading."""
        ...

    async def explain(self) -> str:
        """Say what is known of why the other side ended, beyond that it did; may be empty."""
        ...

    def close(self) -> None:
        """Close at once; who waits for it gets a ClosedError."""
        ...

    def abandon(self) -> None:
        """Let go of it without a word to the other side: it belongs to another process or event loop."""
        ...


class AsyncPlainChannel(AsyncSocket):
    """A socket as it is."""

    def fileno(self) -> int:
        """The descriptor; -1 when it is closed."""
        return self._sock.fileno()

    async def finish_sending(self, timeout: float | None) -> None:
        """Tell the engine that nothing more will be sent, and keep reading."""
        del timeout
        self.close_write()

    async def explain(self) -> str:
        """Say nothing: a socket knows no more."""
        return ""


def unreachable(address: EngineAddress, fault: BaseException, why: str = "") -> EngineUnreachable:
    """Give the error for an engine that could not be connected to."""
    code = fault.errno if isinstance(fault, OSError) else None
    words = why or (os.strerror(code) if code is not None and code > 0 else str(fault)) or repr(fault)
    return EngineUnreachable([(str(address), words)], _HINTS.get(code or 0, ""))


async def dial_unix(address: EngineAddress, limits: Limits) -> AsyncPlainChannel:
    """Connect to a socket file.

    Raises:
        EngineUnreachable: It cannot be.
        EngineTimeout: It took too long.
    """
    return await dial_path(AsyncPlainChannel, address, address.path, limits)


async def dial_path(kind: type[C], address: EngineAddress, path: str, limits: Limits) -> C:
    """Connect to a socket file, which may stand for an engine elsewhere. Raises as dial_unix does."""
    try:
        return await _connect_when_free(kind, path, limits)
    except TimeoutError as fault:
        raise limits.expired("connect", str(address)) from fault
    except OSError as fault:
        why = f"the path is too long for a socket: {path}" if "path too long" in str(fault) else ""
        raise unreachable(address, fault, why) from fault


async def _connect_when_free(kind: type[C], path: str, limits: Limits) -> C:
    # A socket file whose queue of callers is full refuses at once where TCP would wait.
    patience = limits.connect()
    end = None if patience is None else monotonic() + patience
    while True:
        try:
            return await connect(kind, socket.AF_UNIX, path, None)
        except BlockingIOError:
            if end is not None and monotonic() >= end:
                raise TimeoutError from None
            await sleep(0.005)


async def dial_tcp(address: EngineAddress, limits: Limits) -> AsyncPlainChannel:
    """Connect to a host and port, each of its addresses in turn. Raises as dial_unix does."""
    try:
        found = await resolve(address.host or "", address.port or 0, limits.connect())
        channel = await _dial_first(found, limits)
    except TimeoutError as fault:
        raise limits.expired("connect", str(address)) from fault
    except OSError as fault:
        raise unreachable(address, fault) from fault
    channel.without_delay()
    return channel


async def _dial_first(found: Iterable[tuple[int, Any]], limits: Limits) -> AsyncPlainChannel:
    last: OSError = OSError("the host has no address")
    for family, place in found:
        try:
            return await connect(AsyncPlainChannel, family, place, limits.connect())
        except OSError as fault:
            last = fault
    raise last
