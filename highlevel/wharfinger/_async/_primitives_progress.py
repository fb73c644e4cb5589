"""How a caller's function is told of events: written twice, by hand, as `_primitives.py` is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def tell(listener: Callable[[T], object], event: T) -> None:
    """Call the function, and await what it gives where that can be awaited: it may be a coroutine function."""
    told = listener(event)
    if isinstance(told, Awaitable):
        await told
