"""What engines report of what they did, in one form for both."""

from __future__ import annotations

from typing import TypedDict


class PruneReport(TypedDict):
    """What was removed because nothing uses it; the keys are Docker's own.

    Attributes:
        ContainersDeleted: Ids.
        SpaceReclaimed: Bytes that are free again.
    """

    ContainersDeleted: list[str]
    SpaceReclaimed: int
