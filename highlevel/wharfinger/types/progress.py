"""How transfers of images go on."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, Self, cast

import attrs


@attrs.frozen
class Progress:
    """One event of a transfer.

    Attributes:
        id: The layer or image it is about, where it is about one.
        status: What is being done, in the engine's words.
        current: Bytes done, or None where the engine does not count.
        total: Bytes to do, or None where it is not known.
        error: The engine's text when the transfer failed, else None.
    """

    id: str | None = None
    status: str = ""
    current: int | None = None
    total: int | None = None
    error: str | None = None

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read one JSON event of either engine's stream."""
        detail = cast("Mapping[str, Any]", event.get("progressDetail") or {})
        return cls(
            id=event.get("id") or None,
            status=str(event.get("status") or event.get("stream") or ""),
            current=detail.get("current"),
            total=detail.get("total"),
            error=_error(event),
        )


@attrs.frozen
class PullProgress(Progress):
    """One event of an image pull."""


@attrs.frozen
class PushProgress(Progress):
    """One event of an image push.

    Attributes:
        digest: Of the manifest as the registry keeps it, in the event that tells it; older Podmans tell none.
    """

    digest: str | None = None

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read one JSON event of either engine's stream."""
        aux = cast("Mapping[str, Any]", event.get("aux") or {})
        # The last is Podman's of a manifest list.
        digest = aux.get("Digest") or event.get("manifestdigest") or event.get("Id") or None
        return attrs.evolve(super().from_event(event), digest=digest)


@attrs.frozen
class LoadProgress(Progress):
    """One event of loading an archive of images.

    With the status "Sending", current and total are the bytes of the archive that were sent.
    """

    @classmethod
    def sending(cls, current: int, total: int | None) -> Self:
        """So many bytes of the archive were sent."""
        return cls(status="Sending", current=current, total=total)


def _error(event: Mapping[str, Any]) -> str | None:
    # Docker 29 tells it in errorDetail alone.
    detail = cast("Mapping[str, Any]", event.get("errorDetail") or {})
    told = detail.get("message") or event.get("error")
    return str(told) if told else None
