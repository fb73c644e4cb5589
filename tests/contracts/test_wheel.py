"""The wheel: two packages and nothing else, and they import where nothing but the wheel is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
import zipfile
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

import pytest

from tests.engines.harness.own_network import outside

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "wharfinger": ROOT / "highlevel" / "wharfinger",
    "wharfinger_api": ROOT / "generated" / "wharfinger_api",
}


def pip(*arguments: str) -> None:
    command = outside([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    [path] = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh virtual environment that has the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    found = folder / "bin" / "python"
    pip("--python", str(found), "install", "--quiet", "--no-compile", str(wheel))
    return found


def run(python: Path, cwd: Path, code: str) -> str:
    command = [str(python), "-I", "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_holds_every_file_of_the_two_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    inside = {name for name in names if ".dist-info/" not in name}
    wanted = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == wanted
    assert {"wharfinger/py.typed", "wharfinger_api/py.typed"} <= inside
    assert {PurePosixPath(name).suffix for name in inside} == {".py", ".pyi", ".typed"}


def test_it_says_who_made_it_and_what_it_needs(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        [about] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        said = HeaderParser().parsestr(archive.read(about).decode())
        [plugins] = [name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt")]
        points = archive.read(plugins).decode().split()
        licences = [PurePosixPath(name).name for name in archive.namelist() if "/licenses/" in name]
    assert said["Name"] == "wharfinger"
    assert said["Version"] == project["version"]
    assert said["Requires-Python"] == project["requires-python"]
    assert said["License-Expression"] == "Apache-2.0"
    needed = [text for text in said.get_all("Requires-Dist", []) if "extra ==" not in text]
    assert sorted(needed) == sorted(project["dependencies"])
    assert points == ["[pytest11]", "wharfinger", "=", "wharfinger.pytest_plugin"]
    assert sorted(licences) == ["LICENSE", "NOTICE"]


def test_both_packages_import_where_nothing_else_is(python: Path, tmp_path: Path) -> None:
    code = (
        "import wharfinger, wharfinger_api.libpod as bindings; print(wharfinger.__file__, bindings.__file__)"
    )
    for path in run(python, tmp_path, code).split():
        assert Path(path).is_relative_to(python.parents[1])


def test_what_is_loaded_late_is_there_too(python: Path, tmp_path: Path) -> None:
    """Every module of the high level, and what the bindings load when it is first used."""
    code = """
import pkgutil, wharfinger
for module in pkgutil.walk_packages(wharfinger.__path__, "wharfinger."):
    try:
        __import__(module.name)
    except ModuleNotFoundError as missing:
        # What an extra brings is not there without it, and the plugin is for pytest alone.
        if missing.name.split(".")[0] not in ("google", "h2", "pytest", "rich", "wsproto"):
            raise
from wharfinger_api.docker import Client
from wharfinger_api.docker.api.container import container_inspect
from wharfinger_api.libpod.api.containers import container_inspect_libpod
from wharfinger_api.libpod.models import InspectContainerData
from wharfinger_api.docker.availability import AVAILABILITY
print(container_inspect.request_kwargs("a")["url"], AVAILABILITY.operation("ContainerInspect").until)
"""
    assert run(python, tmp_path, code) == "/containers/a/json None\n"


def test_an_extra_that_is_missing_is_named(python: Path, tmp_path: Path) -> None:
    code = """
import wharfinger
client = wharfinger.DockerClient("unix:///nowhere.sock")
try:
    client.images.pull("a", progress_bar=True)
except ModuleNotFoundError as error:
    print(error)
"""
    assert "pip install 'wharfinger[progress]'" in run(python, tmp_path, code)
