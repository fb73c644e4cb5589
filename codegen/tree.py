"""Whole trees of files: written all or not at all, compared file by file."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Tree = dict[str, bytes]

_IGNORED = {"__pycache__"}


def read_tree(root: Path) -> Tree:
    """Every file below `root`, by its path."""
    files = (p for p in sorted(root.rglob("*")) if p.is_file() and not _IGNORED & set(p.parts))
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def compare(wanted: Tree, found: Tree) -> list[str]:
    """What is missing, stale or different in `found`, a line each."""
    lines = [f"missing: {name}" for name in sorted(wanted.keys() - found.keys())]
    lines += [f"stale:   {name}" for name in sorted(found.keys() - wanted.keys())]
    lines += [
        f"differs: {name}" for name in sorted(wanted.keys() & found.keys()) if wanted[name] != found[name]
    ]
    return lines


def replace_tree(target: Path, source: Path, keep: tuple[str, ...] = ()) -> None:
    """Puts `source` in the place of `target`; a failure on the way leaves `target` as it was.

    `keep` names files of `target` that are not generated and stay.
    """
    for name in keep:
        if (target / name).exists():
            shutil.copy2(target / name, source / name)
    fresh = target.with_name(f".{target.name}.new")
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(source, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
