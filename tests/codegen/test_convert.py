"""Swagger 2.0 to OpenAPI 3: one test for each thing that a plain conversion loses or gets wrong."""

from __future__ import annotations

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

    @pytest.mark.parametrize("schema", [{"type": "string"}, {"type": "string", "format": "binary"}])
    def test_errors_of_text_are_json_too(self, schema: Doc) -> None:
        produces = ["text/plain", "application/x-tar"]
        done = one(operation("A", produces=produces, responses={"500": {"schema": schema}}))
        assert content(done["responses"]["500"]) == {JSON: {"schema": schema}}

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
