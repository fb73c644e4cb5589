"""A client: what happens on its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.streams import AsyncStream
    from wharfinger._dialects.dialect import Filters
    from wharfinger.types import Event


class AsyncClientEvents:
    """What a client tells of what happens on its engine."""

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    @overload
    async def events(
        self,
        *,
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
        filters: Filters | None = None,
        stream: Literal[True] = True,
        decode: Literal[True] = True,
        resume: bool = False,
    ) -> AsyncStream[Event]: ...

    @overload
    async def events(
        self,
        *,
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
        filters: Filters | None = None,
        stream: Literal[False],
        decode: Literal[True] = True,
    ) -> list[Event]: ...

    async def events(
        self,
        *,
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
        filters: Filters | None = None,
        stream: bool = True,
        decode: bool = True,
        resume: bool = False,
    ) -> AsyncStream[Event] | list[Event]:
        """What happens on the engine: to containers, images, networks, volumes and others.

        Docker keeps the last 256 events, until it is restarted; Podman keeps them in a log.

        Args:
            since: From when on: a time (naive is UTC), Unix seconds, or how long ago. From now on unless given; from
                the first that is kept where `until` or stream=False is given.
            until: Until when, likewise; without an end unless given.
            filters: Such as {"type": "container", "event": ["die", "start"], "label": "app=x"}: of each name one value
                has to fit. Events have Docker's or Podman's names on either engine.
            stream: Give them as they happen; False gives a list of what has happened until now.
            decode: True: an Event is both a mapping and has typed properties. For bytes, open "/events".
            resume: Go on after a cut connection or a restart of the engine, with nothing lost that it still tells, and
                nothing twice. It is tried again at once, after 0.1 s, and twice as long each time up to 5 s; when
                nothing was achieved for 60 s, the error is raised. Where none had come before a cut, those of the whole
                second in which it began may be told.

        Raises:
            BadRequest: The engine does not know a filter (Podman).
            NotSupported: Only Podman knows a filter; nothing was sent.
            ProtocolError: The connection was cut.
            ValueError: Docker does not know a filter, decode=False, or resume=True with stream=False; nothing was sent.
        """
        from wharfinger._async.events import AsyncEventSource
        from wharfinger._core.events import check_event_options
        from wharfinger._core.when import unix_nanoseconds
        from wharfinger._dialects.encoding import filter_lists

        check_event_options(stream=stream, decode=decode, resume=resume)
        source = AsyncEventSource(
            self._engine,
            since=unix_nanoseconds(since),
            until=unix_nanoseconds(until),
            filters=filter_lists(filters),
            stream=stream,
        )
        if resume:
            return await source.resuming_stream()
        if stream:
            return await source.stream()
        async with await source.stream() as found:
            return [event async for event in found]
