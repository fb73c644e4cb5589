"""What a log says of a transfer: lines of plain text, and few of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wharfinger.types import Progress

# Seconds until a layer whose bytes are only counted is told of again.
INTERVAL = 10.0

_escape = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_UNITS = ("B", "kB", "MB", "GB", "TB")


class ProgressLines:
    """Chooses what a log says: each new status of a layer, and now and then how far it is."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[str, float]] = {}

    def of(self, event: Progress, now: float) -> list[str]:
        """The lines for an event, often none.

        Args:
            event: Of any transfer or build.
            now: Seconds of a clock that only goes forward.
        """
        if event.id is None and event.current is None:
            return status_lines(event)
        key = plain(event.id or "")
        status, at = self._said.get(key, (None, now))
        again = status == event.status
        if (again and now - at < INTERVAL) or not has_news(event):
            return []
        self._said[key] = (event.status, now)
        words = [plain(event.status), amount(event) if again else size(event.total) if event.total else ""]
        return [f"{key}: " * bool(key) + " ".join(filter(None, words))]


def has_news(event: Progress) -> bool:
    """Whether it tells of progress: Podman's last event of a pull has the image's id alone."""
    return bool(event.status) or event.current is not None


def status_lines(event: Progress) -> list[str]:
    """What the engine says, in lines without anything that would move a cursor."""
    lines = (plain(line).rstrip() for line in event.status.splitlines())
    return [line for line in lines if line]


def plain(text: str) -> str:
    """Text without colours and other control characters."""
    bare = _escape.sub("", text).replace("\t", " ")
    return "".join(one for one in bare if one.isprintable())


def amount(event: Progress) -> str:
    """How many bytes are done of how many, such as "1.2 MB of 3.4 MB"; nothing where they are not counted."""
    if event.current is None:
        return ""
    return size(event.current) + (f" of {size(event.total)}" if event.total else "")


def size(count: int) -> str:
    """Bytes in the unit that people read, such as "1.2 MB"."""
    power = 0
    while count >= 1000 ** (power + 1) and power < len(_UNITS) - 1:
        power += 1
    return f"{count} B" if power == 0 else f"{count / 1000**power:.1f} {_UNITS[power]}"
