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
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from wharfinger._async._primitives import AsyncLock, run_blocking
from wharfinger._async.channel import AsyncChannel, AsyncPlainChannel, dial_path
from wharfinger.errors import ClosedError, EngineTimeout, EngineUnreachable

if TYPE_CHECKING:
    from wharfinger._core.timeouts import Limits
    from wharfinger.address import EngineAddress

_READY = b"logged-in"
_STDERR_BYTES = 4096
# What sshd allows in one login unless told otherwise (MaxSessions); beyond that, one more login is made.
_SESSIONS = 10
# Through the master or not at all: ssh would else try a login of its own, with another configuration.
_THROUGH_MASTER = ("-F", "none", "-T", "-o", "BatchMode=yes", "-o", "ProxyCommand=false")


def _tail(file: IO[bytes], start: int = 0) -> str:
    end = os.fstat(file.fileno()).st_size
    said = os.pread(file.fileno(), _STDERR_BYTES, max(start, end - _STDERR_BYTES))
    return said.decode("utf-8", "replace").strip()


class _Master:
    """The ssh process that is logged in, and its private folder."""

    def __init__(self, address: EngineAddress, patience: float | None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wharfinger-"))
        self.control = self._folder / "ctl"
        self.forward = self._folder / "engine"
        # Appended to, for the processes and we share one position in it.
        self.stderr = (self._folder / "stderr").open("a+b")
        self.children: list[subprocess.Popen[bytes]] = []
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.process = subprocess.Popen(
                    self._command(address, patience),
                    stdin=subprocess.DEVNULL,
                    stdout=theirs.fileno(),
                    stderr=self.stderr,
                    # Ctrl-C at the terminal is for the program, which may still want to tidy up.
                    start_new_session=True,
                )
        except OSError as fault:
            ours.close()
            self.stderr.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise EngineUnreachable(
                [(str(address), f"the program ssh cannot be started: {fault}")], "Install an OpenSSH client"
            ) from fault
        self.ready = ours
        self._finalizer = weakref.finalize(self, _tidy, os.getpid(), self.process, self._folder)

    def _command(self, address: EngineAddress, patience: float | None) -> list[str]:
        options = {
            "BatchMode": "yes",
            "ControlPersist": "no",
            # The user's own forwards may be taken already by a login at the terminal.
            "ClearAllForwardings": "yes",
            "RemoteCommand": "none",
            "PermitLocalCommand": "yes",
            "LocalCommand": f"printf {_READY.decode()}",
        }
        if patience is not None:
            options["ConnectTimeout"] = str(max(1, round(patience)))
        command = ["ssh", "-M", "-S", str(self.control), "-N", "-T"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        if address.identity is not None:
            command += ["-i", address.identity]
        if address.port is not None:
            command += ["-p", str(address.port)]
        if address.username is not None:
            command += ["-l", address.username]
        return [*command, "--", address.host or ""]

    def has_room(self) -> bool:
        """Whether one more session may run through it."""
        self.children = [child for child in self.children if child.poll() is None]
        # It removes its socket a moment before it ends.
        alive = self.process.poll() is None and self.control.exists()
        return alive and len(self.children) < _SESSIONS

    def close(self) -> None:
        """End it and what runs through it; waits for the processes, which takes milliseconds."""
        self.ready.close()
        self._finalizer()
        for process in (*self.children, self.process):
            process.terminate()
            try:
                # Some releases of ssh miss a signal that comes while they begin to wait.
                process.wait(0.5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.stderr.close()


def _tidy(owner: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    # The child of a fork has a copy of this object, and must leave the login to its owner.
    if os.getpid() == owner:
        process.terminate()
        shutil.rmtree(folder, ignore_errors=True)


class AsyncSSHChannel(AsyncPlainChannel):
    """One connection through a login."""

    _child: subprocess.Popen[bytes] | None = None
    _complaints: IO[bytes] | None = None
    _known = 0

    def attach(self, complaints: IO[bytes], child: subprocess.Popen[bytes] | None) -> None:
        """Note where complaints are written, and the process behind it if it has one of its own."""
        self._complaints = complaints
        self._child = child
        self._known = 0 if child else os.fstat(complaints.fileno()).st_size

    async def explain(self) -> str:
        """Give what ssh, or the engine's program at the other end, complained of."""
        if self._complaints is None or self._complaints.closed:
            return ""
        if self._child is not None:
            # Its last words come shortly before its end.
            with contextlib.suppress(subprocess.TimeoutExpired):
                await run_blocking(partial(self._child.wait, 1.0))
        return _tail(self._complaints, self._known)

    def close(self) -> None:
        """Close at once; who waits for it gets a ClosedError."""
        super().close()
        if self._child is not None:
            self._child.terminate()
            if self._complaints is not None:
                self._complaints.close()


class AsyncSSHLogin:
    """The login that all connections to one address share."""

    def __init__(self, address: EngineAddress) -> None:
        self._address = address
        self._lock = AsyncLock()
        self._masters: list[_Master] = []
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
            master = next((master for master in self._masters if master.has_room()), None)
            if master is None:
                master = await self._log_in(limits)
            if not self._address.path:
                return self._through_program(master)
        channel = await dial_path(AsyncSSHChannel, self._address, str(master.forward), limits)
        channel.attach(master.stderr, None)
        return channel

    async def _log_in(self, limits: Limits) -> _Master:
        await self._forget_ended()
        patience = limits.connect()
        # Not beside the loop: cancelled at that moment, nobody would know of the process.
        master = _Master(self._address, patience)
        try:
            await self._await_login(master, limits)
            if self._address.path:
                await run_blocking(partial(self._forward, master, limits.connect()))
        except BaseException:
            await run_blocking(master.close)
            raise
        self._masters.append(master)
        return master

    async def _forget_ended(self) -> None:
        for master in [master for master in self._masters if master.process.poll() is not None]:
            self._masters.remove(master)
            await run_blocking(master.close)

    async def _await_login(self, master: _Master, limits: Limits) -> None:
        said = b""
        ready = AsyncPlainChannel(master.ready)
        try:
            while _READY not in said:
                data = await ready.receive(64, limits.connect())
                if not data:
                    raise self._failed(master)
                said += data
        except TimeoutError as fault:
            raise self._slow(master, limits) from fault
        finally:
            ready.close()

    def _forward(self, master: _Master, patience: float | None) -> None:
        """Make the engine's socket file at the other end appear in the private folder."""
        places = f"{master.forward}:{self._address.path}"
        command = ["ssh", *_THROUGH_MASTER, "-S", str(master.control), "-O", "forward", "-L", places]
        try:
            done = subprocess.run(
                [*command, "--", self._address.host or ""],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired as fault:
            raise EngineTimeout("connect", patience, f"ssh to {self._address}") from fault
        if done.returncode:
            raise self._failed(master, done.stderr.decode("utf-8", "replace").strip())

    def _through_program(self, master: _Master) -> AsyncSSHChannel:
        """Run the engine's own program for this at the other end, over a pair of sockets."""
        program = f"{self._address.engine or 'docker'} system dial-stdio"
        command = [
            "ssh",
            *_THROUGH_MASTER,
            "-S",
            str(master.control),
            "--",
            self._address.host or "",
            program,
        ]
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - the channel closes it
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                child = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=complaints,
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            complaints.close()
            raise
        master.children.append(child)
        channel = AsyncSSHChannel(ours)
        channel.attach(complaints, child)
        return channel

    def _failed(self, master: _Master, said: str = "") -> EngineUnreachable:
        why = said or _tail(master.stderr) or "ssh ended without a word"
        return EngineUnreachable(
            [(str(self._address), why)],
            f"Log in by hand once, without being asked for anything: ssh {self._address.host}",
        )

    def _slow(self, master: _Master, limits: Limits) -> EngineTimeout:
        said = _tail(master.stderr)
        return limits.expired("connect", f"ssh to {self._address}" + (f" said: {said}" if said else ""))

    async def close(self) -> None:
        """Log out, and remove the private folder."""
        async with self._lock:
            self._closed = True
            masters, self._masters = self._masters, []
        for master in masters:
            await run_blocking(master.close)
