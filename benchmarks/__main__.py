"""Wharfinger, docker-py, podman-py, aiodocker and a raw socket side by side: `make bench`.

    python -m benchmarks --rivals PYTHON [--share 1] [--rounds 5] [--only KEY …] [--suite SUITE] [--json FILE]

Every workload runs in turn on each peer, round after round, on real engines started for it or on a replay of what they
said. Ratios are what to compare between machines.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks import growth, imports, report
from benchmarks.engines import CONTAINER, Measured, engines
from benchmarks.replay import Script, replaying
from benchmarks.running import Environment, Result, measure
from benchmarks.workloads import Workload, workloads
from tests.engines.harness.engine import EngineName
from tests.engines.harness.suites import SUITES

Row = dict[str, Any]


def _one(
    environment: Environment, load: Workload, found: dict[EngineName, Measured], rounds: int
) -> list[Result]:
    engine: EngineName = "podman" if "podman" in load.place else "docker"
    measured = found[engine]
    if not load.place.startswith("replay"):
        return measure(environment, load, measured.engine.url, CONTAINER, rounds)
    # Followed lines come fast where one waits for them, and slowly where hundreds do.
    many = load.key == "follow_many"
    script = Script(
        measured.samples,
        containers=load.containers,
        megabytes=load.megabytes,
        frame=load.frame,
        lines=50 if many else 1000,
        pause=0.02 if many else 0.0005,
    )
    with replaying(script) as path:
        return measure(environment, load, f"unix://{path}", "c", rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rivals", type=Path, required=True, help="the Python that has the rivals installed")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the requests and bytes; 0.1 is a quick look"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", metavar="KEY", help="these workloads alone")
    parser.add_argument("--suite", choices=SUITES, help="engines of another Debian release")
    parser.add_argument("--growth", action="store_true", help="also how costs grow with the work")
    parser.add_argument("--json", type=Path, help="write the numbers here")
    return parser.parse_args()


def main() -> int:
    given = _arguments()
    environment = Environment(given.rivals.absolute())
    rows: list[Row] = []
    if not given.only or "imports" in given.only:
        rows += imports.measured(environment, given.rounds * 3)
        print(report.imports(rows), flush=True)
    grown: list[Row] = []
    with engines(given.suite) as found:
        titles = {name: one.title for name, one in found.items()}
        if not given.only or "first_reply" in given.only:
            first = imports.first_replies(environment, given.rounds * 3, found["docker"].engine.url)
            print(report.imports(first), flush=True)
            rows += first
        for load in workloads(given.share):
            if given.only and load.key not in given.only:
                continue
            results = _one(environment, load, found, given.rounds)
            rows += report.rows(load, results, titles["podman" if "podman" in load.place else "docker"])
            print(report.table(load, rows), flush=True)
        if given.growth:
            grown = growth.measured(environment, found["docker"])
            print(report.growth(grown), flush=True)
    if given.json:
        kernel = platform.release().partition("-")[0]
        told = {
            "machine": f"{os.cpu_count()} processors, {platform.system()} {kernel}, "
            f"Python {platform.python_version()}",
            "engines": titles,
            "rounds": given.rounds,
            "share": given.share,
            "rows": rows,
            "growth": grown,
        }
        given.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
