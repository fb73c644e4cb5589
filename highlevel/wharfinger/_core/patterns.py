"""What a line is searched for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger.types import LogFrame


def line_matcher(
    pattern: str | bytes | re.Pattern[str] | re.Pattern[bytes],
) -> Callable[[LogFrame], bool]:
    """What tells whether a line holds a text, or matches a regular expression anywhere.

    Raises:
        TypeError: It is neither.
        ValueError: It is empty, and every line would hold it.
    """
    if isinstance(pattern, re.Pattern):
        return _expression(pattern)
    _check_text(pattern)
    if not pattern:
        raise ValueError(f"pattern={pattern!r} is empty; expected what the line holds")
    wanted = pattern.encode() if isinstance(pattern, str) else pattern
    return lambda frame: wanted in frame.data


def _expression(pattern: re.Pattern[Any]) -> Callable[[LogFrame], bool]:
    if isinstance(pattern.pattern, bytes):
        return lambda frame: pattern.search(_line(frame)) is not None
    return lambda frame: pattern.search(_line(frame).decode("utf-8", "replace")) is not None


def _line(frame: LogFrame) -> bytes:
    # Without its end, so that `$` means the end.
    return frame.data.removesuffix(b"\n").removesuffix(b"\r")


def _check_text(pattern: object) -> None:
    if not isinstance(pattern, str | bytes):
        raise TypeError(f"pattern={pattern!r}: expected text, bytes or a compiled regular expression")
