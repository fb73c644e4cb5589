"""What streams need beyond `_primitives.py` that differs by more than its names: written twice, by hand.

Its twin is `_async/_primitives_streams.py`, with the same public names and `Async` before them.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


def let_go(place: object, close: Callable[[], None], abandon: Callable[[], None]) -> None:
    """Close what nobody refers to any more; called by a finalizer, which any thread may run at any moment.

    Args:
        place: The home it belongs to: only there it may be closed.
        close: Closes it.
        abandon: Lets go of it without a word: in the child of a fork, whose parent still uses it.
    """
    if place == os.getpid():
        close()
    else:
        abandon()


def close_soon(place: object, mailbox: Mailbox[Any], closers: Sequence[Callable[[], None]]) -> None:
    """Close a mailbox, and what is read by those who fill it; called by way of let_go.

    Args:
        place: The home they belong to; not needed in this colour.
        mailbox: The mailbox.
        closers: Close the others.
    """
    del place
    mailbox.close()
    for closer in closers:
        closer()


def blocking(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Give what reads a stream from another thread; needs nothing more in this colour."""
    return stream


def beside(work: Callable[[], T], stop: Callable[[], None]) -> T:
    """Do what blocks.

    Args:
        work: What to do.
        stop: Brings its end about for a caller that is interrupted; not needed in this colour.
    """
    del stop
    return work()


class Mailbox(Generic[T]):
    """Hands things over from some to one; who brings more than fits waits.

    Args:
        size: How many things it holds.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: deque[T] = deque()
        self._closed = False
        self._changed = threading.Condition()

    def put(self, thing: T) -> None:
        """Put it in, waiting for room.

        Raises:
            ClosedError: It was closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._things) < self._size)
            if self._closed:
                raise ClosedError("the mailbox was closed")
            self._things.append(thing)
            self._changed.notify_all()

    def take(self, timeout: float | None = None) -> T:
        """Take the first thing out, waiting for one.

        Raises:
            ClosedError: It was closed.
            TimeoutError: None has come, within the seconds given.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._closed or bool(self._things), timeout):
                raise TimeoutError
            if self._closed:
                raise ClosedError("the stream was closed by this side")
            self._changed.notify_all()
            return self._things.popleft()

    def close(self) -> None:
        """Throw away what is in it, and wake everybody."""
        with self._changed:
            self._closed = True
            self._things.clear()
            self._changed.notify_all()
