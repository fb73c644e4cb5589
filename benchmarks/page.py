"""docs/performance.md and its charts, from the numbers of one run: `python -m benchmarks.page NUMBERS.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import charts
from benchmarks.report import groups, verdict
from benchmarks.workloads import NAMES, OURS

DOCS = Path(__file__).resolve().parents[1] / "docs"
Row = dict[str, Any]

_HEAD = """# Performance

Wharfinger, docker-py, podman-py, aiodocker and a raw socket did the same work in turn, in one run of `make bench`, on
one machine. The numbers are medians of {rounds} rounds; on another machine the ratios are what to compare. "Replay" is
a server that sends what an engine once said, so that the client is what is measured; the others are real engines.

This page was made from such a run: {machine}; {engines}.{share}

![Time against the fastest rival](performance.svg)

Below 1 is faster than the fastest of the rivals in that line. "CPU" is the processor time of the client alone, "peak"
what its memory grew by at the most. A goal is the share of the fastest rival's time that we want to take at the most;
MISSED says that this run took more. A real engine works on the same processors as its client, and its time is in the
numbers of both.

aiodocker cannot close what it writes to, and makes a TarFile of an archive: its lines of these say what its users get.
podman-py is not in the echo. Wharfinger has its extra `fast` (orjson reads JSON), but for the lines "no extra". The raw
socket does not take the frames of logs apart, and leaves JSON as mappings.
"""


def _number(row: Row) -> str:
    return f"{row['value']:.0f} {row['unit']}" if row["value"] >= 100 else f"{row['value']:.2g} {row['unit']}"


def _ratio(value: float | None) -> str:
    return f"{value:.2f}" if value else ""


def _group(rows: list[Row]) -> str:
    first = rows[0]
    where = first["place"] if first["place"] != "process" else "a fresh interpreter"
    lines = [f"### {first['title']} ({where})", ""]
    if first["place"] == "process":
        lines += [
            "| | over a bare interpreter | to the fastest rival | modules | goal |",
            "|---|---:|---:|---:|---|",
        ]
        lines += [
            f"| {NAMES[row['peer']]} | {_number(row)} | {_ratio(row['to_best_rival'])} | {row['modules']} "
            f"| {verdict(row) if row['peer'] in OURS else ''} |"
            for row in rows
        ]
    else:
        lines += [
            "| | median | to raw | to the fastest rival | CPU | peak | goal |",
            "|---|---:|---:|---:|---:|---:|---|",
        ]
        lines += [
            f"| {NAMES[row['peer']]} | {_number(row)} | {_ratio(row['to_raw'])} | {_ratio(row['to_best_rival'])} "
            f"| {row['cpu'] * 1e3:.1f} ms | {row['memory'] / 1e6:.1f} MB | {verdict(row)} |"
            for row in rows
        ]
    return "\n".join(lines)


def _growth(rows: list[Row]) -> str:
    lines = [
        "## How costs grow",
        "",
        "Time and memory must not grow faster than the work: a dashed line is what grows just as fast. What ten",
        "thousand containers are made of no longer fits the processor's caches, and Python's garbage collector looks",
        "through all of it: each takes longer than one of a thousand.",
        "",
        "![Time against the work](performance-growth.svg)",
        "",
        "| | size | | time | each | peak |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for row in rows:
        each = row["seconds"] / row["size"] * 1e6
        lines.append(
            f"| {row['title']} | {row['size']} | {NAMES[row['peer']]} | {row['seconds'] * 1e3:.1f} ms | {each:.1f} us "
            f"| {row['memory'] / 1e6:.1f} MB |"
        )
    return "\n".join(lines)


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text())
    rows: list[Row] = told["rows"]
    part = "" if told["share"] == 1 else f" {told['share']:.0%} of the requests and bytes were used."
    head = _HEAD.format(
        rounds=told["rounds"],
        machine=told["machine"],
        engines=", ".join(told["engines"].values()),
        share=part,
    )
    parts = [head, *map(_group, groups(rows))]
    if told["growth"]:
        parts.append(_growth(told["growth"]))
    (DOCS / "performance.md").write_text("\n\n".join(part.strip() for part in parts) + "\n")
    (DOCS / "performance.svg").write_text(charts.ratios(rows))
    (DOCS / "performance-growth.svg").write_text(charts.growth(told["growth"]))


if __name__ == "__main__":
    main()
