"""What the documentation of the public interface says of arguments, fields and errors, held against the code."""

import builtins
import inspect
import re
from collections.abc import Iterator
from typing import Any, get_type_hints, is_typeddict

import attrs
import pytest

import wharfinger
from tests.contracts.test_public import function, public
from wharfinger import types

HEADING = re.compile(r"(Args|Returns|Raises|Attributes):")
UNPACKED = re.compile(r"Unpack\[(\w+)\]")


def sections(told: str | None) -> dict[str, list[str]]:
    """The entries of each section of a docstring: names without stars, or the errors of one line."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in inspect.cleandoc(told or "").splitlines():
        if heading := HEADING.fullmatch(line):
            here = found.setdefault(heading[1], [])
        elif line and not line.startswith(" "):
            here = []
        elif re.match(r" {4}\S", line):
            here.append(line.strip().partition(":")[0].lstrip("*"))
    return found


def functions() -> Iterator[tuple[str, Any]]:
    for name in wharfinger.__all__:
        value = getattr(wharfinger, name)
        members = public(value) if inspect.isclass(value) else {"": value}
        for member, one in members.items():
            # What a mapping inherits is told of by the standard library.
            if inspect.isfunction(code := function(one)) and code.__module__.startswith("wharfinger."):
                yield f"{name}.{member}".rstrip("."), code


FUNCTIONS = dict(functions())
VALUES = {
    name: value
    for place in (wharfinger, types)
    for name in place.__all__
    if inspect.isclass(value := getattr(place, name))
}


def arguments(code: Any) -> list[str]:
    return [name for name in inspect.signature(code).parameters if name not in ("self", "cls")]


def keyword_mapping(code: Any) -> set[str]:
    """The name after two stars: a typed mapping, which tells of its keywords itself."""
    taken = inspect.signature(code).parameters.values()
    return {one.name for one in taken if one.kind is one.VAR_KEYWORD}


def fields(kind: type) -> list[str]:
    """The names that a value is made of."""
    if attrs.has(kind):
        return [one.name for one in attrs.fields(kind)]
    return list(getattr(kind, "_fields", ())) or list(kind.__annotations__ if is_typeddict(kind) else ())


def test_arguments_that_are_told_of_are_taken() -> None:
    wrong: list[str] = []
    for path, code in FUNCTIONS.items():
        told, taken = sections(code.__doc__).get("Args", []), arguments(code)
        if told and told != [one for one in taken if one in told or one not in keyword_mapping(code)]:
            wrong.append(f"{path}: tells of {told}, takes {taken}")
    assert wrong == []


def test_several_arguments_are_told_of_here_or_elsewhere() -> None:
    silent: list[str] = []
    for path, code in FUNCTIONS.items():
        told = code.__doc__ or ""
        if len(arguments(code)) > 1 and "Args:" not in told and not re.search(r"\b([Ss]ee|As) [`A-Z]", told):
            silent.append(path)
    assert silent == []


def test_errors_that_are_told_of_are_public() -> None:
    unknown: list[str] = []
    told = {
        **{path: code.__doc__ for path, code in FUNCTIONS.items()},
        **{n: v.__doc__ for n, v in VALUES.items()},
    }
    for path, words in told.items():
        for name in ", ".join(sections(words).get("Raises", [])).split(", "):
            found = getattr(wharfinger, name, None) or getattr(builtins, name, None)
            if name and not (inspect.isclass(found) and issubclass(found, Exception)):
                unknown.append(f"{path}: {name}")
    assert unknown == []


@pytest.mark.parametrize("name", [name for name, kind in VALUES.items() if fields(kind)])
def test_fields_are_told_of(name: str) -> None:
    kind = VALUES[name]
    bases = reversed([base for base in inspect.getmro(kind) if base.__module__.startswith("wharfinger.")])
    told = [field for base in bases for field in sections(base.__doc__).get("Attributes", [])]
    assert told == [field for field in fields(kind) if not field.startswith("_")]
    assert set(get_type_hints(kind)) >= set(told)


def test_typed_mappings_of_keywords_are_public() -> None:
    named = {found for code in FUNCTIONS.values() for found in UNPACKED.findall(str(inspect.signature(code)))}
    assert named
    assert [name for name in named if not is_typeddict(getattr(wharfinger, name, None))] == []


def test_sections_are_read() -> None:
    told = (
        "Stops.\n\nArgs:\n    timeout: Seconds\n        or so.\n    **more: Others.\n\nRaises:\n    A, B: No."
    )
    assert sections(told) == {"Args": ["timeout", "more"], "Raises": ["A, B"]}
