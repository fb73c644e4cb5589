"""What engines tell of the disk, of versions that are not here to be asked."""

from typing import Any

from wharfinger._core.disk_usage import docker_usage, libpod_usage
from wharfinger.types import DiskUsagePart


def test_dockers_things() -> None:
    told: dict[str, Any] = {
        "LayersSize": 100,
        "Images": [
            {"Size": 90, "SharedSize": 50, "Containers": 2},
            {"Size": 60, "SharedSize": 50, "Containers": 0},
            {"Size": -1, "SharedSize": -1, "Containers": -1},
        ],
        "Containers": [
            {"SizeRw": 5, "State": "running"},
            {"State": "exited", "SizeRw": 7},
            {"State": "created"},
        ],
        "Volumes": [
            {"UsageData": {"Size": 3, "RefCount": 1}},
            {"UsageData": {"Size": 4, "RefCount": 0}},
            {"UsageData": {"Size": -1, "RefCount": -1}},
            {"UsageData": None},
        ],
        "BuildCache": [
            {"Size": 8, "InUse": True, "Shared": False},
            {"Size": 9, "InUse": False},
            {"Size": 1000, "Shared": True},
        ],
    }
    usage = docker_usage(told)
    assert usage.images == DiskUsagePart(count=3, active=1, size=100, reclaimable=60)
    assert usage.containers == DiskUsagePart(count=3, active=1, size=12, reclaimable=7)
    assert usage.volumes == DiskUsagePart(count=4, active=1, size=7, reclaimable=4)
    assert usage.build_cache == DiskUsagePart(count=2, active=1, size=17, reclaimable=9)
    assert (usage.size, usage.reclaimable, usage["LayersSize"]) == (136, 80, 100)


def test_dockers_own_sums() -> None:
    told: dict[str, Any] = {
        "ImageUsage": {"TotalCount": 3, "ActiveCount": 1, "TotalSize": 100, "Reclaimable": 60, "Items": []},
        "ContainerUsage": {"TotalCount": 2, "ActiveCount": 2, "TotalSize": 5},
        "VolumeUsage": None,
    }
    usage = docker_usage(told)
    assert usage.images == DiskUsagePart(count=3, active=1, size=100, reclaimable=60)
    assert usage.containers == DiskUsagePart(count=2, active=2, size=5)
    assert usage.volumes == usage.build_cache == DiskUsagePart()


def test_podmans_things() -> None:
    told: dict[str, Any] = {
        "Images": [
            {"Size": 90, "SharedSize": 50, "UniqueSize": 40, "Containers": 1},
            {"Size": 60, "SharedSize": 50, "UniqueSize": 10, "Containers": 0},
        ],
        "Containers": [{"RWSize": 5, "Status": "running"}, {"RWSize": 7, "Status": "exited"}],
        "Volumes": [
            {"Links": 1, "Size": 3, "ReclaimableSize": 0},
            {"Links": 0, "Size": 4, "ReclaimableSize": 4},
        ],
    }
    usage = libpod_usage(told)
    assert usage.images == DiskUsagePart(count=2, active=1, size=150, reclaimable=10)
    assert usage.containers == DiskUsagePart(count=2, active=1, size=12, reclaimable=7)
    assert usage.volumes == DiskUsagePart(count=2, active=1, size=7, reclaimable=4)
    assert libpod_usage({**told, "ImagesSize": 100}).images.size == 100
    assert libpod_usage({"Images": None}).size == 0
