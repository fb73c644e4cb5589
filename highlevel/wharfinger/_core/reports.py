"""What engines report of what they did, in one form for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class PruneReport(TypedDict):
    """What was removed because nothing uses it; the keys are Docker's own.

    Attributes:
        ContainersDeleted: Ids.
        SpaceReclaimed: Bytes that are free again.
    """

    ContainersDeleted: list[str]
    SpaceReclaimed: int


class VolumesPruneReport(TypedDict):
    """Which volumes were removed because nothing uses them; the keys are Docker's own.

    Attributes:
        VolumesDeleted: Names.
        SpaceReclaimed: Bytes that are free again.
    """

    VolumesDeleted: list[str]
    SpaceReclaimed: int


class NetworksPruneReport(TypedDict):
    """Which networks were removed because nothing uses them; the keys are Docker's own.

    Attributes:
        NetworksDeleted: Names.
    """

    NetworksDeleted: list[str]


class PodsPruneReport(TypedDict):
    """Which pods were removed because they do not run (Podman).

    Attributes:
        PodsDeleted: Ids.
    """

    PodsDeleted: list[str]


class SystemPruneReport(TypedDict):
    """Everything that was removed because nothing uses it; the keys are Docker's own.

    Attributes:
        PodsDeleted: Ids (Podman).
        ContainersDeleted: Ids.
        NetworksDeleted: Names.
        ImagesDeleted: Such as [{"Untagged": "a:1"}, {"Deleted": "sha256:…"}].
        VolumesDeleted: Names.
        CachesDeleted: Ids of what builds had kept (Docker).
        SpaceReclaimed: Bytes that are free again.
    """

    PodsDeleted: list[str]
    ContainersDeleted: list[str]
    NetworksDeleted: list[str]
    ImagesDeleted: list[dict[str, Any]]
    VolumesDeleted: list[str]
    CachesDeleted: list[str]
    SpaceReclaimed: int


def summed_up(reports: Iterable[Mapping[str, Any]]) -> SystemPruneReport:
    """One report out of those of several kinds of things."""
    found: dict[str, Any] = {"SpaceReclaimed": 0}
    for key in SystemPruneReport.__annotations__:
        found.setdefault(key, [])
    for report in reports:
        for key, told in report.items():
            found[key] += told
    return cast("SystemPruneReport", found)
