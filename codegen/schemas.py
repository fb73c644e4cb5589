"""The schemas of a Swagger 2.0 description, made plain enough for the generator to lose none of them."""

from __future__ import annotations

import re
from copy import deepcopy

from codegen.errors import CodegenError
from codegen.specs import Doc, as_map

IDENTIFIER = re.compile(r"^[A-Z][A-Za-z0-9]+$")
_REF = "#/components/schemas/"
_FORMATS = {"dateTime": "date-time", "date-time": "date-time", "binary": "binary"}


def ref_name(schema: Doc) -> str | None:
    """The component that a `$ref` names."""
    ref = schema.get("$ref")
    return None if ref is None else str(ref).rsplit("/", 1)[-1]


def reference(name: str) -> Doc:
    """A `$ref` to a component."""
    return {"$ref": _REF + name}


class SchemaConverter:
    """Converts schemas, and collects those that had no name of their own under one (`lifted`)."""

    def __init__(self, definitions: Doc) -> None:
        self.definitions = definitions
        self._named: Doc = {name: self.schema(schema) for name, schema in definitions.items()}

    def named(self) -> Doc:
        """Every named schema: upstream's definitions and the lifted ones."""
        return self._named

    def lifted(self, schema: Doc, name: str) -> Doc:
        """The schema, with an object that is written in place moved to a component of its own.

        The class is then named by its title, or by the operation, and versions that name it and versions that
        do not can be merged.
        """
        converted = self.schema(schema)
        if converted.get("type") == "array":
            return {**converted, "items": self.lifted(schema.get("items", {}), f"{name}Item")}
        if not converted.get("properties"):
            return converted
        title = schema.get("title", "")
        chosen = title if IDENTIFIER.match(title) and self._free(title, converted) else name
        if not self._free(chosen, converted):
            raise CodegenError(
                f"two different schemas would both be called {chosen!r}; give one another title"
            )
        self._named[chosen] = converted
        return reference(chosen)

    def _free(self, name: str, schema: Doc) -> bool:
        return name not in self._named or self._named[name] == schema

    def schema(self, schema: Doc) -> Doc:
        """One schema in place, with everything below it."""
        if "$ref" in schema:
            return reference(self._defined(str(schema["$ref"])))
        if "allOf" in schema:
            return self._all_of(schema)
        out: Doc = {}
        kind = schema.get("type")
        if kind == "file":
            return {"type": "string", "format": "binary"}
        if kind is None and ("properties" in schema or "additionalProperties" in schema):
            kind = "object"
        if kind is not None:
            out["type"] = kind
        # Only the formats that change how a value is read: the others (ip-address, uuid, …) are still text.
        if schema.get("format") in _FORMATS and kind == "string":
            out["format"] = _FORMATS[schema["format"]]
        # `enum: [{}]` on object-valued maps is upstream's way to write a set; as an enum it loses the whole
        # operation.
        if "enum" in schema and kind in {"string", "integer"}:
            out["enum"] = list(schema["enum"])
        if kind == "array":
            out["items"] = self.schema(schema.get("items", {}))
        self._object(schema, out)
        return out

    def _defined(self, ref: str) -> str:
        name = ref.rsplit("/", 1)[-1]
        if ref != f"#/definitions/{name}" or name not in self.definitions:
            raise CodegenError(f"the schema {ref} points nowhere; expected it below definitions:")
        return name

    def _object(self, schema: Doc, out: Doc) -> None:
        if schema.get("properties"):
            out["properties"] = {name: self.schema(value) for name, value in schema["properties"].items()}
            required = [name for name in schema.get("required", []) if name in out["properties"]]
            if required:
                out["required"] = required
        extra = as_map(schema.get("additionalProperties"))
        if extra:
            out["additionalProperties"] = self.schema(extra)
            # A null inside a map is a value of its own (an exposed port without a binding); elsewhere every
            # field may be null.
            if extra.get("x-nullable"):
                out["x-nullable-values"] = True

    def _all_of(self, schema: Doc) -> Doc:
        """`allOf` as one flat object: the generator cannot join a parent whose maps are written in place."""
        members: list[Doc] = schema["allOf"]
        beside = {key: value for key, value in schema.items() if key != "allOf"}
        if len(members) == 1 and "$ref" in members[0] and not beside.get("properties"):
            return self.schema(members[0])
        out: Doc = {"type": "object", "properties": {}}
        required: list[str] = []
        for part in (*members, beside):
            flat = self._flat(part)
            out["properties"].update(deepcopy(flat.get("properties", {})))
            out |= {key: flat[key] for key in ("additionalProperties", "x-nullable-values") if key in flat}
            required += [name for name in flat.get("required", []) if name not in required]
        # A member may require what only a later one describes.
        required += [n for p in members for n in p.get("required", []) if n not in required]
        required = [name for name in required if name in out["properties"]]
        if required:
            out["required"] = required
        return out

    def _flat(self, part: Doc) -> Doc:
        return self.schema(self.definitions[self._defined(str(part["$ref"]))] if "$ref" in part else part)
