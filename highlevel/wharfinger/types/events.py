"""What engines tell of what happens on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

# Podman's words for what Docker, and whoever listens to it, calls otherwise.
_ACTIONS = {
    "died": "die",
    "exec": "exec_start",
    "exec_died": "exec_die",
    "loadfromarchive": "load",
}
_REMOVALS = {"container": "destroy", "image": "delete", "network": "destroy", "volume": "destroy"}
_HEALTH = "health_status"
_time = datetime.fromtimestamp
_new = object.__new__


class Event(Mapping[str, Any]):
    """Something that happened: the engine's own JSON as a mapping, and what it means on either engine.

    As a mapping it is what the engine sent, such as event["Action"], which Podman spells otherwise than Docker
    ("died" is "die"). The properties use Docker's words for both engines. It cannot be changed.

    Args:
        raw: The engine's JSON.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw: dict[str, Any] = {**raw}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        return self._raw[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __hash__(self) -> int:
        return hash((self.time_nano, self._raw.get("Type"), self._raw.get("Action"), self.id))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.type} {self.action} {self.name or self.id[:12] or '?'}>"

    @property
    def type(self) -> str:
        """What it happened to: "container", "image", "network", "volume", "pod" (Podman), and others."""
        return str(self._raw.get("Type") or "")

    @property
    def action(self) -> str:
        """What happened, in Docker's words: "create", "start", "die", "destroy", "health_status" and many others.

        What Docker writes behind a colon is not part of it; what only Podman has keeps its name ("init", "cleanup").
        """
        told = str(self._raw.get("Action") or "")
        if ":" in told:
            told, _, _ = told.partition(": ")
        if told == "remove":
            return _REMOVALS.get(self.type, told)
        return _ACTIONS.get(told, told)

    @property
    def id(self) -> str:
        """The id of what it happened to; a name where the engine tells no id, and empty where neither."""
        actor = self._raw.get("Actor")
        return str((actor and actor.get("ID")) or self._raw.get("id") or "")

    @property
    def name(self) -> str:
        """The name of what it happened to; empty where the engine tells none."""
        return self.attributes.get("name", "")

    @property
    def attributes(self) -> dict[str, str]:
        """What else is told, labels of the container or image among it."""
        actor = cast("dict[str, Any]", self._raw.get("Actor") or {})
        return {**cast("dict[str, str]", actor.get("Attributes") or {})}

    @property
    def time_nano(self) -> int:
        """When it happened, in nanoseconds since 1970, by the engine's clock."""
        told = self._raw.get("timeNano")
        return int(told) if told else int(self._raw.get("time") or 0) * 1_000_000_000

    @property
    def time(self) -> datetime:
        """When it happened, in UTC, cut to microseconds."""
        # A float tells microseconds apart until the year 2242.
        return _time(self.time_nano // 1000 / 1e6, UTC)

    @property
    def scope(self) -> str:
        """Where: "local", or "swarm" (Docker)."""
        return str(self._raw.get("scope") or "local")

    @property
    def exit_code(self) -> int | None:
        """The exit code, where the action is "die" or "exec_die", else None."""
        if self.action not in ("die", "exec_die"):
            return None
        told = self.attributes.get("exitCode") or self.attributes.get("containerExitCode")
        return int(told) if told else None

    @property
    def health_status(self) -> str | None:
        """How its health is, "starting", "healthy" or "unhealthy", where the action is "health_status", else None.

        Podman 4.3 tells how it was before the check.
        """
        if self.action != _HEALTH:
            return None
        _, _, told = str(self._raw.get("Action") or "").partition(": ")
        return told or self._raw.get("HealthStatus") or self.attributes.get(_HEALTH) or None

    def __reduce__(self) -> tuple[Any, ...]:
        return Event, (self._raw,)


def event_of(raw: dict[str, Any]) -> Event:
    """An event of JSON that nobody else has, which need not be copied."""
    event = _new(Event)
    event._raw = raw  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as Event does itself
    return event
