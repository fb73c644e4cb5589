"""Whole trees of files: put in place all or not at all, compared file by file."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, NamedTuple

from codegen.errors import CodegenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Tree = dict[str, bytes]

_IGNORED = {"__pycache__"}


def read_tree(root: Path) -> Tree:
    """Every file below `root`, by its path."""
    found = ((path.relative_to(root), path) for path in sorted(root.rglob("*")) if path.is_file())
    return {str(inner): path.read_bytes() for inner, path in found if not _IGNORED & set(inner.parts)}


def compare(wanted: Tree, found: Tree) -> list[str]:
    """What is missing, stale or different in `found`, a line each."""
    both = sorted(wanted.keys() & found.keys())
    lines = [f"missing: {name}" for name in sorted(wanted.keys() - found.keys())]
    lines += [f"stale:   {name}" for name in sorted(found.keys() - wanted.keys())]
    return lines + [f"differs: {name}" for name in both if wanted[name] != found[name]]


def put_in_place(changes: Mapping[Path, Path | None]) -> None:
    """Puts each source, a file or a folder, in the place of its target; None removes the target.

    Raises:
        CodegenError: Something cannot be written; every target is as it was.
    """
    swaps = [_Swap.at(target, source) for target, source in changes.items()]
    try:
        for swap in swaps:
            swap.stage()
        _exchange(swaps)
    except OSError as error:
        raise CodegenError(
            f"cannot write {error.filename or 'the files'}: {error.strerror or error}. "
            "Nothing was changed; check the folder's rights and the room on the disk, and run it again."
        ) from error
    finally:
        _sweep(swap.fresh for swap in swaps)


def _exchange(swaps: list[_Swap]) -> None:
    done: list[_Swap] = []
    try:
        for swap in swaps:
            done.append(swap)
            swap.exchange()
    except BaseException:  # an interrupt too must not leave half of it
        for swap in reversed(done):
            swap.undo()
        raise
    _sweep(swap.old for swap in done)


class _Swap(NamedTuple):
    """One target, and the places beside it for what comes and for what was."""

    target: Path
    source: Path | None
    fresh: Path
    old: Path

    @classmethod
    def at(cls, target: Path, source: Path | None) -> _Swap:
        beside = (target.with_name(f".{target.name}.{what}") for what in ("new", "old"))
        return cls(target, source, *beside)

    def stage(self) -> None:
        """Copies the source beside the target: what can fail for want of room or rights fails here."""
        _remove(self.fresh)
        _remove(self.old)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        if self.source is not None and self.source.is_dir():
            shutil.copytree(self.source, self.fresh)
        elif self.source is not None:
            shutil.copy(self.source, self.fresh)

    def exchange(self) -> None:
        if self.target.exists():
            self.target.rename(self.old)
        if self.source is not None:
            self.fresh.rename(self.target)

    def undo(self) -> None:
        if self.old.exists():
            _remove(self.target)
            self.old.rename(self.target)
        elif self.source is not None and not self.fresh.exists():
            _remove(self.target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sweep(paths: Iterable[Path]) -> None:
    """Removes what is of no use any more; what stays is removed by the next run, and is no fault of this one."""
    for path in paths:
        with contextlib.suppress(OSError):
            _remove(path)
