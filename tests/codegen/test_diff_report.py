"""What lies between real versions of the APIs, and how the command tells it."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

import pytest

from codegen import diff, diff_render
from codegen.diff import Change, Diff
from codegen.errors import CodegenError

if TYPE_CHECKING:
    from pathlib import Path


def told(changes: list[Change]) -> list[tuple[str, str, str, str, bool]]:
    return [(c.kind, c.name, c.what, c.detail, c.breaking) for c in changes]


class TestRealPairs:
    def test_docker_1_41_to_1_42(self) -> None:
        found = told(diff.diff("docker", "1.41", "1.42").changes)
        assert ("added", "PUT /volumes/{name}", "", "", False) in found
        assert ("added", "POST /containers/{id}/stop", "query parameter signal", "string", False) in found
        assert ("added", "MountType", "value", "cluster", False) in found
        assert ("removed", "Resources", "property KernelMemory", "integer (int64)", True) in found
        assert ("removed", "SystemInfo", "property ClusterStore", "string", True) in found
        assert len(found) < 60

    def test_libpod_5_4_2_to_5_8_2(self) -> None:
        found = diff.diff("libpod", "5.4.2", "5.8.2")
        assert ("added", "POST /libpod/artifacts/pull", "", "", False) in told(found.changes)
        gone = ("removed", "PodSpecGenerator", "property cpu_quota", "integer (int64)", True)
        assert gone in told(found.breaking)


class TestReading:
    def test_text(self) -> None:
        text = diff_render.text(diff.diff("docker", "1.41", "1.42"))
        lines = text.splitlines()
        assert lines[0] == (
            "docker 1.41 → 1.42: 1 operation added, 13 operations changed, 8 schemas changed; "
            "8 changes can break callers."
        )
        assert [line for line in lines[1:] if line and not line.startswith(" ")] == [
            *("Breaks callers", "New operations", "Operations", "Schemas")
        ]
        assert "  + PUT /volumes/{name} (VolumeUpdate)" in lines
        place = lines.index(
            "  Resources, sent and received by ContainerUpdate, ContainerCreate, ContainerInspect"
        )
        assert lines[place + 1] == "    - property KernelMemory: integer (int64)"
        assert (
            "  MountType, sent and received by ContainerInspect, ContainerCreate, ContainerList and 7 more"
            in lines
        )

    def test_markdown(self) -> None:
        lines = diff_render.markdown(diff.diff("docker", "1.41", "1.42")).splitlines()
        assert lines[0] == "# docker 1.41 → 1.42"
        assert "## Breaks callers" in lines
        assert "- `PUT /volumes/{name}` (VolumeUpdate)" in lines
        assert "  - removed `property KernelMemory`: integer (int64)" in lines

    def test_json(self) -> None:
        found = diff.diff("docker", "1.41", "1.42")
        data = json.loads(diff_render.as_json(found))
        assert (data["engine"], data["old"], data["new"]) == ("docker", "1.41", "1.42")
        assert data["breaking"] == len(found.breaking)
        assert [item["name"] for item in data["changes"]] == [change.name for change in found.changes]
        assert data["changes"][0].keys() == {
            *("kind", "subject", "name", "what", "detail", "breaking", "directions", "operations")
        }

    def test_no_differences(self) -> None:
        assert diff_render.text(Diff("docker", "1", "2")) == "docker 1 → 2: no differences.\n"


class TestCommand:
    @pytest.fixture
    def parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser()
        diff.add_arguments(parser)
        return parser

    def test_prints(self, parser: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]) -> None:
        assert diff.run(parser.parse_args(["docker", "1.51", "1.55"])) == 0
        assert capsys.readouterr().out.startswith("docker 1.51 → 1.55: 1 operation added")

    @pytest.mark.parametrize(("old", "new", "code"), [("1.51", "1.55", 1), ("1.47", "1.48", 0)])
    def test_exit_code_and_output_file(
        self, parser: argparse.ArgumentParser, tmp_path: Path, old: str, new: str, code: int
    ) -> None:
        output = tmp_path / "diff.json"
        args = ["docker", old, new, "--format", "json", "--fail-on-breaking", "--output", str(output)]
        assert diff.run(parser.parse_args(args)) == code
        assert bool(json.loads(output.read_text(encoding="utf-8"))["breaking"]) is bool(code)

    def test_an_output_that_cannot_be_written(self, parser: argparse.ArgumentParser, tmp_path: Path) -> None:
        args = ["docker", "1.51", "1.55", "--output", str(tmp_path)]
        with pytest.raises(CodegenError, match=r"cannot write .*Is a directory"):
            diff.run(parser.parse_args(args))

    @pytest.mark.parametrize(("old", "new"), [("1.51", "1.99"), ("9", "1.51"), ("../1.51", "1.55")])
    def test_an_unknown_version(self, parser: argparse.ArgumentParser, old: str, new: str) -> None:
        with pytest.raises(CodegenError, match=r"is not vendored\. Expected one of 1\.41, .*, 1\.55"):
            diff.run(parser.parse_args(["docker", old, new]))
