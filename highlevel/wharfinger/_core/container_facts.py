"""What is to be read out of a container's JSON, whichever engine and whichever request it came from."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger._core.lines import parse_time
from wharfinger.types import Health, HealthCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

Attrs: TypeAlias = "Mapping[str, Any]"
# Docker's lists tell it in words only: "Exited (3) 2 minutes ago".
_EXITED = re.compile(r"Exited \((\d+)\)")
PortList: TypeAlias = list[dict[str, str]]
PortMap: TypeAlias = dict[str, PortList | None]
_ENDED = ("exited", "dead")
_READY = ("created", "configured", "initialized")
_PROTOCOLS = ("tcp", "udp", "sctp")


def section(attrs: Attrs, *path: str) -> dict[str, Any]:
    """A mapping below a mapping; empty where there is none or it is null."""
    found = attrs
    for key in path:
        value: object = found.get(key)
        if not isinstance(value, dict):
            return {}
        found = cast("Attrs", value)
    return {**found}


def container_id(attrs: Attrs) -> str:
    """The full id."""
    return str(attrs.get("Id") or attrs.get("ID") or "")


def name(attrs: Attrs) -> str:
    """The name, without the slash that Docker puts before it."""
    names: list[str] = attrs.get("Names") or []
    found = attrs.get("Name") or (names[0] if names else "")
    return str(found).removeprefix("/")


def image_id(attrs: Attrs) -> str:
    """The image's id; inspect and lists have it in different places, and lists a name in the other."""
    found = str(attrs.get("ImageID") or attrs.get("Image") or "")
    return found if re.fullmatch("(sha256:)?[0-9a-f]{64}", found) else ""


def status(attrs: Attrs) -> str:
    """created, running, paused, restarting, removing, exited or dead; Podman has more."""
    state: object = attrs.get("State")
    found = state if isinstance(state, str) else section(attrs, "State").get("Status")
    # Podman's word for one that has ended and is not tidied up yet.
    return "exited" if found == "stopped" else str(found or "").lower()


def health(attrs: Attrs) -> str | None:
    """starting, healthy or unhealthy; None without a health check."""
    state = section(attrs, "State")
    found = (section(state, "Health") or section(state, "Healthcheck")).get("Status")
    return None if found in (None, "", "none") else str(found)


def health_log(attrs: Attrs) -> list[dict[str, Any]]:
    """The engine's latest health checks, the newest last."""
    state = section(attrs, "State")
    found = (section(state, "Health") or section(state, "Healthcheck")).get("Log")
    return cast("list[dict[str, Any]]", found) if isinstance(found, list) else []


def health_report(status: str, attrs: Attrs) -> Health:
    """How well a container is: what a check has just told, and what inspect tells of those before."""
    state = section(attrs, "State")
    told = section(state, "Health") or section(state, "Healthcheck")
    return Health(
        status=status,
        failing_streak=int(told.get("FailingStreak") or 0),
        log=tuple(
            HealthCheck(
                start=parse_time(str(one.get("Start") or "")),
                end=parse_time(str(one.get("End") or "")),
                exit_code=int(one.get("ExitCode") or 0),
                output=str(one.get("Output") or ""),
            )
            for one in health_log(attrs)
        ),
    )


def has_health_check(attrs: Attrs) -> bool:
    """Whether its health is checked; Docker tells none before the start, but how it would be."""
    test: object = section(attrs, "Config", "Healthcheck").get("Test")
    return health(attrs) is not None or (isinstance(test, list) and test not in ([], ["NONE"]))


def image(attrs: Attrs) -> str:
    """The image as it was asked for, or its id where that is not told."""
    return str(section(attrs, "Config").get("Image") or attrs.get("ImageName") or attrs.get("Image") or "")


def labels(attrs: Attrs) -> dict[str, str]:
    """Labels of the container and its image."""
    return {**(section(attrs, "Config", "Labels") or section(attrs, "Labels"))}


def tty(attrs: Attrs) -> bool | None:
    """Whether it has a terminal; None where the JSON does not tell (a summary)."""
    found = section(attrs, "Config").get("Tty")
    return found if isinstance(found, bool) else None


def stdin_open(attrs: Attrs) -> bool:
    """Whether it was made with an open standard input."""
    return bool(section(attrs, "Config").get("OpenStdin"))


def ended(status: str) -> bool:
    """Whether a container of this status has run, and does not any more."""
    return status in _ENDED


def begun(status: str) -> bool:
    """Whether a container of this status has run."""
    return status not in _READY


def ended_between(before: str, after: str) -> bool:
    """Whether a container has ended between two statuses; attaching makes an ended one of Podman ready again."""
    return ended(after) or (begun(before) and not begun(after))


def exit_code(attrs: Attrs) -> int | None:
    """The exit code of a container that has ended, else None."""
    told = _EXITED.match(str(attrs.get("Status", "")))
    if ended(status(attrs)) and told:
        return int(told[1])
    found = section(attrs, "State").get("ExitCode", attrs.get("ExitCode"))
    return int(found) if ended(status(attrs)) and isinstance(found, int) else None


def created(attrs: Attrs) -> datetime | None:
    """When it was made."""
    return _time(attrs.get("Created"))


def started_at(attrs: Attrs) -> datetime | None:
    """When it was last started; None if never."""
    return _time(section(attrs, "State").get("StartedAt") or attrs.get("StartedAt"))


def _time(value: object) -> datetime | None:
    if isinstance(value, int) and value > 0:
        return datetime.fromtimestamp(value, UTC)
    when = parse_time(value) if isinstance(value, str) else None
    # Go's zero time means never.
    return when if when and when.year > 1 else None


def ports(attrs: Attrs) -> PortMap:
    """{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}; None for a port that is only exposed."""
    found = section(attrs, "NetworkSettings", "Ports")
    if found:
        return cast("PortMap", found)
    listed: list[dict[str, Any]] = attrs.get("Ports") or []
    return _listed_ports(listed) if isinstance(attrs.get("Ports"), list) else {}


def port_names(private_port: int | str) -> list[str]:
    """The keys under which `ports` may have a port of the container.

    Raises:
        ValueError: It is none.
    """
    number, _, protocol = str(private_port).partition("/")
    if not number.isdecimal() or protocol not in ("", *_PROTOCOLS):
        raise ValueError(f"private_port={private_port!r}: expected a port such as 80, '80' or '53/udp'")
    return [f"{int(number)}/{name}" for name in ([protocol] if protocol else _PROTOCOLS)]


def _listed_ports(listed: list[dict[str, Any]]) -> PortMap:
    out: PortMap = {}
    for item in listed:
        inner = int(item.get("PrivatePort") or item.get("container_port") or 0)
        outer = item.get("PublicPort") or item.get("host_port")
        protocol = item.get("Type") or item.get("protocol") or "tcp"
        address = str(item.get("IP") or item.get("host_ip") or "")
        for step in range(int(item.get("range") or 1)):
            bindings = out.setdefault(f"{inner + step}/{protocol}", None)
            if outer:
                out[f"{inner + step}/{protocol}"] = [
                    *(bindings or []),
                    {"HostIp": address, "HostPort": str(int(outer) + step)},
                ]
    return out
