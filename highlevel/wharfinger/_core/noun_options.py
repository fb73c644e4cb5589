"""Keywords of what is made beside containers: read one by one, each by its own reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._core.human import nearest, parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Reader: TypeAlias = "Callable[[str, object], Any]"


def read_options(verb: str, options: Mapping[str, object], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Read the keywords; one whose value is None is not given.

    Args:
        verb: Whose keywords they are, for the errors.
        options: The keywords.
        readers: Takes a name and a value, for each keyword that there is.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    for name in options:
        if name not in readers:
            raise TypeError(f"unknown option {name!r} of {verb}{nearest(name, readers)}")
    return {name: readers[name](name, value) for name, value in options.items() if value is not None}


def parse_raw(name: str, value: object) -> dict[str, Any]:
    """Take a mapping that goes to the engine as it is."""
    return dict(parse_mapping(name, value, "{'Key': …}"))
