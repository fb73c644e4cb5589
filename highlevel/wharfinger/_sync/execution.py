# Derived from highlevel/wharfinger/_async/execution.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Commands in containers: made, run, and read in each of the ways that a caller may want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from wharfinger._core.stream_decoders import Output, Pairs
from wharfinger._core.timeouts import Timeout
from wharfinger._sync.duplex_socket import DuplexSocket
from wharfinger._sync.exec import Exec, converse
from wharfinger._sync.output import Fed, collected, joined
from wharfinger._sync.streams import Stream
from wharfinger.types import ExecResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from wharfinger._core.exec_spec import ExecSpec
    from wharfinger._core.stream_decoders import OutputPair
    from wharfinger._sync.conversation import Conversation
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.output import Input

T_co = TypeVar("T_co", covariant=True)


class ExecRun(Generic[T_co]):
    """A command that was begun: what exec_run gives where it does not wait for the end.

    Unpacks and compares as the pair (exit_code, output). A context manager, which closes the output.
    """

    def __init__(self, exec: Exec, output: T_co, talk: Conversation | None) -> None:
        self._exec = exec
        self._output = output
        self._talk = talk

    def __repr__(self) -> str:
        return f"<{type(self).__name__} exit_code={self.exit_code} output={self._output!r}>"

    @property
    def exec(self) -> Exec:
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
        return isinstance(other, tuple | ExecRun) and (self.exit_code, self._output) == (*other,)

    def __hash__(self) -> int:
        return hash((ExecRun, self._exec))

    def close(self) -> None:
        """Ends the output at once, wherever its reader is; the command may go on."""
        if self._talk is not None:
            self._talk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def made(engine: EngineSession, container: str, spec: ExecSpec, *, started: bool = False) -> Exec:
    """Makes a command, and does not start it; started is whether the caller does so at once by `converse`."""
    id = engine.call(lambda say: say.execs.create(container, spec))
    known: dict[str, Any] = {"ID": id, "ContainerID": container}
    return Exec(engine, known, tty=spec.tty, detach_keys=spec.detach_keys, started=started)


def run_command(
    engine: EngineSession,
    container: str,
    spec: ExecSpec,
    *,
    detach: bool,
    stream: bool,
    socket: bool,
    demux: bool,
    input: Input | None,
    timeout: float | None,
) -> ExecResult[Any] | ExecRun[Any]:
    """Makes a command and runs it; see Container.exec_run."""
    _check_ways(detach=detach, stream=stream, socket=socket, demux=demux, input=input, timeout=timeout)
    exec = made(engine, container, spec, started=not detach)
    if detach:
        exec.start(detach=True)
        return ExecRun(exec, (None, None) if demux else b"", None)
    talk = converse(engine, exec, tty=spec.tty, timeout=timeout)
    if socket:
        return ExecRun(exec, DuplexSocket(talk), talk)
    source = Fed(talk, b"" if spec.stdin and input is None else input, tty=spec.tty)
    if stream:
        flowing: Stream[bytes] | Stream[OutputPair] = (
            Stream(source, Pairs(tty=spec.tty)) if demux else Stream(source, Output(tty=spec.tty))
        )
        return ExecRun(exec, flowing, talk)
    found = collected(source, tty=spec.tty)
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
