"""What a plugin is made of: a folder with its configuration and root file system, or a tar of those."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from wharfinger._core.human import is_path
from wharfinger._core.tar import tar_files

if TYPE_CHECKING:
    from os import PathLike

    from wharfinger._core.operation import Content

_PARTS = ("config.json", "rootfs")


def plugin_archive(source: str | PathLike[str] | Content) -> Content:
    """The tar of a plugin.

    Raises:
        FileNotFoundError: The folder lacks one of its parts.
    """
    if not is_path(source):
        return cast("Content", source)
    folder = Path(cast("str", source))
    for part in _PARTS:
        if not (folder / part).exists():
            raise FileNotFoundError(
                f"{folder / part} is not there, expected a folder with config.json and rootfs"
            )
    return tar_files({part: folder / part for part in _PARTS})
