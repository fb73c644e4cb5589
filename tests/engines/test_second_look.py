"""The second look that a few failed tests get."""

from pathlib import Path

import pytest

from tests.engines.second_look import A_FEW, look

ONCE = """
from pathlib import Path
def test_fails_once():
    mark = Path(__file__).with_suffix(".mark")
    seen = mark.exists()
    mark.touch()
    assert seen
"""
QUIET = ("-q", "-p", "no:xdist")


def test_what_passes_then_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_once.py").write_text(ONCE)
    assert look(QUIET, folder=tmp_path) == 0
    told = capfd.readouterr().out
    assert "1 failed" in told
    assert "UNSTEADY (failed, then passed): test_once.py::test_fails_once" in told


def test_what_fails_again_has_failed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_once.py").write_text(ONCE + "def test_fails(): assert 0\n")
    assert look(QUIET, folder=tmp_path) == 1
    told = capfd.readouterr().out
    assert "UNSTEADY (failed, then passed): test_once.py::test_fails_once" in told
    assert "FAILED test_once.py::test_fails " in told.rpartition("second look")[2]


def test_many_failures_do_not_run_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    many = "".join(f"def test_fails_{number}(): assert 0\n" for number in range(A_FEW + 1))
    (tmp_path / "test_many.py").write_text(many)
    assert look(QUIET, folder=tmp_path) == 1
    assert "second look" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("text", "code"), [("def test(): pass\n", 0), ("import no_such_module\n", 2)], ids=["passed", "broken"]
)
def test_nothing_else_runs_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    (tmp_path / "test_other.py").write_text(text)
    assert look(QUIET, folder=tmp_path) == code
    assert "second look" not in capfd.readouterr().out
