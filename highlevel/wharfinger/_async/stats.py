"""Streams of what containers use: of one, and of many merged into one."""

from __future__ import annotations

import contextlib
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async._primitives import AsyncWorker, StateLock, each, home
from wharfinger._async._primitives_streams import AsyncMailbox, let_go
from wharfinger._async.streams import AsyncStream
from wharfinger._core.api_errors import api_error
from wharfinger._core.events import EventQuery
from wharfinger._core.stats import LibpodReadings, Readings, Reports, every_reading
from wharfinger._core.stream_decoders import AsIs, JSONValues
from wharfinger.errors import ClosedError, ContainerNotFound, StreamError, WharfingerError
from wharfinger.types import ContainerStats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Dialect

# A thing that one of many streams has to say: a reading, a fault, or (None) that it has ended.
_Word: TypeAlias = ContainerStats | WharfingerError | None

_OPENED_AT_ONCE = 8
# Docker takes two seconds for each, most of it waiting.
_ASKED_AT_ONCE = 32
_STARTS = EventQuery(None, None, {"type": ["container"], "event": ["start"]}, live=True)


class AsyncStatsStream(AsyncStream[ContainerStats]):
    """The readings of one container, until it ends or is gone."""

    async def _more(self) -> None:
        await super()._more()
        if any(not one.running for one in self._ready):
            # Docker goes on with zeros for as long as there is the container.
            while self._ready and not self._ready[-1].running:
                self._ready.pop()
            self._ended = True
            await self._source.close()


async def open_readings(engine: AsyncEngineSession, id: str) -> AsyncStatsStream:
    """The readings of one container."""
    source = await engine.open(lambda say: say.containers.stats(id, stream=True, one_shot=False))
    return AsyncStatsStream(source, JSONValues(Readings()))


async def read_each(
    engine: AsyncEngineSession, ids: Sequence[str], *, ignore_ended: bool
) -> list[ContainerStats]:
    """One reading of each, each asked for by itself."""

    async def read(id: str) -> ContainerStats | None:
        try:
            return ContainerStats(
                await engine.call_slowly(lambda say: say.containers.stats(id, stream=False, one_shot=False))
            )
        except ContainerNotFound:
            if not ignore_ended:
                raise
            return None

    found = [one for one in await each(read, ids, _ASKED_AT_ONCE) if one is not None]
    # Docker's list may have one among those that run after its end was told.
    return [one for one in found if one.running] if ignore_ended else found


async def read_together(engine: AsyncEngineSession, ids: Sequence[str]) -> list[ContainerStats]:
    """One reading of each, by one request."""
    report = await engine.call_slowly(
        lambda say: say.containers.stats_together(ids, stream=False, interval=None)
    )
    try:
        # Of those that were not named, Podman tells zeros for some that have ended.
        return [one for one in every_reading(report) if ids or one.running]
    except StreamError as fault:
        await _name_missing(engine, ids, fault)
        raise


async def _name_missing(engine: AsyncEngineSession, ids: Sequence[str], fault: StreamError) -> None:
    there = await _still_there(engine, ids)
    missing = next((id for id in ids if id not in there), None)
    if missing is not None:
        raise api_error(404, f"no such container: {missing}", kind="container") from fault


async def _still_there(engine: AsyncEngineSession, ids: Sequence[str]) -> list[str]:
    async def exists(id: str) -> bool:
        try:
            await engine.call(lambda say: say.containers.inspect(id))
        except ContainerNotFound:
            return False
        return True

    found = await each(exists, ids, _OPENED_AT_ONCE)
    return [id for id, there in zip(ids, found, strict=True) if there]


class AsyncReportStream(AsyncStream[ContainerStats]):
    """The readings of many containers that Podman reports on together.

    Podman ends it for all of them when one is gone: it is asked anew for the others.
    """

    def __init__(
        self, engine: AsyncEngineSession, source: AsyncByteStream, ids: Sequence[str], interval: int | None
    ) -> None:
        self._engine = engine
        self._ids = ids
        self._interval = interval
        self._readings = LibpodReadings(named=bool(ids))
        self._closed = False
        super().__init__(source, Reports(self._readings))

    async def begin(self) -> None:
        """Wait for the first report, which shows whether each is there."""
        try:
            await super()._more()
        except StreamError as fault:
            await _name_missing(self._engine, self._ids, fault)
            raise
        except BaseException:
            await self.close()
            raise
        await self._end_if_over()

    async def _more(self) -> None:
        try:
            await super()._more()
        except StreamError as fault:
            left = await _still_there(self._engine, self._ids)
            if len(left) == len(self._ids):
                raise
            self._ids = left
            await self._ask_anew(fault)
        await self._end_if_over()

    async def _ask_anew(self, fault: StreamError) -> None:
        if not self._ids:
            self._ended = True
            return
        source = await _open_reports(self._engine, self._ids, self._interval)
        if self._closed:
            await source.close()
            raise ClosedError("the stream was closed by this side") from fault
        self._source, self._decoder = source, Reports(self._readings)

    async def _end_if_over(self) -> None:
        if self._readings.over and not self._ready:
            self._ended = True
            await self._source.close()

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._closed = True
        await super().close()


async def open_together(
    engine: AsyncEngineSession, ids: Sequence[str], interval: int | None
) -> AsyncReportStream:
    """The readings of many containers, by one request."""
    reports = AsyncReportStream(engine, await _open_reports(engine, ids, interval), ids, interval)
    await reports.begin()
    return reports


async def _open_reports(
    engine: AsyncEngineSession, ids: Sequence[str], interval: int | None
) -> AsyncByteStream:
    return await engine.open(lambda say: say.containers.stats_together(ids, stream=True, interval=interval))


class _Feeds:
    """Follows containers, one stream and one worker for each, and collects what they say.

    Apart from what is read, so that that can be dropped while the workers are at it.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine
        self._guard = StateLock()
        self._closed = False
        self._sources: set[AsyncByteStream] = set()
        self._workers: dict[str, AsyncWorker] = {}
        self.left = 0  # workers whose last word was not taken yet
        # Room for one: a reader that is slow holds up the engine, and does not fill our memory.
        self.words: AsyncMailbox[_Word] = AsyncMailbox(1)

    async def follow(self, id: str) -> None:
        """Begin with a container, which has to be there."""
        source = await self._open(lambda say: say.containers.stats(id, stream=True, one_shot=False))
        self._begin(id, partial(self._work, id, partial(self._pass_on, source)))

    async def follow_all(self) -> None:
        """Begin with all that run, and whatever is started from now on."""
        source = await self._open(lambda say: say.system.events(_STARTS))
        self._begin("", partial(self._work, "", partial(self._follow_starting, source)))
        for id in await running(self._engine):
            self._join(id)

    def _join(self, id: str) -> None:
        # The worker opens it: an engine that is busy with one container holds up this one only.
        self._begin(id, partial(self._work, id, partial(self._find, id)))

    async def _open(self, say: Callable[[Dialect], Operation[Any]]) -> AsyncByteStream:
        source = await self._engine.open(say)
        with self._guard:
            if not self._closed:
                self._sources.add(source)
                return source
        await source.close()
        raise ClosedError("the stream was closed by this side")

    def _begin(self, id: str, work: Callable[[], Any]) -> None:
        with self._guard:
            if not self._closed and id not in self._workers:
                self.left += 1
                self._workers[id] = AsyncWorker(work)

    async def _work(self, id: str, work: Callable[[], Any]) -> None:
        word: _Word = None
        try:
            await work()
        except WharfingerError as fault:
            word = fault
        with contextlib.suppress(ClosedError):
            await self.words.put(word)
        with self._guard:
            self._workers.pop(id, None)

    async def _find(self, id: str) -> None:
        with contextlib.suppress(ContainerNotFound):
            await self._pass_on(
                await self._open(lambda say: say.containers.stats(id, stream=True, one_shot=False))
            )

    async def _pass_on(self, source: AsyncByteStream) -> None:
        async with AsyncStatsStream(source, JSONValues(Readings())) as readings:
            async for reading in readings:
                await self.words.put(reading)
        self._sources.discard(source)

    async def _follow_starting(self, source: AsyncByteStream) -> None:
        async with AsyncStream(source, JSONValues[dict[str, Any]](dict)) as events:
            async for event in events:
                self._join(event["Actor"]["ID"])

    def drop(self) -> None:
        """End everything, without waiting for it."""
        with self._guard:
            self._closed = True
            sources = [*self._sources]
            self._sources.clear()
        self.words.close()
        for source in sources:
            source.drop()

    async def close(self) -> None:
        """End everything."""
        self.drop()
        with self._guard:
            workers = [*self._workers.values()]
            self._workers.clear()
        for worker in workers:
            await worker.abandon()


class _AsyncMerged:
    """What is read of many streams, until the last has ended."""

    def __init__(self, feeds: _Feeds) -> None:
        self._feeds = feeds
        self._home = home()
        self._closed = False

    def __del__(self) -> None:
        if not self._closed:
            let_go(self._home, self._feeds.drop, _nothing)
            warnings.warn("a stream of stats was dropped without being closed", ResourceWarning, stacklevel=1)

    async def __anext__(self) -> ContainerStats:
        while self._feeds.left:
            word = await self._feeds.words.take()
            if isinstance(word, ContainerStats):
                return word
            self._feeds.left -= 1
            if word is not None:
                raise word
        await self.close()
        raise StopAsyncIteration

    async def close(self) -> None:
        """Ends all of them."""
        self._closed = True
        await self._feeds.close()


async def open_each(engine: AsyncEngineSession, ids: Sequence[str] | None) -> AsyncStream[ContainerStats]:
    """The readings of many containers, each of which has a stream of its own.

    Args:
        engine: What runs them.
        ids: Which; None for all that run, and those that are started later.
    """
    feeds = _Feeds(engine)
    try:
        if ids is None:
            await feeds.follow_all()
        else:
            await each(feeds.follow, [*dict.fromkeys(ids)], _OPENED_AT_ONCE)
    except BaseException:
        await feeds.close()
        raise
    return AsyncStream(_AsyncMerged(feeds), AsIs[ContainerStats]())


async def running(engine: AsyncEngineSession) -> list[str]:
    """The ids of all that run."""
    found = await engine.call(
        lambda say: say.containers.list(all=False, limit=None, size=False, filters=None)
    )
    return [one["Id"] for one in found]


def _nothing() -> None:
    """In the child of a fork, each connection lets go of itself."""
