"""A state that several look at and wait for, which differs by more than its names: written twice, by hand.

Its twin is `_sync/_primitives_gate.py`, with the same public names less their `Async`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


class AsyncGate:
    """Lets one thread at a time at a state, and whoever waits look at it again when it changed.

    Tasks need no lock for what has no await; `until` is the only one there may be inside of `with`.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def notify(self) -> None:
        """Say that the state changed; called inside of `with`."""
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until the state is such; called inside of `with`, which others may enter meanwhile."""
        while not ready():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
