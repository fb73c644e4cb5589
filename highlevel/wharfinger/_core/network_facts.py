"""What is to be read out of a network's JSON, whichever engine it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core.container_facts import section
from wharfinger._core.lines import parse_time
from wharfinger._core.option_ipam import read_docker_ipam, read_libpod_ipam

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger.types import IPAMConfig


def text(attrs: dict[str, Any], key: str) -> str:
    """A text; Podman writes keys in lower case."""
    return str(attrs.get(key) or attrs.get(key.lower()) or "")


def flag(attrs: dict[str, Any], *keys: str) -> bool:
    """Whether it is so, by any of the names for it."""
    return any(attrs.get(key) for key in keys)


def mapping(attrs: dict[str, Any], key: str) -> dict[str, Any]:
    """A mapping, empty where it is null; Podman writes keys in lower case."""
    return section(attrs, key) or section(attrs, key.lower())


def created(attrs: dict[str, Any]) -> datetime | None:
    """When it was made."""
    when = parse_time(text(attrs, "Created"))
    # Go's zero time means that it is not told.
    return when if when and when.year > 1 else None


def ipam(attrs: dict[str, Any]) -> IPAMConfig:
    """Its addresses."""
    told = section(attrs, "IPAM")
    return read_docker_ipam(told) if told else read_libpod_ipam(attrs)


def members(attrs: dict[str, Any]) -> list[dict[str, Any]]:
    """The containers on it, each as an entry of a list of containers tells it."""
    found: dict[str, dict[str, Any] | None] = mapping(attrs, "Containers")
    # A swarm's own ends are among them, by other names than ids.
    there = {id: told or {} for id, told in found.items() if "-" not in id}
    return [{"Id": id, "Names": [text(told, "Name")], "State": "running"} for id, told in there.items()]
