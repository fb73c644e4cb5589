"""One peer in a process of its own: reads what to do from its input, does it, prints what it took.

    python -m benchmarks.worker PEER ADDRESS CONTAINER WORKLOAD COUNT

Runs in the environment of the peer, which may have neither attrs nor anything of ours.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def memory(kind: str) -> int:
    """How many bytes of memory the process has now (VmRSS), or had at the most since it was last forgotten (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) * 1024
    raise LookupError(kind)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


class Runner:
    """Calls what is plain and runs what is async, on one loop."""

    def __init__(self) -> None:
        self._asyncio = asyncio.Runner()

    def __call__(self, made: Any) -> Any:
        return self._asyncio.run(made) if inspect.iscoroutine(made) else made

    async def _nothing(self) -> None:
        """What makes the loop, which is not to be measured."""

    def warm(self) -> None:
        self._asyncio.run(self._nothing())


def main() -> None:
    name, address, container, workload, count = sys.argv[1:]
    run = Runner()
    run.warm()
    peer = importlib.import_module(f"benchmarks.peers.{name}").Peer(address, container)
    prepare = getattr(peer, f"prepare_{workload}", None)
    if prepare is not None:
        run(prepare(int(count)))
    work = getattr(peer, workload)
    # The first time imports what is imported late, and opens the connection.
    run(work(min(int(count), 2)))
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        gc.collect()
        forget_peak()
        before = memory("VmRSS")
        start, cpu = time.perf_counter(), time.process_time()
        more: dict[str, float] = run(work(int(count))) or {}
        took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        print(json.dumps({**took, **more, "memory": max(0, memory("VmHWM") - before)}), flush=True)
    run(peer.close())
    # What threads a rival left does not matter now.
    os._exit(0)


if __name__ == "__main__":
    main()
