"""Every way to copy, and what `docker cp` makes of it: sources, destinations, and how each is written."""

import itertools
import shutil
import stat
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope, shell

# What is copied, and whether links are followed.
SOURCES = [
    ("file", False),
    ("file/", False),
    ("dir", False),
    ("dir/", False),
    ("dir/.", False),
    ("to-file", False),
    ("to-dir", False),
    ("to-dir/", False),
    ("to-dir/.", False),
    ("to-file", True),
    ("to-dir", True),
    ("missing", False),
]
# To where: what is there has the same names on both sides.
TARGETS = [
    "d",
    "d/",
    "f",
    "f/",
    "new",
    "new/",
    "new/.",
    "no/new",
    "link-d",
    "link-f",
    "link-new",
    "clash",
]
ROWS = list(itertools.product(SOURCES, TARGETS))

# A folder named as the file to copy is in "clash", and a file named as the folder.
MAKE_TARGETS = (
    "mkdir -p d/dir clash/file clash/to-file; echo old >d/old; echo old >d/dir/old; echo old >f",
    "ln -s d link-d; ln -s f link-f; ln -s other link-new; echo old >clash/dir; echo old >clash/to-dir",
)
MAKE_SOURCES = (
    "mkdir -p dir/sub; echo file >file; chmod 600 file; echo a >dir/a; echo b >dir/sub/b; chmod 755 dir/a",
    "chmod 700 dir/sub; ln -s a dir/link; ln dir/a dir/twin; ln -s file to-file; ln -s dir to-dir",
)


class Outcome(NamedTuple):
    """What a copy came to: whether it was refused, and what is there now."""

    refused: bool
    files: dict[str, str]


_KNOWN: dict[bool, list[Outcome]] = {}


def listing(root: Path) -> dict[str, str]:
    """Everything beneath a folder, with kind, permissions, and content or target."""
    return {str(path.relative_to(root)): _told(path) for path in sorted(root.rglob("*"))}


def _told(path: Path) -> str:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        return f"-> {path.readlink()}"
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    twins = "" if found.st_nlink == 1 else f" of {found.st_nlink}"
    return f"{found.st_mode & 0o777:o}{twins} {path.read_text().strip()}"


def commands(folder: str, lines: tuple[str, ...]) -> str:
    """Shell that makes something in a folder."""
    return "\n".join([f"mkdir -p {folder}", f"cd {folder}", *lines])


def make_here(folder: Path, lines: tuple[str, ...]) -> None:
    """The same on this machine."""
    subprocess.run(shell(commands(str(folder), lines)), check=True)


def rows_for(engine: Engine) -> range:
    """Numbers of the rows to try: all on Docker; on Podman, which takes longer, some with each source and target."""
    return range(0, len(ROWS), 1 if engine.name == "docker" else 5)


def make_rows(engine: Engine, container: str) -> None:
    """In a container: what to copy, and a folder for each row."""
    numbers = " ".join(map(str, range(len(ROWS))))
    made = [
        commands("/source", MAKE_SOURCES),
        commands("/first", MAKE_TARGETS),
        f"mkdir /rows; for n in {numbers}; do cp -a /first /rows/$n; done",
    ]
    engine.cli("exec", container, *shell(*made))


def taken(engine: Engine, container: str, root: Path) -> list[dict[str, str]]:
    """What is in the folder of each row in a container, by the engine's own program."""
    root.mkdir(exist_ok=True)
    engine.cli("cp", f"{container}:/rows", str(root))
    return [listing(root / "rows" / str(number)) for number in range(len(ROWS))]


def by_docker(engine: Engine, *, into: bool) -> list[Outcome]:
    """What `docker cp` makes of each row: into a container, or out of one; found out once."""
    if into not in _KNOWN:
        _KNOWN[into] = _by_docker(engine, into=into)
    return _KNOWN[into]


def _by_docker(engine: Engine, *, into: bool) -> list[Outcome]:
    root = Path(tempfile.mkdtemp())
    try:
        with Scope(engine) as scope:
            box = scope.run(TEST_IMAGE, "sleep", "600")
            make_rows(engine, box)
            make_here(root / "source", MAKE_SOURCES)
            make_here(root / "first", MAKE_TARGETS)

            def copy(number: int) -> bool:
                (source, follow), target = ROWS[number]
                here, there = f"{root}/source/{source}", f"{box}:/rows/{number}/{target}"
                if not into:
                    shutil.copytree(root / "first", root / "out" / str(number), symlinks=True)
                    here, there = f"{box}:/source/{source}", f"{root}/out/{number}/{target}"
                options = ["--follow-link"] if follow else []
                return engine.cli("cp", *options, here, there, check=False).returncode != 0

            with ThreadPoolExecutor(4) as pool:
                refused = list(pool.map(copy, range(len(ROWS))))
            if into:
                found = taken(engine, box, root)
            else:
                found = [listing(root / "out" / str(number)) for number in range(len(ROWS))]
            return [Outcome(*row) for row in zip(refused, found, strict=True)]
    finally:
        shutil.rmtree(root)
