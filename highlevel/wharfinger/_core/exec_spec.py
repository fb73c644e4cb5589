"""What a command in a container shall be, in values that belong to no engine; and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from typing import TYPE_CHECKING, Any, TypedDict, cast

import attrs

from wharfinger._core.detach_keys import parse_detach_keys
from wharfinger._core.human import (
    nearest,
    parse_command,
    parse_flag,
    parse_optional_pairs,
    parse_text,
    parse_word,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class ExecOptions(TypedDict, total=False):
    """What exec_run, exec_create and interact take of a command besides its words; None is the same as not given.

    Attributes:
        stdout: Take its standard output; True unless given.
        stderr: Take its standard error; True unless given.
        stdin: Give it an open standard input.
        tty: Give it a terminal, which joins its two outputs.
        privileged: Give it all capabilities.
        user: User, or user:group; the container's own unless given.
        environment: Further variables: a mapping, or a list such as ["NAME=value"].
        workdir: Its working directory; the container's own unless given.
        detach_keys: Keys that, when sent, leave it running and end the connection, such as "ctrl-a,d"; on a
            terminal "ctrl-p,ctrl-q" unless given.
    """

    stdout: bool | None
    stderr: bool | None
    stdin: bool | None
    tty: bool | None
    privileged: bool | None
    user: str | int | None
    environment: Mapping[str, str] | Sequence[str] | None
    workdir: str | None
    detach_keys: str | None


@attrs.frozen(kw_only=True)
class ExecSpec:
    """A command to run; see ExecOptions for what the fields mean."""

    command: tuple[str, ...]
    stdin: bool = False
    stdout: bool = True
    stderr: bool = True
    tty: bool = False
    privileged: bool = False
    user: str = ""
    # May hold secrets.
    environment: tuple[str, ...] = attrs.field(default=(), repr=False)
    workdir: str | None = None
    detach_keys: str | None = None

    def body(self) -> dict[str, Any]:
        """The request's JSON, which both engines take in the same form."""
        body: dict[str, Any] = {
            "AttachStdin": self.stdin,
            "AttachStdout": self.stdout,
            "AttachStderr": self.stderr,
            "Tty": self.tty,
            "Cmd": [*self.command],
            "Privileged": self.privileged,
            "User": self.user,
            "Env": [*self.environment],
        }
        more = {"WorkingDir": self.workdir, "DetachKeys": self.detach_keys}
        return {**body, **{name: value for name, value in more.items() if value}}


def _assignments(name: str, value: object) -> tuple[str, ...]:
    found = parse_optional_pairs(name, value)
    return tuple(one if given is None else f"{one}={given}" for one, given in found.items())


def _keys(name: str, value: object) -> str:
    keys = parse_text(name, value)
    parse_detach_keys(keys)
    return keys


_READERS: dict[str, Callable[[str, object], object]] = {
    **dict.fromkeys(("stdin", "stdout", "stderr", "tty", "privileged"), parse_flag),
    "user": parse_word,
    "environment": _assignments,
    "workdir": parse_text,
    "detach_keys": _keys,
}


def exec_spec(cmd: str | Sequence[str], options: ExecOptions) -> ExecSpec:
    """Read the words and the keywords of a command.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: The command is empty, or a value is wrong.
    """
    for name in options:
        if name not in _READERS:
            raise TypeError(f"unknown option {name!r}{nearest(name, _READERS)}")
    command = parse_command("cmd", cmd)
    if not command:
        raise ValueError(f"cmd={cmd!r} is empty; expected a command, such as ['ls', '-l']")
    given = {name: value for name, value in options.items() if value is not None}
    fields: dict[str, Any] = {name: _READERS[name](name, value) for name, value in given.items()}
    return ExecSpec(command=command, **fields)


def exec_exit_code(told: Mapping[str, Any]) -> int | None:
    """The exit code in an exec's JSON; None before it has ended."""
    code = told.get("ExitCode")
    if told.get("Running") or not isinstance(code, int):
        return None
    # One that was never started has the code 0 on Podman.
    begun = code or told.get("Pid") or told.get("CanRemove")
    return code if begun else None


def exec_tty(told: Mapping[str, Any]) -> bool | None:
    """Whether an exec's JSON says that it has a terminal; None where it says nothing."""
    process = told.get("ProcessConfig")
    found = cast("Mapping[str, object]", process).get("tty") if isinstance(process, dict) else None
    return found if isinstance(found, bool) else None
