"""The live tests on the engines of several Debian releases: `python -m tests.engines.matrix [SUITE …]`.

Prints a table at the end: how many tests passed, failed and were skipped on each engine, sync and async, before the
second look that a few of those that failed get.
"""

import argparse
import os
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import attrs

from tests.engines.harness.lab import SUITE_VARIABLE
from tests.engines.harness.suites import SUITES
from tests.engines.second_look import look

# This machine's own release stands first, by the name that Debian 12 has.
HERE = "bookworm"
LIVE = ("tests/_async", "tests/_sync", "tests/engines", "tests/contracts/test_snippets.py")


@attrs.define
class Column:
    """What came of the tests of one engine in one colour."""

    suite: str
    engine: str
    colour: str
    outcomes: Counter[str] = attrs.field(factory=Counter[str])


def main() -> int:
    """Run them all, tell of each, and say whether all passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.engines.matrix", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {HERE}, {', '.join(SUITES)}; all")
    suites: list[str] = parser.parse_args().suites or [HERE, *SUITES]
    unknown = set(suites) - {HERE, *SUITES}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; expected some of {HERE}, {', '.join(SUITES)}")
    codes: list[int] = []
    columns: list[Column] = []
    with tempfile.TemporaryDirectory() as folder:
        for suite in suites:
            report = Path(folder) / f"{suite}.xml"
            print(f"\n=== {suite}", flush=True)
            codes.append(_run(suite, report))
            columns += _columns(suite, report)
    print(_table(columns))
    return max(codes)


def _run(suite: str, report: Path) -> int:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("WHARFINGER_TEST_")
    }
    if suite != HERE:
        environment[SUITE_VARIABLE] = suite
    # Two at a time, each with engines of its own.
    workers = ["-n", "2", "--dist", "loadfile"]
    return look(["-q", *workers, f"--junitxml={report}", *LIVE], environment=environment)


def _columns(suite: str, report: Path) -> list[Column]:
    if not report.exists():
        return [Column(suite, "none started", "", Counter({"errors": 1}))]
    tree = ET.parse(report)
    columns: dict[tuple[str, str], Column] = {}
    for case in tree.iter("testcase"):
        told = case.find("properties/property[@name='engine']")
        engine = "both or none" if told is None else str(told.get("value"))
        colour = "async" if "_async" in case.get("classname", "") else "sync"
        column = columns.setdefault((engine, colour), Column(suite, engine, colour))
        bad = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
        column.outcomes[bad[0] if bad else "passed"] += 1
    return [columns[key] for key in sorted(columns)]


def _table(columns: list[Column]) -> str:
    rows: list[tuple[str, ...]] = [("release", "engine", "", "passed", "failed", "errors", "skipped")]
    for column in columns:
        counts = (str(column.outcomes[kind]) for kind in ("passed", "failure", "error", "skipped"))
        rows.append((column.suite, column.engine, column.colour, *counts))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
