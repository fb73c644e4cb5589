"""What a command in a container shall be, in values that belong to no engine."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class ExecSpec:
    """A command to run; see Container.exec_run for what the fields mean."""

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
        return {**body, "WorkingDir": self.workdir} if self.workdir else body
