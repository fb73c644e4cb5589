"""docs/coverage.md, made from the source, from coverage.toml and from the words in coverage.md beside this file.

python -m tests.contracts.coverage.page          writes the page
python -m tests.contracts.coverage.page --check  fails where it is not what this would write

`coverage.toml` says what the source does not: `by_hand` what a method asks for without the bindings, `absent` why an
operation has no method, and `pending` what is being made elsewhere.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from tests.contracts.coverage.reach import Operation, operations, reached

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs" / "coverage.md"
MOST = 4


class Reason(NamedTuple):
    """Why an operation has no method, and where that is said."""

    patterns: tuple[str, ...]
    why: str
    entry: str


class Told(NamedTuple):
    """What coverage.toml says."""

    by_hand: dict[str, str]
    reasons: tuple[Reason, ...]


def told() -> Told:
    """What coverage.toml says."""
    read: dict[str, Any] = tomllib.loads((HERE / "coverage.toml").read_text())
    absent = [Reason((*one["of"],), one["why"], "[[absent]]") for one in read.get("absent", ())]
    pending = [
        Reason((*one["of"],), f"{one['noun']}: not yet", f"[[pending]] of {one['noun']!r}")
        for one in read.get("pending", ())
    ]
    return Told(read["by_hand"], (*absent, *pending))


def calls(by_hand: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """By the key of an operation the public methods for it."""
    return {**reached(), **{key: (method,) for key, method in by_hand.items()}}


def faults(known: dict[str, Operation], said: Told, called: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with coverage.toml, each with what to do about it."""
    lines = [(reason, pattern) for reason in said.reasons for pattern in reason.patterns]
    for one in known.values():
        yield from _of_operation(one, [line for line in lines if fnmatchcase(one.key, line[1])], called)
    for reason, pattern in lines:
        if not any(fnmatchcase(key, pattern) for key in known):
            yield f"{pattern!r} is no operation; delete it from {reason.entry}"
    for key in said.by_hand:
        if key not in known or key in reached():
            yield f"{key}: the source tells of it, or there is no such operation; delete it from [by_hand]"


def _of_operation(
    one: Operation, lines: list[tuple[Reason, str]], called: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    if not lines and one.key not in called:
        yield f"{one.key} ({one.method} {one.path}): no public method comes to it; say why under [[absent]]"
    if one.key in called:
        for reason, pattern in lines:
            yield f"{one.key}: {called[one.key][0]} comes to it; delete {pattern!r} from {reason.entry}"
    elif len(lines) > 1:
        yield f"{one.key}: told of {len(lines)} times; delete it from {lines[-1][0].entry}"


def page() -> str:
    """The whole page."""
    said = told()
    called = calls(said.by_hand)
    text = (HERE / "coverage.md").read_text()
    for engine in ("docker", "libpod"):
        known = [one for one in operations().values() if one.key.startswith(f"{engine}.")]
        text = text.replace(f"{{{{{engine}}}}}", "\n\n".join(_tables(known, said, called)))
    return text


def _tables(known: list[Operation], said: Told, called: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for group, members in groupby(known, lambda one: one.module.split(".")[-2].rstrip("_")):
        rows = [_row(one, said, called.get(one.key, ())) for one in members]
        yield "\n".join((f"**{group}**\n", "| operation | call | API |", "|---|---|---|", *rows))


def _row(one: Operation, said: Told, methods: tuple[str, ...]) -> str:
    versions = f"{one.since or 'up'} to {one.until}" if one.until else one.since and f"{one.since} or newer"
    shown = ", ".join(f"`{name}`" for name in methods[:MOST]) + (", …" if len(methods) > MOST else "")
    why = next((r.why for r in said.reasons if any(fnmatchcase(one.key, p) for p in r.patterns)), "")
    return f"| `{one.method} {one.path}` | {shown or f'none: {why}'} | {versions} |"


def main(arguments: list[str]) -> int:
    """Writes the page, or says whether it is up to date."""
    made = page()
    if "--check" in arguments:
        return int(PAGE.read_text() != made)
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
