"""What happens on an engine, as a stream."""

from __future__ import annotations

from functools import partial
from time import time_ns
from typing import TYPE_CHECKING

import attrs

from wharfinger._async.resuming import AsyncResumingStream
from wharfinger._async.streams import AsyncStream
from wharfinger._core.events import EventDecoder, EventQuery, wanted_by
from wharfinger._core.resumption import ContinuedEvents
from wharfinger._core.when import http_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.events import FilterLists
    from wharfinger.types import Event


class AsyncEventSource:
    """Asks an engine for events.

    Args:
        engine: Which engine.
        since: From when on, in nanoseconds since 1970.
        until: Until when, likewise.
        filters: Which events.
        stream: Go on after what has happened until now.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        *,
        since: int | None = None,
        until: int | None = None,
        filters: FilterLists | None = None,
        stream: bool = True,
    ) -> None:
        now = time_ns()
        self._engine = engine
        end = until if stream else now if until is None else min(until, now)
        self._query = EventQuery(since, end, filters, live=stream)

    async def stream(self) -> AsyncStream[Event]:
        """Events until the end that was asked for, or that of the connection."""
        source = await self.open(None)
        return AsyncStream(source, (await self._decoders())())

    async def resuming_stream(self) -> AsyncStream[Event]:
        """Events until the end that was asked for."""
        first = await self.open(None)
        continuation = ContinuedEvents(await self._decoders(), self._query.since)
        if self._query.since is None and self._query.until is None:
            # They began now, by the engine's clock: where to go on when none has come until a cut.
            self._query = attrs.evolve(self._query, since=http_date(first.headers.get("Date")))
        return AsyncResumingStream(self, continuation, first)

    async def open(self, since: int | None) -> AsyncByteStream:
        """See AsyncReopenable."""
        wanted = self._query.since if since is None else since
        query = attrs.evolve(self._query, since=wanted, live=not await self.is_over())
        return await self._engine.open(lambda say: say.system.events(query))

    async def is_over(self) -> bool:
        """See AsyncReopenable."""
        return self._query.until is not None and time_ns() >= self._query.until

    async def has_ended(self) -> bool | None:
        """See AsyncReopenable; there is always more to come."""
        return False

    async def _decoders(self) -> Callable[[], EventDecoder]:
        system = (await self._engine.dialect()).system
        return partial(EventDecoder, system.event, wanted_by(self._query))
