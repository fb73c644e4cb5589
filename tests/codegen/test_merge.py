"""Merging versions: everything that only an older one has is kept, and the newest one's types win."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.convert import convert, operations
from codegen.errors import CodegenError
from codegen.merge import merge
from codegen.paths import path_shape
from codegen.schemas import ref_name
from codegen.specs import Doc, versions
from tests.codegen.mini import operation, query, real_operations, swagger

if TYPE_CHECKING:
    from codegen.describe import Description


def merged(*docs: Doc) -> Doc:
    return merge([convert(doc) for doc in docs])


def merged_schemas(*definitions: Doc) -> Doc:
    done: Doc = merged(*(swagger({}, each) for each in definitions))["components"]["schemas"]
    return done


def merged_operation(*each: Doc) -> Doc:
    done: Doc = merged(*(swagger({"/things": {"post": one}}) for one in each))["paths"]["/things"]["post"]
    return done


def obj(**properties: Doc) -> Doc:
    return {"type": "object", "properties": properties}


STRING: Doc = {"type": "string"}
INTEGER: Doc = {"type": "integer"}


class TestSchemas:
    """Properties, enum values and types."""

    def test_properties_of_all_ages_are_kept(self) -> None:
        done = merged_schemas({"A": obj(a=STRING)}, {"A": obj(b=STRING)}, {"A": obj(c=STRING)})
        assert set(done["A"]["properties"]) == {"a", "b", "c"}

    def test_the_newest_type_wins(self) -> None:
        done = merged_schemas({"A": obj(a=STRING)}, {"A": obj(a=INTEGER)})
        assert done["A"]["properties"] == {"a": INTEGER}

    def test_of_two_older_types_the_newer_wins(self) -> None:
        done = merged_schemas({"A": obj(a=STRING)}, {"A": obj(a=INTEGER)}, {"A": obj(b=STRING)})
        assert done["A"]["properties"]["a"] == INTEGER

    def test_enum_values_of_all_ages_are_kept(self) -> None:
        old, new = {"type": "string", "enum": ["x", "y"]}, {"type": "string", "enum": ["y", "z"]}
        assert merged_schemas({"A": old}, {"A": new})["A"]["enum"] == ["y", "z", "x"]

    def test_schemas_that_only_an_older_version_has_are_kept(self) -> None:
        assert merged_schemas({"Old": obj(a=STRING)}, {"New": obj()})["Old"] == obj(a=STRING)

    def test_what_lies_deeper_is_merged(self) -> None:
        done = merged_schemas(
            {
                "A": obj(
                    x=obj(old=STRING),
                    xs={"type": "array", "items": obj(old=STRING)},
                    by={"type": "object", "additionalProperties": obj(old=STRING)},
                )
            },
            {
                "A": obj(
                    x=obj(new=STRING),
                    xs={"type": "array", "items": obj(new=STRING)},
                    by={"type": "object", "additionalProperties": obj(new=STRING)},
                )
            },
        )["A"]["properties"]
        assert set(done["x"]["properties"]) == {"new", "old"}
        assert set(done["xs"]["items"]["properties"]) == {"new", "old"}
        assert set(done["by"]["additionalProperties"]["properties"]) == {"new", "old"}

    def test_what_was_written_in_place_and_has_a_name_now(self) -> None:
        done = merged_schemas(
            {"A": obj(x=obj(old=STRING))}, {"A": obj(x={"$ref": "#/definitions/X"}), "X": obj(new=STRING)}
        )
        assert set(done["X"]["properties"]) == {"new", "old"}
        assert ref_name(done["A"]["properties"]["x"]) == "X"

    def test_a_map_and_a_plain_value_stay_what_they_are(self) -> None:
        mapping = {"type": "object", "additionalProperties": STRING}
        done = merged_schemas(
            {"A": obj(m=obj(old=STRING), s=obj(old=STRING))}, {"A": obj(m=mapping, s=STRING)}
        )
        assert done["A"]["properties"] == {"m": mapping, "s": STRING}

    def test_what_refers_to_itself_ends(self) -> None:
        ref = {"$ref": "#/definitions/A"}
        done = merged_schemas({"A": obj(a=ref, old=STRING)}, {"A": obj(a=ref, b=obj(c=ref))})
        assert set(done["A"]["properties"]) == {"a", "b", "old"}

    def test_the_descriptions_merged_are_left_as_they_were(self) -> None:
        old, new = (convert(swagger({}, {"A": obj(**{name: STRING})})) for name in ("old", "new"))
        merge([old, new])
        assert list(old["components"]["schemas"]["A"]["properties"]) == ["old"]
        assert list(new["components"]["schemas"]["A"]["properties"]) == ["new"]

    def test_a_reference_that_points_nowhere(self) -> None:
        old, new = (convert(swagger({}, {"A": obj(x=obj(a=STRING)), "X": obj()})) for _ in range(2))
        new["components"]["schemas"]["A"]["properties"]["x"] = {"$ref": "#/components/schemas/Nowhere"}
        with pytest.raises(CodegenError, match="'Nowhere' is referred to and not described"):
            merge([old, new])


class TestOperations:
    """Operations, parameters, bodies and replies."""

    def test_operations_that_are_gone_are_kept(self) -> None:
        done = merged(swagger({"/a": {"get": operation("Old")}}), swagger({"/a": {"post": operation("New")}}))
        assert {(p, m): op["operationId"] for p, m, op in operations(done)} == {
            ("/a", "get"): "Old",
            ("/a", "post"): "New",
        }

    def test_a_path_parameter_that_was_renamed_is_the_same_place(self) -> None:
        old, new = (
            swagger(
                {
                    f"/a/{{{name}}}": {
                        "get": operation(
                            "A", parameters=[{"name": name, "in": "path", "type": "string", "required": True}]
                        )
                    }
                }
            )
            for name in ("name", "id")
        )
        done = merged(old, new)
        assert list(done["paths"]) == ["/a/{id}"]
        assert [p["name"] for p in done["paths"]["/a/{id}"]["get"]["parameters"]] == ["id"]

    def test_an_operation_that_has_moved_is_one(self) -> None:
        in_path = {"name": "name", "in": "path", "type": "string", "required": True}
        old = swagger({"/a": {"post": operation("A", parameters=[query("name", required=True), query("x")])}})
        new = swagger({"/a/{name}": {"post": operation("A", parameters=[in_path])}})
        done = merged(old, new)
        assert list(done["paths"]) == ["/a/{name}"]
        found = done["paths"]["/a/{name}"]["post"]["parameters"]
        assert [(p["name"], p["in"]) for p in found] == [("name", "path"), ("x", "query")]

    def test_parameters_that_are_gone_are_kept_and_never_required(self) -> None:
        done = merged_operation(
            operation("A", parameters=[query("old", required=True), query("both")]),
            operation("A", parameters=[query("both", required=True)]),
        )
        assert [(p["name"], p["required"]) for p in done["parameters"]] == [("both", True), ("old", False)]

    def test_enum_values_of_parameters_are_kept(self) -> None:
        old, new = (query("p", enum=[value]) for value in ("old", "new"))
        done = merged_operation(operation("A", parameters=[old]), operation("A", parameters=[new]))
        assert done["parameters"][0]["schema"]["enum"] == ["new", "old"]

    def test_replies_of_all_ages_are_kept(self) -> None:
        done = merged_operation(
            operation("A", responses={"200": {"schema": STRING}, "404": {}}),
            operation("A", responses={"200": {}, "201": {"schema": INTEGER}}),
        )
        assert set(done["responses"]) == {"200", "201", "404"}
        assert done["responses"]["200"]["content"]["application/json"]["schema"] == STRING

    def test_a_body_that_is_gone_is_kept_and_not_required(self) -> None:
        body = {"name": "body", "in": "body", "required": True, "schema": {"type": "object"}}
        done = merged_operation(operation("A", parameters=[body]), operation("A"))
        assert done["requestBody"]["required"] is False

    def test_properties_of_bodies_are_merged(self) -> None:
        old, new = (
            {"name": "body", "in": "body", "schema": {"type": "array", "items": obj(**{name: STRING})}}
            for name in ("old", "new")
        )
        docs = [swagger({"/things": {"post": operation("A", parameters=[body])}}) for body in (old, new)]
        assert set(merged(*docs)["components"]["schemas"]["ARequestItem"]["properties"]) == {"old", "new"}


class TestRealDescriptions:
    """Nothing that any vendored version has is missing."""

    # Not routed by any engine at hand; a correction says so and takes it out.
    NOT_SERVED = ("/libpod/manifests/{}/add", "post")
    # Called otherwise by the handler; a correction says so and renames it.
    RENAMED = ("ContainerDeleteLibpod", "v")

    @pytest.mark.parametrize(("engine", "prefix"), [("docker", "/"), ("libpod", "/libpod/")])
    def test_have_every_operation_of_every_version(
        self, engine: str, prefix: str, descriptions: dict[str, Description]
    ) -> None:
        doc = descriptions[engine].doc
        places = {(path_shape(path), method) for path, method, _ in operations(doc)}
        ids = {op["operationId"] for _, _, op in operations(doc)}
        lost = [
            (version, path, method)
            for version, path, method, op in real_operations(engine, prefix)
            if (path_shape(path), method) not in places and op["operationId"] not in ids
            if (path_shape(path), method) != self.NOT_SERVED
        ]
        assert lost == []
        assert len(ids) > 100

    @pytest.mark.parametrize(("engine", "prefix"), [("docker", "/"), ("libpod", "/libpod/")])
    def test_have_every_query_parameter_of_every_version(
        self, engine: str, prefix: str, descriptions: dict[str, Description]
    ) -> None:
        known = {
            op["operationId"]: {p["name"] for p in op["parameters"]}
            for _, _, op in operations(descriptions[engine].doc)
        }
        lost = {
            (version, op["operationId"], parameter["name"])
            for version, _, _, op in real_operations(engine, prefix)
            for parameter in op.get("parameters", [])
            if parameter.get("in") == "query" and op["operationId"] in known
            if parameter["name"] not in known[op["operationId"]]
            if (op["operationId"], parameter["name"]) != self.RENAMED
        }
        assert lost == set()

    @pytest.mark.parametrize("engine", ["docker", "libpod"])
    def test_have_every_property_of_every_version(
        self, engine: str, descriptions: dict[str, Description]
    ) -> None:
        merged_ones = descriptions[engine].doc["components"]["schemas"]
        lost = {
            (name, key)
            for version in versions(engine)
            for name, schema in descriptions[engine].versions[version]["components"]["schemas"].items()
            for key in schema.get("properties", {})
            if merged_ones.get(name, {}).get("type") == "object"
            and key not in merged_ones[name].get("properties", {})
        }
        assert lost == set()
