"""One whole run: both packages of bindings, the messages, and the sources derived from the asynchronous ones."""

from __future__ import annotations

import tempfile
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from codegen import messages, sources, unasync
from codegen.describe import describe
from codegen.docs import Docs
from codegen.errors import CodegenError
from codegen.finish import finish
from codegen.generate import TEMPLATES, generate, write_support
from codegen.specs import ENGINES, ROOT
from codegen.tree import compare, put_in_place, read_tree

BINDINGS = Path("generated/wharfinger_api")


class Fresh(NamedTuple):
    """What a run makes: the folder of the bindings' package, and the derived texts by path from the root."""

    bindings: Path
    derived: dict[Path, str]


def write(root: Path = ROOT, templates: Path = TEMPLATES) -> list[Path]:
    """Brings the bindings and the derived sources below `root` up to date, and gives what has changed.

    Raises:
        CodegenError: They cannot be made or written; everything is as it was.
    """
    edited = sources.problems(root / "spec")
    if edited:
        raise CodegenError(
            "spec/ is not what was vendored; restore it, and put corrections into spec/patches:\n"
            + "\n".join(edited)
        )
    with tempfile.TemporaryDirectory() as folder:
        fresh = Fresh(build(Path(folder), root, templates), _derive(root))
        changes = _changes(fresh, Path(folder) / "derived", root)
        put_in_place(changes)
    return sorted(changes)


def check(root: Path = ROOT, templates: Path = TEMPLATES) -> list[str]:
    """What is checked in below `root` and not what a fresh run makes, a line each; writes nothing."""
    found = sources.problems(root / "spec")
    with tempfile.TemporaryDirectory() as folder:
        bindings = build(Path(folder), root, templates)
        there = compare(read_tree(bindings), read_tree(root / BINDINGS))
    derived = _derive(root)
    wanted = {str(path): text.encode() for path, text in derived.items()}
    on_disk = {path: root / path for path in (*derived, *_stale(root, derived))}
    lines = compare(wanted, {str(p): at.read_bytes() for p, at in on_disk.items() if at.is_file()})
    return [*found, *(f"{line}  (in {BINDINGS})" for line in there), *lines]


def build(folder: Path, root: Path = ROOT, templates: Path = TEMPLATES) -> Path:
    """Makes the bindings in a folder from the spec/ of `root`, and gives the path of the package."""
    spec = root / "spec"
    _check_generator(spec)
    package = folder / BINDINGS.name
    package.mkdir()
    (package / "__init__.py").write_text(
        '"""Low-level bindings of container engines, generated: `docker` and `libpod`."""\n', encoding="utf-8"
    )
    (package / "py.typed").touch()
    for engine in ENGINES:
        description = describe(engine, spec)
        docs = Docs(engine, spec)
        docs.check(description.doc)
        generate(description, docs, package / engine, templates)
    write_support(package / "_support", templates)
    finish(package)
    return package


def _check_generator(spec: Path) -> None:
    for name, wanted in sources.read_lock(spec).generator.items():
        found = metadata.version(name)
        if found != wanted:
            raise CodegenError(
                f"{name} {found} is installed, and spec/{sources.LOCK_NAME} names {wanted}; "
                f"install that one (pip install {name}=={wanted})"
            )


def _derive(root: Path) -> dict[Path, str]:
    try:
        return {**unasync.derive(root), **messages.compile_messages(root)}
    except unasync.UnasyncError as error:
        raise CodegenError(str(error)) from error


def _stale(root: Path, derived: dict[Path, str]) -> list[Path]:
    return [*unasync.stale(root, derived), *messages.stale(root, derived)]


def _changes(fresh: Fresh, folder: Path, root: Path) -> dict[Path, Path | None]:
    """What to put where, of what is not there already."""
    changes: dict[Path, Path | None] = {root / path: None for path in _stale(root, fresh.derived)}
    if compare(read_tree(fresh.bindings), read_tree(root / BINDINGS)):
        changes[root / BINDINGS] = fresh.bindings
    for path, text in fresh.derived.items():
        target = root / path
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            source = folder / path
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_text(text, encoding="utf-8")
            changes[target] = source
    return changes
