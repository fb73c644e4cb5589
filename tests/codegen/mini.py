"""Small descriptions, and a checkout with nothing but them: all that a run of the generator needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from codegen import sources, specs, unasync, yamlio
from codegen.convert import convert
from codegen.sources import ENGINES, Engine, Lock, Source
from codegen.specs import Doc

if TYPE_CHECKING:
    from pathlib import Path

ERROR: Doc = {"type": "object", "properties": {"message": {"type": "string"}}}


def swagger(paths: Doc, definitions: Doc | None = None, **more: Any) -> Doc:
    """A Swagger 2.0 description."""
    known = {"ErrorResponse": ERROR, "ErrorModel": ERROR, **(definitions or {})}
    return {"swagger": "2.0", "paths": paths, "definitions": known, **more}


def operation(name: str, reply: Doc | None = None, **more: Any) -> Doc:
    """A Swagger 2.0 operation, which answers 200."""
    replies = {"200": {"schema": reply} if reply else {}}
    return {"operationId": name, "tags": ["Thing"], "parameters": [], "responses": replies, **more}


def query(name: str, **more: Any) -> Doc:
    """A query parameter, a text unless told otherwise."""
    return {"name": name, "in": "query", "type": "string", **more}


def one(operation: Doc, definitions: Doc | None = None, **more: Any) -> Doc:
    """The converted operation of a description that has this one."""
    doc = convert(swagger({"/things": {"post": operation}}, definitions, **more))
    return cast("Doc", doc["paths"]["/things"]["post"])


def schemas(definitions: Doc) -> Doc:
    """The converted schemas of a description."""
    return cast("Doc", convert(swagger({}, definitions))["components"]["schemas"])


DOCKER_1_1 = swagger(
    {
        "/things/{name}": {
            "get": operation(
                "ThingGet",
                {"$ref": "#/definitions/Thing"},
                parameters=[{"name": "name", "in": "path", "required": True, "type": "string"}, query("old")],
            )
        },
        "/gone": {"post": operation("Gone")},
    },
    {"Thing": {"type": "object", "properties": {"Id": {"type": "string"}, "Old": {"type": "string"}}}},
)
DOCKER_1_2 = swagger(
    {
        "/things/{id}": {
            "get": operation(
                "ThingGet",
                {"$ref": "#/definitions/Thing"},
                parameters=[{"name": "id", "in": "path", "required": True, "type": "string"}, query("new")],
            )
        },
        "/logs": {"get": operation("Logs")},
    },
    {"Thing": {"type": "object", "properties": {"Id": {"type": "string"}, "New": {"type": "integer"}}}},
)
LIBPOD_5 = swagger(
    {
        "/libpod/pods": {
            "get": operation("PodList", {"type": "array", "items": {"$ref": "#/definitions/Pod"}})
        },
        "/pods": {"get": operation("CompatPodList")},
    },
    {"Pod": {"type": "object", "properties": {"Id": {"type": "string"}}}},
)
_DOCS: dict[str, list[str]] = {"docker": ["Gone", "Logs", "ThingGet"], "libpod": ["PodList"]}
PATCH: Doc = {
    "target": "$.paths['/logs'].get",
    "description": "Logs flow.",
    "x-seen": "Docker 20.10.24 sends frames.",
    "update": {"x-stream": {"kind": "frames"}},
}


def overlay(path: Path, *actions: Doc) -> Path:
    """Writes an overlay document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yamlio.dump({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": list(actions)})
    path.write_text(text, encoding="utf-8")
    return path


def vendor(spec: Path, engine: Engine, version: str, doc: Doc) -> Source:
    """Writes a description as if it had been vendored."""
    content = yamlio.dump(doc).encode()
    path = spec / engine / f"v{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Source(engine, version, "made up", sources.sha256(content), sources.sha256(content))


def write_spec(spec: Path) -> None:
    """Writes a spec/ of two engines, three descriptions, their texts and one correction."""
    lock = Lock()
    for source in (
        vendor(spec, "docker", "1.1", DOCKER_1_1),
        vendor(spec, "docker", "1.2", DOCKER_1_2),
        vendor(spec, "libpod", "5.0.0", LIBPOD_5),
    ):
        lock = lock.with_source(source)
    (spec / sources.LOCK_NAME).write_text(lock.render(), encoding="utf-8")
    (spec / "docs").mkdir()
    for engine in ENGINES:
        texts: yamlio.Json = {name: {"summary": f"Does {name}."} for name in _DOCS[engine]}
        (spec / "docs" / f"{engine}.yaml").write_text(yamlio.dump(texts), encoding="utf-8")
    overlay(spec / "patches" / "docker-all.yaml", PATCH)


def write_checkout(root: Path) -> None:
    """Writes a checkout: spec/, and an asynchronous source in which every rule of the derivation has its word."""
    write_spec(root / "spec")
    words = [rule.pattern.pattern for rule in unasync.RULES]
    spelt = " ".join(w.replace(r"\b", "").replace(r"\.", ".").replace(r"([A-Z]\w*)", "Thing") for w in words)
    source = root / unasync.TREES[0][0] / "thing.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        f"# async def it, await it: {spelt}\nasync def thing() -> None: ...\n", encoding="utf-8"
    )


@cache
def real_operations(engine: str, prefix: str) -> list[tuple[str, str, str, Doc]]:
    """Every (version, path, method, operation) below the prefix, as the vendored descriptions have it."""
    return [
        (version, path, method, item[method])
        for version in specs.versions(engine)
        for path, item in specs.load(engine, version)["paths"].items()
        if path.startswith(prefix)
        for method in item
        if method != "parameters"
    ]
