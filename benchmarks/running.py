"""Runs the peers of one workload in turn, round after round, so that what disturbs one disturbs all."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import attrs

from benchmarks.workloads import PEERS, RIVALS, Workload

ROOT = Path(__file__).resolve().parents[1]


@attrs.frozen
class Environment:
    """Where the peers run: ours in this interpreter, the rivals in theirs, which has what is pinned."""

    rivals: Path

    def python(self, peer: str) -> str:
        return str(self.rivals) if peer in RIVALS else sys.executable

    def module(self, peer: str) -> str:
        return f"rivals.{peer}" if peer in RIVALS else peer

    def variables(self, peer: str) -> dict[str, str]:
        """What every peer is started with: no proxy between, and compiled modules kept, as users have them."""
        # An installed rival has them already.
        unwanted = ("_proxy", "_PROXY", "PYTHONDONTWRITEBYTECODE")
        variables = {name: value for name, value in os.environ.items() if not name.endswith(unwanted)}
        ours = () if peer in RIVALS else (ROOT / "highlevel", ROOT / "generated")
        return {**variables, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *ours)))}


@attrs.frozen
class Result:
    """What one peer took for one workload: medians of the rounds."""

    peer: str
    seconds: float
    cpu: float
    memory: int


class Worker:
    """One peer's process."""

    def __init__(
        self, environment: Environment, peer: str, address: str, container: str, load: Workload
    ) -> None:
        self.peer = peer
        self.rounds: list[dict[str, Any]] = []
        variables = environment.variables(peer)
        self._process = subprocess.Popen(
            [environment.python(peer), "-m", "benchmarks.worker", environment.module(peer), address, container,
             load.key, str(load.count)],
            cwd=ROOT, env=variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.peer} ended: what it said is above")
        said: dict[str, Any] = json.loads(line)
        return said

    def round(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.rounds.append(self.hear())


def able(peer: str, load: Workload) -> bool:
    """Whether the peer has a method for it, which is read from its source: it may not be importable here."""
    folder = ROOT / "benchmarks" / "peers"
    name = peer.replace("_podman", "") if peer.startswith("ours") else peer
    source = (folder / ("rivals" if peer in RIVALS else "") / f"{name}.py").read_text()
    return f"def {load.key}(" in source or f"    {load.key} = " in source


def measure(
    environment: Environment,
    load: Workload,
    address: str,
    container: str,
    rounds: int,
    peers: tuple[str, ...] | None = None,
) -> list[Result]:
    """Each peer's medians."""
    workers: list[Worker] = []
    try:
        for peer in peers or PEERS[load.place]:
            if able(peer, load):
                worker = Worker(environment, peer, address, container, load)
                workers.append(worker)
                worker.hear()
        for _ in range(rounds):
            for worker in workers:
                worker.round()
    finally:
        for worker in workers:
            worker.__exit__()
    return [_result(worker, load) for worker in workers]


def _result(worker: Worker, load: Workload) -> Result:
    def median(key: str) -> float:
        return statistics.median([float(found[key]) for found in worker.rounds])

    return Result(worker.peer, median(load.extra or "seconds"), median("cpu"), int(median("memory")))
