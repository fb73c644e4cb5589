"""Connections kept for the next request, and how many requests run at once."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from wharfinger._async._primitives import AsyncWaiter, StateLock, home
from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from wharfinger._async.connection import AsyncConnection
    from wharfinger._core.timeouts import Limits


class AsyncPool:
    """Idle connections, the one used last on top, and places for requests.

    A request that is answered whole takes a place. Streams and upgrades take none: they may last for days
    and would starve the others.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = size
        self._guard = StateLock()
        self._idle: list[AsyncConnection] = []
        self._out: set[AsyncConnection] = set()
        self._waiters: deque[AsyncWaiter] = deque()
        self._home: object = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def describe(self) -> str:
        """Say how it stands, for a repr."""
        return "closed" if self._closed else f"{len(self._out)} in use, {len(self._idle)} idle"

    async def enter(self, limits: Limits) -> None:
        """Take a place, waiting for one if need be.

        Raises:
            EngineTimeout: None became free in time.
            ClosedError: The pool was closed.
        """
        with self._guard:
            self._check_open()
            self._settle()
            if self._free:
                self._free -= 1
                return
            waiter = AsyncWaiter()
            self._waiters.append(waiter)
        try:
            await waiter.wait(limits.connect())
        except BaseException as fault:
            self._forgo(waiter)
            if isinstance(fault, TimeoutError):
                raise limits.expired("pool", f"all {self._size} connections are in use") from fault
            raise
        if self._closed:
            self.leave()
            self._check_open()

    def _forgo(self, waiter: AsyncWaiter) -> None:
        with self._guard:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
                return
        # It had been given a place already.
        self.leave()

    def leave(self) -> None:
        """Give a place back."""
        with self._guard:
            if self._waiters:
                self._waiters.popleft().set()
            else:
                self._free += 1

    def take(self) -> AsyncConnection | None:
        """Give an idle connection that still stands, or None."""
        while True:
            with self._guard:
                self._check_open()
                self._settle()
                if not self._idle:
                    return None
                connection = self._idle.pop()
                self._out.add(connection)
            # Asks the system, which other threads need not wait for.
            if not connection.is_stale():
                return connection
            connection.close()
            self.put(connection)

    def _settle(self) -> None:
        # In another event loop, or in the child of a fork, what there is belongs to the one before.
        place = home()
        if self._home == place:
            return
        for connection in (*self._idle, *self._out):
            connection.abandon()
        self._idle.clear()
        self._out.clear()
        self._waiters.clear()
        self._free = self._size
        self._home = place

    def add(self, connection: AsyncConnection) -> None:
        """Note a new connection, so that closing the pool closes it."""
        with self._guard:
            if not self._closed:
                self._out.add(connection)
                return
        connection.close()
        self._check_open()

    def put(self, connection: AsyncConnection) -> None:
        """Take a connection back, for the next request if it can carry one."""
        with self._guard:
            self._out.discard(connection)
            if connection.reusable and not self._closed and len(self._idle) < self._size:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close every connection; who uses one, or waits for a place, gets a ClosedError."""
        with self._guard:
            self._closed = True
            connections = [*self._idle, *self._out]
            self._idle.clear()
            self._out.clear()
            while self._waiters:
                self._waiters.popleft().set()
        for connection in connections:
            connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("the client is closed")
