"""How time and memory grow with the work: with containers in a list, with streams at once, with the size of a body."""

from __future__ import annotations

from typing import Any

from benchmarks.engines import Measured
from benchmarks.replay import Script, replaying
from benchmarks.running import Environment, measure
from benchmarks.workloads import Workload

PEERS = ("ours", "ours_async")
CONTAINERS = (10, 100, 1000, 10_000)
STREAMS = (1, 10, 100, 500)
MEGABYTES = (1, 8, 64, 512, 2048)


def measured(environment: Environment, docker: Measured) -> list[dict[str, Any]]:
    """Seconds and bytes of memory at each size."""
    found: list[dict[str, Any]] = []
    for count in CONTAINERS:
        load = Workload("listing", "containers in a list", "replay", containers=count)
        found += _at(environment, docker, load, count)
    for count in STREAMS:
        load = Workload("follow_many", "followed logs at once", "replay", count)
        found += _at(environment, docker, load, count)
    for size in MEGABYTES:
        load = Workload("archive_get", "MB of an archive", "replay", megabytes=size)
        found += _at(environment, docker, load, size)
    return found


def _at(environment: Environment, docker: Measured, load: Workload, size: int) -> list[dict[str, Any]]:
    script = Script(
        docker.samples, containers=load.containers, megabytes=load.megabytes, lines=50, pause=0.02
    )
    with replaying(script) as path:
        results = measure(environment, load, f"unix://{path}", "c", 3, PEERS)
    return [
        {
            "title": load.title,
            "size": size,
            "peer": one.peer,
            "seconds": one.seconds,
            "cpu": one.cpu,
            "memory": one.memory,
        }
        for one in results
    ]
