"""YAML together with the folders that its images are built from: one archive, which Podman unpacks.

The functions here read local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._core.build_context import (
    checked_folder,
    chosen_files,
    dockerfile_of,
    ignore_file,
    is_sendable,
)
from wharfinger._core.dockerignore import IgnoreRules
from wharfinger._core.tar import END, Owner, tar_member, tar_members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_YAML = "play.yaml"


def play_archive(yaml: bytes, folders: Mapping[str, str]) -> Iterator[bytes]:
    """The archive; its files are read while it is sent.

    Args:
        yaml: What is played.
        folders: By images that it names, the folders to build them from.

    Raises:
        OSError: There is no such folder, no Dockerfile in it, or its ignore file cannot be read.
        ValueError: The YAML names no such image, or Podman would look for two of them in the same place.
    """
    contexts: dict[str, tuple[Path, IgnoreRules]] = {}
    for image, folder in folders.items():
        if image.encode() not in yaml:
            raise ValueError(
                f"build has {image!r}, which the YAML does not name; expected an image that it has"
            )
        name = _folder_name(image)
        if name in contexts:
            raise ValueError(
                f"build has two images called {name!r}, which Podman cannot tell apart; rename one"
            )
        contexts[name] = _context(folder)
    return _archive(yaml, contexts)


def _folder_name(image: str) -> str:
    """Where Podman looks for what an image is built from."""
    name = image.rpartition("/")[2].partition(":")[0]
    if not name or "@" in name:
        raise ValueError(f"build has {image!r}, expected images by name, such as 'localhost/web:1'")
    return name


def _context(folder: str) -> tuple[Path, IgnoreRules]:
    root = checked_folder(Path(folder))
    file = dockerfile_of(root, None, "podman")
    ignored = ignore_file(root, file, "podman")
    rules = ignored.rules if ignored else IgnoreRules()
    return root, rules.sparing(file.name)


def _archive(yaml: bytes, contexts: Mapping[str, tuple[Path, IgnoreRules]]) -> Iterator[bytes]:
    yield tar_member(_YAML, yaml, mode=0o600, mtime=0, owner=Owner())
    for name, (root, rules) in contexts.items():
        chosen = chosen_files(root, rules, everywhere=True)
        sendable = ((file, inside) for file, inside in chosen if is_sendable(file, devices=False))
        yield from tar_members((file, f"{name}/{inside}") for file, inside in sendable)
    yield END
