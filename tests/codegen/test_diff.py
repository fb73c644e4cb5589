"""What lies between two versions of an API: every kind of change, on small descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen import diff, yamlio

if TYPE_CHECKING:
    from codegen.diff import Change
    from codegen.yamlio import JsonMap

Told = tuple[str, str, str, str, bool]


def document(text: str) -> JsonMap:
    data = yamlio.parse(text, "test")
    assert isinstance(data, dict)
    return data


def told(changes: list[Change]) -> list[Told]:
    return [(c.kind, c.name, c.what, c.detail, c.breaking) for c in changes]


def api(operation: str = "{responses: {}}", definitions: str = "{}", path: str = "/things/{id}") -> JsonMap:
    """Return a description with one operation, `POST /things/{id}`, and its definitions."""
    data = document(f"{{post: {operation}}}")
    assert isinstance(data["post"], dict)
    data["post"].setdefault("operationId", "ThingPost")
    return {"swagger": "2.0", "paths": {path: data}, "definitions": document(definitions)}


def with_parameters(parameters: str) -> JsonMap:
    return api(f"{{parameters: [{parameters}], responses: {{}}}}")


def sent(schema: str, definitions: str = "{}") -> JsonMap:
    return api(f"{{parameters: [{{in: body, name: body, schema: {schema}}}], responses: {{}}}}", definitions)


def received(schema: str, definitions: str = "{}") -> JsonMap:
    return api(f"{{responses: {{'200': {{schema: {schema}}}}}}}", definitions)


REF = "{$ref: '#/definitions/Thing'}"


class TestOperations:
    def test_added_and_removed(self) -> None:
        old, new = api(path="/old"), api(path="/new")
        assert told(diff.compare(old, new)) == [
            ("added", "POST /new", "", "", False),
            ("removed", "POST /old", "", "", True),
        ]

    def test_a_renamed_path_parameter_is_the_same_operation(self) -> None:
        parameters = "{parameters: [{in: path, name: NAME, type: string, required: true}], responses: {}}"
        old = api(parameters.replace("NAME", "id"), path="/things/{id}")
        new = api(parameters.replace("NAME", "name"), path="/things/{name}")
        assert told(diff.compare(old, new)) == [
            ("changed", "POST /things/{name}", "path parameter name", "was called id", False)
        ]

    def test_id_and_deprecation(self) -> None:
        new = api("{operationId: ThingSend, deprecated: true, responses: {}}")
        assert [(c.what, c.detail, c.breaking) for c in diff.compare(api(), new)] == [
            ("operation id", "ThingPost → ThingSend", False),
            ("operation", "now deprecated", False),
        ]

    def test_content_types_and_statuses(self) -> None:
        old = api("{produces: [a/a, b/b], responses: {'200': {}, '404': {}}}")
        new = api("{produces: [b/b, c/c], responses: {'201': {}, '404': {}}}")
        assert [(c.kind, c.what, c.detail, c.breaking) for c in diff.compare(old, new)] == [
            ("removed", "reply status", "200", True),
            ("added", "reply status", "201", False),
            ("removed", "reply content type", "a/a", True),
            ("added", "reply content type", "c/c", False),
        ]

    def test_request_content_types(self) -> None:
        body = "parameters: [{in: body, name: b, schema: {}}], responses: {}"
        old, new = api(f"{{consumes: [a/a], {body}}}"), api(f"{{consumes: [b/b], {body}}}")
        assert [(c.kind, c.what, c.detail, c.breaking) for c in diff.compare(old, new)] == [
            ("removed", "request content type", "a/a", True),
            ("added", "request content type", "b/b", False),
        ]

    def test_reply_bodies_and_headers(self) -> None:
        old = api("{responses: {'200': {schema: {type: string}, headers: {A: {type: string, default: x}}}}}")
        new = api("{responses: {'200': {headers: {A: {type: integer}, B: {type: string}}}}}")
        assert [(c.kind, c.what, c.detail, c.breaking) for c in diff.compare(old, new)] == [
            ("removed", "reply 200 body", "string", True),
            ("changed", "reply 200 header A", "string → integer", True),
            ("added", "reply 200 header B", "string", False),
        ]
        back = [(c.kind, c.what, c.breaking) for c in diff.compare(new, old)]
        assert ("added", "reply 200 body", False) in back
        assert ("removed", "reply 200 header B", True) in back

    def test_a_shared_reply_and_parameter_are_looked_up(self) -> None:
        old = api(
            "{parameters: [{in: query, name: q, type: string}], responses: {'200': {schema: {type: string}}}}"
        )
        new = api("{parameters: [{$ref: '#/parameters/q'}], responses: {'200': {$ref: '#/responses/r'}}}")
        new["parameters"] = document("q: {in: query, name: q, type: string}")
        new["responses"] = document("r: {schema: {type: string}}")
        assert diff.compare(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "{in: query, name: q, type: string}", ("added", "query parameter q", "string", False)),
        (
            "",
            "{in: query, name: q, type: string, required: true}",
            ("added", "query parameter q", "string, required", True),
        ),
        ("{in: query, name: q, type: string}", "", ("removed", "query parameter q", "string", True)),
        (
            "{in: query, name: q, type: string}",
            "{in: query, name: q, type: string, required: true}",
            ("changed", "query parameter q", "now required", True),
        ),
        (
            "{in: query, name: q, type: string, required: true}",
            "{in: query, name: q, type: string}",
            ("changed", "query parameter q", "no longer required", False),
        ),
        (
            "{in: query, name: q, type: string}",
            "{in: query, name: q, type: array, items: {type: string}}",
            ("changed", "query parameter q", "string → array of string", True),
        ),
        (
            "{in: query, name: q, type: string}",
            "{in: header, name: q, type: string}",
            ("changed", "parameter q", "in query → in header", True),
        ),
        (
            "{in: query, name: q, type: string, enum: [a, b]}",
            "{in: query, name: q, type: string, enum: [b]}",
            ("removed", "query parameter q value", "a", True),
        ),
        (
            "{in: query, name: q, type: string, enum: [a]}",
            "{in: query, name: q, type: string, enum: [a, '']}",
            ("added", "query parameter q value", '""', False),
        ),
        (
            "{in: query, name: q, type: boolean}",
            "{in: query, name: q, type: boolean, default: true}",
            ("changed", "query parameter q", "default none → true", False),
        ),
        (
            "{in: query, name: q, type: array, items: {type: string}}",
            "{in: query, name: q, type: array, items: {type: string}, collectionFormat: multi}",
            ("changed", "query parameter q", "list format csv → multi", True),
        ),
        ("", "{in: body, name: b, schema: {type: string}}", ("added", "request body", "string", False)),
        (
            "",
            "{in: body, name: b, required: true, schema: {type: string}}",
            ("added", "request body", "string, required", True),
        ),
        ("{in: body, name: b, schema: {type: string}}", "", ("removed", "request body", "string", True)),
        (
            "{in: body, name: b, schema: {}}",
            "{in: body, name: b, required: true, schema: {}}",
            ("changed", "request body", "now required", True),
        ),
    ],
)
def test_parameters(old: str, new: str, expected: tuple[str, str, str, bool]) -> None:
    changes = diff.compare(with_parameters(old), with_parameters(new))
    assert [(c.kind, c.what, c.detail, c.breaking) for c in changes] == [expected]


def test_a_parameter_of_the_same_name_in_another_place_is_an_added_one() -> None:
    old = with_parameters("{in: query, name: q, type: string}")
    new = with_parameters("{in: query, name: q, type: string}, {in: header, name: q, type: string}")
    assert [(c.kind, c.what) for c in diff.compare(old, new)] == [("added", "header parameter q")]


@pytest.mark.parametrize(
    ("old", "new", "expected", "breaks_sent", "breaks_received"),
    [
        ("{}", "{a: {type: string}}", ("added", "property a", "string"), False, False),
        ("{a: {type: string}}", "{}", ("removed", "property a", "string"), True, True),
        (
            "{a: {type: string}}",
            "{a: {type: integer, format: int64}}",
            ("changed", "property a", "string → integer (int64)"),
            True,
            True,
        ),
        ("{a: {type: string}}", "{a: {}}", ("changed", "property a", "string → any"), False, False),
        (
            "{a: {type: string, enum: [x, y]}}",
            "{a: {type: string, enum: [y]}}",
            ("removed", "property a value", "x"),
            True,
            False,
        ),
        (
            "{a: {type: string}}",
            "{a: {type: string, enum: [x, y]}}",
            ("changed", "property a", "now limited to x, y"),
            True,
            False,
        ),
        (
            "{a: {type: string, enum: [x]}}",
            "{a: {type: string}}",
            ("changed", "property a", "no longer limited to x"),
            False,
            False,
        ),
        (
            "{a: {type: string, x-nullable: true}}",
            "{a: {type: string}}",
            ("changed", "property a", "may no longer be null"),
            True,
            False,
        ),
        (
            "{a: {type: string, x-nullable: false}}",
            "{a: {type: string, x-nullable: true}}",
            ("changed", "property a", "may now be null"),
            False,
            False,
        ),
        (
            "{a: {type: integer, minimum: 1}}",
            "{a: {type: integer, maximum: 9}}",
            ("changed", "property a", "minimum 1 → none; maximum none → 9"),
            False,
            False,
        ),
        (
            "{a: {type: array, items: {type: object, properties: {b: {type: string}}}}}",
            "{a: {type: array, items: {type: object, properties: {b: {type: boolean}}}}}",
            ("changed", "property a[].b", "string → boolean"),
            True,
            True,
        ),
        (
            "{a: {additionalProperties: {type: string}}}",
            "{a: {additionalProperties: {type: integer}}}",
            ("changed", "property a{}", "string → integer"),
            True,
            True,
        ),
    ],
)
def test_properties_of_a_definition(
    old: str, new: str, expected: tuple[str, str, str], breaks_sent: bool, breaks_received: bool
) -> None:
    before, after = (f"{{Thing: {{type: object, properties: {text}}}}}" for text in (old, new))
    for make, breaks in ((sent, breaks_sent), (received, breaks_received)):
        changes = diff.compare(make(REF, before), make(REF, after))
        assert told(changes) == [(expected[0], "Thing", expected[1], expected[2], breaks)]
        assert changes[0].operations == ("ThingPost",)


@pytest.mark.parametrize(("make", "breaks"), [(sent, True), (received, False)])
def test_required_properties_break_those_who_send_them(make: object, breaks: bool) -> None:
    make_api = sent if make is sent else received
    old = "{type: object, properties: {a: {type: string}}}"
    new = "{type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}"
    where = "request body" if breaks else "reply 200"
    assert [(c.kind, c.what, c.detail, c.breaking) for c in diff.compare(make_api(old), make_api(new))] == [
        ("changed", f"{where}.a", "now required", breaks),
        ("added", f"{where}.b", "string, required", breaks),
    ]


class TestNoNoise:
    @pytest.mark.parametrize(
        ("old", "new", "definitions"),
        [
            ("{type: object, properties: {a: {type: string}}}", REF, "OBJECT"),
            (REF, "{allOf: [{$ref: '#/definitions/Thing'}]}", "OBJECT"),
            (
                "{type: array, items: {properties: {a: {type: string}}}}",
                f"{{type: array, items: {REF}}}",
                "OBJECT",
            ),
            ("{type: string, format: dateTime}", "{type: string, format: date-time}", "{}"),
            (
                "{properties: {a: {type: string}, b: {type: integer}}}",
                f"{{allOf: [{REF}, {{properties: {{b: {{type: integer}}}}}}]}}",
                "OBJECT",
            ),
            (
                "{additionalProperties: {type: object, enum: [{}]}}",
                "{additionalProperties: {type: object}}",
                "{}",
            ),
        ],
    )
    def test_another_way_to_write_the_same_is_no_change(self, old: str, new: str, definitions: str) -> None:
        known = definitions.replace("OBJECT", "{Thing: {type: object, properties: {a: {type: string}}}}")
        for make in (sent, received):
            assert diff.compare(make(old, known), make(new, known)) == []
            assert diff.compare(make(new, known), make(old, known)) == []

    def test_a_renamed_definition_is_no_change_and_what_it_gained_is(self) -> None:
        old = received(REF, "{Thing: {properties: {a: {type: string}}}}")
        reference = "{$ref: '#/definitions/Item'}"
        assert diff.compare(old, received(reference, "{Item: {properties: {a: {type: string}}}}")) == []
        new = received(reference, "{Item: {properties: {a: {type: string}, b: {type: string}}}}")
        assert told(diff.compare(old, new)) == [
            ("added", "Item (in place of Thing)", "property b", "string", False)
        ]

    def test_another_definition_with_other_properties_is_another_type(self) -> None:
        both = "{Thing: {properties: {a: {type: string}}}, Item: {properties: {b: {type: string}}}}"
        new = received("{$ref: '#/definitions/Item'}", both)
        assert told(diff.compare(received(REF, both), new)) == [
            ("changed", "POST /things/{id}", "reply 200", "Thing → Item", True)
        ]

    def test_a_definition_is_told_once_with_its_nearest_users_first(self) -> None:
        def shared(properties: str) -> JsonMap:
            data = document(
                """
                swagger: "2.0"
                paths:
                  /a: {get: {operationId: Far, responses: {"200": {schema: {$ref: "#/definitions/Outer"}}}}}
                  /b: {get: {operationId: Near, responses: {"200": {schema: {$ref: "#/definitions/Thing"}}}}}
                  /c: {post: {operationId: Send, responses: {}, parameters: [
                    {in: body, name: b, schema: {$ref: "#/definitions/Thing"}}]}}
                definitions:
                  Outer: {properties: {inner: {$ref: "#/definitions/Thing"}}}
                """
            )
            assert isinstance(data["definitions"], dict)
            data["definitions"]["Thing"] = document(f"{{properties: {properties}}}")
            return data

        (change,) = diff.compare(shared("{}"), shared("{self: {$ref: '#/definitions/Thing'}}"))
        assert (change.name, change.what, change.detail) == ("Thing", "property self", "Thing")
        assert change.operations == ("Near", "Send", "Far")
        assert change.directions == ("request", "response")

    def test_definitions_that_refer_to_themselves_end(self) -> None:
        loop = "{Thing: {allOf: [{$ref: '#/definitions/Thing'}, {properties: {a: {type: string}}}]}}"
        flat = "{Thing: {properties: {a: {type: string}}}}"
        assert diff.compare(received(REF, loop), received(REF, flat)) == []
        alias = "{Thing: {$ref: '#/definitions/Other'}, Other: {$ref: '#/definitions/Thing'}}"
        assert diff.compare(received(REF, alias), received(REF, alias)) == []

    def test_the_same_description_has_no_differences(self) -> None:
        assert diff.diff("docker", "1.51", "v1.51").changes == []
