"""The table of parity: what three other libraries have, and what it is here, or why it is not.

`surface-*.json` holds facts: the names of a library's classes, members and keywords, in the version that it tells.
`*.toml` says what becomes of them. What is not written there keeps its name: a member of a class with `ours` is the
member of that name there, a keyword the keyword of that name. So only differences have a line:

    [classes.Container]
    ours = "Container"                     # a class of ours; or `why` there is none, and what to `use`

    [classes.Container.members]
    show = "inspect"                       # another name, in the same class unless it has a dot
    delete = { ours = "remove", keywords = { t = "timeout", link = { why = "…" } } }

A `rules` entry gives one reason for all members or keywords that fit one of its patterns and have no line.
"""

from __future__ import annotations

import json
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
RIVALS = ("docker", "podman", "aiodocker")

Surface = dict[str, dict[str, list[str] | None]]


class Row(NamedTuple):
    """What becomes of one class, member or keyword.

    Attributes:
        theirs: Such as "Container", "Container.stop" or "Container.stop(t)".
        ours: Likewise, as wharfinger names it; empty where there is none.
        why: Why there is none.
        note: What else a user has to know.
        use: Modules of the bindings that serve instead.
        rule: The pattern that it falls under, where it has no line of its own.
        usual: What it would be called here, were its name kept.
    """

    theirs: str
    ours: str = ""
    why: str = ""
    note: str = ""
    use: tuple[str, ...] = ()
    rule: str = ""
    usual: str = ""

    @property
    def keyword(self) -> str:
        """The keyword's name; empty for a class or a member."""
        return self.theirs.partition("(")[2].removesuffix(")")

    @property
    def renamed(self) -> bool:
        """Whether it has another name here."""
        return (
            bool(self.ours)
            and _last(self.ours) != _last(self.theirs)
            and not self.theirs.endswith(".__init__")
        )


class Rule(NamedTuple):
    """One reason for many things."""

    patterns: tuple[str, ...]
    why: str


class Table(NamedTuple):
    """What becomes of one other library.

    Attributes:
        library: What its users call it.
        package: Its name on PyPI.
        version: Of which the facts are.
        classes: Their names, in the order of the lines.
        rows: One for each class, member and keyword that is decided upon.
        rules: What the rows without a line fall under.
        strays: Lines about what the other library does not have, or that say nothing new.
    """

    library: str
    package: str
    version: str
    classes: tuple[str, ...]
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    strays: tuple[str, ...]

    def of_class(self, name: str) -> list[Row]:
        """The rows of a class, its own first."""
        return [
            row
            for row in self.rows
            if row.theirs == name
            or (row.theirs.startswith(f"{name}.") and row.theirs.count(".") == name.count(".") + 1)
        ]


@cache
def table(rival: str) -> Table:
    """The table of one library, by the name of its package."""
    facts = json.loads((HERE / f"surface-{rival}.json").read_text())
    return read(facts, tomllib.loads((HERE / f"{rival}.toml").read_text()))


def read(facts: dict[str, Any], told: dict[str, Any]) -> Table:
    """The table that facts about a library and lines about it make."""
    reader = _Reader(facts["classes"], told)
    rows = tuple(reader.rows())
    strays = tuple(reader.strays(rows))
    return Table(
        told["library"], facts["package"], facts["version"], reader.names, rows, reader.rules, strays
    )


class _Reader:
    def __init__(self, surface: Surface, told: dict[str, Any]) -> None:
        self._surface = surface
        self._classes: dict[str, dict[str, Any]] = told["classes"]
        self.rules = tuple(Rule(tuple(rule["of"]), rule["why"]) for rule in told.get("rules", ()))
        self._strays = [f"{name}: no such class" for name in self._classes if name not in surface]
        self.names = tuple(name for name in dict.fromkeys((*self._classes, *surface)) if name in surface)

    def rows(self) -> list[Row]:
        return [row for name in self.names for row in self._of_class(name)]

    def strays(self, rows: tuple[Row, ...]) -> list[str]:
        used = {row.rule for row in rows}
        idle = [one for rule in self.rules for one in rule.patterns if one not in used]
        return self._strays + [f"rule {one}: fits nothing that has no line" for one in idle]

    def _of_class(self, name: str) -> list[Row]:
        said, members = self._classes.get(name, {}), self._surface[name]
        lines = said.get("members", {})
        self._strays += [f"{name}.{line}: no such member" for line in lines if line not in members]
        ours, why = said.get("ours", ""), said.get("why", "")
        row = Row(name, ours, why, said.get("note", ""), (*said.get("use", ()),), usual=name)
        if why:
            return [row]
        # A class may be spread over several of ours: then its members alone are decided upon.
        found = [row] if ours or not lines else []
        for member, keywords in members.items():
            found += self._of_member(row, member, keywords or [], lines.get(member))
        return found

    def _of_member(self, kind: Row, member: str, keywords: list[str], line: Any) -> list[Row]:
        said: dict[str, Any] = {"ours": line} if isinstance(line, str) else line or {}
        usual = kind.ours if member == "__init__" else f"{kind.ours}.{member}" if kind.ours else ""
        row = self._row(f"{kind.theirs}.{member}", usual, said, kind.ours)
        lines = said.get("keywords", {})
        self._strays += [f"{row.theirs}({one}): no such keyword" for one in lines if one not in keywords]
        if not row.ours:
            return [row]
        return [row, *(self._of_keyword(row, keyword, lines.get(keyword)) for keyword in keywords)]

    def _of_keyword(self, member: Row, keyword: str, line: Any) -> Row:
        said: dict[str, Any] = {"ours": line} if isinstance(line, str) else line or {}
        return self._row(f"{member.theirs}({keyword})", f"{member.ours}({keyword})", said, member.ours)

    def _row(self, theirs: str, usual: str, said: dict[str, Any], within: str) -> Row:
        ours, why, note = (
            _whole(said.get("ours", ""), usual, within),
            said.get("why", ""),
            said.get("note", ""),
        )
        if said and ours == usual and not (why or note or "keywords" in said):
            self._strays.append(f"{theirs}: its line says what holds without it")
        if why or said.get("ours"):
            return Row(theirs, "" if why else ours, why, note, usual=usual)
        for rule in self.rules:
            if fitting := [one for one in rule.patterns if fnmatchcase(theirs, one)]:
                return Row(theirs, "", rule.why, rule=fitting[0], usual=usual)
        return Row(theirs, ours, note=note, usual=usual)


def _whole(ours: str, usual: str, within: str) -> str:
    """The name as from the package: "timeout" in "Container.stop" is "Container.stop(timeout)"."""
    if not ours:
        return usual
    if "." in ours or "(" in ours or not within:
        return ours
    return f"{within}({ours})" if "(" in usual else f"{within}.{ours}"


def _last(name: str) -> str:
    return name.rstrip(")").replace("(", ".").rpartition(".")[2]
