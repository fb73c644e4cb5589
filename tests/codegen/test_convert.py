"""Swagger 2.0 to OpenAPI 3: one test for each thing that a plain conversion loses or gets wrong."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.convert import convert
from codegen.errors import CodegenError
from codegen.specs import Doc
from tests.codegen.mini import one, operation, query, schemas, swagger

JSON = "application/json"
ERROR_REF = {"$ref": "#/definitions/ErrorResponse"}


def content(part: Doc) -> Doc:
    found: Doc = part["content"]
    return found


class TestMediaTypes:
    """Which media type a body has: one, and the one that is true."""

    def test_errors_are_json_whatever_is_produced(self) -> None:
        done = one(
            operation(
                "ThingExport",
                produces=["application/x-tar"],
                responses={
                    "200": {"schema": {"type": "string", "format": "binary"}},
                    "404": {"schema": ERROR_REF},
                    "500": {"schema": ERROR_REF},
                },
            )
        )
        assert list(content(done["responses"]["200"])) == ["application/x-tar"]
        for status in ("404", "500"):
            assert content(done["responses"][status]) == {
                JSON: {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}
            }

    @pytest.mark.parametrize(
        "produces",
        [
            "application/x-tar",
            "application/vnd.docker.raw-stream",
            "application/vnd.docker.multiplexed-stream",
            "application/octet-stream",
        ],
    )
    def test_bytes_keep_theirs(self, produces: str) -> None:
        reply = {"type": "string", "format": "binary"}
        done = one(operation("ThingLogs", reply, produces=[JSON, produces]))
        assert content(done["responses"]["200"]) == {produces: {"schema": reply}}

    @pytest.mark.parametrize(
        "produces",
        [
            "application/jsonl",
            "application/x-ndjson",
            "application/json-seq",
            "application/x-tar",
            "text/plain",
        ],
    )
    def test_what_has_a_structure_is_json(self, produces: str) -> None:
        done = one(operation("ThingEvents", ERROR_REF, produces=[produces]))
        assert list(content(done["responses"]["200"])) == [JSON]

    def test_text_is_text_where_text_is_produced(self) -> None:
        text = {"type": "string"}
        assert list(content(one(operation("A", text, produces=["text/plain"]))["responses"]["200"])) == [
            "text/plain"
        ]
        assert list(content(one(operation("A", text, produces=[JSON]))["responses"]["200"])) == [JSON]

    def test_the_file_s_own_media_types_apply_where_the_operation_has_none(self) -> None:
        binary = {"type": "string", "format": "binary"}
        body = {"name": "body", "in": "body", "schema": binary}
        done = one(
            operation("A", binary, parameters=[body]),
            produces=["application/x-tar"],
            consumes=["application/zip"],
        )
        assert list(content(done["responses"]["200"])) == ["application/x-tar"]
        assert list(content(done["requestBody"])) == ["application/zip"]

    @pytest.mark.parametrize(
        "schema",
        [ERROR_REF, {"type": "object"}, {"type": "array", "items": {"type": "string"}}],
    )
    def test_a_structured_body_is_json_alone_of_several(self, schema: Doc) -> None:
        body = {"name": "body", "in": "body", "schema": schema, "required": True}
        done = one(
            operation("A", parameters=[body], consumes=["application/octet-stream", JSON, "text/plain"])
        )
        assert list(content(done["requestBody"])) == [JSON]
        assert done["requestBody"]["required"] is True

    @pytest.mark.parametrize(
        ("consumes", "media"),
        [
            (["application/x-tar"], "application/x-tar"),
            ([JSON, "application/x-tar"], "application/x-tar"),
            ([JSON, "text/plain"], "application/octet-stream"),
        ],
    )
    def test_a_body_of_bytes_is_sent_as_bytes(self, consumes: list[str], media: str) -> None:
        body = {"name": "body", "in": "body", "schema": {"type": "string"}}
        done = one(operation("A", parameters=[body], consumes=consumes))
        assert content(done["requestBody"]) == {media: {"schema": {"type": "string", "format": "binary"}}}


class TestSchemas:
    """Schemas that the generator drops, doubles or reads wrongly as they are."""

    def test_enum_and_default_on_a_map_go(self) -> None:
        done = schemas(
            {
                "Config": {
                    "type": "object",
                    "properties": {
                        "ExposedPorts": {
                            "type": "object",
                            "additionalProperties": {"type": "object", "enum": [{}], "default": {}},
                            "default": {},
                            "enum": [{}],
                        }
                    },
                }
            }
        )
        assert done["Config"]["properties"]["ExposedPorts"] == {
            "type": "object",
            "additionalProperties": {"type": "object"},
        }

    def test_enums_of_values_stay_without_their_default(self) -> None:
        facts = {"type": "string", "enum": ["", "no", "always"], "default": "no"}
        assert schemas({"Policy": facts})["Policy"] == {"type": "string", "enum": ["", "no", "always"]}

    def test_all_of_alone_is_the_reference(self) -> None:
        done = schemas(
            {
                "A": {"type": "object", "properties": {"x": {"allOf": [{"$ref": "#/definitions/B"}]}}},
                "B": {"type": "object"},
            }
        )
        assert done["A"]["properties"]["x"] == {"$ref": "#/components/schemas/B"}

    def test_all_of_with_siblings_is_one_object(self) -> None:
        done = schemas(
            {
                "Parent": {
                    "type": "object",
                    "required": ["a"],
                    "properties": {
                        "a": {"type": "string"},
                        "m": {"type": "object", "additionalProperties": {"type": "string"}},
                    },
                },
                "Child": {
                    "allOf": [{"$ref": "#/definitions/Parent"}, {"required": ["c"]}],
                    "properties": {"c": {"type": "integer"}},
                    "required": ["nowhere"],
                },
            }
        )
        assert done["Child"] == {
            "type": "object",
            "properties": {
                "a": {"type": "string"},
                "m": {"type": "object", "additionalProperties": {"type": "string"}},
                "c": {"type": "integer"},
            },
            "required": ["a", "c"],
        }

    def test_all_of_keeps_the_values_of_a_map(self) -> None:
        done = schemas(
            {
                "A": {
                    "allOf": [
                        {"properties": {"a": {"type": "string"}}},
                        {"additionalProperties": {"type": "integer", "x-nullable": True}},
                    ]
                }
            }
        )
        assert done["A"]["additionalProperties"] == {"type": "integer"}
        assert done["A"]["x-nullable-values"] is True

    def test_all_of_through_another_all_of(self) -> None:
        done = schemas(
            {
                "A": {"type": "object", "properties": {"a": {"type": "string"}}},
                "B": {"allOf": [{"$ref": "#/definitions/A"}, {"properties": {"b": {"type": "string"}}}]},
                "C": {"allOf": [{"$ref": "#/definitions/B"}, {"properties": {"c": {"type": "string"}}}]},
            }
        )
        assert list(done["C"]["properties"]) == ["a", "b", "c"]

    def test_null_is_said_nowhere_but_of_the_values_of_maps(self) -> None:
        done = schemas(
            {
                "Thing": {
                    "type": "object",
                    "x-nullable": True,
                    "properties": {
                        "a": {"type": "string", "x-nullable": True},
                        "ports": {
                            "type": "object",
                            "additionalProperties": {
                                "type": "array",
                                "x-nullable": True,
                                "items": {"type": "string"},
                            },
                        },
                    },
                },
            }
        )
        assert done["Thing"]["properties"] == {
            "a": {"type": "string"},
            "ports": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
                "x-nullable-values": True,
            },
        }
        assert "x-nullable" not in done["Thing"]

    @pytest.mark.parametrize(
        ("facts", "result"),
        [
            ({"type": "string", "format": "dateTime"}, {"type": "string", "format": "date-time"}),
            ({"type": "string", "format": "date-time"}, {"type": "string", "format": "date-time"}),
            ({"type": "string", "format": "binary"}, {"type": "string", "format": "binary"}),
            ({"type": "file"}, {"type": "string", "format": "binary"}),
            ({"type": "string", "format": "ip-address"}, {"type": "string"}),
            ({"type": "string", "format": "uuid"}, {"type": "string"}),
            ({"type": "integer", "format": "dateTime"}, {"type": "integer"}),
            ({"type": "integer", "format": "int64"}, {"type": "integer"}),
            ({"properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
            (
                {"additionalProperties": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ),
            ({"type": "object", "additionalProperties": True}, {"type": "object"}),
            ({"type": "array"}, {"type": "array", "items": {}}),
        ],
    )
    def test_types_and_formats(self, facts: Doc, result: Doc) -> None:
        assert schemas({"A": facts})["A"] == result

    def test_required_without_a_property_goes(self) -> None:
        done = schemas({"A": {"type": "object", "properties": {"a": {}}, "required": ["a", "b"]}})
        assert done["A"]["required"] == ["a"]


class TestLifting:
    """Objects that are written in place get a class of their own, and one name in all versions."""

    def convert(self, reply: Doc, **definitions: Any) -> tuple[Doc, Doc]:
        doc = convert(swagger({"/things": {"post": operation("ThingList", reply)}}, definitions))
        return doc["paths"]["/things"]["post"]["responses"]["200"]["content"][JSON]["schema"], doc[
            "components"
        ]["schemas"]

    def test_a_reply_is_named_by_its_operation(self) -> None:
        schema, named = self.convert({"type": "object", "properties": {"a": {"type": "string"}}})
        assert schema == {"$ref": "#/components/schemas/ThingListResponse"}
        assert named["ThingListResponse"]["properties"] == {"a": {"type": "string"}}

    def test_a_title_that_is_a_name_names_it_and_a_sentence_does_not(self) -> None:
        facts = {"type": "object", "properties": {"a": {}}}
        assert self.convert({**facts, "title": "ThingSummary"})[0] == {
            "$ref": "#/components/schemas/ThingSummary"
        }
        schema, _ = self.convert({**facts, "title": "A list of all the things"})
        assert schema == {"$ref": "#/components/schemas/ThingListResponse"}

    def test_the_items_of_a_list_are_lifted(self) -> None:
        schema, named = self.convert({"type": "array", "items": {"type": "object", "properties": {"a": {}}}})
        assert schema == {"type": "array", "items": {"$ref": "#/components/schemas/ThingListResponseItem"}}
        assert "ThingListResponseItem" in named

    def test_a_name_that_a_component_has_is_not_taken_from_it(self) -> None:
        inline = {"type": "object", "title": "Thing", "properties": {"a": {}}}
        other = {"type": "object", "properties": {"b": {}}}
        schema, named = self.convert(inline, Thing=other)
        assert schema == {"$ref": "#/components/schemas/ThingListResponse"}
        assert list(named["Thing"]["properties"]) == ["b"]

    def test_what_is_the_same_as_its_namesake_is_that_component(self) -> None:
        inline = {"type": "object", "title": "Thing", "properties": {"a": {}}}
        schema, named = self.convert(inline, Thing={"type": "object", "properties": {"a": {}}})
        assert schema == {"$ref": "#/components/schemas/Thing"}
        assert "ThingListResponse" not in named

    def test_two_that_would_have_one_name_are_an_error(self) -> None:
        taken = {"ThingListResponse": {"type": "object", "properties": {"b": {}}}}
        with pytest.raises(
            CodegenError, match=r"POST /things \(ThingList\): two different.*'ThingListResponse'"
        ):
            self.convert({"type": "object", "properties": {"a": {}}}, **taken)

    def test_bodies_and_errors_are_lifted(self) -> None:
        facts = {"type": "object", "properties": {"a": {}}}
        done = one(
            operation(
                "ThingCreate",
                parameters=[{"name": "body", "in": "body", "schema": facts}],
                responses={"409": {"schema": {"type": "object", "properties": {"why": {}}}}},
            )
        )
        assert content(done["requestBody"])[JSON]["schema"] == {
            "$ref": "#/components/schemas/ThingCreateRequest"
        }
        assert content(done["responses"]["409"])[JSON]["schema"] == {
            "$ref": "#/components/schemas/ThingCreateError409"
        }

    def test_a_shared_reply_names_the_object_in_it(self) -> None:
        reply = {"schema": {"type": "object", "properties": {"Id": {"type": "string"}}}}
        done = one(
            operation("A", responses={"200": {"$ref": "#/responses/containerCreated"}}),
            responses={"containerCreated": reply},
        )
        assert content(done["responses"]["200"])[JSON]["schema"] == {
            "$ref": "#/components/schemas/ContainerCreated"
        }


class TestReplies:
    """Replies with a form of their own."""

    def test_a_reply_under_schema_is_that_reply(self) -> None:
        shared = {"notThere": {"schema": ERROR_REF}}
        done = one(
            operation("A", responses={"404": {"schema": {"$ref": "#/responses/notThere"}}}), responses=shared
        )
        assert content(done["responses"]["404"])[JSON]["schema"] == {
            "$ref": "#/components/schemas/ErrorResponse"
        }

    def test_an_error_whose_schema_was_but_prose_has_none(self) -> None:
        done = one(operation("A", responses={"400": {"schema": {}}, "200": {"schema": {}}}))
        assert "content" not in done["responses"]["400"]
        assert content(done["responses"]["200"]) == {JSON: {"schema": {}}}

    def test_not_modified_has_no_body_and_headers_are_noted(self) -> None:
        done = one(
            operation("A", responses={"304": {"schema": ERROR_REF}, "200": {"headers": {"B": {}, "A": {}}}})
        )
        assert done["responses"]["304"] == {"description": ""}
        assert done["responses"]["200"]["x-headers"] == ["A", "B"]


class TestParameters:
    """Parameters: no defaults, none lost."""

    def test_no_default_is_taken_over(self) -> None:
        done = one(operation("A", parameters=[query("t", type="integer", default=10, minimum=0)]))
        assert done["parameters"] == [
            {"name": "t", "in": "query", "required": False, "schema": {"type": "integer"}}
        ]

    def test_shared_ones_are_taken_unless_the_operation_has_its_own(self) -> None:
        doc = swagger(
            {
                "/a/{id}": {
                    "get": operation(
                        "A", parameters=[query("b", type="boolean"), {"$ref": "#/parameters/c"}]
                    ),
                    "parameters": [{"name": "id", "in": "path", "type": "string"}, query("b"), query("d")],
                }
            },
            parameters={"c": query("c", required=True)},
        )
        found = convert(doc)["paths"]["/a/{id}"]["get"]["parameters"]
        assert [(p["name"], p["schema"]["type"], p["required"]) for p in found] == [
            ("b", "boolean", False),
            ("c", "string", True),
            ("id", "string", True),
            ("d", "string", False),
        ]


class TestErrors:
    """What would be lost is an error that names the operation."""

    @pytest.mark.parametrize(
        ("broken", "said"),
        [
            (
                operation("A", {"$ref": "#/definitions/Nowhere"}),
                r"\(A\): the schema #/definitions/Nowhere points",
            ),
            (
                operation("A", responses={"200": {"$ref": "#/responses/no"}}),
                r"\(A\): #/responses/no points nowhere",
            ),
            (
                operation("A", parameters=[{"$ref": "#/parameters/no"}]),
                r"\(A\): #/parameters/no points nowhere",
            ),
            (
                operation("A", parameters=[query("f", **{"in": "formData"})]),
                r"\(A\): parameter 'f' is in 'formData'",
            ),
            (operation("A", responses={"default": {}}), r"\(A\): a reply has the status 'default'"),
            ({"tags": ["t"], "responses": {}}, r"POST /things has no operationId"),
        ],
    )
    def test_names_the_operation(self, broken: Doc, said: str) -> None:
        with pytest.raises(CodegenError, match=said):
            one(broken)

    def test_a_reference_between_schemas_that_points_nowhere(self) -> None:
        with pytest.raises(CodegenError, match="#/definitions/Nowhere points nowhere"):
            schemas({"A": {"allOf": [{"$ref": "#/definitions/Nowhere"}, {"properties": {"a": {}}}]}})

    def test_only_what_is_below_the_prefix_is_taken(self) -> None:
        doc = swagger({"/libpod/a": {"get": operation("A")}, "/b": {"get": operation("B")}})
        assert list(convert(doc, prefix="/libpod/")["paths"]) == ["/libpod/a"]
