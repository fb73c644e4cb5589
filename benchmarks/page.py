"""docs/performance.md and its charts, from the numbers of one run: `python -m benchmarks.page NUMBERS.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import verdict
from benchmarks.workloads import NAMES, OURS, RIVALS

DOCS = Path(__file__).resolve().parents[1] / "docs"
Row = dict[str, Any]
_BAR, _HEIGHT, _LEFT, _WIDTH = 9, 26, 300, 760
_COLOURS = {
    "ours": "#1f6feb",
    "ours_async": "#76a9fa",
    "ours_podman": "#1f6feb",
    "ours_podman_async": "#76a9fa",
}

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


def groups(rows: list[Row]) -> list[list[Row]]:
    """The rows of each workload, in the order they were measured in."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["workload"], row["place"]), []).append(row)
    return list(found.values())


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
        "Time and memory must not grow faster than the work.",
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


def chart(rows: list[Row]) -> str:
    """Bars: our time as a share of the fastest rival's, which is the line at 1."""
    bars: list[str] = []
    place = 30
    scale = (_WIDTH - _LEFT - 60) / 1.5
    for group in groups(rows):
        ours = [row for row in group if row["peer"] in OURS and row.get("to_best_rival")]
        if not ours or not any(row["peer"] in RIVALS for row in group):
            continue
        title = f"{group[0]['title']} ({group[0]['place']})"
        bars.append(f'<text x="{_LEFT - 8}" y="{place + 13}" text-anchor="end">{title}</text>')
        for number, row in enumerate(ours):
            value = row["to_best_rival"]
            width, top = min(value, 1.5) * scale, place + number * (_BAR + 1)
            bars.append(
                f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{_COLOURS[row["peer"]]}"/>'
                f'<text x="{_LEFT + width + 4:.1f}" y="{top + 8}" font-size="9">{value:.2f}</text>'
            )
        place += _HEIGHT
    line = _LEFT + scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {place + 10}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f'<text x="{line}" y="18" text-anchor="middle">the fastest rival</text>'
        f'<text x="8" y="18">time, as a share of it: <tspan fill="#1f6feb">sync</tspan>, '
        f'<tspan fill="#76a9fa">async</tspan></text>'
        f'{"".join(bars)}<line x1="{line}" x2="{line}" y1="24" y2="{place}" stroke="#d1242f"/></svg>\n'
    )


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
    (DOCS / "performance.svg").write_text(chart(rows))


if __name__ == "__main__":
    main()
