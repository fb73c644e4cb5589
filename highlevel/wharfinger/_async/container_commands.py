"""One container: commands run in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

import attrs

from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.execution import made, run_command
from wharfinger._core.exec_spec import exec_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._async.duplex_socket import AsyncDuplexSocket
    from wharfinger._async.exec import AsyncExec
    from wharfinger._async.execution import AsyncExecRun
    from wharfinger._async.output import Input
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.exec_spec import ExecOptions
    from wharfinger._core.stream_decoders import OutputPair
    from wharfinger.types import ExecResult


class AsyncContainerCommands(AsyncContainerState):
    """The verbs that run further commands in a container."""

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[False] = False,
        stream: Literal[False] = False,
        socket: Literal[False] = False,
        demux: Literal[False] = False,
        input: Input | None = None,
        timeout: float | None = None,
        **options: Unpack[ExecOptions],
    ) -> ExecResult[bytes]: ...

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[False] = False,
        stream: Literal[False] = False,
        socket: Literal[False] = False,
        demux: Literal[True],
        input: Input | None = None,
        timeout: float | None = None,
        **options: Unpack[ExecOptions],
    ) -> ExecResult[OutputPair]: ...

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[False] = False,
        stream: Literal[True],
        socket: Literal[False] = False,
        demux: Literal[False] = False,
        input: Input | None = None,
        timeout: float | None = None,
        **options: Unpack[ExecOptions],
    ) -> AsyncExecRun[AsyncStream[bytes]]: ...

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[False] = False,
        stream: Literal[True],
        socket: Literal[False] = False,
        demux: Literal[True],
        input: Input | None = None,
        timeout: float | None = None,
        **options: Unpack[ExecOptions],
    ) -> AsyncExecRun[AsyncStream[OutputPair]]: ...

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[False] = False,
        stream: Literal[False] = False,
        socket: Literal[True],
        **options: Unpack[ExecOptions],
    ) -> AsyncExecRun[AsyncDuplexSocket]: ...

    @overload
    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: Literal[True],
        stream: Literal[False] = False,
        socket: Literal[False] = False,
        **options: Unpack[ExecOptions],
    ) -> AsyncExecRun[bytes]: ...

    async def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        detach: bool = False,
        stream: bool = False,
        socket: bool = False,
        demux: bool = False,
        input: Input | None = None,
        timeout: float | None = None,
        **options: Unpack[ExecOptions],
    ) -> ExecResult[Any] | AsyncExecRun[Any]:
        """Runs a command in it and waits for its end, or gives its output as it comes.

        Args:
            cmd: The command; a string is split as a shell does, but no shell runs it.
            detach: Do not wait, and leave its output; `exec.wait()` of the result tells the exit code.
            stream: Give a stream of the output instead of all at once.
            socket: Give an object with the methods of a socket, for both directions as the engine sends them.
            demux: Give pairs (stdout, stderr), None for a stream that got nothing.
            input: What to write to its standard input, followed by its end; on a terminal that is Ctrl-D.
            timeout: Seconds to wait for it; as long as it takes unless given. Afterwards EngineTimeout is raised and
                the connection closed, but the command goes on in the container: engines have no way to end it. Give
                ["timeout", "30", …] as the command where the image has that program.
            **options: See ExecOptions. stdin=True gives it a standard input that is at its end from the start, unless
                there is `input`, which says it by itself, or a socket.

        Returns:
            The exit code and the output, or with detach, stream and socket an object that has both in time.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            EngineTimeout: It took longer than it may.
            ProtocolError: The output was cut short.
            TypeError, ValueError: An option is unknown or wrong, or some contradict each other; nothing was sent.
        """
        spec = exec_spec(cmd, options)
        return await run_command(
            self._engine,
            self.id,
            attrs.evolve(spec, stdin=spec.stdin or input is not None),
            detach=detach,
            stream=stream,
            socket=socket,
            demux=demux,
            input=input,
            timeout=timeout,
        )

    async def exec_create(self, cmd: str | Sequence[str], **options: Unpack[ExecOptions]) -> AsyncExec:
        """Makes a command for it, and does not start it.

        Args:
            cmd: The command; a string is split as a shell does, but no shell runs it.
            **options: See ExecOptions.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        return await made(self._engine, self.id, exec_spec(cmd, options))
