"""How builds of images go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, cast

import attrs

from wharfinger.types.output import StreamName  # noqa: TC001 - likewise

_is_id = re.compile(r"(?:sha256:)?[0-9a-f]{64}\n?").fullmatch
_code_at_end = re.compile(r"exit (?:status|code:) (\d+)\s*$").search


@attrs.frozen
class FromEnv:
    """A value that is in an environment variable, such as a secret for a build.

    Attributes:
        name: Of the variable.
    """

    name: str


@attrs.frozen
class BuildVertex:
    """One step of a build by BuildKit, as far as it is.

    Attributes:
        digest: What it is known by in the same build.
        name: What it does, such as "[2/3] RUN make".
        inputs: Digests of the steps that it waits for.
        started: When it began; None before that.
        completed: When it ended; None before that.
        cached: Whether there was nothing to do, for its result was kept from another build.
        error: Why it failed, if it did.
    """

    digest: str
    name: str
    inputs: tuple[str, ...] = ()
    started: datetime | None = None
    completed: datetime | None = None
    cached: bool = False
    error: str | None = None


@attrs.frozen
class BuildStatus:
    """One of the things that a step does, such as fetching a layer.

    Attributes:
        vertex: Digest of the step.
        id: What it does, in the engine's words.
        current: Bytes done, or 0 where they are not counted.
        total: Bytes to do, or 0 where that is not known.
        started: When it began.
        completed: When it ended; None before that.
    """

    vertex: str
    id: str
    current: int = 0
    total: int = 0
    started: datetime | None = None
    completed: datetime | None = None


@attrs.frozen
class BuildOutput:
    """What a step has written, as it came: a line, a few, or a part of one.

    Attributes:
        vertex: Digest of the step.
        stream: Where it wrote it.
        data: What it wrote.
        time: When.
    """

    vertex: str
    stream: StreamName
    data: bytes
    time: datetime

    @property
    def text(self) -> str:
        """What it wrote, with a replacement for what is no UTF-8."""
        return self.data.decode("utf-8", "replace")


@attrs.frozen
class BuildWarning:
    """Something in the Dockerfile that is better done otherwise.

    Attributes:
        vertex: Digest of the step it is about.
        message: What it is, in short.
        detail: More of it.
        url: Where to read about it.
        level: 1 is the highest, as far as engines tell.
        filename: The Dockerfile.
        lines: The first and the last line of each place there, from 1.
    """

    vertex: str
    message: str
    detail: tuple[str, ...] = ()
    url: str = ""
    level: int = 0
    filename: str = ""
    lines: tuple[tuple[int, int], ...] = ()


# Compared as the mapping that it is.
@attrs.frozen(eq=False)
class BuildEvent(Mapping[str, Any]):
    """One event of a build: what it tells as attributes, and the engine's own words as a mapping.

    BuildKit tells of many steps at once, by the last four of these.

    Attributes:
        raw: The event as the engine sent it.
        vertices: Steps that are known now, have begun or have ended (BuildKit).
        statuses: How far things are that steps do (BuildKit).
        outputs: What steps have written (BuildKit).
        warnings: What is better done otherwise (BuildKit).
    """

    raw: Mapping[str, Any]
    vertices: tuple[BuildVertex, ...] = ()
    statuses: tuple[BuildStatus, ...] = ()
    outputs: tuple[BuildOutput, ...] = ()
    warnings: tuple[BuildWarning, ...] = ()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the engine sent
        return self.raw[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def stream(self) -> str:
        """What the builder, or a step, has written; empty where it has not."""
        return str(self.raw.get("stream") or "") or "".join(output.text for output in self.outputs)

    @property
    def status(self) -> str:
        """What is being done to get a base image; empty where nothing is."""
        return str(self.raw.get("status") or "")

    @property
    def id(self) -> str | None:
        """The layer that the status is about."""
        told = self.raw.get("id")
        # BuildKit calls its own records by such names.
        return str(told) if told and not str(told).startswith("moby.") else None

    @property
    def of_buildkit(self) -> bool:
        """Whether it is a record of BuildKit, which tells of steps."""
        return bool(self.vertices or self.statuses or self.outputs or self.warnings)

    @property
    def current(self) -> int | None:
        """Bytes done, where they are counted."""
        return self._detail("progressDetail").get("current")

    @property
    def total(self) -> int | None:
        """Bytes to do, where that is known."""
        return self._detail("progressDetail").get("total")

    @property
    def error(self) -> str | None:
        """Why the build failed."""
        said = self.raw.get("error") or self._detail("errorDetail").get("message")
        return str(said).strip() if said else None

    @property
    def exit_code(self) -> int | None:
        """With which code a step ended, where the build failed by that."""
        code = self._detail("errorDetail").get("code")
        if code is not None:
            return int(code)
        told = _code_at_end(self.error or "")
        return int(told[1]) if told else None

    @property
    def image_id(self) -> str | None:
        """The id of an image that was built."""
        told = self._detail("aux").get("ID")
        if told is None and _is_id(self.stream):
            # Podman, and Docker where it was asked to be quiet, write it as a line of its own.
            told = self.stream.strip()
        return str(told) if told else None

    def _detail(self, key: str) -> Mapping[str, Any]:
        found = self.raw.get(key)
        return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}
