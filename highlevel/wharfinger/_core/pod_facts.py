"""What is to be read out of a pod's JSON, of inspect or of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core.lines import parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wharfinger.types import LogFrame


def text(attrs: Mapping[str, Any], *keys: str) -> str:
    """A text, by any of the names for it."""
    return next((str(attrs[key]) for key in keys if attrs.get(key)), "")


def created(attrs: Mapping[str, Any]) -> datetime | None:
    """When it was made."""
    return parse_time(text(attrs, "Created"))


def members(attrs: Mapping[str, Any], *, infra: bool) -> list[dict[str, Any]]:
    """Its containers, each as an entry of a list of containers tells it."""
    without = "" if infra else text(attrs, "InfraContainerID", "InfraId")
    return [
        {
            "Id": text(one, "Id"),
            "Names": [text(one, "Name", "Names")],
            "State": text(one, "State", "Status"),
        }
        for one in attrs.get("Containers") or ()
        if text(one, "Id") != without
    ]


def by_time(found: list[tuple[str, LogFrame]]) -> list[tuple[str, LogFrame]]:
    """Lines in the order in which the engine received them; one without a time stays behind the one before."""
    keyed: list[tuple[float, tuple[str, LogFrame]]] = []
    for pair in found:
        before = keyed[-1][0] if keyed else 0.0
        when = pair[1].timestamp
        keyed.append((before if when is None else when.timestamp(), pair))
    return [pair for _, pair in sorted(keyed, key=lambda one: one[0])]
