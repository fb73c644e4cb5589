"""Schemas made plain: one test for each kind that the generator drops, doubles or reads wrongly as it is."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.convert import convert
from codegen.errors import CodegenError
from codegen.specs import Doc
from tests.codegen.mini import one, operation, schemas, swagger

JSON = "application/json"


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
        facts: Doc = {"type": "string", "enum": ["", "no", "always"], "default": "no"}
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
        facts: Doc = {"type": "object", "properties": {"a": {}}}
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
        inline: Doc = {"type": "object", "title": "Thing", "properties": {"a": {}}}
        other: Doc = {"type": "object", "properties": {"b": {}}}
        schema, named = self.convert(inline, Thing=other)
        assert schema == {"$ref": "#/components/schemas/ThingListResponse"}
        assert list(named["Thing"]["properties"]) == ["b"]

    def test_what_is_the_same_as_its_namesake_is_that_component(self) -> None:
        inline: Doc = {"type": "object", "title": "Thing", "properties": {"a": {}}}
        schema, named = self.convert(inline, Thing={"type": "object", "properties": {"a": {}}})
        assert schema == {"$ref": "#/components/schemas/Thing"}
        assert "ThingListResponse" not in named

    def test_two_that_would_have_one_name_are_an_error(self) -> None:
        taken: Doc = {"ThingListResponse": {"type": "object", "properties": {"b": {}}}}
        with pytest.raises(
            CodegenError, match=r"POST /things \(ThingList\): two different.*'ThingListResponse'"
        ):
            self.convert({"type": "object", "properties": {"a": {}}}, **taken)

    def test_bodies_and_errors_are_lifted(self) -> None:
        facts: Doc = {"type": "object", "properties": {"a": {}}}
        done = one(
            operation(
                "ThingCreate",
                parameters=[{"name": "body", "in": "body", "schema": facts}],
                responses={"409": {"schema": {"type": "object", "properties": {"why": {}}}}},
            )
        )
        assert done["requestBody"]["content"][JSON]["schema"] == {
            "$ref": "#/components/schemas/ThingCreateRequest"
        }
        assert done["responses"]["409"]["content"][JSON]["schema"] == {
            "$ref": "#/components/schemas/ThingCreateError409"
        }

    def test_a_shared_reply_names_the_object_in_it(self) -> None:
        reply = {"schema": {"type": "object", "properties": {"Id": {"type": "string"}}}}
        done = one(
            operation("A", responses={"200": {"$ref": "#/responses/containerCreated"}}),
            responses={"containerCreated": reply},
        )
        assert done["responses"]["200"]["content"][JSON]["schema"] == {
            "$ref": "#/components/schemas/ContainerCreated"
        }
