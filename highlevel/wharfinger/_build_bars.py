"""Shows a build live in a terminal: needs rich, which comes with wharfinger[progress]."""

from __future__ import annotations

import time
from collections import deque
from typing import IO, TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from wharfinger._core.build_progress import (
    BuildStep,
    BuildSteps,
    OutputLines,
    seconds,
    status_line,
    warning_line,
)
from wharfinger._core.progress_lines import plain
from wharfinger._progress_bar import LiveBars
from wharfinger.types import Progress

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger.types import BuildEvent, BuildOutput

# How many of the lines that a step wrote last are shown while it runs.
_TAIL = 6


class LiveBuild:
    """All steps, with what those that are running do and write; of builders that tell no steps, their words.

    Args:
        file: The terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._console = Console(file=file)
        self._steps = BuildSteps()
        self._pieces = OutputLines()
        self._tails: dict[str, deque[str]] = {}
        self._live: Live | None = None
        self._words: LiveBars | None = None
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.vertical_overflow = "visible"
            self._live.stop()
        if self._words is not None:
            self._words.__exit__(kind, value, trace)

    def show(self, event: BuildEvent) -> None:
        """Show an event."""
        if not event.of_buildkit:
            self._say(event)
            return
        for vertex in event.vertices:
            self._steps.take(vertex)
        for status in event.statuses:
            step = self._steps.get(status.vertex)
            if step is not None:
                step.statuses[status.id] = status
        for output in event.outputs:
            self._keep(output)
        live = self._shown()
        for warning in event.warnings:
            live.console.print(Text(warning_line(warning), style="yellow"))

    def _say(self, event: BuildEvent) -> None:
        told = Progress.from_event(event.raw)
        if self._live is not None:
            for line in filter(None, map(plain, told.status.splitlines())):
                self._live.console.print(Text(line))
            return
        if self._words is None:
            self._words = LiveBars(self._console).__enter__()
        self._words.show(told)

    def _keep(self, output: BuildOutput) -> None:
        tail = self._tails.setdefault(output.vertex, deque(maxlen=_TAIL))
        tail.extend(line for _, line in self._pieces.of(output))

    def _shown(self) -> Live:
        if self._live is None:
            self._live = Live(console=self._console, get_renderable=self._picture, refresh_per_second=5)
            self._live.start()
        return self._live

    def _picture(self) -> Group:
        """Everything as it is now, the last steps where a terminal has no room for all."""
        steps = [*self._steps]
        ended = sum(1 for step in steps if step.outcome)
        head = f"[+] Building {time.monotonic() - self._start:.1f}s ({ended}/{self._steps.count})"
        lines = [line for step in steps for line in self._lines_of(step)]
        room = max(self._console.height - 2, 1)
        return Group(Text(head), *lines[-room:])

    def _lines_of(self, step: BuildStep) -> list[Text]:
        vertex = step.vertex
        style = "red" if vertex.error else "blue" if step.outcome else ""
        name = f"CACHED {step.name}" if vertex.cached else step.name
        took = seconds(vertex.started, vertex.completed) if vertex.completed else ""
        lines = [self._line(f" => {name}", took, style)]
        if not step.outcome or vertex.error:
            # Copied at a stroke: this is drawn by a thread of its own.
            said = [*step.statuses.values()]
            lines += [self._line(f" => => {status_line(one)}", "", style) for one in said]
            written = [*self._tails.get(vertex.digest, ())]
            lines += [self._line(f" => => # {line}", "", "dim") for line in written]
        return lines

    def _line(self, text: str, right: str, style: str) -> Text:
        room = max(self._console.width - len(right) - 1, 1)
        line = Text(text, style=style)
        line.truncate(room, overflow="ellipsis", pad=bool(right))
        return line.append(f" {right}") if right else line
