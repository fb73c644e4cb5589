"""Since when and until when: by handmade versions, and by facts of the vendored files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.availability import Table, Window, availability
from codegen.convert import operations
from codegen.describe import describe
from codegen.paths import path_shape
from codegen.specs import versions
from tests.codegen.mini import operation, overlay, query, real_operations, swagger, vendor

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.describe import Description
    from codegen.specs import Doc

STRING: Doc = {"type": "string"}


@pytest.fixture(scope="module")
def tables(descriptions: dict[str, Description]) -> dict[str, Table]:
    """The real tables."""
    return {engine: availability(description) for engine, description in descriptions.items()}


def obj(**properties: Doc) -> Doc:
    return {"type": "object", "properties": properties}


def ref(name: str) -> Doc:
    return {"$ref": f"#/definitions/{name}"}


def body(schema: Doc) -> Doc:
    return {"name": "body", "in": "body", "schema": schema}


def table(spec: Path, *docs: Doc) -> Table:
    """The table of versions 1.8, 1.9, 1.10, …."""
    for number, doc in enumerate(docs, 8):
        vendor(spec, "docker", f"1.{number}", doc)
    return availability(describe("docker", spec))


def things(*parameters: Doc, reply: Doc | None = None, definitions: Doc | None = None) -> Doc:
    made = operation("ThingPost", reply, parameters=list(parameters))
    return swagger({"/things": {"post": made}}, definitions)


class TestOperationsAndParameters:
    """Windows of three versions."""

    def test_operations(self, tmp_path: Path) -> None:
        def having(*names: str) -> Doc:
            return swagger({f"/{name}": {"get": operation(name)} for name in names})

        found = table(
            tmp_path,
            having("Always", "Gone", "Blinks"),
            having("Always", "Gone", "Brief"),
            having("Always", "New", "Blinks"),
        )
        assert (found.oldest, found.newest) == ("1.8", "1.10")
        assert found.operations == {
            "Always": Window("1.8", None),
            "Blinks": Window("1.8", None),
            "Brief": Window("1.9", "1.9"),
            "Gone": Window("1.8", "1.9"),
            "New": Window("1.10", None),
        }

    def test_parameters_are_told_where_they_differ_from_their_operation(self, tmp_path: Path) -> None:
        new = operation("New", parameters=[query("with")])
        docs = [
            things(query("always"), query("gone")),
            things(query("always"), query("gone"), query("new")),
            things(query("always"), query("new")),
        ]
        docs[2]["paths"]["/new"] = {"get": new}
        assert table(tmp_path, *docs).parameters == {
            "ThingPost.gone": Window("1.8", "1.9"),
            "ThingPost.new": Window("1.9", None),
        }

    def test_a_renamed_path_parameter_is_no_change(self, tmp_path: Path) -> None:
        def named(name: str) -> Doc:
            return swagger(
                {
                    f"/a/{{{name}}}": {
                        "get": operation("A", parameters=[{"name": name, "in": "path", "type": "string"}])
                    }
                }
            )

        found = table(tmp_path, named("name"), named("id"))
        assert found.operations == {"A": Window("1.8", None)}
        assert found.parameters == {}

    def test_an_operation_that_has_moved_is_no_change(self, tmp_path: Path) -> None:
        old = swagger({"/a": {"post": operation("A", parameters=[query("name")])}})
        new = swagger(
            {
                "/a/{name}": {
                    "post": operation("A", parameters=[{"name": "name", "in": "path", "type": "string"}])
                }
            }
        )
        found = table(tmp_path, old, new)
        assert found.operations == {"A": Window("1.8", None)}
        assert found.parameters == {}

    def test_what_a_correction_adds_was_there_always_and_what_it_removes_is_not_told(
        self, tmp_path: Path
    ) -> None:
        why = {"description": "It is so.", "x-seen": "Docker 20.10.24."}
        added = {
            "operationId": "Added",
            "tags": ["t"],
            "parameters": [],
            "responses": {"200": {"description": ""}},
        }
        overlay(
            tmp_path / "patches" / "docker-x.yaml",
            {"target": "$.paths", "update": {"/added": {"get": added}}, **why},
            {"target": "$.paths['/gone']", "remove": True, **why},
        )
        docs = [
            swagger({"/a": {"get": operation("A")}}),
            swagger({"/a": {"get": operation("A")}, "/gone": {"get": operation("Gone")}}),
        ]
        assert table(tmp_path, *docs).operations == {"A": Window("1.8", None), "Added": Window("1.8", None)}


class TestProperties:
    """Windows of properties: of named schemas, of what was lifted, of what is written in place."""

    def test_of_a_schema(self, tmp_path: Path) -> None:
        docs = [
            things(reply=ref("T"), definitions={"T": obj(**dict.fromkeys(names, STRING))})
            for names in (["always", "gone"], ["always", "new"], ["always", "new"])
        ]
        assert table(tmp_path, *docs).properties == {
            "T.gone": Window("1.8", "1.8"),
            "T.new": Window("1.9", None),
        }

    def test_of_a_new_schema_only_the_schema_is_told(self, tmp_path: Path) -> None:
        docs = [
            things(reply=ref("T"), definitions={"T": obj(a=STRING)}),
            things(reply=ref("T"), definitions={"T": obj(a=STRING, u=ref("U")), "U": obj(b=STRING)}),
            things(
                reply=ref("T"), definitions={"T": obj(a=STRING, u=ref("U")), "U": obj(b=STRING, c=STRING)}
            ),
        ]
        assert table(tmp_path, *docs).properties == {
            "T.u": Window("1.9", None),
            "U": Window("1.9", None),
            "U.c": Window("1.10", None),
        }

    def test_of_a_body_that_was_lifted(self, tmp_path: Path) -> None:
        docs = [things(body(obj(a=STRING))), things(body(obj(a=STRING, b=STRING)))]
        assert table(tmp_path, *docs).properties == {"ThingPostRequest.b": Window("1.9", None)}

    def test_of_what_is_written_in_place_within_lists_and_mappings(self, tmp_path: Path) -> None:
        def nested(**more: Doc) -> Doc:
            inner = obj(a=STRING, **more)
            return things(
                reply=ref("T"),
                definitions={
                    "T": obj(
                        x=inner,
                        xs={"type": "array", "items": inner},
                        by={"type": "object", "additionalProperties": inner},
                    )
                },
            )

        assert table(tmp_path, nested(), nested(b=STRING)).properties == {
            f"T.{name}.b": Window("1.9", None) for name in ("by", "x", "xs")
        }

    def test_of_a_schema_that_had_no_name_or_another_before(self, tmp_path: Path) -> None:
        docs = [
            things(body(obj(a=STRING, z=STRING))),
            things(body(ref("OldName")), definitions={"OldName": obj(a=STRING, b=STRING)}),
            things(body(ref("NewName")), definitions={"NewName": obj(a=STRING, b=STRING)}),
        ]
        assert table(tmp_path, *docs).properties == {
            "NewName.b": Window("1.9", None),
            "NewName.z": Window("1.8", "1.8"),
        }

    def test_of_a_schema_that_got_another_class_name(self, tmp_path: Path) -> None:
        def doc(*names: str) -> Doc:
            return swagger(
                {"/a": {"get": operation("A", ref("idR"))}, "/b": {"get": operation("B", ref("IDR"))}},
                {"IDR": obj(x=STRING), "idR": obj(**dict.fromkeys(names, STRING))},
            )

        assert table(tmp_path, doc("a"), doc("a", "b")).properties == {"IdRModel.b": Window("1.9", None)}

    def test_of_a_schema_that_only_a_correction_puts_somewhere(self, tmp_path: Path) -> None:
        overlay(
            tmp_path / "patches" / "docker-x.yaml",
            {
                "target": "$.paths['/things'].post",
                "description": "They flow.",
                "x-seen": "Docker 20.10.24.",
                "update": {"x-stream": {"kind": "json", "item": {"$ref": "#/components/schemas/Item"}}},
            },
        )
        docs = [things(definitions={"Item": obj(**dict.fromkeys(names, STRING))}) for names in ("a", "ab")]
        assert table(tmp_path, *docs).properties == {"Item.b": Window("1.9", None)}

    def test_of_schemas_that_refer_to_themselves(self, tmp_path: Path) -> None:
        docs = [
            things(reply=ref("T"), definitions={"T": obj(t=ref("T"), **dict.fromkeys(names, STRING))})
            for names in ([], ["new"])
        ]
        assert table(tmp_path, *docs).properties == {"T.new": Window("1.9", None)}


class TestRealVersions:
    """The vendored files, read anew without the converter."""

    @pytest.mark.parametrize(("engine", "prefix"), [("docker", "/"), ("libpod", "/libpod/")])
    def test_operations_are_where_the_files_have_them(
        self, engine: str, prefix: str, tables: dict[str, Table], descriptions: dict[str, Description]
    ) -> None:
        order = versions(engine)
        having: dict[str, set[str]] = {}
        places: dict[tuple[str, str], str] = {}
        for version, path, method, op in real_operations(engine, prefix):
            having.setdefault(op["operationId"], set()).add(version)
            places[path_shape(path), method] = op["operationId"]
        for path, method, op in operations(descriptions[engine].doc):
            name = op["operationId"]
            found = having.get(places.get((path_shape(path), method), ""), set(order))
            window = tables[engine].operations[name]
            assert window == Window(
                min(found, key=order.index), None if order[-1] in found else max(found, key=order.index)
            ), name

    @pytest.mark.parametrize(("engine", "prefix"), [("docker", "/"), ("libpod", "/libpod/")])
    def test_nothing_has_gone_and_come_back(self, engine: str, prefix: str) -> None:
        """A window could not tell of it; when this fails, Window's own words have to be thought over."""
        order = versions(engine)
        having: dict[str, list[int]] = {}
        for version, _, _, op in real_operations(engine, prefix):
            having.setdefault(op["operationId"], []).append(order.index(version))
        assert [name for name, at in having.items() if at != list(range(at[0], at[-1] + 1))] == []

    @pytest.mark.parametrize(
        ("engine", "name", "window"),
        [
            ("docker", "ContainerCreate", Window("1.41", None)),
            ("docker", "VolumeUpdate", Window("1.42", None)),
            ("docker", "ImageAttestations", Window("1.55", None)),
            ("libpod", "ContainerCreateLibpod", Window("4.3.1", None)),
            ("libpod", "ManifestCreateLibpod", Window("4.3.1", None)),
            ("libpod", "ArtifactListLibpod", Window("5.6.2", None)),
            ("libpod", "QuadletListLibpod", Window("5.7.1", None)),
            ("libpod", "QuadletInstallLibpod", Window("5.8.2", None)),
        ],
    )
    def test_operations(self, engine: str, name: str, window: Window, tables: dict[str, Table]) -> None:
        assert tables[engine].operations[name] == window

    @pytest.mark.parametrize(
        ("engine", "name", "window"),
        [
            ("docker", "BuildPrune.keep-storage", Window("1.41", "1.51")),
            ("docker", "BuildPrune.reserved-space", Window("1.48", None)),
            ("docker", "ContainerStop.signal", Window("1.42", None)),
            ("docker", "ImagePush.platform", Window("1.46", None)),
            ("libpod", "ContainerRestoreLibpod.leaveRunning", Window("4.3.1", "4.3.1")),
            ("libpod", "ManifestDeleteLibpod.ignore", Window("5.4.2", None)),
        ],
    )
    def test_parameters(self, engine: str, name: str, window: Window, tables: dict[str, Table]) -> None:
        assert tables[engine].parameters[name] == window
        operation_id, _, wire = name.partition(".")
        order = versions(engine)
        having = [
            version
            for version, _, _, op in real_operations(engine, "/libpod/" if engine == "libpod" else "/")
            if op["operationId"] == operation_id and any(p.get("name") == wire for p in op["parameters"])
        ]
        assert having == order[order.index(window.since) : order.index(window.until or order[-1]) + 1]

    @pytest.mark.parametrize(
        ("engine", "name", "window"),
        [
            ("docker", "ContainerCreateRequest.MacAddress", Window("1.41", "1.51")),
            ("docker", "HostConfig.Annotations", Window("1.43", None)),
            ("docker", "HostConfig.KernelMemory", Window("1.41", "1.41")),
            ("docker", "Mount.BindOptions.CreateMountpoint", Window("1.42", None)),
            ("docker", "Mount.ImageOptions", Window("1.48", None)),
            ("docker", "NetworkCreateRequest.EnableIPv4", Window("1.47", None)),
            ("libpod", "SpecGenerator.artifact_volumes", Window("5.6.2", None)),
            ("libpod", "SpecGenerator.cpu_quota", Window("4.3.1", "4.9.5")),
        ],
    )
    def test_properties(self, engine: str, name: str, window: Window, tables: dict[str, Table]) -> None:
        assert tables[engine].properties[name] == window

    def test_what_was_there_always_is_not_told(self, tables: dict[str, Table]) -> None:
        assert "HostConfig.Binds" not in tables["docker"].properties
        assert "ContainerList.all" not in tables["docker"].parameters
        assert sum(len(t.parameters) + len(t.properties) for t in tables.values()) < 700
