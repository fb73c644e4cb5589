"""Going on after a cut with nothing lost and nothing twice: what was given, where to ask again, and how often."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol, TypeVar

from wharfinger._core.events import EventDecoder, event_key
from wharfinger._core.when import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger.types import Event

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
PATIENCE = 60.0
# Until somebody looks whether there is anything to wait for.
SILENCE = 1.0
# Podman's events come from several processes; one was seen 30 ms behind a newer one.
_OVERLAP_OF_EVENTS = SECOND


class Continuation(Protocol[T]):
    """Reads one reply after another as if they were one."""

    @property
    def since(self) -> int | None:
        """From which time on to ask again, in nanoseconds since 1970; None as at first."""
        ...

    def begin(self) -> None:
        """Another reply begins, which may repeat what was given."""
        ...

    def feed(self, data: bytes, /) -> list[T]:
        """What is new in a chunk; raises ProtocolError where it is not the protocol."""
        ...

    def finish(self) -> list[T]:
        """What is new at the end of a reply; raises ProtocolError where it was cut short."""
        ...

    def last(self) -> list[T]:
        """What is left when there is no further reply."""
        ...


class Seen:
    """Tells what is new in replies that overlap, by their times and contents.

    Engines give, in the order in which they keep it, what is not older than a time that is asked for. What is kept at
    about the same time may lie there in another order than its times have, so it is asked for from a little before
    the newest, and as many of each content are passed over as were given before. Where times are told in whole seconds
    only, the engine compares with what it does not tell: then it is asked for from the newest second on.

    Args:
        since: Where the first reply began, in nanoseconds since 1970; None for wherever.
        overlap: How far times and order may differ, in nanoseconds; at most a second.
    """

    def __init__(self, since: int | None, *, overlap: int) -> None:
        self._floor = since or 0
        self._overlap = overlap
        self._fine = False
        self._first = -1
        self._newest = -1
        self._given: deque[tuple[int, int]] = deque()
        self._repeated: Counter[int] = Counter()
        self._met = False

    def __len__(self) -> int:
        """How many are remembered: those of the newest second."""
        return len(self._given)

    @property
    def since(self) -> int | None:
        """From which time on to ask again; None when nothing was given yet: as at first."""
        if self._newest < 0:
            return None
        return max(self._newest - self._overlap if self._fine else self._newest, self._floor)

    def begin(self) -> None:
        """Another reply begins, asked for from `since` on."""
        since = self.since or 0
        self._repeated = Counter(key for time, key in self._given if time >= since)
        self._met = False

    def is_new(self, key: int, time: int) -> bool:
        """Whether this was not given yet; from now on it was.

        Args:
            key: What tells its content from others.
            time: When it was, in nanoseconds since 1970.
        """
        if self._repeated:
            if key in self._repeated:
                self._met = True
                self._pass_over(key)
                return False
            if not self._met and time <= self._first:
                # It comes before the first that was ever given, where less was asked for at first than now.
                return False
        self._note(key, time)
        return True

    def _pass_over(self, key: int) -> None:
        self._repeated[key] -= 1
        if not self._repeated[key]:
            del self._repeated[key]

    def _note(self, key: int, time: int) -> None:
        if self._newest < 0:
            self._first = time
        self._fine = self._fine or time % SECOND > 0
        self._given.append((time, key))
        if time > self._newest:
            self._newest = time
            while self._given[0][0] < time - SECOND:
                self._given.popleft()


class Backoff:
    """How long to wait before each attempt: not at all, 0.1 s, and twice as long each time up to 5 s, for 60 s."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._pause = 0.0

    def went_on(self) -> None:
        """It works again."""
        self._since = None
        self._pause = 0.0

    def pause(self, now: float) -> float | None:
        """Seconds until the next attempt; None when there were enough.

        Args:
            now: Seconds of a clock that is never set.
        """
        if self._since is None:
            self._since = now
        elif now - self._since >= PATIENCE:
            return None
        pause = self._pause
        self._pause = min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
        return pause


class ContinuedEvents:
    """Events of one reply after another.

    Args:
        decoder: Makes a decoder for each reply.
        since: Where the first reply began, in nanoseconds since 1970.
    """

    def __init__(self, decoder: Callable[[], EventDecoder], since: int | None) -> None:
        self._make = decoder
        self._decoder = decoder()
        self._seen = Seen(since, overlap=_OVERLAP_OF_EVENTS)

    @property
    def since(self) -> int | None:
        """See Continuation."""
        return self._seen.since

    def begin(self) -> None:
        """See Continuation."""
        self._decoder = self._make()
        self._seen.begin()

    def feed(self, data: bytes, /) -> list[Event]:
        """See Continuation."""
        return self._new(self._decoder.feed(data))

    def finish(self) -> list[Event]:
        """See Continuation."""
        return self._new(self._decoder.finish())

    def last(self) -> list[Event]:
        """Nothing: every event is whole."""
        return []

    def _new(self, events: list[Event]) -> list[Event]:
        return [one for one in events if self._seen.is_new(event_key(one), one.time_nano)]
