"""One container: both directions of it, and a terminal on it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Unpack

from wharfinger._async.attaching import attached, attached_socket
from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.execution import made
from wharfinger._async.terminal import AsyncInteraction
from wharfinger._core.exec_spec import exec_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._async.duplex_socket import AsyncDuplexSocket
    from wharfinger._async.terminal import Described
    from wharfinger._core.exec_spec import ExecOptions


class AsyncContainerTerminal(AsyncContainerState):
    """The verbs that give both directions of a container to a program, or to a person."""

    async def attach_socket(
        self,
        *,
        stdin: bool = True,
        stdout: bool = True,
        stderr: bool = True,
        logs: bool = False,
        detach_keys: str | None = None,
        ws: bool = False,
    ) -> AsyncDuplexSocket:
        """Both directions of it, from now on, with the methods of a socket.

        `attach(stdin=True)` gives the same with its output taken apart.

        Args:
            stdin: Its standard input; made with stdin_open=True, it has one.
            stdout: Its standard output.
            stderr: Its standard error.
            logs: What it has written until now, too, before the rest (with stdin: Docker).
            detach_keys: Keys that, when sent, make the engine end the connection; the engine's own unless given.
            ws: Over a websocket (Docker), whose output comes without frames; needs wharfinger[websocket].

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It has ended; or it is paused (Docker); or it has no standard input.
            NotSupported: The engine lacks what is asked for; nothing was sent.
            ImportError: ws=True, and the library for it is not installed; nothing was sent.
            ValueError: No stream is wanted, or detach_keys are none; nothing was sent.
        """
        return await attached_socket(
            self._engine,
            self,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            logs=logs,
            detach_keys=detach_keys,
            ws=ws,
        )

    async def interact(
        self,
        cmd: str | Sequence[str] | None = None,
        *,
        input: Described | None = None,
        output: Described | None = None,
        **options: Unpack[ExecOptions],
    ) -> int | None:
        """Connects the terminal that this program runs at with the container, or with a command in it, until it ends.

        As `docker attach` and `docker exec -it` do: what is typed goes there unseen by this side, its terminal gets the
        size of ours and follows it, and ours is as before afterwards, however this ends.

        Args:
            cmd: A command to run at a terminal of its own; unless given, the container itself.
            input: What is typed there: a file, or anything else with a descriptor; sys.stdin unless given.
            output: Where its outputs go, likewise; sys.stdout and sys.stderr unless given.
            **options: See ExecOptions; of a container itself detach_keys only. tty is True unless given.

        Returns:
            The exit code; None after the detach keys, ctrl-p and ctrl-q unless others are given.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running; or no command is given, and it has no standard input.
            ProtocolError: The connection was cut.
            TypeError, ValueError: An option is unknown, wrong or has no use without a command; nothing was sent.
        """
        ours = AsyncInteraction(input or sys.stdin, output or sys.stdout, output or sys.stderr)
        if cmd is not None:
            spec = exec_spec(cmd, {"tty": True, **options, "stdin": True})
            exec = await made(self._engine, self.id, spec)
            return await ours.run(await exec.start(tty=spec.tty))
        misplaced = [name for name in options if name != "detach_keys"]
        if misplaced:
            raise TypeError(f"{misplaced[0]} is an option of a command, expected cmd with it")
        keys = options.get("detach_keys")
        return await ours.run(
            await attached(self._engine, self, stdout=True, stderr=True, logs=False, detach_keys=keys)
        )
