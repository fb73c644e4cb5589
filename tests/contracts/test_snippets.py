"""Every snippet in README and docs runs, on both engines, or on the one that a comment before it names.

Such a comment is `<!-- only: podman -->`, on the line before the snippet. `swarm` is a Docker that manages a swarm; the
snippets for that build on one another, down their page.
"""

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
BLOCK = re.compile(r"^(?: *<!-- only: (\w+) -->\n)?( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)

# What a run of the whole suite, or the CI run around it, does already.
RUN_ELSEWHERE = {"make demo", "make test", "make check", "python -m codegen", "python -m codegen --check"}
# The name that the snippets use for a small image; it stands for the test image here.
SNIPPET_IMAGE = "docker.io/library/busybox:latest"


def snippets(language: str) -> list[tuple[str, str, str]]:
    """Give each snippet's name, the engine that it is for ("" for both), and its text."""
    found: list[tuple[str, str, str]] = []
    for page in PAGES:
        for number, (only, indent, kind, text) in enumerate(BLOCK.findall(page.read_text()), 1):
            if kind == language:
                plain = "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
                found.append((f"{page.relative_to(ROOT)}:{number}", only, plain))
    return found


PYTHON = snippets("python")
SHELL = [(name, line) for name, _, text in snippets("sh") for line in text.splitlines()]
ENGINES = ("docker", "podman")
KINDS = ("", *ENGINES, "swarm")
ON_SWARMS = [(name, text) for name, only, text in PYTHON if only == "swarm"]
RUNS = [(engine, name, text) for name, only, text in PYTHON for engine in ENGINES if only in ("", engine)]


def test_every_block_has_a_language_that_is_run() -> None:
    assert {only for _, only, _ in PYTHON} <= set(KINDS)
    kinds = {kind for page in PAGES for _, _, kind, _ in BLOCK.findall(page.read_text())}
    assert kinds <= {"python", "sh", "text"}
    assert PYTHON
    assert SHELL


@pytest.fixture
def named_image(engine: Engine, image: str) -> Iterator[None]:
    engine.cli("tag", image, SNIPPET_IMAGE)
    yield
    engine.cli("rmi", SNIPPET_IMAGE)


@pytest.fixture
def swarm_with_image(swarm_engine: Engine, image: str) -> Iterator[Engine]:
    swarm_engine.cli("tag", image, SNIPPET_IMAGE)
    yield swarm_engine
    for noun in ("service", "config"):
        names = swarm_engine.cli(noun, "ls", "--quiet", "--filter", "name=docs-").stdout.split()
        if names:
            swarm_engine.cli(noun, "rm", *names)
    swarm_engine.cli("rmi", "--force", SNIPPET_IMAGE)


@pytest.mark.usefixtures("named_image")
@pytest.mark.parametrize(
    ("engine", "name", "text"),
    RUNS,
    ids=[f"{engine}-{name}" for engine, name, _ in RUNS],
    indirect=["engine"],
)
def test_python_snippet(engine: Engine, tmp_path: Path, name: str, text: str) -> None:
    run_python(engine, tmp_path, name, text)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("page", sorted({name.partition(":")[0] for name, _ in ON_SWARMS}))
def test_python_snippets_on_a_swarm(swarm_with_image: Engine, tmp_path: Path, page: str) -> None:
    for name, text in ON_SWARMS:
        if name.startswith(f"{page}:"):
            run_python(swarm_with_image, tmp_path, name, text)


def run_python(engine: Engine, tmp_path: Path, name: str, text: str) -> None:
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


@pytest.mark.usefixtures("named_image")
def test_the_tests_of_the_pytest_page(
    engine: Engine, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests = {
        f"test_{n}": text for n, (name, _, text) in enumerate(PYTHON) if name.startswith("docs/pytest.md")
    }
    assert tests
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(**tests)
    plugin = ["-p", "wharfinger.pytest_plugin", "--container-engine", engine.url]
    done = pytester.runpytest_subprocess("-W", "error", *plugin, timeout=120)
    done.assert_outcomes(passed=sum(text.count("\ndef test_") for text in tests.values()))
