"""`python -m codegen` on a small checkout: it writes everything or nothing, and finds every difference."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen import build, sources, unasync
from codegen.__main__ import main
from codegen.errors import CodegenError
from codegen.generate import TEMPLATES
from codegen.specs import ROOT
from codegen.tree import read_tree
from tests.codegen.mini import PATCH, overlay, write_checkout

if TYPE_CHECKING:
    from codegen.tree import Tree

DERIVED = unasync.TREES[0][1] / "thing.py"
MODULE = build.BINDINGS / "docker" / "api" / "thing" / "thing_get.py"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with everything up to date, to be copied."""
    root = tmp_path_factory.mktemp("built")
    write_checkout(root)
    assert main(["--root", str(root)]) == 0
    return root


@pytest.fixture
def current(built: Path, tmp_path: Path) -> Path:
    """A checkout with everything up to date."""
    return Path(shutil.copytree(built, tmp_path / "current"))


def products(root: Path) -> Tree:
    """Everything that a run writes."""
    return read_tree(root / "generated") | read_tree(root / "highlevel")


class TestWriting:
    """`python -m codegen`."""

    def test_writes_both_trees(self, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (checkout / DERIVED).parent.mkdir()
        (checkout / DERIVED).with_name("stale.py").write_text("")
        assert main(["--root", str(checkout)]) == 0
        said = capsys.readouterr().out.splitlines()
        assert f"wrote {DERIVED}" in said
        assert f"wrote {build.BINDINGS}" in said
        assert f"removed {DERIVED.with_name('stale.py')}" in said
        assert 'f"/things/{_t.segment(id)}"' in (checkout / MODULE).read_text()
        assert "def thing() -> None" in (checkout / DERIVED).read_text()
        assert (checkout / build.BINDINGS / "py.typed").exists()
        assert sorted(p.name for p in (checkout / "generated").iterdir()) == ["wharfinger_api"]

    def test_a_second_run_changes_nothing(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = (current / MODULE).stat().st_ino
        capsys.readouterr()
        assert main(["--root", str(current)]) == 0
        assert capsys.readouterr().out == "codegen: up to date\n"
        assert (current / MODULE).stat().st_ino == before

    def test_the_modules_are_called_as_the_high_level_expects(self, current: Path) -> None:
        code = (
            "from wharfinger_api.docker.api.thing import thing_get as t\n"
            "from wharfinger_api.docker.availability import AVAILABILITY as a\n"
            "print(t.request_kwargs('a b', new='x'), tuple(a.operation('Gone')), tuple(a.property('Thing', 'New')))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=current / "generated",
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == (
            "{'method': 'GET', 'url': '/things/a%20b', 'params': {'new': 'x'}} ('1.1', '1.1') ('1.2', None)\n"
        )


class TestAllOrNothing:
    """A fault at any point leaves everything as it was, with one message and no traceback."""

    def refused(self, root: Path, capsys: pytest.CaptureFixture[str]) -> str:
        before = products(root)
        (root / unasync.TREES[0][0] / "more.py").write_text("async def more() -> None: ...\n")
        before |= read_tree(root / "highlevel")
        capsys.readouterr()
        assert main(["--root", str(root)]) == 2
        assert products(root) == before
        assert sorted(p.name for p in (root / "generated").iterdir()) == ["wharfinger_api"]
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("codegen: ")
        return said.err

    def test_a_correction_that_matches_nothing(
        self, current: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = overlay(current / "spec/patches/docker-zz.yaml", {**PATCH, "target": "$.paths['/nowhere']"})
        said = self.refused(current, capsys)
        assert said.startswith(f"codegen: {path}, action 1: target $.paths['/nowhere'] matches nothing")
        assert said.count("\n") == 1

    def test_what_the_generator_cannot_do(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        facts = {"properties": {"Bad": {"type": "string", "enum": ["a", 1]}}}
        overlay(
            current / "spec/patches/docker-zz.yaml",
            {**PATCH, "target": "$.components.schemas.Thing", "update": facts},
        )
        assert "docker: the generator" in self.refused(current, capsys)

    def test_what_fails_in_the_second_engine(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (current / "spec/docs/libpod.yaml").write_text("PodGone: {summary: x}\n")
        said = self.refused(current, capsys)
        assert "docs/libpod.yaml: without a text: PodList; texts of nothing: PodGone" in said

    def test_what_cannot_be_derived(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (current / unasync.TREES[0][0] / "broken.py").write_text("import asyncio\n")
        assert "asyncio cannot be derived" in self.refused(current, capsys)

    def test_a_vendored_file_that_was_edited(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with (current / "spec/docker/v1.2.yaml").open("a") as file:
            file.write("# by hand\n")
        said = self.refused(current, capsys)
        assert "restore it, and put corrections into spec/patches" in said
        assert "v1.2.yaml is not what was vendored (edited by hand?)" in said

    def test_another_generator_than_the_lock_names(
        self, current: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lock = current / "spec" / sources.LOCK_NAME
        lock.write_text(lock.read_text().replace('client = "0.29.1"', 'client = "0.0.1"'))
        assert "and spec/sources.toml names 0.0.1; install that one" in self.refused(current, capsys)

    @pytest.mark.parametrize(
        ("broken", "said"),
        [
            (
                "{{ nothing.at_all }}",
                r"template endpoint\.py\.jinja.*'nothing' is undefined",
            ),
            ("{% if %}", r"template endpoint\.py\.jinja"),
            ("def (:", r"ruff .* failed on what the templates wrote"),
        ],
    )
    def test_a_template_that_is_broken(self, current: Path, tmp_path: Path, broken: str, said: str) -> None:
        templates = tmp_path / "templates"
        shutil.copytree(TEMPLATES, templates)
        (templates / "endpoint.py.jinja").write_text(broken)
        before = products(current)
        with pytest.raises(CodegenError, match=said):
            build.write(current, templates)
        assert products(current) == before

    @pytest.mark.parametrize("limit", [300, 6_000])
    def test_a_disk_that_is_full(self, current: Path, limit: int) -> None:
        """A process may write no file longer than the limit: the run fails early, or halfway."""
        shutil.rmtree(current / build.BINDINGS / "docker")
        before = products(current)
        done = subprocess.run(
            [sys.executable, "-B", "-m", "codegen", "--root", str(current)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert done.returncode == 2
        assert done.stderr.startswith("codegen: ")
        assert "Traceback" not in done.stderr
        assert products(current) == before

    def test_a_place_that_cannot_be_written(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The bindings can be put in place, what is derived cannot: neither is."""
        shutil.rmtree(current / DERIVED.parent)
        (current / DERIVED.parent).write_text("in the way\n")
        (current / MODULE).write_text("old\n")
        said = self.refused(current, capsys)
        assert "cannot write" in said
        assert "Nothing was changed" in said


class TestChecking:
    """`python -m codegen --check`."""

    def check(self, root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
        before = read_tree(root)
        capsys.readouterr()
        code = main(["--check", "--root", str(root)])
        assert read_tree(root) == before
        return code, capsys.readouterr().err.splitlines()

    def test_what_is_up_to_date(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.check(current, capsys) == (0, [])

    def test_every_kind_of_difference(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        bindings = current / build.BINDINGS
        (bindings / "docker/extra.py").write_text("")
        (bindings / "libpod/errors.py").unlink()
        (current / MODULE).write_text("changed\n")
        (bindings / "py.typed").unlink()
        (current / DERIVED).write_text("changed\n")
        (current / DERIVED).with_name("stale.py").write_text("")
        (current / unasync.TREES[0][0] / "fresh.py").write_text("async def fresh() -> None: ...\n")
        assert self.check(current, capsys) == (
            1,
            [
                "missing: libpod/errors.py  (in generated/wharfinger_api)",
                "missing: py.typed  (in generated/wharfinger_api)",
                "stale:   docker/extra.py  (in generated/wharfinger_api)",
                "differs: docker/api/thing/thing_get.py  (in generated/wharfinger_api)",
                f"missing: {DERIVED.with_name('fresh.py')}",
                f"stale:   {DERIVED.with_name('stale.py')}",
                f"differs: {DERIVED}",
                "codegen: not up to date; run: python -m codegen",
            ],
        )

    def test_a_vendored_file_that_was_edited(self, current: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = current / "spec/docker/v1.2.yaml"
        with path.open("a") as file:
            file.write("# by hand\n")
        code, said = self.check(current, capsys)
        assert code == 1
        assert said[0] == f"{path} is not what was vendored (edited by hand?)"

    def test_nothing_was_generated_yet(self, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, said = self.check(checkout, capsys)
        assert code == 1
        assert f"missing: {MODULE.relative_to(build.BINDINGS)}  (in {build.BINDINGS})" in said
        assert f"missing: {DERIVED}" in said

    def test_a_spec_that_is_broken_is_an_error_and_no_difference(
        self, current: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (current / "spec/patches/docker-all.yaml").write_text("a: [\n")
        code, said = self.check(current, capsys)
        assert code == 2
        assert len(said) == 1
        assert "docker-all.yaml is not valid YAML at line 2" in said[0]


def test_what_no_command_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["genarate"])
    assert caught.value.code == 2
    assert "invalid choice: 'genarate'" in capsys.readouterr().err
