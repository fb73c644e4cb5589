"""Podman's keywords about health checks, in create() and in update()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.human import parse_command, parse_int, parse_seconds, parse_text, wrong_value
from wharfinger.types import Healthcheck

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ON_FAILURE = ("none", "kill", "restart", "stop")
_FIELDS = {
    "health_cmd": "test",
    "health_interval": "interval",
    "health_retries": "retries",
    "health_start_period": "start_period",
    "health_timeout": "timeout",
}
_STARTUP = {
    "health_startup_cmd": "test",
    "health_startup_interval": "interval",
    "health_startup_retries": "retries",
    "health_startup_success": "success",
    "health_startup_timeout": "timeout",
}


@attrs.frozen
class StartupHealth:
    """A check that has to succeed before the usual one begins; see Healthcheck."""

    test: str | tuple[str, ...]
    interval: float | None = None
    timeout: float | None = None
    retries: int | None = None
    success: int | None = None


def parse_count(name: str, value: object) -> int:
    """Take a number that is not negative."""
    number = parse_int(name, value)
    if number < 0:
        wrong_value(name, value, "0 or more")
    return number


def parse_on_failure(name: str, value: object) -> str:
    """Take what to do with an unhealthy container."""
    word = parse_text(name, value)
    if word not in _ON_FAILURE:
        wrong_value(name, value, " or ".join(map(repr, _ON_FAILURE)))
    return word


def parse_test(name: str, value: object) -> str | tuple[str, ...]:
    """Take a line for a shell, or the words of a command; "none" switches a check of the image off."""
    if isinstance(value, str):
        return ("NONE",) if value.lower() == "none" else value
    words = parse_command(name, value)
    return words if words and words[0] in ("CMD", "CMD-SHELL", "NONE") else ("CMD", *words)


HEALTH_READERS: dict[str, Callable[[str, object], object]] = {
    "health_cmd": parse_test,
    "health_interval": parse_seconds,
    "health_retries": parse_count,
    "health_start_period": parse_seconds,
    "health_timeout": parse_seconds,
    "health_startup_cmd": parse_test,
    "health_startup_interval": parse_seconds,
    "health_startup_retries": parse_count,
    "health_startup_success": parse_count,
    "health_startup_timeout": parse_seconds,
    "health_log_destination": parse_text,
    "health_max_log_count": parse_count,
    "health_max_logs_size": parse_count,
    "health_on_failure": parse_on_failure,
}
COMPOSED = (*_FIELDS, *_STARTUP)


def with_health(check: Healthcheck | None, given: Mapping[str, object]) -> Healthcheck | None:
    """Give a health check with the keywords that say a part of it.

    Raises:
        ValueError: A part is in both.
    """
    parts: dict[str, Any] = _parts(given, _FIELDS)
    for part in parts:
        if check is not None and getattr(check, part) is not None:
            name = next(name for name, field in _FIELDS.items() if field == part)
            raise ValueError(f"{name} is given together with the {part} of healthcheck, expected one of them")
    return attrs.evolve(check or Healthcheck(), **parts) if parts else check


def startup_health(given: Mapping[str, object]) -> StartupHealth | None:
    """Give the check of the start that the keywords say.

    Raises:
        ValueError: It has no command.
    """
    parts: dict[str, Any] = _parts(given, _STARTUP)
    if parts and "test" not in parts:
        raise ValueError(
            f"{sorted(given.keys() & _STARTUP.keys())} without health_startup_cmd, expected both"
        )
    return StartupHealth(**parts) if parts else None


def _parts(given: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    return {field: HEALTH_READERS[name](name, given[name]) for name, field in names.items() if name in given}
