"""An engine of our own: a private `podman system service`, ended with the client that started it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from pathlib import Path
from typing import IO, TYPE_CHECKING

import attrs

from wharfinger._async._primitives import AsyncLock, run_blocking, sleep
from wharfinger._async._primitives_socket import AsyncSocket, connect
from wharfinger.address import EngineAddress, unix_url
from wharfinger.errors import EngineUnreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from wharfinger._core.discovery import EmbeddedEngine

_PING = b"GET /_ping HTTP/1.1\r\nHost: embedded\r\nConnection: close\r\n\r\n"
_PAUSE = 0.02
_TAIL = 2000
# The address of a socket file has room for 108 bytes, and on macOS for 104.
_LONGEST_SOCKET_PATH = 100
_HINT = (
    "See what `podman info` says, or name an engine that runs: base_url='unix:///run/podman/podman.sock' "
    "or CONTAINER_HOST."
)

# Podman must not outlive us, however we die. A parent-death signal is no help: it comes when the *thread*
# that started the process ends. So this shell stands between. It reads from a socket of which only we hold
# the other end: when that closes, by close() or by our death, the read ends and podman is told to end too.
_KEEPER = """
exec 3<&0 </dev/null
"$1" system service --time 0 "$2" 3<&- &
podman=$!
(read -r _ <&3; kill -TERM $podman) 2>/dev/null &
watcher=$!
exec 3<&-
wait $podman
status=$?
kill $watcher 2>/dev/null
rm -f "$3/podman.sock"
rmdir "$3"
exit $status
"""


class AsyncEmbeddedPodman:
    """A podman service on a socket of its own, in a folder that only this user may open.

    It has the user's own images, containers and settings. Containers that it started go on when it ends.
    It ends at close(), and without that when this object is collected or this process ends.

    Args:
        plan: What discovery found.
        variables: Used instead of the process's environment variables.
        start_timeout: Seconds that podman may take until it answers.
        stop_timeout: Seconds that it may take to end before it is killed.
    """

    def __init__(
        self,
        plan: EmbeddedEngine,
        *,
        variables: Mapping[str, str] | None = None,
        start_timeout: float = 30.0,
        stop_timeout: float = 10.0,
    ) -> None:
        self._plan = plan
        self._variables = variables
        self._start_timeout = start_timeout
        self._stop_timeout = stop_timeout
        self._lock = AsyncLock()
        self._address: EngineAddress | None = None
        self._end: weakref.finalize[[float], AsyncEmbeddedPodman] | None = None

    async def start(self) -> EngineAddress:
        """Start podman, unless it runs, and wait until it answers.

        Raises:
            EngineUnreachable: It ended, or did not answer in time; with the end of what it said.
        """
        async with self._lock:
            if self._address is None or self._end is None or not self._end.alive:
                self._address = await self._start()
            return self._address

    async def _start(self) -> EngineAddress:
        service = _begin(self._plan.binary, self._variables)
        end = self._end = weakref.finalize(self, service.end, self._stop_timeout)
        try:
            await self._until_answering(service)
        except BaseException:
            await run_blocking(end)
            raise
        return EngineAddress(unix_url(service.socket_path), self._plan.rule, "podman")

    async def _until_answering(self, service: _Service) -> None:
        deadline = time.monotonic() + self._start_timeout
        while not await _answers(service.socket_path, max(_PAUSE, deadline - time.monotonic())):
            code = service.process.poll()
            if code is not None:
                raise self._failure(service, f"it ended with code {code} before it answered")
            if time.monotonic() >= deadline:
                raise self._failure(service, f"it did not answer within {self._start_timeout:g} s")
            await sleep(_PAUSE)

    def _failure(self, service: _Service, why: str) -> EngineUnreachable:
        said = service.stderr_tail()
        what = f"{self._plan.rule} ({self._plan.binary} system service)"
        return EngineUnreachable([(what, f"{why}; it said: {said}" if said else why)], _HINT)

    async def close(self) -> None:
        """End podman and remove its folder; nothing happens when it does not run."""
        if self._end is not None:
            await run_blocking(self._end)

    async def __aenter__(self) -> EngineAddress:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


@attrs.frozen(eq=False)
class _Service:
    """The running processes and what they were given."""

    process: subprocess.Popen[bytes]
    leash: socket.socket
    stderr: IO[bytes]
    folder: str
    socket_path: str
    owner: int = attrs.field(factory=os.getpid)

    def stderr_tail(self) -> str:
        """The last of what podman said; it shares the position in the file, so that is left alone."""
        number = self.stderr.fileno()
        start = max(0, os.fstat(number).st_size - _TAIL)
        return os.pread(number, _TAIL, start).decode(errors="replace").strip()

    def end(self, timeout: float) -> None:
        """End podman, by force if it takes long, and remove what it leaves."""
        if os.getpid() != self.owner:
            return  # A fork has a copy of this object, but podman belongs to the process that started it.
        _cut(self.leash)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _cut(leash: socket.socket) -> None:
    try:
        # Not just closed: a fork may hold a copy of it.
        leash.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # The other side is gone already.
    leash.close()


def _begin(binary: str, variables: Mapping[str, str] | None) -> _Service:
    folder, socket_path = _private_folder()
    leash, held = socket.socketpair()
    stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the service ends
    try:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "wharfinger", binary, unix_url(socket_path), folder],
            stdin=held.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env=None if variables is None else dict(variables),
            # Ctrl-C is for the program in the terminal, which still needs the engine to clean up.
            start_new_session=True,
        )
    except BaseException:
        leash.close()
        stderr.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        held.close()
    return _Service(process, leash, stderr, folder, socket_path)


def _private_folder() -> tuple[str, str]:
    folder = tempfile.mkdtemp(prefix="wharfinger-")
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_PATH - len("/podman.sock"):
        Path(folder).rmdir()
        folder = tempfile.mkdtemp(prefix="wharfinger-", dir="/tmp")
    return folder, f"{folder}/podman.sock"


async def _answers(socket_path: str, timeout: float) -> bool:
    """Whether a ping is answered; any fault on the way means not yet."""
    try:
        sock = await connect(AsyncSocket, socket.AF_UNIX, socket_path, timeout)
    except OSError:
        return False
    try:
        await sock.send_all(_PING, timeout)
        head = await sock.receive(64, timeout)
    except OSError:
        return False
    finally:
        sock.close()
    return head.startswith(b"HTTP/1.1 200")
