"""Whole trees: compared file by file, put in place all or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.build import BINDINGS
from codegen.errors import CodegenError
from codegen.specs import ROOT
from codegen.tree import compare, put_in_place, read_tree

if TYPE_CHECKING:
    from pathlib import Path


def fill(folder: Path, **files: str) -> Path:
    """Writes files; two underscores in a name are a slash."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def texts(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too."""
    return {name: content.decode() for name, content in read_tree(folder).items()}


class TestCompare:
    """What differs."""

    def test_says_what_is_missing_stale_and_different(self, tmp_path: Path) -> None:
        wanted = read_tree(fill(tmp_path / "a", same="1", sub__changed="1", sub__gone="1"))
        found = read_tree(fill(tmp_path / "b", same="1", sub__changed="2", sub__more="1"))
        assert compare(wanted, found) == ["missing: sub/gone", "stale:   sub/more", "differs: sub/changed"]
        assert compare(wanted, wanted) == []

    def test_caches_do_not_count(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "__pycache__" / "a", one="1")
        (folder / "sub" / "__pycache__").mkdir(parents=True)
        (folder / "sub" / "__pycache__" / "x.pyc").write_bytes(b"x")
        assert texts(folder) == {"one": "1"}

    def test_nothing_is_there(self, tmp_path: Path) -> None:
        assert read_tree(tmp_path / "nowhere") == {}


class TestPutInPlace:
    """Every change, or none."""

    def test_files_and_folders_come_change_and_go(self, tmp_path: Path) -> None:
        new = fill(tmp_path / "new", tree__a="2", tree__sub__b="2", file="2", fresh="2")
        there = fill(tmp_path / "there", tree__a="1", tree__old="1", file="1", stale="1", other="1")
        put_in_place(
            {
                there / "tree": new / "tree",
                there / "file": new / "file",
                there / "deep" / "fresh": new / "fresh",
                there / "stale": None,
            }
        )
        assert texts(there) == {
            "tree/a": "2",
            "tree/sub/b": "2",
            "file": "2",
            "deep/fresh": "2",
            "other": "1",
        }
        assert sorted(p.name for p in there.iterdir()) == ["deep", "file", "other", "tree"]

    def test_what_a_killed_run_left_is_no_hindrance(self, tmp_path: Path) -> None:
        new = fill(tmp_path / "new", tree__a="2")
        there = fill(tmp_path / "there", tree__a="1")
        fill(there / ".tree.new", half="?")
        fill(there / ".tree.old", past="?")
        put_in_place({there / "tree": new / "tree"})
        assert texts(there) == {"tree/a": "2"}

    def test_a_fault_before_anything_was_put_in_place(self, tmp_path: Path) -> None:
        new = fill(tmp_path / "new", tree__a="2", file="2")
        there = fill(tmp_path / "there", tree__a="1", plain="1")
        before = texts(there)
        with pytest.raises(CodegenError, match=r"cannot write .*Nothing was changed"):
            # No folder can be made below a file.
            put_in_place({there / "tree": new / "tree", there / "plain" / "file": new / "file"})
        assert texts(there) == before

    def test_a_source_that_is_not_there(self, tmp_path: Path) -> None:
        there = fill(tmp_path / "there", file="1")
        with pytest.raises(CodegenError, match=r"cannot write .*nowhere.*Nothing was changed"):
            put_in_place({there / "file": tmp_path / "nowhere"})
        assert texts(there) == {"file": "1"}

    def test_a_fault_halfway_takes_everything_back(self, tmp_path: Path) -> None:
        new = fill(tmp_path / "new", tree__a="2", file="2", fresh="2", last="2")
        there = fill(tmp_path / "there", tree__a="1", file="1", stale="1")
        before = texts(there)
        changes: dict[Path, Path | None] = {
            there / "file": new / "file",
            there / "fresh": new / "fresh",
            there / "stale": None,
            there / "tree": new / "tree",
            # What was staged for it moves away with the old tree.
            there / "tree" / "last": new / "last",
        }
        with pytest.raises(CodegenError, match=r"cannot write .*last.*Nothing was changed"):
            put_in_place(changes)
        assert {name: text for name, text in texts(there).items() if ".last" not in name} == before
        assert sorted(p.name for p in there.iterdir()) == ["file", "stale", "tree"]


def test_what_is_checked_in_is_what_a_run_makes(bindings: Path) -> None:
    assert compare(read_tree(bindings), read_tree(ROOT / BINDINGS)) == []
