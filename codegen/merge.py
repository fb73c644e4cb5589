"""Many versions of one API to one description: the newest, plus what older ones had.

Engines of every age then decode with the same models: seen on six engines, the merged description decodes
each of them better than the description of its own version.
"""

from __future__ import annotations

from copy import deepcopy

from codegen.convert import operations
from codegen.errors import CodegenError
from codegen.paths import path_shape
from codegen.schemas import ref_name
from codegen.specs import Doc, as_map

# Recursive schemas that are written in place meet themselves; nothing new lies that deep.
_DEEPEST = 8


def merge(docs: list[Doc]) -> Doc:
    """One description from converted ones, given oldest first."""
    merged = deepcopy(docs[-1])
    for older in reversed(docs[:-1]):
        _Merger(merged, older).run()
    return merged


class Operations:
    """The operations of a description, found again by those of another version.

    An operation is known by its place; one that has moved, by its id.
    """

    def __init__(self, doc: Doc) -> None:
        self._places: dict[tuple[str, str], Doc] = {}
        self._ids: dict[str, Doc] = {}
        for path, method, operation in operations(doc):
            self._places[path_shape(path), method] = operation
            self._ids[operation["operationId"]] = operation

    def find(self, path: str, method: str, operation: Doc) -> Doc | None:
        """What another version's operation is here, or None."""
        return self._places.get((path_shape(path), method)) or self._ids.get(operation["operationId"])


class _Merger:
    def __init__(self, merged: Doc, older: Doc) -> None:
        self.schemas: Doc = merged["components"]["schemas"]
        self.older_schemas: Doc = older["components"]["schemas"]
        self.paths: Doc = merged["paths"]
        self.older = older

    def run(self) -> None:
        for name, schema in self.older_schemas.items():
            if name in self.schemas:
                self.schema(self.schemas[name], schema)
            else:
                self.schemas[name] = deepcopy(schema)
        known = Operations({"paths": self.paths})
        for path, method, operation in operations(self.older):
            newer = known.find(path, method, operation)
            if newer is None:
                self.paths.setdefault(path, {})[method] = deepcopy(operation)
            else:
                self.operation(newer, operation)

    def operation(self, newer: Doc, older: Doc) -> None:
        self.parameters(newer["parameters"], older["parameters"])
        for status, reply in older["responses"].items():
            if status not in newer["responses"]:
                newer["responses"][status] = deepcopy(reply)
            else:
                self.content(newer["responses"][status], reply)
        if "requestBody" in older and "requestBody" in newer:
            self.content(newer["requestBody"], older["requestBody"])
        elif "requestBody" in older:
            newer["requestBody"] = {**deepcopy(older["requestBody"]), "required": False}

    def parameters(self, newer: list[Doc], older: list[Doc]) -> None:
        have = {(p["name"], p["in"]): p for p in newer}
        in_path = {p["name"] for p in newer if p["in"] == "path"}
        for parameter in older:
            same = have.get((parameter["name"], parameter["in"]))
            if same is not None:
                self.schema(same["schema"], parameter["schema"])
            # A path parameter is known by its place: older versions spelt its name otherwise, or had
            # elsewhere what is in the path now.
            elif parameter["in"] != "path" and parameter["name"] not in in_path:
                newer.append({**deepcopy(parameter), "required": False})

    def content(self, newer: Doc, older: Doc) -> None:
        old = next(iter(older.get("content", {}).values()), None)
        new = next(iter(newer.get("content", {}).values()), None)
        if old is None:
            return
        if new is None:
            newer["content"] = deepcopy(older["content"])
            return
        self.schema(new["schema"], old["schema"])

    def schema(self, newer: Doc, older: Doc, depth: int = 0) -> None:
        """Adds the properties and enum values that only the older schema has; types stay the newest's."""
        new_name, old_name = ref_name(newer), ref_name(older)
        if depth > _DEEPEST or (new_name and new_name == old_name):
            return
        target = _named(self.schemas, new_name) if new_name else newer
        source = _named(self.older_schemas, old_name) if old_name else older
        if "enum" in target and "enum" in source:
            target["enum"] += [value for value in source["enum"] if value not in target["enum"]]
        self.properties(target, source, depth)
        for key in ("items", "additionalProperties"):
            new, old = as_map(target.get(key)), as_map(source.get(key))
            if new is not None and old is not None:
                self.schema(new, old, depth + 1)

    def properties(self, target: Doc, source: Doc, depth: int) -> None:
        # What is a mapping or a plain value now stays one.
        mapping = "additionalProperties" in target and "properties" not in target
        if target.get("type") != "object" or mapping or "properties" not in source:
            return
        mine: Doc = target.setdefault("properties", {})
        for name, schema in source["properties"].items():
            if name in mine:
                self.schema(mine[name], schema, depth + 1)
            else:
                mine[name] = deepcopy(schema)


def _named(schemas: Doc, name: str) -> Doc:
    try:
        found: Doc = schemas[name]
    except KeyError:
        raise CodegenError(f"a schema {name!r} is referred to and not described") from None
    return found
