"""Commands in containers: made, run, and read in each of the ways that a caller may want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from wharfinger._async.duplex_socket import AsyncDuplexSocket
from wharfinger._async.exec import AsyncExec, converse
from wharfinger._async.output import AsyncFed, collected, joined
from wharfinger._async.streams import AsyncStream
from wharfinger._core.stream_decoders import Output, Pairs
from wharfinger._core.timeouts import Timeout
from wharfinger.types import ExecResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from wharfinger._async.conversation import AsyncConversation
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.output import Input
    from wharfinger._core.exec_spec import ExecSpec
    from wharfinger._core.stream_decoders import OutputPair

T_co = TypeVar("T_co", covariant=True)


class AsyncExecRun(Generic[T_co]):
    """A command that was begun: what exec_run gives where it does not wait for the end.

    Unpacks and compares as the pair (exit_code, output). A context manager, which closes the output.
    """

    def __init__(self, exec: AsyncExec, output: T_co, talk: AsyncConversation | None) -> None:
        self._exec = exec
        self._output = output
        self._talk = talk

    def __repr__(self) -> str:
        return f"<{type(self).__name__} exit_code={self.exit_code} output={self._output!r}>"

    @property
    def exec(self) -> AsyncExec:
        """The command itself, such as for `exec.wait()` of a detached one."""
        return self._exec

    @property
    def output(self) -> T_co:
        """A stream, or an object with a socket's methods; nothing when detached."""
        return self._output

    @property
    def exit_code(self) -> int | None:
        """The exit code, known when all of the output was read, or by `exec.wait()`; None before."""
        told = None if self._talk is None else self._talk.exit_code
        return self._exec.exit_code if told is None else told

    def __iter__(self) -> Iterator[Any]:
        return iter((self.exit_code, self._output))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | AsyncExecRun) and (self.exit_code, self._output) == (*other,)

    def __hash__(self) -> int:
        return hash((AsyncExecRun, self._exec))

    async def close(self) -> None:
        """Ends the output at once, wherever its reader is; the command may go on."""
        if self._talk is not None:
            await self._talk.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def made(
    engine: AsyncEngineSession, container: str, spec: ExecSpec, *, started: bool = False
) -> AsyncExec:
    """Makes a command, and does not start it; started is whether the caller does so at once by `converse`."""
    id = await engine.call(lambda say: say.execs.create(container, spec))
    known: dict[str, Any] = {"ID": id, "ContainerID": container}
    return AsyncExec(engine, known, tty=spec.tty, detach_keys=spec.detach_keys, started=started)


async def run_command(
    engine: AsyncEngineSession,
    container: str,
    spec: ExecSpec,
    *,
    detach: bool,
    stream: bool,
    socket: bool,
    demux: bool,
    input: Input | None,
    timeout: float | None,
) -> ExecResult[Any] | AsyncExecRun[Any]:
    """Makes a command and runs it; see AsyncContainer.exec_run."""
    _check_ways(detach=detach, stream=stream, socket=socket, demux=demux, input=input, timeout=timeout)
    exec = await made(engine, container, spec, started=not detach)
    if detach:
        await exec.start(detach=True)
        return AsyncExecRun(exec, (None, None) if demux else b"", None)
    talk = await converse(engine, exec, tty=spec.tty, timeout=timeout)
    if socket:
        return AsyncExecRun(exec, AsyncDuplexSocket(talk), talk)
    source = AsyncFed(talk, b"" if spec.stdin and input is None else input, tty=spec.tty)
    if stream:
        flowing: AsyncStream[bytes] | AsyncStream[OutputPair] = (
            AsyncStream(source, Pairs(tty=spec.tty)) if demux else AsyncStream(source, Output(tty=spec.tty))
        )
        return AsyncExecRun(exec, flowing, talk)
    found = await collected(source, tty=spec.tty)
    if demux:
        return ExecResult(talk.exit_code, (joined(found, "stdout") or None, joined(found, "stderr") or None))
    return ExecResult(talk.exit_code, joined(found, "stdout", "stderr"))


def _check_ways(
    *, detach: bool, stream: bool, socket: bool, demux: bool, input: Input | None, timeout: float | None
) -> None:
    ways = {"detach": detach, "stream": stream, "socket": socket}
    chosen = [f"{name}=True" for name, value in ways.items() if value]
    if len(chosen) > 1:
        raise ValueError(f"{' and '.join(chosen)} are given together, expected one of them")
    given = {"input": input is not None, "timeout": timeout is not None, "demux": demux and socket}
    misplaced = [name for name, value in given.items() if value]
    if (detach or socket) and misplaced:
        raise ValueError(f"{misplaced[0]} is given together with {chosen[0]}, which has no use for it")
    # Checks it.
    Timeout(total=timeout)
