# Derived from highlevel/wharfinger/_async/stats.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Streams of what containers use: of one, and of many merged into one."""

from __future__ import annotations

import contextlib
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._core.api_errors import api_error
from wharfinger._core.events import EventQuery
from wharfinger._core.stats import LibpodReadings, Readings, Reports, every_reading
from wharfinger._core.stream_decoders import AsIs, JSONValues
from wharfinger._sync._primitives import StateLock, Worker, each, home
from wharfinger._sync._primitives_streams import Mailbox, let_go
from wharfinger._sync.streams import Stream
from wharfinger.errors import ClosedError, ContainerNotFound, StreamError, WharfingerError
from wharfinger.types import ContainerStats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Dialect
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.raw_streams import ByteStream

# A thing that one of many streams has to say: a reading, a fault, or (None) that it has ended.
_Word: TypeAlias = ContainerStats | WharfingerError | None

_OPENED_AT_ONCE = 8
# Docker takes two seconds for each, most of it waiting.
_ASKED_AT_ONCE = 32
_STARTS = EventQuery(None, None, {"type": ["container"], "event": ["start"]}, live=True)


class StatsStream(Stream[ContainerStats]):
    """The readings of one container, until it ends or is gone."""

    def _more(self) -> None:
        super()._more()
        if any(not one.running for one in self._ready):
            # Docker goes on with zeros for as long as there is the container.
            while self._ready and not self._ready[-1].running:
                self._ready.pop()
            self._ended = True
            self._source.close()


def open_readings(engine: EngineSession, id: str) -> StatsStream:
    """The readings of one container."""
    source = engine.open(lambda say: say.containers.stats(id, stream=True, one_shot=False))
    return StatsStream(source, JSONValues(Readings()))


def read_each(engine: EngineSession, ids: Sequence[str], *, ignore_ended: bool) -> list[ContainerStats]:
    """One reading of each, each asked for by itself."""

    def read(id: str) -> ContainerStats | None:
        try:
            return ContainerStats(
                engine.call_slowly(lambda say: say.containers.stats(id, stream=False, one_shot=False))
            )
        except ContainerNotFound:
            if not ignore_ended:
                raise
            return None

    found = [one for one in each(read, ids, _ASKED_AT_ONCE) if one is not None]
    # Docker's list may have one among those that run after its end was told.
    return [one for one in found if one.running] if ignore_ended else found


def read_together(engine: EngineSession, ids: Sequence[str]) -> list[ContainerStats]:
    """One reading of each, by one request."""
    report = engine.call_slowly(lambda say: say.containers.stats_together(ids, stream=False, interval=None))
    try:
        # Of those that were not named, Podman tells zeros for some that have ended.
        return [one for one in every_reading(report) if ids or one.running]
    except StreamError as fault:
        _name_missing(engine, ids, fault)
        raise


def _name_missing(engine: EngineSession, ids: Sequence[str], fault: StreamError) -> None:
    there = _still_there(engine, ids)
    missing = next((id for id in ids if id not in there), None)
    if missing is not None:
        raise api_error(404, f"no such container: {missing}", kind="container") from fault


def _still_there(engine: EngineSession, ids: Sequence[str]) -> list[str]:
    def exists(id: str) -> bool:
        try:
            engine.call(lambda say: say.containers.inspect(id))
        except ContainerNotFound:
            return False
        return True

    found = each(exists, ids, _OPENED_AT_ONCE)
    return [id for id, there in zip(ids, found, strict=True) if there]


class ReportStream(Stream[ContainerStats]):
    """The readings of many containers that Podman reports on together.

    Podman ends it for all of them when one is gone: it is asked anew for the others.
    """

    def __init__(
        self, engine: EngineSession, source: ByteStream, ids: Sequence[str], interval: int | None
    ) -> None:
        self._engine = engine
        self._ids = ids
        self._interval = interval
        self._readings = LibpodReadings(named=bool(ids))
        self._closed = False
        super().__init__(source, Reports(self._readings))

    def begin(self) -> None:
        """Wait for the first report, which shows whether each is there."""
        try:
            super()._more()
        except StreamError as fault:
            _name_missing(self._engine, self._ids, fault)
            raise
        except BaseException:
            self.close()
            raise
        self._end_if_over()

    def _more(self) -> None:
        try:
            super()._more()
        except StreamError as fault:
            left = _still_there(self._engine, self._ids)
            if len(left) == len(self._ids):
                raise
            self._ids = left
            self._ask_anew(fault)
        self._end_if_over()

    def _ask_anew(self, fault: StreamError) -> None:
        if not self._ids:
            self._ended = True
            return
        source = _open_reports(self._engine, self._ids, self._interval)
        if self._closed:
            source.close()
            raise ClosedError("the stream was closed by this side") from fault
        self._source, self._decoder = source, Reports(self._readings)

    def _end_if_over(self) -> None:
        if self._readings.over and not self._ready:
            self._ended = True
            self._source.close()

    def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        self._closed = True
        super().close()


def open_together(engine: EngineSession, ids: Sequence[str], interval: int | None) -> ReportStream:
    """The readings of many containers, by one request."""
    reports = ReportStream(engine, _open_reports(engine, ids, interval), ids, interval)
    reports.begin()
    return reports


def _open_reports(engine: EngineSession, ids: Sequence[str], interval: int | None) -> ByteStream:
    return engine.open(lambda say: say.containers.stats_together(ids, stream=True, interval=interval))


class _Feeds:
    """Follows containers, one stream and one worker for each, and collects what they say.

    Apart from what is read, so that that can be dropped while the workers are at it.
    """

    def __init__(self, engine: EngineSession) -> None:
        self._engine = engine
        self._guard = StateLock()
        self._closed = False
        self._sources: set[ByteStream] = set()
        self._workers: dict[str, Worker] = {}
        self.left = 0  # workers whose last word was not taken yet
        # Room for one: a reader that is slow holds up the engine, and does not fill our memory.
        self.words: Mailbox[_Word] = Mailbox(1)

    def follow(self, id: str) -> None:
        """Begin with a container, which has to be there."""
        source = self._open(lambda say: say.containers.stats(id, stream=True, one_shot=False))
        self._begin(id, partial(self._work, id, partial(self._pass_on, source)))

    def follow_all(self) -> None:
        """Begin with all that run, and whatever is started from now on."""
        source = self._open(lambda say: say.system.events(_STARTS))
        self._begin("", partial(self._work, "", partial(self._follow_starting, source)))
        for id in running(self._engine):
            self._join(id)

    def _join(self, id: str) -> None:
        # The worker opens it: an engine that is busy with one container holds up this one only.
        self._begin(id, partial(self._work, id, partial(self._find, id)))

    def _open(self, say: Callable[[Dialect], Operation[Any]]) -> ByteStream:
        source = self._engine.open(say)
        with self._guard:
            if not self._closed:
                self._sources.add(source)
                return source
        source.close()
        raise ClosedError("the stream was closed by this side")

    def _begin(self, id: str, work: Callable[[], Any]) -> None:
        with self._guard:
            if not self._closed and id not in self._workers:
                self.left += 1
                self._workers[id] = Worker(work)

    def _work(self, id: str, work: Callable[[], Any]) -> None:
        word: _Word = None
        try:
            work()
        except WharfingerError as fault:
            word = fault
        with contextlib.suppress(ClosedError):
            self.words.put(word)
        with self._guard:
            self._workers.pop(id, None)

    def _find(self, id: str) -> None:
        with contextlib.suppress(ContainerNotFound):
            self._pass_on(self._open(lambda say: say.containers.stats(id, stream=True, one_shot=False)))

    def _pass_on(self, source: ByteStream) -> None:
        with StatsStream(source, JSONValues(Readings())) as readings:
            for reading in readings:
                self.words.put(reading)
        self._sources.discard(source)

    def _follow_starting(self, source: ByteStream) -> None:
        with Stream(source, JSONValues[dict[str, Any]](dict)) as events:
            for event in events:
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

    def close(self) -> None:
        """End everything."""
        self.drop()
        with self._guard:
            workers = [*self._workers.values()]
            self._workers.clear()
        for worker in workers:
            worker.abandon()


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

    def __next__(self) -> ContainerStats:
        while self._feeds.left:
            word = self._feeds.words.take()
            if isinstance(word, ContainerStats):
                return word
            self._feeds.left -= 1
            if word is not None:
                raise word
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Ends all of them."""
        self._closed = True
        self._feeds.close()


def open_each(engine: EngineSession, ids: Sequence[str] | None) -> Stream[ContainerStats]:
    """The readings of many containers, each of which has a stream of its own.

    Args:
        engine: What runs them.
        ids: Which; None for all that run, and those that are started later.
    """
    feeds = _Feeds(engine)
    try:
        if ids is None:
            feeds.follow_all()
        else:
            each(feeds.follow, [*dict.fromkeys(ids)], _OPENED_AT_ONCE)
    except BaseException:
        feeds.close()
        raise
    return Stream(_AsyncMerged(feeds), AsIs[ContainerStats]())


def running(engine: EngineSession) -> list[str]:
    """The ids of all that run."""
    found = engine.call(lambda say: say.containers.list(all=False, limit=None, size=False, filters=None))
    return [one["Id"] for one in found]


def _nothing() -> None:
    """In the child of a fork, each connection lets go of itself."""
