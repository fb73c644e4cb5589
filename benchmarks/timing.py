"""What is made of times."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any


def spread(delays: list[float]) -> dict[str, float]:
    """The median, and the slowest but one in a hundred, in seconds."""
    ordered = sorted(delays)
    return {"p50": ordered[len(ordered) // 2], "p99": ordered[len(ordered) * 99 // 100]}


def shares(reading: dict[str, Any]) -> tuple[float, float]:
    """What `docker stats` shows of processor and memory: for clients that leave that to their users."""
    now, before, memory = reading["cpu_stats"], reading["precpu_stats"], reading["memory_stats"]
    used = now["cpu_usage"]["total_usage"] - before["cpu_usage"]["total_usage"]
    passed = now["system_cpu_usage"] - before.get("system_cpu_usage", 0)
    in_use = memory["usage"] - memory["stats"].get("inactive_file", 0)
    return used / passed * now["online_cpus"] * 100, in_use / memory["limit"] * 100


def big_tar(megabytes: int) -> Path:
    """A tar with one file of zeros; its file stays behind for the operating system to remove."""
    path = Path(tempfile.gettempdir()) / f"wharfinger-bench-{megabytes}.tar"
    if not path.exists():
        half = path.with_suffix(f".{os.getpid()}")
        with tarfile.open(half, "w") as tar:
            told = tarfile.TarInfo("zeros")
            told.size = megabytes * 1024 * 1024
            with Path("/dev/zero").open("rb") as zeros:
                tar.addfile(told, zeros)
        half.replace(path)
    return path
