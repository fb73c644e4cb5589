"""How far a build is, for people: the steps that BuildKit tells of, and lines of plain text for a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.progress_lines import INTERVAL, ProgressLines, plain, size
from wharfinger.types import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from wharfinger.types import BuildEvent, BuildOutput, BuildStatus, BuildVertex, BuildWarning

# How BuildKit says that a step was ended for another one's fault.
_CANCELED = "context canceled"
_NEVER_AGAIN = float("inf")


@attrs.define
class BuildStep:
    """One step of a build that has begun.

    Attributes:
        number: In the order in which they begin.
        vertex: What was told of it last.
        statuses: What it does, by what that is called.
    """

    number: int
    vertex: BuildVertex
    statuses: dict[str, BuildStatus] = attrs.field(factory=dict[str, "BuildStatus"])

    @property
    def name(self) -> str:
        """What it is, in one line."""
        return plain(self.vertex.name)

    @property
    def outcome(self) -> str:
        """How it ended, as BuildKit's own programs say it; empty before that."""
        vertex = self.vertex
        if vertex.error:
            return "CANCELED" if vertex.error.endswith(_CANCELED) else f"ERROR: {plain(vertex.error)}"
        if vertex.completed is None:
            return ""
        return "CACHED" if vertex.cached else f"DONE {seconds(vertex.started, vertex.completed)}"


class BuildSteps:
    """The steps of a build, each numbered when it begins."""

    def __init__(self) -> None:
        self._steps: dict[str, BuildStep] = {}
        self._waiting: set[str] = set()

    def __iter__(self) -> Iterator[BuildStep]:
        return iter(self._steps.values())

    @property
    def count(self) -> int:
        """How many are known of, those too that have not begun."""
        return len(self._steps) + len(self._waiting)

    def get(self, digest: str) -> BuildStep | None:
        """The step, if it has begun."""
        return self._steps.get(digest)

    def take(self, vertex: BuildVertex) -> BuildStep | None:
        """Keep what is told of a step, and give it if it has begun."""
        step = self._steps.get(vertex.digest)
        if step is not None:
            step.vertex = vertex
        elif vertex.started is None and vertex.completed is None:
            self._waiting.add(vertex.digest)
        else:
            self._waiting.discard(vertex.digest)
            step = self._steps[vertex.digest] = BuildStep(len(self._steps) + 1, vertex)
        return step


class BuildLines:
    """What a log says of a build: each step by its number, what it does and writes, and how it ended."""

    def __init__(self) -> None:
        self._steps = BuildSteps()
        self._others = ProgressLines()
        self._lines: list[str] = []
        self._begun = 0
        # The step that the last line is of, and those of which nothing more is said but what they write.
        self._current: BuildStep | None = None
        self._ended: set[str] = set()
        self._said: dict[tuple[str, str], float] = {}
        self._pieces = OutputLines()

    def of(self, event: BuildEvent, now: float) -> list[str]:
        """The lines for an event, often none.

        Args:
            event: Of any builder.
            now: Seconds of a clock that only goes forward.
        """
        self._lines = []
        told = [step for step in map(self._steps.take, event.vertices) if step is not None]
        for step in told:
            if step.number > self._begun:
                self._begun = step.number
                self._head(step)
        for status in event.statuses:
            self._status(status, now)
        for output in event.outputs:
            self._written(output.vertex, self._pieces.of(output))
        self._warn(event.warnings)
        for step in told:
            self._end(step)
        if not event.of_buildkit:
            self._lines += self._others.of(Progress.from_event(event.raw), now)
        return self._lines

    def _warn(self, warnings: tuple[BuildWarning, ...]) -> None:
        if warnings:
            self._lines += ["", *map(warning_line, warnings)]
            self._current = None

    def _head(self, step: BuildStep) -> None:
        if self._begun > 1 or self._current is not None:
            self._lines.append("")
        self._lines.append(f"#{step.number} {step.name}")
        self._current = step

    def _say(self, step: BuildStep, text: str) -> None:
        if self._current is not step:
            self._head(step)
        self._lines.append(f"#{step.number} {text}")

    def _status(self, status: BuildStatus, now: float) -> None:
        step = self._steps.get(status.vertex)
        key = (status.vertex, status.id)
        last = self._said.get(key)
        ended = status.completed is not None
        if step is None or (last is not None and not ended and now - last < INTERVAL):
            return
        if last == _NEVER_AGAIN:
            return
        self._said[key] = _NEVER_AGAIN if ended else now
        self._say(step, status_line(status))

    def _written(self, vertex: str, lines: list[tuple[datetime, str]]) -> None:
        step = self._steps.get(vertex)
        for time, line in lines:
            if step is None:
                self._lines.append(line)
            else:
                since = step.vertex.started or time
                self._say(step, f"{(time - since).total_seconds():.3f} {line}")

    def _end(self, step: BuildStep) -> None:
        digest = step.vertex.digest
        if not step.outcome or digest in self._ended:
            return
        self._ended.add(digest)
        self._written(digest, self._pieces.rest(digest))
        self._say(step, step.outcome)


class OutputLines:
    """Makes lines out of what steps write in pieces."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, str], tuple[datetime, bytes]] = {}

    def of(self, output: BuildOutput) -> list[tuple[datetime, str]]:
        """The lines that are whole now, each with the time of its end."""
        key = (output.vertex, output.stream)
        _, before = self._begun.pop(key, (output.time, b""))
        *whole, last = (before + output.data).split(b"\n")
        if last:
            self._begun[key] = (output.time, last)
        return [(output.time, _shown(line)) for line in whole]

    def rest(self, vertex: str) -> list[tuple[datetime, str]]:
        """What a step has written and not ended by a line's end."""
        keys = [key for key in self._begun if key[0] == vertex]
        return [(time, _shown(line)) for time, line in map(self._begun.pop, keys)]


def _shown(line: bytes) -> str:
    # Of what is written over and over on one line, such as a bar, the last is what is to be seen.
    return plain(line.decode("utf-8", "replace").rstrip("\r").rpartition("\r")[2])


def status_line(status: BuildStatus) -> str:
    """One of the things that a step does, and how far it is."""
    words = [plain(status.id)]
    if status.current or status.total:
        words.append(size(status.current) + (f" / {size(status.total)}" if status.total else ""))
    if status.completed is not None:
        words += [seconds(status.started, status.completed), "done"]
    return " ".join(words)


def warning_line(warning: BuildWarning) -> str:
    """A warning in one line; most say themselves which line of the Dockerfile is meant."""
    place = f" (line {warning.lines[0][0]})" if warning.lines and "(line" not in warning.message else ""
    return f"WARN: {plain(warning.message)}{place}"


def seconds(started: datetime | None, completed: datetime | None) -> str:
    """How long something took."""
    taken = (completed - started).total_seconds() if started and completed else 0.0
    return f"{max(taken, 0.0):.1f}s"
