"""What engines tell of the disk, as values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from wharfinger._core.container_facts import section
from wharfinger.types import DiskUsage, DiskUsagePart

Attrs: TypeAlias = dict[str, Any]
Measure: TypeAlias = Callable[[Attrs], int]
_RUNNING = ("running", "paused", "restarting")


def docker_usage(raw: Attrs) -> DiskUsage:
    """What Docker tells; from API 1.52 on it sums up by itself."""
    if any(key in raw for key in ("ImageUsage", "ContainerUsage", "VolumeUsage", "BuildCacheUsage")):
        return DiskUsage(
            images=_summed(section(raw, "ImageUsage")),
            containers=_summed(section(raw, "ContainerUsage")),
            volumes=_summed(section(raw, "VolumeUsage")),
            build_cache=_summed(section(raw, "BuildCacheUsage")),
            attrs=raw,
        )
    return DiskUsage(
        images=_images(_listed(raw, "Images"), int(raw.get("LayersSize") or 0)),
        containers=_part(_listed(raw, "Containers"), _of("SizeRw"), _runs("State")),
        volumes=_part(
            _listed(raw, "Volumes"), _volume_size, lambda one: _number(section(one, "UsageData"), "RefCount")
        ),
        build_cache=_part(
            # What several share is an entry of its own.
            [one for one in _listed(raw, "BuildCache") if not one.get("Shared")],
            _of("Size"),
            _of("InUse"),
        ),
        attrs=raw,
    )


def libpod_usage(raw: Attrs) -> DiskUsage:
    """What Podman tells."""
    images = _listed(raw, "Images")
    total = raw.get("ImagesSize")
    volumes = _listed(raw, "Volumes")
    return DiskUsage(
        images=DiskUsagePart(
            len(images),
            sum(1 for one in images if _number(one, "Containers")),
            sum(_number(one, "Size") for one in images) if total is None else int(total),
            sum(_number(one, "UniqueSize") for one in images if not _number(one, "Containers")),
        ),
        containers=_part(_listed(raw, "Containers"), _of("RWSize"), _runs("Status")),
        volumes=DiskUsagePart(
            len(volumes),
            sum(1 for one in volumes if _number(one, "Links")),
            sum(_number(one, "Size") for one in volumes),
            sum(_number(one, "ReclaimableSize") for one in volumes),
        ),
        build_cache=DiskUsagePart(),
        attrs=raw,
    )


def _listed(raw: Attrs, key: str) -> list[Attrs]:
    return raw.get(key) or []


def _number(one: Attrs, key: str) -> int:
    # -1 is Docker's word for what was not measured.
    return max(int(one.get(key) or 0), 0)


def _of(key: str) -> Measure:
    return lambda one: _number(one, key)


def _runs(key: str) -> Measure:
    return lambda one: str(one.get(key) or "").lower() in _RUNNING


def _volume_size(one: Attrs) -> int:
    return _number(section(one, "UsageData"), "Size")


def _part(things: list[Attrs], size: Measure, active: Measure) -> DiskUsagePart:
    return DiskUsagePart(
        len(things),
        sum(1 for one in things if active(one)),
        sum(map(size, things)),
        sum(size(one) for one in things if not active(one)),
    )


def _images(images: list[Attrs], layers: int) -> DiskUsagePart:
    used = [one for one in images if _number(one, "Containers")]
    # Layers that an image shares with others stay when it goes.
    kept = sum(_number(one, "Size") - _number(one, "SharedSize") for one in used)
    return DiskUsagePart(len(images), len(used), layers, max(layers - kept, 0))


def _summed(told: Attrs) -> DiskUsagePart:
    keys = ("TotalCount", "ActiveCount", "TotalSize", "Reclaimable")
    return DiskUsagePart(*(_number(told, key) for key in keys))
