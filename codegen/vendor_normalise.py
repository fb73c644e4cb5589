"""An upstream Swagger 2.0 description, brought down to the facts of the interface.

What each kind of node may keep is a table, so that a property called "description" is never taken for prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from codegen.errors import CodegenError
from codegen.yamlio import Json, JsonMap

_CLASS_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9]+")
_PROSE: Final = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "comment"}
)
_ABOUT_THE_FILE: Final = frozenset({"info", "host", "schemes", "tags", "security", "securityDefinitions"})


@dataclass
class Normalised:
    """What came out.

    Attributes:
        data: The facts.
        unknown: Where a key was left out that is neither a known fact nor known prose.
    """

    data: JsonMap
    unknown: list[str] = field(default_factory=list[str])


def normalise(document: JsonMap) -> Normalised:
    """Return the interface facts of a Swagger 2.0 document.

    Raises:
        CodegenError: A node is not of the form that Swagger 2.0 gives it; says which.
    """
    unknown: list[str] = []
    data = _node(_DOCUMENT, document, "#", unknown)
    return Normalised(data, unknown)


_Rule: TypeAlias = Callable[[Json, str, "list[str]"], Json]
_Shape: TypeAlias = dict[str, _Rule]


def _node(shape: _Shape, value: Json, where: str, unknown: list[str]) -> JsonMap:
    kept: JsonMap = {}
    for key, item in _mapping(value, where).items():
        rule = shape.get(key)
        if key == "title" and isinstance(item, str) and _CLASS_NAME.fullmatch(item) and shape is _SCHEMA:
            kept[key] = item
        elif rule is not None:
            kept[key] = rule(item, f"{where}/{key}", unknown)
        elif not (key in _PROSE or key.startswith("x-") or (shape is _DOCUMENT and key in _ABOUT_THE_FILE)):
            unknown.append(f"{where}/{key}")
    return kept


def _mapping(value: Json, where: str) -> JsonMap:
    if not isinstance(value, dict):
        kind = "nothing" if value is None else type(value).__name__
        raise CodegenError(
            f"{where} is {kind}, and Swagger 2.0 has a mapping there. Give the file as upstream publishes it."
        )
    return value


def _fact(value: Json, _where: str, _unknown: list[str]) -> Json:
    return value


def _one(shape: _Shape) -> _Rule:
    return lambda value, where, unknown: _node(shape, value, where, unknown)


def _map_of(shape: _Shape) -> _Rule:
    """Rule for a mapping from names, which are all kept, to nodes of one kind."""

    def rule(value: Json, where: str, unknown: list[str]) -> Json:
        named = _mapping(value, where)
        return {name: _node(shape, item, f"{where}/{name}", unknown) for name, item in named.items()}

    return rule


def _list_of(shape: _Shape) -> _Rule:
    def rule(value: Json, where: str, unknown: list[str]) -> Json:
        if not isinstance(value, list):
            raise CodegenError(
                f"{where} is not a list, as Swagger 2.0 has it. Give the file as upstream publishes it."
            )
        return [_node(shape, item, f"{where}/{index}", unknown) for index, item in enumerate(value)]

    return rule


def _schema_or_bool(value: Json, where: str, unknown: list[str]) -> Json:
    return value if isinstance(value, bool) else _node(_SCHEMA, value, where, unknown)


def _facts(*names: str) -> _Shape:
    return dict.fromkeys(names, _fact)


_SCHEMA: Final[_Shape] = _facts(
    *("$ref", "type", "format", "enum", "default", "required", "readOnly", "discriminator", "x-nullable"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties"),
)
_SCHEMA.update(
    items=_one(_SCHEMA),
    additionalProperties=_schema_or_bool,
    properties=_map_of(_SCHEMA),
    allOf=_list_of(_SCHEMA),
)
# Parameters and headers that are no bodies carry their type themselves.
_TYPED: Final[_Shape] = {**_SCHEMA, "collectionFormat": _fact}
_PARAMETER: Final[_Shape] = {**_TYPED, **_facts("name", "in", "allowEmptyValue"), "schema": _one(_SCHEMA)}
_RESPONSE: Final[_Shape] = {"$ref": _fact, "schema": _one(_SCHEMA), "headers": _map_of(_TYPED)}
_OPERATION: Final[_Shape] = {
    **_facts("operationId", "tags", "consumes", "produces", "deprecated"),
    "parameters": _list_of(_PARAMETER),
    "responses": _map_of(_RESPONSE),
}
_PATH: Final[_Shape] = {
    **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch"), _one(_OPERATION)),
    "$ref": _fact,
    "parameters": _list_of(_PARAMETER),
}
_DOCUMENT: Final[_Shape] = {
    **_facts("swagger", "basePath", "consumes", "produces"),
    "paths": _map_of(_PATH),
    "definitions": _map_of(_SCHEMA),
    "responses": _map_of(_RESPONSE),
    "parameters": _map_of(_PARAMETER),
}
