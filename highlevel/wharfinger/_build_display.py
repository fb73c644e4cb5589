"""Shows a build to people while it goes on: live in a terminal, by plain lines anywhere."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from typing import IO, TYPE_CHECKING, Literal, Protocol, Self, TypeAlias, get_args

from wharfinger._core.build_progress import BuildLines
from wharfinger._core.human import wrong_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from wharfinger.types import BuildEvent

ProgressKind: TypeAlias = Literal["auto", "tty", "plain"]
_KINDS: tuple[str, ...] = get_args(ProgressKind)


class BuildDisplay(Protocol):
    """What shows the events of one build, while it is entered."""

    def show(self, event: BuildEvent) -> None:
        """Show one."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def build_display(kind: ProgressKind | None, file: IO[str] | None = None) -> BuildDisplay:
    """What shows a build as it was asked for; nothing where nothing was.

    Args:
        kind: "auto" is "tty" where the file is a terminal that can be written over, and rich is installed.
        file: Where; stderr unless given.

    Raises:
        ModuleNotFoundError: "tty" needs rich, which is not installed.
        ValueError: There is no such kind.
    """
    if kind is None:
        return _Nothing()
    if kind not in _KINDS:
        wrong_value("progress", kind, f"one of: {', '.join(_KINDS)}")
    where: IO[str] = sys.stderr if file is None else file
    live = kind == "tty" or (kind == "auto" and _is_terminal(where) and importlib.util.find_spec("rich"))
    if not live:
        return PlainDisplay(where)
    try:
        from wharfinger._build_bars import LiveBuild
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "progress='tty' needs rich, which is not installed: pip install 'wharfinger[progress]'",
            name=error.name,
        ) from error
    return LiveBuild(where)


def _is_terminal(file: IO[str]) -> bool:
    return file.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


class _Nothing:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, event: BuildEvent) -> None:
        pass


class PlainDisplay:
    """Lines of plain text, each written whole."""

    def __init__(self, file: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._lines = BuildLines()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the lines as they are."""

    def show(self, event: BuildEvent) -> None:
        """Show an event."""
        lines = self._lines.of(event, self._clock())
        if lines:
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()
