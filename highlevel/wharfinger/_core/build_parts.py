"""A build's context together with local folders that it has by name: several archives in one body, for Podman."""

from __future__ import annotations

import errno
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._core.tar import END, tar_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wharfinger._core.build_keywords import NamedContext

# What can stand in the head of a part as it is.
_plain_name = re.compile(r"[\w.:/@+-]+", re.ASCII).fullmatch


def local_folders(contexts: Iterable[NamedContext]) -> dict[str, Path]:
    """Those contexts that are folders of this machine, by name.

    Raises:
        OSError: There is no such folder.
        ValueError: A name cannot be sent.
    """
    return {one.name: _folder(one) for one in contexts if one.kind == "folder"}


def _folder(context: NamedContext) -> Path:
    path = Path(context.place)
    if not _plain_name(context.name):
        raise ValueError(f"contexts has {context.name!r}, expected a name of letters, digits and ._-+:/@")
    if not path.exists():
        raise FileNotFoundError(
            errno.ENOENT, f"there is no such folder for the context {context.name!r}", str(path)
        )
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"the context {context.name!r} is no folder", str(path))
    return path.resolve()


def new_boundary() -> str:
    """What stands between the parts, and nowhere in them."""
    return secrets.token_hex(30)


def parts(main: Iterable[bytes], folders: Mapping[str, Path], boundary: str) -> Iterator[bytes]:
    """The body, made while it is read."""
    yield _head(boundary, "MainContext", "MainContext.tar")
    yield from main
    for name, folder in folders.items():
        yield b"\r\n" + _head(boundary, f"build-context-{name}", name)
        yield from tar_members(_inside(folder, ""))
        yield END
    yield f"\r\n--{boundary}--\r\n".encode()


def _head(boundary: str, name: str, file: str) -> bytes:
    return (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()


def _inside(folder: Path, before: str) -> Iterator[tuple[Path, str]]:
    """Everything in it that an archive can hold, each folder before what is in it, in an order that stays."""
    for file in sorted(folder.iterdir()):
        if not file.is_socket():
            yield file, before + file.name
        if file.is_dir() and not file.is_symlink():
            yield from _inside(file, f"{before}{file.name}/")
