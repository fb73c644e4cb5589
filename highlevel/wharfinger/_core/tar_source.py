"""A file or folder of this machine as an archive for the same place in a container."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._core.tar import tar_path

if TYPE_CHECKING:
    from collections.abc import Iterator


def local_archive(path: str) -> tuple[str, Iterator[bytes]]:
    """The folder to unpack in, and the archive.

    Raises:
        FileNotFoundError: Nothing is there.
        ValueError: The path is not absolute, or has no last part.
    """
    here = Path(path)
    if not here.is_absolute() or not here.name or ".." in here.parts:
        raise ValueError(f"path={path!r} without data: expected the absolute path of a file or folder here")
    here.lstat()
    return str(here.parent), tar_path(here, here.name)
