"""Many versions of one API to one description: the newest, plus what older ones had.

Engines of every age then decode with the same models: seen on six engines, the merged description decodes each of them
better than the description of its own version.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from codegen.convert import operations
from codegen.paths import path_shape
from codegen.schemas import ref_name

Doc = dict[str, Any]


def merge(docs: list[Doc]) -> Doc:
    """One description from converted ones, given oldest first."""
    merged = deepcopy(docs[-1])
    for older in reversed(docs[:-1]):
        _Merger(merged, older).run()
    return merged


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
        known = {(path_shape(path), method): op for path, method, op in operations({"paths": self.paths})}
        for path, method, operation in operations(self.older):
            newer = known.get((path_shape(path), method))
            if newer is None:
                self.paths.setdefault(path, {})[method] = deepcopy(operation)
            else:
                self.operation(newer, operation)

    def operation(self, newer: Doc, older: Doc) -> None:
        have = {(p["name"], p["in"]) for p in newer["parameters"]}
        for parameter in older["parameters"]:
            # A path parameter is known by its place: older versions only spelt its name otherwise.
            if parameter["in"] != "path" and (parameter["name"], parameter["in"]) not in have:
                newer["parameters"].append({**deepcopy(parameter), "required": False})
        for parameter in newer["parameters"]:
            self._enum(parameter["schema"], _same(older["parameters"], parameter))
        for status, reply in older["responses"].items():
            if status not in newer["responses"]:
                newer["responses"][status] = deepcopy(reply)
            else:
                self.content(newer["responses"][status], reply)
        if "requestBody" in older and "requestBody" in newer:
            self.content(newer["requestBody"], older["requestBody"])
        elif "requestBody" in older:
            newer["requestBody"] = {**deepcopy(older["requestBody"]), "required": False}

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
        if depth > 8:  # recursive schemas meet themselves; nothing new lies that deep
            return
        new_name, old_name = ref_name(newer), ref_name(older)
        if new_name and new_name == old_name:
            return
        target = self.schemas[new_name] if new_name else newer
        source = self.older_schemas[old_name] if old_name else older
        self._enum(target, source)
        for name, schema in source.get("properties", {}).items():
            mine = target.setdefault("properties", {}) if target.get("type") == "object" else {}
            if name in mine:
                self.schema(mine[name], schema, depth + 1)
            elif "additionalProperties" not in target:
                mine[name] = deepcopy(schema)
        for key in ("items", "additionalProperties"):
            if isinstance(target.get(key), dict) and isinstance(source.get(key), dict):
                self.schema(target[key], source[key], depth + 1)

    def _enum(self, newer: Doc, older: Doc | None) -> None:
        if older and "enum" in newer and "enum" in older:
            newer["enum"] += [value for value in older["enum"] if value not in newer["enum"]]


def _same(parameters: list[Doc], wanted: Doc) -> Doc | None:
    for parameter in parameters:
        if (parameter["name"], parameter["in"]) == (wanted["name"], wanted["in"]):
            return dict(parameter["schema"])
    return None
