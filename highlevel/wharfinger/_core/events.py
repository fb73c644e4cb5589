"""Events: which are asked for, in either engine's words, and how a stream of them is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.jsonlines import JSONDecoder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger.types import Event

FilterLists = dict[str, list[str]]

_PODMAN_WORDS = {
    "die": "died",
    "exec_die": "exec_died",
    "exec_start": "exec",
    "destroy": "remove",
    "delete": "remove",
    "load": "loadfromarchive",
}
_DOCKER_WORDS = {
    "died": ("die",),
    "exec_died": ("exec_die",),
    "exec": ("exec_start",),
    "remove": ("destroy", "delete"),
    "loadfromarchive": ("load",),
}
_DOCKER_FILTERS = frozenset(
    {"config", "container", "daemon", "event", "image", "label", "network", "node", "plugin"}
    | {"scope", "secret", "service", "type", "volume"}
)
# Docker would pass over them without a word.
PODMAN_FILTERS = frozenset({"artifact", "pod", "status"})


@attrs.frozen
class EventQuery:
    """Which events are asked for.

    Attributes:
        since: Nanoseconds since 1970; None is from now on, or from the first that is kept where `until` is given.
        until: Likewise; None is without an end.
        filters: Names and the values of which one has to fit.
        live: Whether it goes on after what has happened until now.
    """

    since: int | None
    until: int | None
    filters: FilterLists | None
    live: bool


def check_event_options(*, stream: bool, decode: bool, resume: bool) -> None:
    """Says which options do not go together.

    Raises:
        ValueError: Some do not.
    """
    if decode is not True:
        raise ValueError(f"decode={decode!r}: events are always decoded; for their bytes open '/events'")
    if resume and not stream:
        raise ValueError("resume=True is given with stream=False; expected it with stream=True")


def docker_filters(filters: FilterLists | None) -> FilterLists | None:
    """The filters, with Podman's words for events in Docker's, too.

    Raises:
        ValueError: Docker does not know one, which it would pass over without a word.
    """
    unknown = sorted(filters.keys() - _DOCKER_FILTERS) if filters else []
    if unknown:
        raise ValueError(
            f"filters={unknown[0]!r}: Docker filters events by one of {', '.join(sorted(_DOCKER_FILTERS))}"
        )
    return _with_events(filters, lambda word: _DOCKER_WORDS.get(word, ()))


def libpod_filters(filters: FilterLists | None) -> FilterLists | None:
    """The filters, with Docker's words for events in Podman's, too."""

    def translated(word: str) -> tuple[str, ...]:
        action, colon, _ = word.partition(":")
        found = _PODMAN_WORDS.get(action, action if colon else None)
        return (found,) if found else ()

    return _with_events(filters, translated)


def _with_events(
    filters: FilterLists | None, translated: Callable[[str], tuple[str, ...]]
) -> FilterLists | None:
    if not filters or "event" not in filters:
        return filters
    words = [one for word in filters["event"] for one in (word, *translated(word))]
    return {**filters, "event": list(dict.fromkeys(words))}


def wanted_by(query: EventQuery) -> Callable[[Event], bool]:
    """What tells whether an event was asked for: a request can say that to Podman only roughly.

    One word of Podman's stands for several of Docker's, and an end that lies in the past makes Podman 4.3 tell nothing.
    """
    told = (query.filters or {}).get("event")
    words = None if told is None else {one for word in told for one in (word, *_DOCKER_WORDS.get(word, ()))}
    until = query.until
    if until is None and words is None:
        return every_one

    def wanted(event: Event) -> bool:
        if until is not None and event.time_nano > until:
            return False
        return words is None or not words.isdisjoint(_names(event))

    return wanted


def every_one(_event: Event) -> bool:
    """True: nothing was left out of what was asked for."""
    return True


def _names(event: Event) -> tuple[str, ...]:
    action = event.action
    return str(event.get("Action")), action, f"{action}: {event.health_status}"


class EventDecoder:
    """Reads a stream of events.

    Args:
        read: Makes an event of the engine's JSON; raises an error that is told there instead.
        keep: Whether an event is wanted.
    """

    def __init__(self, read: Callable[[Any], Event], keep: Callable[[Event], bool]) -> None:
        self._values = JSONDecoder()
        self._read = read
        self._keep = keep

    def feed(self, data: bytes, /) -> list[Event]:
        """The events that are complete now."""
        return self._wanted(self._values.feed(data))

    def finish(self) -> list[Event]:
        """Says whether an event was cut short."""
        return self._wanted(self._values.finish())

    def _wanted(self, values: list[Any]) -> list[Event]:
        events = map(self._read, values)
        return list(events if self._keep is every_one else filter(self._keep, events))


def event_key(event: Mapping[str, Any]) -> int:
    """What tells an event from others of the same second: all of it, for only then is a repetition one."""
    return hash(repr(dict(event)))
