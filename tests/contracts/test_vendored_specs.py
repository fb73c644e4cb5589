"""What the repository holds of upstream: interface facts and nothing else, and all that it needs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from codegen import sources, specs
from codegen.yamlio import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROOT = specs.ROOT
# Where prose stands in Swagger 2.0. As the name of a property each of them may be a fact.
_PROSE = {"description", "summary", "externalDocs", "example", "examples", "x-example"}
_NAMES = {"properties", "definitions", "parameters", "responses", "paths", "headers"}


def _files() -> list[Path]:
    found = [path for engine in specs.ENGINES for path in sorted((specs.SPEC / engine).glob("v*.yaml"))]
    assert len(found) > 20
    return found


def _prose(node: object, *, names: bool = False) -> Iterator[str]:
    """The keys that hold prose; keys that are names of things are passed over."""
    mapping, items = specs.as_map(node), specs.as_list(node)
    for key, value in (mapping or {}).items():
        if not names and (key in _PROSE or (key == "title" and " " in str(value))):
            yield key
        yield from _prose(value, names=not names and key in _NAMES)
    for item in items or ():
        yield from _prose(item)


@pytest.mark.parametrize("path", _files(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_vendored_file_holds_no_prose(path: Path) -> None:
    assert list(_prose(read(path))) == []
    comments = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("#")
    ]
    # The header, which is ours.
    assert len(comments) == 2
    assert "Apache License 2.0 (see NOTICE)" in comments[0]


def test_prose_would_be_found() -> None:
    operation = {"summary": "It lists.", "parameters": [{"name": "a", "description": "All."}]}
    schema = {"properties": {"description": {"type": "string", "title": "A sentence of it"}}}
    found = list(_prose({"paths": {"/a": {"get": operation}}, "definitions": {"summary": schema}}))
    assert found == ["summary", "description", "title"]


def test_every_vendored_file_is_as_the_lock_has_it() -> None:
    assert sources.problems() == []
    listed = {source.file for source in sources.read_lock().sources.values()}
    assert listed == {str(path.relative_to(specs.SPEC)) for path in _files()}


def test_the_notice_names_the_upstream_projects() -> None:
    notice = (_ROOT / "NOTICE").read_text(encoding="utf-8")
    for project in sources.PROJECTS.values():
        assert project in notice


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=_ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [_ROOT / name for name in listed.stdout.split("\0") if name and (_ROOT / name).is_file()]


def test_nothing_points_out_of_the_repository() -> None:
    """What a clone does not have, no file may ask for."""
    # Put together here, so that this file is not the one that is found.
    outside = ["/".join(parts) for parts in (("", "shared", ""), ("", "work", "main"))]
    files = _tracked()
    assert len(files) > 500
    found = [
        str(path.relative_to(_ROOT))
        for path in files
        if any(word in path.read_text(encoding="utf-8", errors="replace") for word in outside)
    ]
    assert found == []
