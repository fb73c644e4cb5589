# Derived from highlevel/wharfinger/_async/events.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What happens on an engine, as a stream."""

from __future__ import annotations

from functools import partial
from time import time_ns
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.events import EventDecoder, EventQuery, wanted_by
from wharfinger._core.resumption import ContinuedEvents
from wharfinger._core.when import http_date
from wharfinger._sync.resuming import ResumingStream
from wharfinger._sync.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._core.events import FilterLists
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.raw_streams import ByteStream
    from wharfinger.types import Event


class EventSource:
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
        engine: EngineSession,
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

    def stream(self) -> Stream[Event]:
        """Events until the end that was asked for, or that of the connection."""
        source = self.open(None)
        return Stream(source, (self._decoders())())

    def resuming_stream(self) -> Stream[Event]:
        """Events until the end that was asked for."""
        first = self.open(None)
        continuation = ContinuedEvents(self._decoders(), self._query.since)
        if self._query.since is None and self._query.until is None:
            # They began now, by the engine's clock: where to go on when none has come until a cut.
            self._query = attrs.evolve(self._query, since=http_date(first.headers.get("Date")))
        return ResumingStream(self, continuation, first)

    def open(self, since: int | None) -> ByteStream:
        """See Reopenable."""
        wanted = self._query.since if since is None else since
        query = attrs.evolve(self._query, since=wanted, live=not self.is_over())
        return self._engine.open(lambda say: say.system.events(query))

    def is_over(self) -> bool:
        """See Reopenable."""
        return self._query.until is not None and time_ns() >= self._query.until

    def has_ended(self) -> bool | None:
        """See Reopenable; there is always more to come."""
        return False

    def _decoders(self) -> Callable[[], EventDecoder]:
        system = (self._engine.dialect()).system
        return partial(EventDecoder, system.event, wanted_by(self._query))
