"""The schemas of one description, looked at as what they describe, however they are written down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.yamlio import Json, JsonMap

_PREFIX: Final = "#/definitions/"
_FORMATS: Final = {"dateTime": "date-time"}
_NAMES_SHOWN: Final = 6


@dataclass
class ObjectShape:
    """The properties of an object, with those of inline allOf members, and the definitions it extends."""

    properties: dict[str, JsonMap] = field(default_factory=dict[str, "JsonMap"])
    required: set[str] = field(default_factory=set[str])
    bases: list[str] = field(default_factory=list[str])


class Definitions:
    """The named schemas of one description."""

    def __init__(self, definitions: JsonMap) -> None:
        self._schemas = {name: item for name, item in definitions.items() if isinstance(item, dict)}

    def __contains__(self, name: str) -> bool:
        return name in self._schemas

    def name_of(self, schema: JsonMap) -> str | None:
        """Return the definition that a schema stands for, None for an inline one."""
        name = _reference(schema)
        seen: set[str] = set()
        while name is not None and name not in seen:
            seen.add(name)
            further = _reference(self._schemas.get(name, {}))
            if further is None:
                return name
            name = further
        return name

    def body(self, schema: JsonMap) -> JsonMap:
        """Return a schema itself, or the definition that it stands for."""
        name = self.name_of(schema)
        return schema if name is None else self._schemas.get(name, {})

    def object(self, schema: JsonMap, *, whole: bool = False) -> ObjectShape:
        """Return the properties of a schema; with whole, those of the definitions it extends too."""
        found = ObjectShape()
        self._gather(schema, found)
        seen: set[str] = set()
        while whole and found.bases:
            base = found.bases.pop()
            if base not in seen:
                seen.add(base)
                self._gather(self._schemas.get(base, {}), found)
        return found

    def _gather(self, schema: JsonMap, found: ObjectShape) -> None:
        for name, item in maps(schema.get("properties")):
            found.properties.setdefault(name, item)
        found.required.update(texts(schema.get("required")))
        members = schema.get("allOf")
        for member in members if isinstance(members, list) else []:
            if isinstance(member, dict):
                base = self.name_of(member)
                if base is None:
                    self._gather(member, found)
                else:
                    found.bases.append(base)

    def kind(self, schema: JsonMap) -> str:
        """Return what a value of the schema is in JSON: object, map, array, string, …, or any."""
        body = self.body(schema)
        if "properties" in body or "allOf" in body:
            return "object"
        if isinstance(body.get("additionalProperties"), dict) and body["additionalProperties"]:
            return "map"
        declared = body.get("type")
        if isinstance(declared, str):
            return declared
        return "array" if "items" in body else "any"

    def describe(self, schema: JsonMap) -> str:
        """Return a schema in a few words, e.g. "array of Mount" or "string (date-time)"."""
        name = self.name_of(schema)
        if name is not None:
            return name
        kind = self.kind(schema)
        if kind == "array":
            return f"array of {self.describe(child(schema, 'items'))}"
        if kind == "map":
            return f"map of {self.describe(child(schema, 'additionalProperties'))}"
        if kind == "object":
            return f"object {self._fields(schema)}".strip()
        values, form = schema.get("enum"), format_of(schema)
        if isinstance(values, list) and values:
            return f"{kind}, one of {listed(values)}"
        return f"{kind} ({form})" if form else kind

    def outline(self, schema: JsonMap) -> str:
        """Return the description of a schema, and for a named object which properties it has."""
        name, text = self.name_of(schema), self.describe(schema)
        if name is None or not (names := self._fields(self.body(schema))):
            return text
        return f"{text} {names}"

    def _fields(self, schema: JsonMap) -> str:
        names = list(self.object(schema, whole=True).properties)
        more = len(names) - _NAMES_SHOWN
        parts = [*names[:_NAMES_SHOWN], f"{more} more"] if more > 1 else names
        return f"{{{', '.join(parts)}}}" if parts else ""


def maps(value: Json) -> Iterator[tuple[str, JsonMap]]:
    """Yield the entries of a mapping that are mappings themselves."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, dict):
                yield name, item


def texts(value: Json) -> list[str]:
    """Return the strings of a list; an empty list for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _reference(schema: JsonMap) -> str | None:
    """Return the name that a schema refers to directly, or by an allOf with nothing beside it."""
    target = schema.get("$ref")
    members = schema.get("allOf")
    if target is None and isinstance(members, list) and len(members) == 1 and not schema.get("properties"):
        member = members[0]
        target = member.get("$ref") if isinstance(member, dict) else None
    return target.removeprefix(_PREFIX) if isinstance(target, str) else None


def child(schema: JsonMap, key: str) -> JsonMap:
    """Return the mapping under a key; an empty one when there is none."""
    found = schema.get(key)
    return found if isinstance(found, dict) else {}


def listed(values: list[Json]) -> str:
    """Return values as a person lists them."""
    return ", ".join(shown(value) for value in values)


def shown(value: Json) -> str:
    """Return a value as a person reads it: text bare, all else (and empty text) as JSON."""
    return value if isinstance(value, str) and value else json.dumps(value)


def format_of(schema: JsonMap) -> str:
    """Return the format of a schema under its proper name; empty when there is none."""
    form = schema.get("format")
    return _FORMATS.get(form, form) if isinstance(form, str) else ""


def enum_of(schema: JsonMap) -> list[Json]:
    """Return the values of an enum; one of mappings only says that an object is empty."""
    values = schema.get("enum")
    return [item for item in values if not isinstance(item, dict)] if isinstance(values, list) else []


def reference_to(name: str) -> JsonMap:
    """Return a schema that stands for a definition."""
    return {"$ref": f"{_PREFIX}{name}"}
