"""One Swagger 2.0 description to OpenAPI 3, in the shape that the generator understands whole.

A plain conversion loses operations without a word (objects with `default: {}`, `allOf` beside `properties`,
error replies that inherit a tar's media type, …). Each repair is one small function that says what it is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codegen.errors import CodegenError
from codegen.schemas import IDENTIFIER, SchemaConverter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.specs import Doc

METHODS = ("get", "put", "post", "delete", "head", "patch", "options")
JSON = "application/json"
BINARY = "application/octet-stream"
_TEXT = "text/plain"
_STATUS = re.compile(r"[1-5]\d\d")


def operations(doc: Doc) -> Iterator[tuple[str, str, Doc]]:
    """Every (path, method, operation), in the order of the description."""
    for path, item in doc["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def pascal(text: str) -> str:
    """A class name made of the words of `text`."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words)


def convert(swagger: Doc, *, prefix: str = "/") -> Doc:
    """An OpenAPI 3 description of the operations below `prefix`, with every named schema they reach.

    Raises:
        CodegenError: The description refers to what it has not, or says what would be lost; names it.
    """
    return _Converter(swagger).run(prefix)


class _Converter:
    def __init__(self, swagger: Doc) -> None:
        self.swagger = swagger
        self.schemas = SchemaConverter(swagger.get("definitions", {}))

    def run(self, prefix: str) -> Doc:
        paths: Doc = {}
        for path, method, operation in operations(self.swagger):
            if path.startswith(prefix):
                shared = self.swagger["paths"][path].get("parameters", [])
                paths.setdefault(path, {})[method] = self.named(f"{method.upper()} {path}", operation, shared)
        return {
            "openapi": "3.0.3",
            "info": {"title": "Engine API", "version": "merged"},
            "paths": paths,
            "components": {"schemas": self.schemas.named()},
        }

    def named(self, where: str, operation: Doc, shared: list[Doc]) -> Doc:
        if not operation.get("operationId"):
            raise CodegenError(
                f"{where} has no operationId; expected one, by which it is called in the bindings"
            )
        try:
            return self.operation(operation, shared)
        except CodegenError as error:
            raise CodegenError(f"{where} ({operation['operationId']}): {error}") from None

    def operation(self, operation: Doc, shared: list[Doc]) -> Doc:
        name = operation["operationId"]
        parameters = self.parameters(operation.get("parameters", []), shared)
        out: Doc = {
            "operationId": name,
            "tags": [operation.get("tags", ["default"])[0]],
            "parameters": [self.parameter(p) for p in parameters if p["in"] != "body"],
            "responses": {
                str(status): self.response(name, str(status), reply, self.media(operation, "produces"))
                for status, reply in operation.get("responses", {}).items()
            },
        }
        bodies = [p for p in parameters if p["in"] == "body"]
        if bodies:
            out["requestBody"] = self.body(name, bodies[0], self.media(operation, "consumes"))
        return out

    def media(self, operation: Doc, key: str) -> list[str]:
        return list(operation.get(key) or self.swagger.get(key) or [JSON])

    def resolve(self, node: Doc, kind: str) -> Doc:
        if "$ref" not in node:
            return node
        target = node["$ref"].rsplit("/", 1)[-1]
        if node["$ref"] != f"#/{kind}/{target}" or target not in self.swagger.get(kind, {}):
            raise CodegenError(f"{node['$ref']} points nowhere; expected it below {kind}:")
        return dict(self.swagger[kind][target])

    def parameters(self, own: list[Doc], shared: list[Doc]) -> list[Doc]:
        """An operation's parameters; its own stand before those of the same name that its path shares out."""
        found: dict[tuple[str, str], Doc] = {}
        for parameter in (self.resolve(p, "parameters") for p in (*own, *shared)):
            if parameter["in"] not in {"path", "query", "header", "body"}:
                raise CodegenError(
                    f"parameter {parameter['name']!r} is in {parameter['in']!r}; "
                    "expected path, query, header or body, which are all that the bindings can send"
                )
            found.setdefault((parameter["name"], parameter["in"]), parameter)
        return list(found.values())

    def parameter(self, parameter: Doc) -> Doc:
        # No default is taken over: a binding that sent the description's default would override the engine's
        # own settings.
        location = parameter["in"]
        facts = {k: v for k, v in parameter.items() if k in {"type", "format", "enum", "items"}}
        return {
            "name": parameter["name"],
            "in": location,
            "required": location == "path" or bool(parameter.get("required")),
            "schema": self.schemas.schema(facts),
        }

    def body(self, name: str, parameter: Doc, consumes: list[str]) -> Doc:
        schema = self.schemas.lifted(parameter.get("schema", {}), f"{name}Request")
        structured = "$ref" in schema or schema.get("type") in {"array", "object"}
        # One media type a body: upstream lists a file's defaults, of which an engine takes only one.
        if structured:
            media = JSON
        else:
            media = next((m for m in consumes if m not in {JSON, _TEXT}), BINARY)
            schema = {"type": "string", "format": "binary"}
        return {"required": bool(parameter.get("required")), "content": {media: {"schema": schema}}}

    def response(self, name: str, status: str, reply: Doc, produces: list[str]) -> Doc:
        if not _STATUS.fullmatch(status):
            raise CodegenError(f"a reply has the status {status!r}; expected a number from 100 to 599")
        facts = self.resolve(reply, "responses")
        out: Doc = {"description": ""}
        if facts.get("headers"):
            out["x-headers"] = sorted(facts["headers"])
        schema: Doc | None = facts.get("schema")
        if str((schema or {}).get("$ref", "")).startswith("#/responses/"):
            # A reply written where its schema belongs: what is meant is that reply.
            return self.response(name, status, schema or {}, produces)
        # An empty schema under an error is what is left of an error's description in the wrong place.
        if schema is None or status.startswith("3") or (status[0] in "45" and not schema):
            return out
        suffix = "Response" if status.startswith("2") else f"Error{status}"
        shared = pascal(reply["$ref"].rsplit("/", 1)[-1]) if "$ref" in reply else ""
        lifted = self.schemas.lifted(schema, shared if IDENTIFIER.match(shared) else f"{name}{suffix}")
        # Errors are JSON whatever the operation produces: they must not inherit a stream's media type.
        media = JSON if status[0] in "45" else _media_of(lifted, produces)
        out["content"] = {media: {"schema": lifted}}
        return out


def _media_of(schema: Doc, produces: list[str]) -> str:
    """The one media type of a success: bytes and text keep theirs, everything with a structure is JSON."""
    if schema.get("type") != "string":
        return JSON
    if schema.get("format") == "binary":
        return next((m for m in produces if m != JSON), BINARY)
    return next((m for m in produces if m.startswith("text/")), JSON)
