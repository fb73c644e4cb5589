"""Nothing that docker-py, podman-py and aiodocker have is forgotten: it is here, or the table says why it is not."""

import re
from typing import Any

import pytest

import wharfinger
from tests.contracts.parity import migration
from tests.contracts.parity.resolving import MissingError, keywords, module, public, resolve
from tests.contracts.parity.table import RIVALS, Row, read, table
from wharfinger import Container, ContainersManager


def is_here(name: str) -> bool:
    try:
        resolve(name)
    except MissingError:
        return False
    return True


def hole(row: Row) -> str | None:
    """What is wrong with a row, if anything."""
    if not row.ours:
        return None if row.why else f"{row.theirs}: no line, and nothing of that name"
    try:
        resolve(row.ours)
    except MissingError as error:
        return f"{row.theirs}: {error}"
    return None


@pytest.mark.parametrize("rival", RIVALS)
def test_everything_is_here_or_there_is_a_reason(rival: str) -> None:
    assert [found for row in table(rival).rows if (found := hole(row))] == []


@pytest.mark.parametrize("rival", RIVALS)
def test_reasons_hold(rival: str) -> None:
    """What is said to lack does lack, unless the name means something else here."""
    rows = table(rival).rows
    taken = {row.ours for row in rows}
    assert [row for row in rows if row.why and row.usual not in taken and is_here(row.usual)] == []


@pytest.mark.parametrize("rival", RIVALS)
def test_no_line_is_about_nothing(rival: str) -> None:
    assert table(rival).strays == ()


@pytest.mark.parametrize("rival", RIVALS)
def test_what_the_texts_name_is_there(rival: str) -> None:
    for row in table(rival).rows:
        said = f"{row.why} {row.note}"
        for name in (*row.use, *re.findall(r"wharfinger_api[.\w]+", said)):
            module(name)
        for name in re.findall(r"`(?:types\.)?([A-Z]\w+)`", said):
            assert public(name), f"{row.theirs}: {name}"
        for name in re.findall(r"`(\w+)\(\)`", said):
            found = any(hasattr(getattr(wharfinger, kind), name) for kind in wharfinger.__all__)
            assert found, f"{row.theirs}: {name}"


def test_the_page_is_what_the_table_makes() -> None:
    assert migration.PAGE.read_text() == migration.page(), "run: python -m tests.contracts.parity.migration"


def rows_of(members: dict[str, Any], lines: dict[str, Any], **more: Any) -> list[Row]:
    facts = {"package": "x", "version": "1", "classes": {"Box": members}}
    return [*read(facts, {"library": "x", "classes": {"Box": lines}, **more}).rows]


def test_a_hole_is_found() -> None:
    """A class, member or keyword that nobody has thought of is none of ours, or none at all."""
    members: dict[str, Any] = {"stop": ["timeout", "gently"], "fly": [], "id": None}
    assert [bool(hole(row)) for row in rows_of(members, {})] == [True] * 4
    assert [row.theirs for row in rows_of(members, {"ours": "Container"}) if hole(row)] == [
        "Box.stop(gently)",
        "Box.fly",
    ]
    assert [hole(row) for row in rows_of(members, {"why": "no boxes"})] == [None]


@pytest.mark.parametrize(
    "lines",
    [
        {"ours": "Container", "members": {"fly": "start"}},
        {"ours": "Container", "members": {"stop": {"keywords": {"gently": "timeout"}}}},
        {"ours": "Container", "members": {"stop": "stop"}},
    ],
)
def test_a_line_about_nothing_is_found(lines: dict[str, Any]) -> None:
    facts = {"package": "x", "version": "1", "classes": {"Box": {"stop": ["timeout"]}}}
    assert len(read(facts, {"library": "x", "classes": {"Box": lines}}).strays) == 1
    idle = [{"of": ["Box.fly"], "why": "no wings"}]
    assert read(facts, {"library": "x", "rules": idle, "classes": {"Box": {"ours": "Container"}}}).strays


def test_names_keep_to_their_class_unless_they_say_another() -> None:
    lines = {
        "ours": "Container",
        "members": {"halt": {"ours": "stop", "keywords": {"t": "timeout"}}, "of": "Image.id"},
    }
    found = {row.theirs: row.ours for row in rows_of({"halt": ["t"], "of": None}, lines)}
    assert found["Box.halt"] == "Container.stop"
    assert found["Box.halt(t)"] == "Container.stop(timeout)"
    assert found["Box.of"] == "Image.id"


def test_a_rule_is_for_what_has_no_line() -> None:
    rules = [{"of": ["*(t)"], "why": "never"}]
    lines = {"ours": "Container", "members": {"stop": {"keywords": {"t": "timeout"}}}}
    assert [row.why for row in rows_of({"kill": ["t"]}, {"ours": "Container"}, rules=rules)][-1] == "never"
    assert [row.ours for row in rows_of({"stop": ["t"]}, lines, rules=rules)][-1] == "Container.stop(timeout)"


def test_keywords_of_a_typed_mapping_are_keywords() -> None:
    assert {"image", "mem_limit"} <= keywords(ContainersManager.run)
    assert "options" not in keywords(ContainersManager.run)
    assert keywords(Container.id) == set()
