"""A state that several look at and wait for, which differs by more than its names: written twice, by hand.

Its twin is `_async/_primitives_gate.py`, with the same public names and `Async` before them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


class Gate:
    """Lets one thread at a time at a state, and whoever waits look at it again when it changed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        self._changed.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._changed.release()

    def notify(self) -> None:
        """Say that the state changed; called inside of `with`."""
        self._changed.notify_all()

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait until the state is such; called inside of `with`, which others may enter meanwhile."""
        self._changed.wait_for(ready)
