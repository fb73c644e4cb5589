"""From the vendored versions of one engine to the one description that its bindings are generated from."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from codegen import overlay, specs
from codegen.convert import convert, operations, pascal
from codegen.errors import CodegenError
from codegen.merge import merge
from codegen.schemas import reference

Doc = dict[str, Any]

# Podman's compat endpoints are served by the docker bindings, which decode them better than libpod's own description.
PREFIX = {"docker": "/", "libpod": "/libpod/"}


class Description(NamedTuple):
    """The merged and corrected description, and what it was merged from (converted, oldest first)."""

    engine: str
    doc: Doc
    versions: dict[str, Doc]


def describe(engine: str, spec: Path = specs.SPEC) -> Description:
    """Loads, converts, merges and corrects everything vendored of one engine."""
    converted = {v: convert(specs.load(engine, v, spec), prefix=PREFIX[engine]) for v in specs.versions(engine, spec)}
    doc = merge(list(converted.values()))
    for path in sorted((spec / "patches").glob(f"{engine}-*.yaml")):
        overlay.apply_file(doc, path)
    _tidy_tags(doc)
    _prune(doc)
    _rename_doubles(doc)
    return Description(engine, doc, converted)


def _tidy_tags(doc: Doc) -> None:
    for _, _, operation in operations(doc):
        operation["tags"] = [operation["tags"][0].replace(" (compat)", "").lower()]


def references(node: object) -> set[str]:
    """The components that anything below `node` refers to."""
    if isinstance(node, list):
        return set().union(*(references(item) for item in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = {str(node["$ref"]).rsplit("/", 1)[-1]} if isinstance(node.get("$ref"), str) else set()
    for value in node.values():
        found |= references(value)
    return found


def _prune(doc: Doc) -> None:
    """Drops the schemas that no operation reaches."""
    schemas = doc["components"]["schemas"]
    reached: set[str] = set()
    todo = references(doc["paths"])
    while todo:
        name = todo.pop()
        if name not in schemas:
            raise CodegenError(f"a schema {name!r} is referred to and not described; correct it in spec/patches")
        if name not in reached:
            reached.add(name)
            todo |= references(schemas[name])
    doc["components"]["schemas"] = {name: schemas[name] for name in sorted(reached)}


def _rename_doubles(doc: Doc) -> None:
    """Gives a name of its own to a schema whose class would be called as another's (idResponse, IDResponse)."""
    schemas = doc["components"]["schemas"]
    classes: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for name in sorted(schemas):
        key = pascal(name).lower()
        if key not in classes:
            classes[key] = name
        elif schemas[classes[key]] == schemas[name]:
            renamed[name] = classes[key]
        else:
            renamed[name] = f"{pascal(name)}Model"
    for old, new in renamed.items():
        schema = schemas.pop(old)
        schemas.setdefault(new, schema)
    _redirect(doc, renamed)


def _redirect(node: object, renamed: dict[str, str]) -> None:
    if isinstance(node, list):
        for item in node:
            _redirect(item, renamed)
    elif isinstance(node, dict):
        target = str(node.get("$ref", "")).rsplit("/", 1)[-1]
        if target in renamed:
            node.update(reference(renamed[target]))
        for value in node.values():
            _redirect(value, renamed)
