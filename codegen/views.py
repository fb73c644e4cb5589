"""What the templates print: models and operations as plain values, everything decided before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from openapi_python_client import strings
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.schema.untrusted_string import UntrustedString

from codegen.availability import Window, availability
from codegen.convert import JSON, operations
from codegen.errors import CodegenError
from codegen.paths import path_shape
from codegen.properties import Types
from codegen.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.describe import Description
    from codegen.docs import Docs
    from codegen.specs import Doc

_PLURAL = re.compile(r"(?:CPU|ID|IP|MAC)s(?![a-z])")
_ENCODED = {
    "filters": ("Filters", "as_json"),
    "json": ("JSONText", "as_json"),
    "auth": ("Auth", "as_auth"),
}
_ENCODED_LIST = {"json": ("Sequence[JSONText]", "as_json_list")}


class Field(NamedTuple):
    """One property of a model."""

    name: str
    type: str
    declaration: str


class Model(NamedTuple):
    """One model."""

    name: str
    fields: list[Field]
    required: list[str]
    imports: list[str]


class Parameter(NamedTuple):
    """One parameter of an operation: its name, its name on the wire, and how its value is spelt."""

    name: str
    wire: str
    type: str
    required: bool
    value: str
    text: str


class Operation(NamedTuple):
    """One operation."""

    id: str
    module: str
    method: str
    url: str
    summary: str
    returns: str
    link: str
    since: str
    path: list[Parameter]
    query: list[Parameter]
    headers: list[Parameter]
    body: Parameter | None
    media: str | None
    replies: Replies
    errors: list[int]
    imports: list[str]

    @property
    def keywords(self) -> list[Parameter]:
        """What is passed by name, the required ones first."""
        every = [*([self.body] if self.body else []), *self.query, *self.headers]
        return sorted(every, key=lambda p: not p.required)


def _python_name(prop: PropertyProtocol) -> str:
    """The name of a field or parameter: the generator's, which takes the s of a plural for a word (names_or_i_ds)."""
    wire = _text(prop.name)
    if not _PLURAL.search(wire):
        return str(prop.python_name)
    return str(strings.PythonIdentifier(_PLURAL.sub(lambda found: found[0].capitalize(), wire), "field_"))


def _text(value: object) -> str:
    return value.get_untrusted_value() if isinstance(value, UntrustedString) else str(value)


class Factory:
    """Makes views of what the generator has parsed."""

    def __init__(self, description: Description, docs: Docs, data: GeneratorData) -> None:
        self.docs = docs
        self.data = data
        self.windows = availability(description)
        self.facts = {(path_shape(p), m): op for p, m, op in operations(description.doc)}
        self.types = Types(data.models)

    def model(self, model: ModelProperty) -> Model:
        """The view of a model."""
        name = str(model.class_info.name)
        required, optional = model.required_properties or [], model.optional_properties or []
        fields = [self._field(p, required=True) for p in required]
        fields += [self._field(p, required=False) for p in optional]
        used = self._classes([*required, *optional]) - {name}
        return Model(name, fields, [_python_name(p) for p in required], sorted(used))

    def _classes(self, props: Iterable[PropertyProtocol]) -> set[str]:
        return {name for prop in props for name in self.types.classes(prop)}

    def _field(self, prop: PropertyProtocol, *, required: bool) -> Field:
        decode = self.types.decoder(prop)
        arguments = [
            repr(_text(prop.name)),
            *([decode] if decode else []),
            *([] if required else ["default=None"]),
        ]
        made = f"_t.{'required' if required else 'optional'}({', '.join(arguments)})"
        return Field(_python_name(prop), self.types.annotation(prop), made)

    def endpoint(self, endpoint: Endpoint) -> Operation:
        """The view of an operation."""
        path = _text(endpoint.path)
        facts = self.facts[path_shape(path), endpoint.method]
        name = facts["operationId"]
        window = self.windows.operations[name]
        body, media = self._body(name, facts, endpoint)
        query = [self._parameter(name, facts, "query", p) for p in endpoint.query_parameters]
        headers = [self._parameter(name, facts, "header", p) for p in endpoint.header_parameters]
        replies = Replies.of(facts, endpoint, self.types)
        sent = [*endpoint.query_parameters, *endpoint.header_parameters, *(b.prop for b in endpoint.bodies)]
        return Operation(
            id=name,
            module=str(strings.PythonIdentifier(endpoint.name, "field_")),
            method=endpoint.method.upper(),
            url=re.sub(r"\{([^}]*)\}", r"{_t.segment(\1)}", path),
            summary=self.docs.summary(name),
            returns=self.docs.returns(name),
            link=self.docs.link(facts, self.windows.newest),
            since=_since(window, self.windows.oldest),
            path=[self._path(name, p) for p in endpoint.path_parameters],
            query=query,
            headers=headers,
            body=body,
            media=media,
            replies=replies,
            errors=sorted(int(s) for s in facts["responses"] if s[0] in "45"),
            imports=sorted(self._classes(sent) | replies.classes),
        )

    def _path(self, operation: str, prop: PropertyProtocol) -> Parameter:
        text = self.docs.parameter(operation, _text(prop.name)) or "Id or name."
        return Parameter(str(prop.python_name), _text(prop.name), "str", required=True, value="", text=text)

    def _parameter(self, operation: str, facts: Doc, location: str, prop: PropertyProtocol) -> Parameter:
        name, wire = _python_name(prop), _text(prop.name)
        raw = next(p for p in facts["parameters"] if (p["name"], p["in"]) == (wire, location))
        type_, value = self._request_type(prop), name
        if "x-encoding" in raw:
            type_, encode = _encoding(operation, raw)
            value = f"_t.{encode}({name})"
        elif location == "header":
            value = f"None if {name} is None else str({name})"
        window = self.windows.parameters.get(f"{operation}.{wire}")
        note = f" {_since(window, self.windows.oldest)}" if window else ""
        text = f"{self.docs.parameter(operation, wire)}{note}".strip()
        return Parameter(name, wire, type_, prop.required, value, text)

    def _body(self, operation: str, facts: Doc, endpoint: Endpoint) -> tuple[Parameter | None, str | None]:
        if not endpoint.bodies:
            return None, None
        prop = endpoint.bodies[0].prop
        media = next(iter(facts["requestBody"]["content"]))
        type_ = self._request_type(prop) if media == JSON else "Content"
        if media == JSON and isinstance(prop, ModelProperty) and not type_.startswith(("dict", "Mapping")):
            type_ = f"{type_} | Mapping[str, Any]"
        required = bool(facts["requestBody"].get("required"))
        text = self.docs.parameter(operation, "body")
        return Parameter("body", "body", type_, required, "body", text), media

    def _request_type(self, prop: PropertyProtocol) -> str:
        """A parameter's type: wider than the reply's, since any sequence or mapping can be sent."""
        type_ = self.types.annotation(prop)
        type_ = re.sub(r"\bdict\[", "Mapping[", re.sub(r"\blist\[", "Sequence[", type_))
        return type_.replace("Timestamp", "datetime")


def _encoding(operation: str, parameter: Doc) -> tuple[str, str]:
    """The type of a parameter that is spelt in a special way, and the function that spells it."""
    table = _ENCODED_LIST if parameter["schema"].get("type") == "array" else _ENCODED
    try:
        return table[parameter["x-encoding"]]
    except KeyError:
        raise CodegenError(
            f"{operation}: parameter {parameter['name']!r} has x-encoding {parameter['x-encoding']!r}; "
            f"expected one of {', '.join(table)}"
        ) from None


def _since(window: Window, oldest: str) -> str:
    since = f"Since API {window.since}." if window.since != oldest else f"Since API {oldest} or earlier."
    return since if window.until is None else f"{since} Until API {window.until}."
