"""The generator run: its warnings are errors, nothing is left out, and the modules say what the description says."""

from __future__ import annotations

import ast
import shutil
from typing import TYPE_CHECKING

import pytest

from codegen import yamlio
from codegen.convert import operations
from codegen.describe import Description, describe
from codegen.docs import Docs
from codegen.errors import CodegenError
from codegen.finish import finish
from codegen.generate import TEMPLATES, generate
from tests.codegen.mini import operation, overlay, query, swagger, vendor

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.specs import Doc

WHY = {"description": "It is so.", "x-seen": "Docker 20.10.24."}


def generated(folder: Path, doc: Doc, *patches: Doc, templates: Path = TEMPLATES) -> Path:
    """The bindings of a description, where each operation has some words."""
    spec = folder / "spec"
    vendor(spec, "docker", "1.9", doc)
    if patches:
        overlay(spec / "patches" / "docker-x.yaml", *({**WHY, **patch} for patch in patches))
    description = describe("docker", spec)
    texts: yamlio.Json = {
        op["operationId"]: {"summary": "Does it."} for _, _, op in operations(description.doc)
    }
    (spec / "docs").mkdir()
    (spec / "docs" / "docker.yaml").write_text(yamlio.dump(texts))
    generate(description, Docs("docker", spec), folder / "docker", templates)
    return folder / "docker"


def things(**more: Doc) -> Doc:
    """A description of GET /things."""
    return swagger({"/things": {"get": operation("ThingGet", **more)}})


def stream(**said: object) -> Doc:
    return {"target": "$.paths['/things'].get", "update": {"x-stream": said}}


class TestNothingIsLeftOut:
    """What the generator would only warn of, or not even that."""

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"type": "string", "enum": ["a", 1]}, "ThingGet"),
            ({"type": "strange"}, "strange"),
            ({"type": "string", "enum": []}, "ThingGet"),
        ],
    )
    def test_a_schema_that_the_generator_cannot_do_is_named(
        self, tmp_path: Path, facts: Doc, said: str
    ) -> None:
        reply = {"type": "object", "properties": {"bad": facts}}
        with pytest.raises(CodegenError, match=r"^docker: the generator") as caught:
            generated(tmp_path, things(reply=reply))
        assert said in str(caught.value)
        assert not (tmp_path / "docker").exists()

    def test_a_parameter_that_is_there_twice(self, tmp_path: Path) -> None:
        again: Doc = {"name": "a", "in": "query", "required": False, "schema": {"type": "string"}}
        patch = {"target": "$.paths['/things'].get.parameters", "update": again}
        with pytest.raises(CodegenError, match=r"(?s)would leave something out.*GET /things"):
            generated(tmp_path, swagger({"/things": {"get": operation("A", parameters=[query("a")])}}), patch)

    def test_two_operations_of_one_module(self, tmp_path: Path) -> None:
        doc = swagger({"/a": {"get": operation("ThingGet")}, "/b": {"get": operation("Thing_Get")}})
        with pytest.raises(
            CodegenError, match=r"would be written to thing/thing_get\.py, and one of them lost"
        ):
            generated(tmp_path, doc)

    def test_a_name_that_a_template_has_wrong(self, tmp_path: Path) -> None:
        templates = tmp_path / "templates"
        shutil.copytree(TEMPLATES, templates)
        with (templates / "endpoint.py.jinja").open("a") as file:
            file.write("{{ op.sumary }}\n")
        with pytest.raises(
            CodegenError, match=r"endpoint\.py\.jinja, writing api/thing/thing_get\.py: .*sumary"
        ):
            generated(tmp_path, things(), templates=templates)


class TestStreams:
    """What x-stream may say."""

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            (
                {"kind": "video"},
                "ThingGet: x-stream: unknown kind of stream 'video'; expected one of bytes, frames",
            ),
            ({}, "unknown kind of stream None"),
            ({"kind": "json"}, "ThingGet: x-stream has .*expected kind, for kind json the item"),
            ({"kind": "bytes", "item": {"type": "object"}}, "ThingGet: x-stream has"),
            ({"kind": "bytes", "hole": {}}, r"x-stream has \['hole', 'kind'\]"),
            (
                {"kind": "bytes", "whole": {"follow": False}},
                r"whole is \{'follow': False\}; expected parameters",
            ),
            ({"kind": "json", "item": "Thing"}, "the item is 'Thing'; expected the schema"),
            ({"kind": "json", "item": {"$ref": "#/components/schemas/Text"}}, "the item 'Text' is no model"),
        ],
    )
    def test_what_is_unclear_is_an_error(self, tmp_path: Path, said: Doc, message: str) -> None:
        text = {"target": "$.components.schemas", "update": {"Text": {"type": "string"}}}
        with pytest.raises(CodegenError, match=message):
            generated(tmp_path, things(), text, stream(**said))

    def test_items_are_models(self, tmp_path: Path) -> None:
        item: Doc = {
            "target": "$.components.schemas",
            "update": {"Event": {"type": "object", "properties": {"a": {}}}},
        }
        said = stream(kind="json", item={"$ref": "#/components/schemas/Event"}, whole={"follow": False})
        doc = swagger(
            {"/things": {"get": operation("ThingGet", parameters=[query("follow", type="boolean")])}}
        )
        module = generated(tmp_path, doc, item, said) / "api" / "thing" / "thing_get.py"
        text = module.read_text()
        assert functions(module)["stream"] == "AbstractContextManager[Iterator[Event]]"
        assert functions(module)["sync"] == "list[Event]"
        assert '_t.ref("Event")' in text
        assert "{'follow': False}" in text


class TestParameters:
    """How values are spelt."""

    def test_an_unknown_spelling_is_an_error(self, tmp_path: Path) -> None:
        doc = swagger({"/things": {"get": operation("ThingGet", parameters=[query("f")])}})
        patch = {"target": "$.paths.*.*.parameters[?@.name == 'f']", "update": {"x-encoding": "yaml"}}
        with pytest.raises(
            CodegenError, match="ThingGet: parameter 'f' has x-encoding 'yaml'; expected one of filters"
        ):
            generated(tmp_path, doc, patch)

    def test_no_default_is_written(self, tmp_path: Path) -> None:
        parameters = [
            query("limit", type="integer", default=4711),
            query("all", type="boolean", default=True),
        ]
        doc = swagger({"/things": {"get": operation("ThingGet", parameters=parameters)}})
        module = generated(tmp_path, doc) / "api" / "thing" / "thing_get.py"
        assert "4711" not in module.read_text()
        tree = ast.parse(module.read_text())
        [made] = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "request_kwargs"]
        assert [ast.unparse(default) for default in made.args.kw_defaults if default] == ["None", "None"]


def functions(module: Path) -> dict[str, str]:
    """What the functions of a module return, as their source says."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: ast.unparse(node.returns) if node.returns else "" for node in found}


def body_type(module: Path) -> str:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    [made] = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "request_kwargs"]
    [body] = [argument for argument in made.args.kwonlyargs if argument.arg == "body"]
    return ast.unparse(body.annotation) if body.annotation else ""


class TestRealBindings:
    """The bindings as they come out of the real spec/."""

    @pytest.mark.parametrize("engine", ["docker", "libpod"])
    def test_each_operation_has_a_module_with_every_way_of_calling(
        self, engine: str, bindings: Path, descriptions: dict[str, Description]
    ) -> None:
        modules = [p for p in (bindings / engine / "api").rglob("*.py") if p.name != "__init__.py"]
        named = {
            text.split('"')[1]: path
            for path in modules
            for text in [path.read_text().split("_t.Operation(", 1)[1]]
        }
        wanted = {op["operationId"]: op for _, _, op in operations(descriptions[engine].doc)}
        assert named.keys() == wanted.keys()
        for name, path in named.items():
            found = functions(path)
            both = {"stream", "astream"} if "x-stream" in wanted[name] else set[str]()
            assert (
                found.keys()
                == {
                    "request_kwargs",
                    "parse_response",
                    "sync",
                    "asyncio",
                    "sync_detailed",
                    "asyncio_detailed",
                }
                | both
            ), name
            assert all(found.values()), name

    @pytest.mark.parametrize(
        ("module", "type_"),
        [
            ("docker/api/container/container_create", "ContainerCreateRequest | Mapping[str, Any]"),
            ("docker/api/image/image_commit", "ContainerConfig | Mapping[str, Any] | None"),
            ("docker/api/image/image_load", "Content | None"),
            ("docker/api/image/image_create", "Content | None"),
            ("docker/api/plugin/plugin_create", "Content | None"),
            ("libpod/api/images/image_import_libpod", "Content"),
            ("libpod/api/images/image_load_libpod", "Content"),
            ("libpod/api/containers/container_create_libpod", "SpecGenerator | Mapping[str, Any]"),
        ],
    )
    def test_bodies_that_a_plain_conversion_loses_are_typed(
        self, module: str, type_: str, bindings: Path
    ) -> None:
        assert body_type(bindings / f"{module}.py") == type_

    def test_the_manifest_is_created_where_newer_engines_have_it(self, bindings: Path) -> None:
        text = (bindings / "libpod/api/manifests/manifest_create_libpod.py").read_text()
        assert "/libpod/manifests/{_t.segment(name)}" in text

    def test_finishing_what_is_finished_changes_nothing(self, bindings: Path, tmp_path: Path) -> None:
        one = bindings / "docker" / "api" / "container"
        shutil.copytree(one, tmp_path / "again")
        finish(tmp_path / "again")
        for path in one.glob("*.py"):
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()

    def test_finishing_what_is_no_python_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "broken.py").write_text("def (:\n")
        with pytest.raises(
            CodegenError, match=r"(?s)ruff .* failed on what the templates wrote:.*broken\.py"
        ):
            finish(tmp_path)
