# Derived from highlevel/wharfinger/_async/execution.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Commands in containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.exec_spec import ExecSpec
from wharfinger._core.human import parse_command, parse_optional_pairs
from wharfinger._core.timeouts import Timeout
from wharfinger._sync.output import communicate, joined
from wharfinger.types import ExecResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.output import Input, Piece


def run_command(
    engine: EngineSession,
    container: str,
    cmd: str | Sequence[str],
    *,
    stdout: bool,
    stderr: bool,
    stdin: bool,
    tty: bool,
    privileged: bool,
    user: str,
    detach: bool,
    environment: Mapping[str, str] | Sequence[str] | None,
    workdir: str | None,
    demux: bool,
    input: Input | None,
) -> ExecResult:
    """Makes an exec, runs it, and asks for its exit code; see Container.exec_run."""
    spec = ExecSpec(
        command=_command(cmd),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        tty=tty,
        privileged=privileged,
        user=user,
        environment=_assignments(environment),
        workdir=workdir,
    )
    id = engine.call(lambda say: say.containers.exec_create(container, spec))
    if detach:
        engine.call(lambda say: say.containers.exec_start(id, detach=True, tty=tty))
        return ExecResult(None, (None, None) if demux else b"")
    duplex = engine.upgrade(lambda say: say.containers.exec_start(id, detach=False, tty=tty))
    found = communicate(duplex, tty=tty, input=input)
    ended = engine.call(lambda say: say.containers.exec_inspect(id), timeout=Timeout())
    return ExecResult(ended.get("ExitCode"), _output(found, demux=demux))


def _command(cmd: str | Sequence[str]) -> tuple[str, ...]:
    command = parse_command("cmd", cmd)
    if not command:
        raise ValueError(f"cmd={cmd!r} is empty; expected a command, such as ['ls', '-l']")
    return command


def _assignments(environment: Mapping[str, str] | Sequence[str] | None) -> tuple[str, ...]:
    variables = parse_optional_pairs("environment", environment or {})
    return tuple(name if value is None else f"{name}={value}" for name, value in variables.items())


def _output(found: list[Piece], *, demux: bool) -> bytes | tuple[bytes | None, bytes | None]:
    if demux:
        return joined(found, "stdout") or None, joined(found, "stderr") or None
    return joined(found, "stdout", "stderr")
