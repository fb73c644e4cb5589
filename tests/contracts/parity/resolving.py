"""Whether wharfinger has what the table says: a class, a member, a keyword."""

from __future__ import annotations

import builtins
import inspect
import re
from functools import cached_property
from importlib import import_module
from typing import Any

import wharfinger
from wharfinger import types

_UNPACKED = re.compile(r"Unpack\[(\w+)\]")


class MissingError(Exception):
    """There is no such thing, and what is there instead."""


def resolve(name: str) -> None:
    """Finds what a name such as "Container", "Container.stop" or "Container.stop(timeout)" stands for.

    Raises:
        MissingError: There is none.
    """
    path, _, keyword = name.partition("(")
    first, _, member = path.removeprefix("types.").partition(".")
    found = public(first)
    if member:
        found = _member(found, member, path)
    if keyword:
        _keyword(found, keyword.removesuffix(")"), name)


def keywords(target: Any) -> set[str]:
    """What a function or class takes by name, those of its TypedDict included."""
    code = _code(target)
    if not callable(code):
        return set()
    taken: set[str] = set()
    for one in inspect.signature(code).parameters.values():
        if one.kind is not one.VAR_KEYWORD:
            taken.add(one.name)
        elif unpacked := _UNPACKED.search(str(one.annotation)):
            taken |= set(public(unpacked[1]).__annotations__)
    return taken


def module(name: str) -> None:
    """Imports a module or an operation of the bindings.

    Raises:
        MissingError: There is none.
    """
    try:
        import_module(name)
    except ImportError as error:
        raise MissingError(f"{name}: {error}") from error


def public(name: str) -> Any:
    """A public name of the package or of its types, or a builtin.

    Raises:
        MissingError: There is none.
    """
    for place in (wharfinger, types, builtins):
        if (found := getattr(place, name, None)) is not None:
            return found
    raise MissingError(f"wharfinger has no {name}")


def _member(kind: Any, member: str, path: str) -> Any:
    if member.startswith("_"):
        raise MissingError(f"{path} is not public")
    found = inspect.getattr_static(kind, member, None)
    if found is None and not _set_by_constructor(kind, member):
        raise MissingError(f"{path}: {kind.__name__} has no {member}")
    return found


def _set_by_constructor(kind: type, member: str) -> bool:
    """Whether its instances have it, such as what an error tells."""
    ours = [base for base in inspect.getmro(kind) if base.__module__.startswith("wharfinger.")]
    written = [inspect.getsource(vars(base)["__init__"]) for base in ours if "__init__" in vars(base)]
    return any(re.search(rf"\bself\.{member}\b[^=\n]*=[^=]", text) for text in written)


def _keyword(target: Any, keyword: str, name: str) -> None:
    if keyword not in (taken := keywords(target)):
        raise MissingError(f"{name}: it takes {sorted(taken - {'self'})}")


def _code(member: Any) -> Any:
    if isinstance(member, cached_property):
        return None
    return getattr(member, "__func__", member)
