"""ssh://: the system's ssh, logged in once, and a channel through it for each connection.

Configuration, keys, agent and host-key checks are ssh's own. One ssh process (the master) logs in and stays;
the connections go through it: to an address with a path by forwarding a socket file, else by running the
engine's own `system dial-stdio` at the other end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import weakref
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO

from wharfinger._async._primitives import AsyncLock, run_blocking
from wharfinger._async.channel import AsyncChannel, AsyncPlainChannel, dial_path
from wharfinger._core.timeouts import Limits
from wharfinger.address import EngineAddress
from wharfinger.errors import ClosedError, EngineUnreachable

_READY = b"logged-in"
_STDERR_BYTES = 4096
_HINT = "Try the same by hand: ssh "


class _SSHChannel(AsyncPlainChannel):
    """One connection through the login."""

    def attach(self, child: subprocess.Popen[bytes] | None, stderr: IO[bytes]) -> None:
        """Note the process behind it, if it has one of its own, and where complaints are written."""
        self._child = child
        self._stderr = stderr
        self._said = stderr.seek(0, os.SEEK_END) if child is None else 0

    async def explain(self) -> str:
        """Give what ssh, or the engine's program at the other end, complained of."""
        if self._child is not None:
            # Its last words come shortly before its end.
            with contextlib.suppress(subprocess.TimeoutExpired):
                await run_blocking(partial(self._child.wait, 1.0))
        return _tail(self._stderr, self._said)

    def close(self) -> None:
        """Close at once; who waits for it gets a ClosedError."""
        super().close()
        if self._child is not None:
            self._child.terminate()
            self._stderr.close()


def _tail(file: IO[bytes], start: int = 0) -> str:
    with contextlib.suppress(ValueError):  # closed meanwhile
        end = os.fstat(file.fileno()).st_size
        said = os.pread(file.fileno(), _STDERR_BYTES, max(start, end - _STDERR_BYTES))
        return said.decode("utf-8", "replace").strip()
    return ""


class AsyncSSHLogin:
    """One login, and the private folder with its control socket."""

    def __init__(self, address: EngineAddress) -> None:
        self._address = address
        self._lock = AsyncLock()
        self._master: _Master | None = None
        self._closed = False

    async def dial(self, limits: Limits) -> AsyncChannel:
        """Connect through the login, logging in first where that has not been done.

        Raises:
            EngineUnreachable: ssh or the engine behind it cannot be reached; holds what ssh said.
            EngineTimeout: It took too long.
        """
        async with self._lock:
            if self._closed:
                raise ClosedError("the client is closed")
            if self._master is None or self._master.ended():
                await self._end()
                self._master = await self._log_in(limits)
            master = self._master
        if self._address.path:
            return await self._forwarded(master, limits)
        return await self._through_program(master, limits)
