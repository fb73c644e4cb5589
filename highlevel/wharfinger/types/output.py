"""What containers and commands write, and how they end."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

import attrs

T = TypeVar("T")

StreamName: TypeAlias = Literal["stdin", "stdout", "stderr"]


@attrs.frozen
class LogFrame:
    """A piece of a container's output: as the engine framed it, or one line where lines were asked for.

    Attributes:
        stream: Which stream it was written to; always "stdout" for a container with a tty.
        data: The bytes as written, line end included unless it was asked to be taken off.
        timestamp: When the engine received it, in UTC; None when timestamps were not asked for. Engines
            tell nanoseconds, of which a datetime keeps the microseconds.
    """

    stream: StreamName
    data: bytes
    timestamp: datetime | None = None

    @property
    def text(self) -> str:
        """The data as text without its line end; bytes that are no UTF-8 become U+FFFD."""
        return self.data.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


class ExecResult(NamedTuple, Generic[T]):
    """What a command run in a container gave; unpacks and compares as a pair.

    Attributes:
        exit_code: The command's exit code; None only where the engine has forgotten it, as when its container was
            removed meanwhile.
        output: Everything it wrote, or (stdout, stderr) with demux, where a stream that got nothing is None.
    """

    exit_code: int | None
    output: T


@attrs.frozen
class WaitResult:
    """How a container ended.

    Attributes:
        exit_code: Exit code of its main process; 128 + n for one ended by signal n.
        error: What the engine says went wrong while waiting, or None.
    """

    exit_code: int
    error: str | None = None
