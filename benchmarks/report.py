"""The numbers as text."""

from __future__ import annotations

from typing import Any

from benchmarks.running import Result
from benchmarks.workloads import NAMES, OURS, RIVALS, Workload

Row = dict[str, Any]


def rows(load: Workload, results: list[Result], engine: str) -> list[Row]:
    """One for each peer, with what it is compared to."""
    raw = next((one.seconds for one in results if one.peer == "raw"), None)
    best = min((one.seconds for one in results if one.peer in RIVALS), default=None)
    return [
        {
            "workload": load.name,
            "title": load.title,
            "place": load.place,
            "engine": engine,
            "unit": load.unit,
            "peer": one.peer,
            "seconds": one.seconds,
            "value": load.at(one.seconds),
            "to_raw": one.seconds / raw if raw else None,
            "to_best_rival": one.seconds / best if best else None,
            "cpu": one.cpu,
            "memory": one.memory,
            "goal": _goal(load, one.peer),
        }
        for one in results
    ]


def _goal(load: Workload, peer: str) -> float | None:
    if load.goal is None or peer not in OURS:
        return None
    return load.goal.of_async if peer.endswith("async") and load.goal.of_async else load.goal.sync


def verdict(row: Row) -> str:
    """Whether a goal was met, where there is one."""
    if row.get("goal") is None or row.get("to_best_rival") is None:
        return ""
    met = row["to_best_rival"] <= row["goal"]
    return f"{'met' if met else 'MISSED'} (<= {row['goal']:.2f})"


def _ratio(value: float | None) -> str:
    return f"{value:9.2f}" if value else f"{'':9}"


def table(load: Workload, found: list[Row]) -> str:
    """The rows of one workload."""
    lines = [
        f"\n{load.title} ({load.place})",
        f"  {'':18}{'median':>15}{'to raw':>9}{'to best':>9}{'CPU ms':>9}{'peak MB':>9}",
    ]
    for row in found:
        if (row["workload"], row["place"]) == (load.name, load.place):
            number = f"{row['value']:10.1f} {row['unit']:>4}"
            cost = f"{row['cpu'] * 1e3:9.1f}{row['memory'] / 1e6:9.1f}"
            ratios = f"{_ratio(row['to_raw'])}{_ratio(row['to_best_rival'])}"
            lines.append(f"  {NAMES[row['peer']]:18}{number}{ratios}{cost}  {verdict(row)}")
    return "\n".join(lines)


def imports(found: list[Row]) -> str:
    """What importing costs."""
    best = min(row["seconds"] for row in found if row["peer"] in RIVALS)
    lines = [f"\n{found[0]['title']:40}\n{'':26}{'over bare':>12}{'to best':>9}{'modules':>9}"]
    for row in found:
        row["to_best_rival"] = row["seconds"] / best
        told = f"{row['value']:10.1f}ms{row['to_best_rival']:9.2f}{row['modules']:9}"
        mark = verdict(row) if row["peer"] in OURS else ""
        lines.append(f"  {NAMES[row['peer']]:24}{told}  {mark}")
    return "\n".join(lines)


def growth(found: list[Row]) -> str:
    """How costs grow: for each size what one of it takes."""
    lines = [f"\n{'':28}{'size':>8}{'':>20}{'time':>12}{'each':>12}{'peak MB':>9}"]
    for row in found:
        each = row["seconds"] / row["size"] * 1e6
        told = f"{row['seconds'] * 1e3:10.1f}ms{each:10.1f}us{row['memory'] / 1e6:9.1f}"
        lines.append(f"{row['title']:28}{row['size']:8}  {NAMES[row['peer']]:18}{told}")
    return "\n".join(lines)


def groups(rows: list[Row]) -> list[list[Row]]:
    """The rows of each workload, in the order they were measured in."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["workload"], row["place"]), []).append(row)
    return list(found.values())
