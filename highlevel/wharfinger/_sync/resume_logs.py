# Derived from highlevel/wharfinger/_async/resume_logs.py
# by `python -m codegen.unasync`: change that file, not this one.
"""A container's log, followed over cut connections and restarts."""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING

from wharfinger._core import container_facts as facts
from wharfinger._core.log_resumption import ContinuedFrames, ContinuedLines, ContinuedOutput
from wharfinger._core.when import http_date
from wharfinger._sync.resuming import PASSING, ResumingStream
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.raw_streams import ByteStream
    from wharfinger._sync.streams import Stream
    from wharfinger.types import LogFrame


class LogSource:
    """Asks for the log of a container.

    Args:
        engine: Its engine.
        id: Its id.
        stdout: Its standard output.
        stderr: Its standard error.
        tail: Only this many lines from the end.
        since: Only what is not older, in nanoseconds since 1970.
        until: Only what is not newer, likewise.
    """

    def __init__(
        self,
        engine: EngineSession,
        id: str,
        *,
        stdout: bool,
        stderr: bool,
        tail: int | None,
        since: int | None,
        until: int | None,
    ) -> None:
        self._engine = engine
        self._id = id
        self._stdout = stdout
        self._stderr = stderr
        self._tail = tail
        self._since = since
        self._until = until
        self._ended: str | None = None

    def output(self, *, tty: bool, timestamps: bool) -> Stream[bytes]:
        """The log in bytes."""
        first = self._first()
        frames = ContinuedFrames(tty=tty, timestamps=timestamps, since=self._since)
        return ResumingStream(self, ContinuedOutput(frames), first)

    def lines(self, *, tty: bool, timestamps: bool) -> Stream[LogFrame]:
        """The log in lines."""
        first = self._first()
        frames = ContinuedFrames(tty=tty, timestamps=timestamps, since=self._since)
        return ResumingStream(self, ContinuedLines(frames, timestamps=timestamps), first)

    def open(self, since: int | None) -> ByteStream:
        """See Reopenable."""
        if since is None:
            return self._open(self._since, self._tail)
        # Its last lines were counted from the end that it had at first.
        return self._open(since, None)

    def is_over(self) -> bool:
        """See Reopenable.

        An engine that shuts down ends its replies well, too. So the log of a container that has ended is asked for
        once more; the end of what was opened after the container's end is the log's.
        """
        if self._until is not None and time_ns() >= self._until:
            return True
        try:
            attrs = self._engine.call(lambda say: say.containers.inspect(self._id))
        except NotFound:
            return True
        except PASSING:
            return False
        status = facts.status(attrs)
        if not facts.ended(status):
            self._ended = None
            return not facts.begun(status)
        before, self._ended = self._ended, str(facts.section(attrs, "State").get("FinishedAt"))
        return self._ended == before

    def has_ended(self) -> bool | None:
        """See Reopenable."""
        try:
            attrs = self._engine.call(lambda say: say.containers.inspect(self._id))
        except NotFound:
            return True
        except PASSING:
            return None
        return facts.ended(facts.status(attrs))

    def _first(self) -> ByteStream:
        first = self._open(self._since, self._tail)
        if self._tail == 0:
            # They begin now, by the engine's clock: where to go on when none has come until a cut.
            self._since, self._tail = http_date(first.headers.get("Date")), None
        return first

    def _open(self, since: int | None, tail: int | None) -> ByteStream:
        return self._engine.open(
            lambda say: say.containers.logs(
                self._id,
                stdout=self._stdout,
                stderr=self._stderr,
                follow=True,
                timestamps=True,
                tail=tail,
                since=since,
                until=self._until,
            )
        )
