"""Shows transfers to people: by live bars in a terminal or notebook, by plain lines in a log.

Needs rich, which comes with wharfinger[progress]; nothing else imports this module before a bar is asked for.
"""

from __future__ import annotations

import time
from typing import IO, TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from wharfinger._core.progress_lines import ProgressLines, amount, has_news, plain, status_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import TaskID

    from wharfinger.types import Progress

# After these nothing more comes for a layer; Docker has no other sign of it.
_DONE = ("Pull complete", "Already exists", "Layer already exists", "Pushed", "Mounted from")
# Has the tag for its id, and is about the whole.
_TITLES = ("Pulling from ", "Pulling repository ")


def progress_display(console: Console | None = None) -> LiveBars | LogLines:
    """What fits where it is shown.

    Args:
        console: Where; stderr unless given, so that it does not mix with what a program prints.
    """
    console = console or Console(stderr=True)
    # Asked of the file itself: rich takes FORCE_COLOR, which says nothing of moving a cursor, for a terminal.
    if console.is_jupyter or (console.file.isatty() and not console.is_dumb_terminal):
        return LiveBars(console)
    return LogLines(console.file)


class LiveBars:
    """A bar for each layer that moves; what is said besides stands above."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[amount]}", markup=False),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for task in self._tasks.values():
                self._finish(task)
        self._bars.stop()

    def show(self, event: Progress) -> None:
        """Show an event.

        Args:
            event: Of any transfer or build.
        """
        if (event.id is None and event.current is None) or event.status.startswith(_TITLES):
            for line in status_lines(event):
                self._bars.console.print(Text(line))
            return
        if has_news(event):
            self._move(event)

    def _move(self, event: Progress) -> None:
        words = f"{plain(event.id or '')} {plain(event.status)}".strip()
        done = amount(event)
        task = self._tasks.get(event.id or "")
        if task is None:
            task = self._tasks[event.id or ""] = self._bars.add_task(words, total=None, amount=done)
        self._bars.update(task, description=words, amount=done)
        if event.current is not None:
            self._bars.update(task, completed=event.current, total=event.total)
        elif event.status.startswith(_DONE):
            self._finish(task)

    def _finish(self, task: TaskID) -> None:
        self._bars.update(task, completed=1, total=1)


class LogLines:
    """Lines of plain text, each written whole."""

    def __init__(self, file: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._lines = ProgressLines()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the lines as they are."""

    def show(self, event: Progress) -> None:
        """Show an event.

        Args:
            event: Of any transfer or build.
        """
        lines = self._lines.of(event, self._clock())
        if lines:
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()
