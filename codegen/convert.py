"""One Swagger 2.0 description to OpenAPI 3, in the shape that the generator understands whole.

A plain conversion loses operations without a word (objects with `default: {}`, `allOf` beside `properties`, error replies
that inherit a tar's media type, …). Each repair here is one small function that says which of these it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from codegen.errors import CodegenError
from codegen.schemas import IDENTIFIER, SchemaConverter

Doc = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "head", "patch", "options")
JSON = "application/json"
BINARY = "application/octet-stream"
_TEXT = "text/plain"


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
    """An OpenAPI 3 description of the operations below `prefix`, with every named schema they reach."""
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
                paths.setdefault(path, {})[method] = self.operation(operation, shared)
        return {
            "openapi": "3.0.3",
            "info": {"title": "Engine API", "version": "merged"},
            "paths": paths,
            "components": {"schemas": self.schemas.named()},
        }

    def operation(self, operation: Doc, shared: list[Doc]) -> Doc:
        name = operation["operationId"]
        parameters = [self.resolve(p, "parameters") for p in [*operation.get("parameters", []), *shared]]
        out: Doc = {
            "operationId": name,
            "tags": [operation.get("tags", ["default"])[0]],
            "parameters": [self.parameter(p) for p in parameters if p["in"] in {"path", "query", "header"}],
            "responses": {
                str(status): self.response(name, str(status), reply, self.media(operation, "produces"))
                for status, reply in operation["responses"].items()
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
        try:
            return dict(self.swagger[kind][target])
        except KeyError:
            raise CodegenError(f"{node['$ref']} points nowhere; expected it below {kind}:") from None

    def parameter(self, parameter: Doc) -> Doc:
        # No default is taken over: a binding that sent the description's default would override the engine's own settings.
        location = parameter["in"]
        facts = {k: v for k, v in parameter.items() if k in {"type", "format", "enum", "items"}}
        return {
            "name": parameter["name"],
            "in": location,
            "required": location == "path" or bool(parameter.get("required")),
            "schema": self.schemas.schema(facts),
        }

    def body(self, name: str, parameter: Doc, consumes: list[str]) -> Doc:
        schema = self.schemas.lifted(parameter["schema"], f"{name}Request")
        structured = "$ref" in schema or schema.get("type") in {"array", "object"}
        # One media type a body: upstream lists a file's defaults, of which an engine takes only one.
        if structured:
            media = JSON
        else:
            media = next((m for m in consumes if m not in {JSON, _TEXT}), BINARY)
            schema = {"type": "string", "format": "binary"}
        return {"required": bool(parameter.get("required")), "content": {media: {"schema": schema}}}

    def response(self, name: str, status: str, reply: Doc, produces: list[str]) -> Doc:
        facts = self.resolve(reply, "responses")
        out: Doc = {"description": ""}
        headers = facts.get("headers")
        if headers:
            out["x-headers"] = sorted(headers)
        schema = facts.get("schema")
        if schema is None or status.startswith("3"):
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
