"""docs/migration.md, made from the table and from the words in `migration.md` beside this file.

python -m tests.contracts.parity.migration          writes the page
python -m tests.contracts.parity.migration --check  fails where it is not what this would write
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.contracts.parity.table import HERE, RIVALS, Row, Table, table

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = HERE.parents[2] / "docs" / "migration.md"
WORDS = HERE / "migration.md"


def page() -> str:
    """The whole page."""
    text = WORDS.read_text()
    for rival in RIVALS:
        one = table(rival)
        text = text.replace(f"{{{{{rival}}}}}", "\n\n".join(_tables(one))).replace(
            f"{{{{{rival} version}}}}", one.version
        )
    return text


def _tables(one: Table) -> Iterable[str]:
    absent: list[Row] = []
    for kind in one.classes:
        rows = one.of_class(kind)
        if rows[0].why and rows[0].theirs == kind:
            absent.append(rows[0])
        else:
            yield from _of_class(one.library, kind, rows)
    if one.rules:
        yield f"What holds for many of them:\n\n{_rules(one)}"
    yield f"Not here:\n\n{_absent(one.library, absent)}"


def _of_class(library: str, kind: str, rows: list[Row]) -> Iterable[str]:
    ours = rows[0].ours if rows[0].theirs == kind else ""
    told = [
        row for row in rows if row.theirs != kind and not row.rule and (row.renamed or row.why or row.note)
    ]
    names = {_member(row) if row.keyword else row.theirs for row in told}
    members = [row.theirs for row in rows if row.theirs != kind and not row.keyword and not row.rule]
    same = [name.rpartition(".")[2] for name in members if name not in names]
    if not told and kind == ours:
        return
    heading = f"**`{kind}`**" + (f" is **`{ours}`**." if ours not in ("", kind) else ".")
    plain = _listed(name for name in same if name != "__init__")
    yield heading + (f" The same: {plain}." if plain else "")
    if told:
        lines = [_line(_theirs(group, kind), _ours(group[0], ours), group[0]) for group in _alike(told)]
        yield "\n".join((f"| {library} | wharfinger | |", "|---|---|---|", *lines))


def _alike(rows: list[Row]) -> list[list[Row]]:
    """What has no counterpart, in one place and for one reason, goes together."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = (row.why, _member(row)) if row.why else (row.theirs,)
        groups.setdefault(key, []).append(row)
    return [*groups.values()]


def _member(row: Row) -> str:
    """The member that a keyword belongs to; the class for a member."""
    return row.theirs.rpartition("(")[0] or row.theirs.rpartition(".")[0]


def _theirs(group: list[Row], kind: str) -> str:
    first = group[0]
    name = _member(first) if first.keyword else ""
    shown = name.removeprefix(f"{kind}.").replace("__init__", kind).replace("**", "**kwargs")
    if not name:
        return _listed(row.theirs.removeprefix(f"{kind}.").replace("__getitem__", "[key]") for row in group)
    keywords = ", ".join(row.keyword.replace("**", "**kwargs") for row in group)
    return f"`{shown}({keywords})`"


def _ours(row: Row, within: str) -> str:
    return f"`{row.ours.removeprefix(f'{within}.')}`" if row.ours else "not here"


def _line(theirs: str, ours: str, row: Row) -> str:
    return f"| {theirs} | {ours} | {row.why or row.note} |"


def _rules(one: Table) -> str:
    lines = [f"| {_listed(map(_pattern, rule.patterns))} | {rule.why} |" for rule in one.rules]
    return "\n".join((f"| {one.library} | |", "|---|---|", *lines))


def _pattern(pattern: str) -> str:
    """A rule's pattern without its class: "*(version)" is `version`."""
    member, _, keyword = pattern.rpartition(".")[2].partition("(")
    if not keyword:
        return member
    return keyword.removesuffix(")") if member == "*" else f"{member}({keyword}".replace("**", "**kwargs")


def _absent(library: str, rows: list[Row]) -> str:
    reasons: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        reasons.setdefault((row.why, row.use), []).append(row.theirs)
    lines = [
        f"| {_listed(names)} | {why}{f': `client.api` with {_listed(use)}' if use else ''} |"
        for (why, use), names in reasons.items()
    ]
    return "\n".join((f"| {library} | |", "|---|---|", *lines))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def main(arguments: list[str]) -> int:
    """Writes the page, or says whether it is up to date."""
    made = page()
    if "--check" in arguments:
        return int(PAGE.read_text() != made)
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
