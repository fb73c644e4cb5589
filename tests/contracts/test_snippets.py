"""Every snippet in README and docs runs, on both engines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.harness import Engine

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)

# What a run of the whole suite, or the CI run around it, does already.
RUN_ELSEWHERE = {"make demo", "make test", "make check", "python -m codegen", "python -m codegen --check"}
# The name that the snippets use for a small image; it stands for the test image here.
SNIPPET_IMAGE = "docker.io/library/busybox:latest"


def snippets(language: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for page in PAGES:
        for number, (indent, kind, text) in enumerate(BLOCK.findall(page.read_text()), 1):
            if kind == language:
                plain = "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
                found.append((f"{page.relative_to(ROOT)}:{number}", plain))
    return found


PYTHON = snippets("python")
SHELL = [(name, line) for name, text in snippets("sh") for line in text.splitlines()]


def test_every_block_has_a_language_that_is_run() -> None:
    kinds = {kind for page in PAGES for _, kind, _ in BLOCK.findall(page.read_text())}
    assert kinds <= {"python", "sh", "text"}
    assert PYTHON
    assert SHELL


@pytest.fixture
def named_image(engine: Engine, image: str) -> Iterator[None]:
    engine.cli("tag", image, SNIPPET_IMAGE)
    yield
    engine.cli("rmi", SNIPPET_IMAGE)


@pytest.mark.usefixtures("named_image")
@pytest.mark.parametrize(("name", "text"), PYTHON, ids=[name for name, _ in PYTHON])
def test_python_snippet(engine: Engine, tmp_path: Path, name: str, text: str) -> None:
    script = tmp_path / "snippet.py"
    script.write_text(text)
    variables = {k: v for k, v in os.environ.items() if k not in ("DOCKER_HOST", "CONTAINER_HOST")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        env={**variables, "DOCKER_HOST": engine.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{name}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize(("name", "line"), SHELL, ids=[line for _, line in SHELL])
def test_shell_snippet(name: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    if " ".join(words) in RUN_ELSEWHERE:
        return
    assert words[0] == "python", f"{name}: {line!r} is run by no test"
    done = subprocess.run([sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
