"""Quadlets and what belongs to them, as they are given: files, or names and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path, PurePath
from typing import TypeAlias, cast

from wharfinger._core import human
from wharfinger._core.manifest_options import plain_name

# Those that Podman makes a unit of. Its API knows no .quadlets, which its command line takes apart.
SUFFIXES = (".build", ".container", ".image", ".kube", ".network", ".pod", ".volume")

QuadletFile: TypeAlias = str | PathLike[str] | tuple[str, str | bytes]
QuadletFiles: TypeAlias = QuadletFile | Sequence[QuadletFile] | Mapping[str, str | bytes]


def quadlet_files(files: QuadletFiles) -> dict[str, str | bytes | PathLike[str]]:
    """Names and contents, in the order in which they are given; a path stands for what is in it.

    Raises:
        TypeError: Something is neither a path nor a name with a text.
        ValueError: There is none, none of them or more than one is a quadlet, or two are called alike.
    """
    found: dict[str, str | bytes | PathLike[str]] = {}
    for file in _each(files):
        name, content = _named(file)
        if name in found:
            raise ValueError(f"two files are called {name!r}, expected another name for one of them")
        found[plain_name("a quadlet's file name", name)] = content
    _check_units([*found])
    return found


def _check_units(names: list[str]) -> None:
    units = [name for name in names if name.endswith(SUFFIXES)]
    if not units:
        raise ValueError(
            f"none of {names} is a quadlet, expected one whose name ends with {', '.join(SUFFIXES)}"
        )
    if len(units) > 1:
        raise ValueError(f"{units} are quadlets; Podman installs one at a time, with what belongs to it")


def _each(files: object) -> list[object]:
    if isinstance(files, Mapping):
        return [*cast("Mapping[object, object]", files).items()]
    if isinstance(files, str | PathLike | tuple):
        return [cast("object", files)]
    return human.parse_list("files", files, "['web.container', ('web.env', 'A=b')]")


def _named(file: object) -> tuple[str, str | bytes | PathLike[str]]:
    if isinstance(file, str | PathLike):
        path = Path(cast("str | PathLike[str]", file))
        return path.name, path
    name, text = cast("tuple[object, ...]", file) if _is_pair(file) else (None, None)
    if not isinstance(text, str | bytes):
        human.wrong_type(
            "a file", file, "a path, or a name with its text: ('web.container', '[Container]\\n…')"
        )
    return human.parse_text("a quadlet's file name", name), text


def _is_pair(file: object) -> bool:
    return isinstance(file, tuple) and len(cast("tuple[object, ...]", file)) == 2


def unit_name(name: str) -> str:
    """A quadlet's file name.

    Raises:
        TypeError: It is no string.
        ValueError: It is a path, or no quadlet's.
    """
    plain_name("a quadlet's name", name)
    if not PurePath(name).suffix:
        human.wrong_value("a quadlet's name", name, "one with its ending, such as 'web.container'")
    return name
