"""The walk over a ContainerSpec that both encoders share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from wharfinger._core.container_spec import ContainerSpec

Body: TypeAlias = dict[str, Any]
# Gives the part of the body that a field's value becomes.
Encoder: TypeAlias = Callable[[Any], Body]


def at(*path: str) -> Encoder:
    """Give an encoder that puts a plain value at a place of the body."""

    def encode(value: object) -> Body:
        inner = _plain(value)
        for key in reversed(path):
            inner = {key: inner}
        return cast("Body", inner)

    return encode


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(cast("tuple[object, ...]", value))
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value


def encode_spec(spec: ContainerSpec, table: Mapping[str, Encoder], engine: str) -> Body:
    """Give the body for an engine: the parts of all fields that were asked for, put together.

    Raises:
        NotSupported: A field is not in the engine's table.
        ValueError: Two fields want different values in one place.
    """
    body: Body = {}
    for name, value in spec.given().items():
        if name not in table:
            raise NotSupported(f"the option {name!r}", engine)
        put_option(body, name, table[name](value))
    return body


def put_option(body: Body, name: str, part: Mapping[str, Any]) -> None:
    """Put what an option became into the body.

    Raises:
        ValueError: Another option wants a different value in the same place.
    """
    try:
        merge(body, part)
    except _Clash as clash:
        raise ValueError(f"the option {name!r} contradicts another one, at {clash}") from None


class _Clash(Exception):  # noqa: N818 - never leaves this module
    """Two values for one place."""


def merge(body: Body, part: Mapping[str, Any]) -> None:
    """Put a part into the body: mappings are joined, lists appended."""
    for key, value in part.items():
        there: object = body.get(key)
        if key not in body:
            body[key] = value
        elif isinstance(there, dict) and isinstance(value, Mapping):
            merge(cast("Body", there), cast("Mapping[str, Any]", value))
        elif isinstance(there, list) and isinstance(value, list):
            body[key] = [*cast("list[object]", there), *cast("list[object]", value)]
        elif there != value:
            raise _Clash(key)


def without_none(values: Mapping[str, Any]) -> Body:
    """Leave out what was not asked for."""
    return {key: value for key, value in values.items() if value is not None}
