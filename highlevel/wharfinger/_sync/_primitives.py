"""The few things that differ by more than their names: this module is written twice, by hand.

Its twin is `_async/_primitives.py`, with the same public names and `Async` before them. All else is derived.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

T = TypeVar("T")
Item = TypeVar("Item")

# How much of a large file to read at once: what stays in the processor's cache until it is sent.
_FILE_PIECE = 256 * 1024
_PATIENCE = 1.0  # seconds for a thread whose connection was closed under it

Lock = threading.Lock
# A finalizer may run in a thread that holds it just now.
StateLock = threading.RLock


class Waiter:
    """Something to wait for that happens once."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Let it happen."""
        self._event.set()

    def wait(self, timeout: float | None) -> None:
        """Wait until it happens.

        Raises:
            TimeoutError: It did not, within the seconds given.
        """
        if not self._event.wait(timeout):
            raise TimeoutError


def home() -> object:
    """What connections belong to and cannot leave: here the process, for a fork would share them."""
    return os.getpid()


def sleep(seconds: float) -> None:
    """Let others run for a while."""
    time.sleep(seconds)


def run_blocking(function: Callable[[], T]) -> T:
    """Call what may block."""
    return function()


def pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Go through the pieces of a body."""
    return iter(content)


def file_pieces(read: Callable[[int], T], length: int | None, *, quick: bool) -> Generator[T, None, None]:  # noqa: ARG001 - only tasks read ahead
    """What a file gives, until it gives nothing.

    Args:
        read: Of the file.
        length: How much to read; None for all.
        quick: Whether it keeps nobody waiting, as regular files do.
    """
    left = length
    while data := read(_FILE_PIECE if left is None else min(left, _FILE_PIECE)):
        if left is not None:
            left -= min(left, len(cast("bytes", data)))
        yield data


def resolve(host: str, port: int, timeout: float | None) -> list[tuple[int, Any]]:  # noqa: ARG001 - the system's resolver has limits of its own
    """Give the address families and addresses of a host, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def complete(work: Callable[[], T]) -> T:
    """Do something to its end even when the caller is interrupted meanwhile, who hears of that afterwards."""
    # Taken by who comes first: the thread, or the caller that was interrupted before the thread began.
    begun = threading.Lock()
    ended = threading.Event()
    found: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        if not begun.acquire(blocking=False):
            return
        try:
            found.append(work())
        except BaseException as fault:  # noqa: BLE001 - raised in the thread that waits for it
            faults.append(fault)
        finally:
            ended.set()

    try:
        threading.Thread(target=run, daemon=True).start()
        ended.wait()
    except BaseException:
        if not begun.acquire(blocking=False):
            ended.wait()
        raise
    if faults:
        raise faults[0]
    return found[0]


def each(work: Callable[[Item], T], items: Sequence[Item], limit: int) -> list[T]:
    """Do the same with every item, at most so many at once; gives the results in the order of the items.

    Raises what the first raised that failed, when those that had begun have ended.
    """
    if not items:
        return []
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(limit, len(items))) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            return [one.result() for one in begun]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Worker:
    """Does something beside its caller.

    Args:
        work: What to do; begins at once.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as fault:  # noqa: BLE001 - raised again by join, in the thread that waits for it
            self._fault = fault

    def join(self) -> None:
        """Wait for its end; raises what it raised."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def abandon(self) -> None:
        """Wait for its end, which somebody else has brought about, whatever it is."""
        # A caller's iterator may hold it up for ever, which nothing can interrupt: it ends when it comes back.
        self._thread.join(_PATIENCE)
