"""How a caller's function is told of events: written twice, by hand, as `_primitives.py` is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


def tell(listener: Callable[[T], object], event: T) -> None:
    """Call the function.

    Raises:
        TypeError: It is a coroutine function, which nothing here could wait for.
    """
    told = listener(event)
    if isinstance(told, Coroutine):
        told.close()
        raise TypeError(
            f"{listener!r} is a coroutine function; expected a plain one, or use the async client"
        )
