"""How the replies of an operation are read, as the expressions that its module holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.schema.untrusted_string import UntrustedString

from codegen.errors import CodegenError
from codegen.specs import Doc, as_map

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.properties import Types

STREAMS = ("bytes", "frames", "hijack", "json")
_STREAM_KEYS = {"kind", "item", "whole"}


class Stream(NamedTuple):
    """What flows: its kind, the type and decoder of an item, and what to send to get one reply instead."""

    kind: str | None
    item_type: str | None
    item: str | None
    whole: dict[str, Any]

    @classmethod
    def of(cls, facts: Doc, types: Types) -> Stream:
        """What `x-stream` says of an operation; without it, nothing flows."""
        if "x-stream" not in facts:
            return cls(None, None, None, {})
        said = as_map(facts["x-stream"]) or {}
        kind, whole = said.get("kind"), as_map(said.get("whole", {}))
        where = f"{facts['operationId']}: x-stream"
        if kind not in STREAMS:
            raise CodegenError(
                f"{where}: unknown kind of stream {kind!r}; expected one of {', '.join(STREAMS)}"
            )
        if set(said) - _STREAM_KEYS or (kind == "json") != ("item" in said):
            raise CodegenError(
                f"{where} has {sorted(said)}; expected kind, for kind json the item (the schema of one "
                "value), and where needed whole"
            )
        known = {parameter["name"] for parameter in facts["parameters"]}
        if whole is None or set(whole) - known:
            raise CodegenError(f"{where}: whole is {said['whole']!r}; expected parameters of the operation")
        item_type, item = _item(where, said["item"], types) if kind == "json" else (None, None)
        return cls(kind, item_type, item, whole)


class Replies(NamedTuple):
    """The success type, a reader for each status, and what flows where the reply is a stream."""

    type: str
    readers: dict[int, str]
    errors: dict[int, str]
    stream: str | None
    item_type: str | None
    item: str | None
    whole: dict[str, Any]
    classes: set[str]

    @classmethod
    def of(cls, facts: Doc, endpoint: Endpoint, types: Types) -> Replies:
        """The replies of one operation."""
        kind, item_type, item, whole = Stream.of(facts, types)
        success: dict[str, None] = {}
        readers: dict[int, str] = {}
        used: set[str] = {item_type} if item_type and types.model(item_type) else set()
        for response in endpoint.responses:
            status = int(response.status_code.pattern)
            if not 200 <= status < 300:
                continue
            if kind and not (whole and response.source["attribute"] != "None"):
                type_, reader = _flowing(kind, item_type, item)
            else:
                type_, reader = _reader(types, response.prop, response.source["attribute"])
                used |= types.classes(response.prop)
            success[type_] = None
            readers[status] = reader
        if kind and not readers:
            # Described for an upgraded connection (101) only; without an upgrade the engine answers 200 and
            # the same bytes.
            success["bytes"], readers[200] = None, "_t.read_bytes"
        type_ = " | ".join(success) or "None"
        return cls(type_, readers, _errors(types, endpoint), kind, item_type, item, whole, used)


def _item(where: str, node: object, types: Types) -> tuple[str, str | None]:
    schema = as_map(node)
    if schema is None:
        raise CodegenError(f"{where}: the item is {node!r}; expected the schema of one value")
    if "$ref" not in schema:
        return "dict[str, Any]", None
    name = str(strings.ClassName(UntrustedString(schema["$ref"].rsplit("/", 1)[-1]), "field_"))
    if types.model(name) is None:
        raise CodegenError(
            f"{where}: the item {name!r} is no model; expected a $ref to an object with properties"
        )
    return name, f'_t.ref("{name}")'


def _flowing(kind: str, item_type: str | None, item: str | None) -> tuple[str, str]:
    """A stream read in one piece: all its items, or all its bytes."""
    if kind == "json":
        return f"list[{item_type}]", f"_t.read_values({item or ''})"
    return "bytes", "_t.read_bytes"


def _reader(types: Types, prop: PropertyProtocol, attribute: str) -> tuple[str, str]:
    if attribute == "None":
        return "None", "_t.read_nothing"
    if attribute == "response.text":
        return "str", "_t.read_text"
    if attribute == "response.content":
        return "bytes", "_t.read_bytes"
    decode = types.decoder(prop) or "None"
    # Go's empty list or map arrives as null; a model or a number has no natural empty value.
    if isinstance(prop, ListProperty):
        return types.annotation(prop), f"_t.read_json({decode}, list)"
    if types.is_map(prop) or isinstance(prop, AnyProperty):
        return types.annotation(prop), f"_t.read_json({decode}, dict)"
    return types.annotation(prop), f"_t.read_json({decode})"


def _errors(types: Types, endpoint: Endpoint) -> dict[int, str]:
    """The error statuses whose reply is not the engine's usual one."""
    found: dict[int, str] = {}
    for response in endpoint.responses:
        status = int(response.status_code.pattern)
        if status >= 400 and isinstance(response.prop, ModelProperty) and not types.is_map(response.prop):
            name = str(response.prop.class_info.name)
            if name not in {"ErrorResponse", "ErrorModel"}:
                found[status] = f'_t.ref("{name}")'
    return found
