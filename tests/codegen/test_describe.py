"""From spec/ to one description: what is dropped, renamed, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.convert import operations
from codegen.describe import Description, describe, references
from codegen.errors import CodegenError
from codegen.specs import versions
from tests.codegen.mini import operation, overlay, swagger, vendor, write_spec

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.specs import Doc


def described(spec: Path, doc: Doc) -> Doc:
    vendor(spec, "docker", "1.9", doc)
    return describe("docker", spec).doc


def ref(name: str) -> Doc:
    return {"$ref": f"#/definitions/{name}"}


class TestDescribe:
    """The steps from the files to the description."""

    def test_versions_are_merged_in_the_order_of_their_numbers(self, tmp_path: Path) -> None:
        for version, kind in (("1.9", "string"), ("1.10", "integer"), ("1.2", "boolean")):
            facts = {"type": "object", "properties": {"a": {"type": kind}}}
            vendor(
                tmp_path, "docker", version, swagger({"/a": {"get": operation("A", ref("T"))}}, {"T": facts})
            )
        done = describe("docker", tmp_path)
        assert list(done.versions) == ["1.2", "1.9", "1.10"]
        assert done.doc["components"]["schemas"]["T"]["properties"]["a"] == {"type": "integer"}

    def test_libpod_is_only_what_is_below_libpod(self, tmp_path: Path) -> None:
        write_spec(tmp_path)
        assert [op["operationId"] for _, _, op in operations(describe("libpod", tmp_path).doc)] == ["PodList"]

    def test_corrections_are_applied_to_their_engine(self, tmp_path: Path) -> None:
        write_spec(tmp_path)
        assert describe("docker", tmp_path).doc["paths"]["/logs"]["get"]["x-stream"] == {"kind": "frames"}

    def test_schemas_that_nothing_reaches_go(self, tmp_path: Path) -> None:
        facts: Doc = {"type": "object", "properties": {"u": ref("Used")}}
        done = described(
            tmp_path,
            swagger(
                {"/a": {"get": operation("A", ref("T"))}},
                {"T": facts, "Used": {"type": "object"}, "Unused": {"type": "object"}},
            ),
        )
        assert set(done["components"]["schemas"]) == {"T", "Used"}

    def test_tags_are_lower_case_and_without_compat(self, tmp_path: Path) -> None:
        doc = swagger({"/a": {"get": operation("A", tags=["Containers (compat)", "other"])}})
        assert described(tmp_path, doc)["paths"]["/a"]["get"]["tags"] == ["containers"]

    def test_schemas_that_differ_by_case_get_names_of_their_own(self, tmp_path: Path) -> None:
        one, two = ({"type": "object", "properties": {name: {"type": "string"}}} for name in "ab")
        done = described(
            tmp_path,
            swagger(
                {
                    "/a": {"get": operation("A", ref("idResponse"))},
                    "/b": {"get": operation("B", ref("IDResponse"))},
                },
                {"idResponse": one, "IDResponse": two},
            ),
        )
        assert set(done["components"]["schemas"]) == {"IDResponse", "IdResponseModel"}
        assert references(done["paths"]["/a"]) == {"IdResponseModel"}

    def test_schemas_that_differ_by_case_alone_become_one(self, tmp_path: Path) -> None:
        facts = {"type": "object", "properties": {"a": {"type": "string"}}}
        done = described(
            tmp_path,
            swagger(
                {
                    "/a": {"get": operation("A", ref("idResponse"))},
                    "/b": {"get": operation("B", ref("IDResponse"))},
                },
                {"idResponse": facts, "IDResponse": facts},
            ),
        )
        assert set(done["components"]["schemas"]) == {"IDResponse"}
        assert references(done["paths"]) == {"IDResponse"}

    def test_a_schema_may_refer_to_itself(self, tmp_path: Path) -> None:
        facts: Doc = {"type": "object", "properties": {"next": ref("T")}}
        done = described(tmp_path, swagger({"/a": {"get": operation("A", ref("T"))}}, {"T": facts}))
        assert set(done["components"]["schemas"]) == {"T"}


class TestRefused:
    """What is an error, and names the file or the place."""

    def test_no_descriptions(self, tmp_path: Path) -> None:
        with pytest.raises(
            CodegenError, match=r"no vendored description of 'docker' below .*vendor one with"
        ):
            describe("docker", tmp_path)

    def test_a_file_that_no_version_names(self, tmp_path: Path) -> None:
        write_spec(tmp_path)
        (tmp_path / "docker" / "v1.x.yaml").write_text("a: 1\n")
        with pytest.raises(CodegenError, match=r"holds v1\.x\.yaml; expected files named by a version"):
            versions("docker", tmp_path)

    def test_a_conversion_that_fails_names_the_version(self, tmp_path: Path) -> None:
        with pytest.raises(
            CodegenError, match=r"^docker 1\.9: GET /a \(A\): the schema #/definitions/No points"
        ):
            described(tmp_path, swagger({"/a": {"get": operation("A", ref("No"))}}))

    def test_a_correction_that_refers_to_nothing(self, tmp_path: Path) -> None:
        write_spec(tmp_path)
        action: Doc = {
            "target": "$.paths['/logs'].get",
            "description": "It has an item.",
            "x-seen": "Docker 1.",
            "update": {"x-stream": {"kind": "json", "item": {"$ref": "#/components/schemas/Nowhere"}}},
        }
        overlay(tmp_path / "patches" / "docker-zz.yaml", action)
        with pytest.raises(CodegenError, match="'Nowhere' is referred to and not described"):
            describe("docker", tmp_path)

    def test_one_id_for_two_operations(self, tmp_path: Path) -> None:
        doc = swagger({"/a": {"get": operation("A"), "post": operation("A")}})
        with pytest.raises(CodegenError, match=r"operationId A is there more than once, at GET /a, POST /a"):
            described(tmp_path, doc)

    def test_two_schemas_that_would_have_one_name(self, tmp_path: Path) -> None:
        facts = [{"type": "object", "properties": {name: {"type": "string"}}} for name in "abc"]
        doc = swagger(
            {f"/{n}": {"get": operation(f"Op{i}", ref(n))} for i, n in enumerate(["IdR", "idR", "IdRModel"])},
            {"IdR": facts[0], "idR": facts[1], "IdRModel": facts[2]},
        )
        with pytest.raises(CodegenError, match="'idR' and 'IdRModel' would both be called 'IdRModel'"):
            described(tmp_path, doc)


class TestRealDescriptions:
    """The operations that a plain conversion loses are there with their bodies."""

    @pytest.mark.parametrize(
        ("path", "media", "schema"),
        [
            ("/containers/create", "application/json", "ContainerCreateRequest"),
            ("/commit", "application/json", "ContainerConfig"),
            ("/images/load", "application/x-tar", None),
            ("/plugins/create", "application/x-tar", None),
            ("/images/create", "application/octet-stream", None),
        ],
    )
    def test_docker_bodies(
        self, path: str, media: str, schema: str | None, descriptions: dict[str, Description]
    ) -> None:
        body = descriptions["docker"].doc["paths"][path]["post"]["requestBody"]["content"]
        wanted: Doc = (
            {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string", "format": "binary"}
        )
        assert body == {media: {"schema": wanted}}

    @pytest.mark.parametrize(
        ("path", "media", "schema"),
        [
            ("/libpod/containers/create", "application/json", "SpecGenerator"),
            ("/libpod/images/load", "application/x-tar", None),
            ("/libpod/images/import", "application/x-tar", None),
            ("/libpod/pods/create", "application/json", "PodSpecGenerator"),
        ],
    )
    def test_libpod_bodies(
        self, path: str, media: str, schema: str | None, descriptions: dict[str, Description]
    ) -> None:
        body = descriptions["libpod"].doc["paths"][path]["post"]["requestBody"]["content"]
        wanted: Doc = (
            {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string", "format": "binary"}
        )
        assert body == {media: {"schema": wanted}}
