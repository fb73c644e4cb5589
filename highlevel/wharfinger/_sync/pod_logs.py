# Derived from highlevel/wharfinger/_async/pod_logs.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One pod: what its containers write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from wharfinger._core import pod_facts as facts
from wharfinger._sync.pod_state import PodState
from wharfinger._sync.streams import Stream

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wharfinger.types import LogFrame


class PodLogs(PodState):
    """The verb that reads what its containers write."""

    @overload
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> list[tuple[str, LogFrame]]: ...

    @overload
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        follow: bool | None = None,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> Stream[tuple[str, LogFrame]]: ...

    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        follow: bool | None = None,
        timestamps: bool = True,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> list[tuple[str, LogFrame]] | Stream[tuple[str, LogFrame]]:
        """The lines that its containers have written, each in a pair behind its container's name.

        Args:
            stdout: Their standard outputs.
            stderr: Their standard errors.
            stream: Give a stream, in whose order they come, instead of all at once in the order of their times.
            follow: With stream: go on as they write more, until all have ended; so unless it is False. Containers that
                come to the pod later are not among them.
            timestamps: When each line was written, in its LogFrame; without them one container's lines come after
                another's.
            tail: Only this many lines from the end of each container.
            since: Only what is not older: a time (naive is UTC), Unix seconds, or how long ago.
            until: Only what is not newer, likewise.

        Raises:
            PodNotFound: It is gone.
            ValueError: follow without a stream; nothing was sent.
            ProtocolError: An answer of the engine was cut short.
        """
        if follow and not stream:
            raise ValueError("follow=True is given with stream=False, expected it with stream=True")
        self.reload()
        opened: dict[str, Stream[LogFrame]] = {}
        try:
            for container in self.containers:
                opened[container.name] = container.logs(
                    stdout=stdout,
                    stderr=stderr,
                    stream=True,
                    lines=True,
                    follow=stream if follow is None else follow,
                    timestamps=timestamps,
                    tail=tail,
                    since=since,
                    until=until,
                )
        except BaseException:
            for one in opened.values():
                one.close()
            raise
        merged = Stream.merge_named(opened)
        if stream:
            return merged
        with merged:
            found = list(merged)
        order = {name: place for place, name in enumerate(opened)}
        # Those of one container are in order already.
        return facts.by_time(sorted(found, key=lambda pair: order[pair[0]]))
