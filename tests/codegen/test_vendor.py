"""Taking upstream descriptions into spec/: what is kept, what is refused, that a refusal changes nothing."""

from __future__ import annotations

import argparse
import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from codegen import sources, vendor, yamlio
from codegen.errors import CodegenError
from codegen.sources import Engine, Lock, Source
from codegen.vendor import Upstream

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from codegen.yamlio import JsonMap

DOCKER = """\
# A comment of upstream.
swagger: "2.0"
basePath: /v1.99
schemes: [http]
info:
  title: An API
  version: "1.99"
  description: Long prose about everything.
produces: [application/json]
tags:
  - {name: Container, description: Prose on containers.}
paths:
  /containers/json:
    get:
      summary: Prose here.
      description: More prose.
      operationId: ContainerList
      tags: [Container]
      parameters:
        - {name: limit, in: query, description: Prose., type: integer, default: 5}
        - {name: all, in: query, description: Prose., type: boolean, default: false}
      responses:
        200:
          description: Prose.
          schema:
            type: array
            items: {$ref: "#/definitions/Thing"}
          examples:
            application/json: [{description: An example.}]
        400:
          description: Prose.
          schema: {description: "Prose in the wrong place."}
definitions:
  Thing:
    title: ThingSummary
    description: Prose.
    type: object
    required: [zeta, alpha]
    x-go-name: GoThing
    example: {description: An example.}
    properties:
      zeta: {type: string, enum: [b, a, ""], default: b, example: a, x-nullable: true}
      alpha: {type: string, title: "A title that is a sentence."}
      description: {type: string, description: Prose.}
      summary: {type: string, title: Name}
      title: {type: string}
      example: {type: string}
      examples: {type: string}
      externalDocs: {type: string}
      default: {type: object, additionalProperties: false}
      enum: {type: array, items: {type: string, description: Prose., pattern: "^a b$"}}
      properties:
        type: object
        properties:
          comment: {type: integer, format: int64, minimum: 1}
"""
LIBPOD = """\
swagger: "2.0"
basePath: /
info: {version: 5.0.0}
paths:
  /libpod/info:
    get:
      operationId: SystemInfoLibpod
      responses:
        "200": {$ref: "#/responses/info"}
responses:
  info: {description: Prose., schema: {type: object}}
"""
PROSE = re.compile(r"^\s*-?\s*(description|summary|externalDocs):", re.MULTILINE)


def upstream(text: str, name: str = "v1.99.yaml") -> Upstream:
    return Upstream(name, text.encode())


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec/ folder with one file of each engine in it."""
    folder = tmp_path / "spec"
    vendor.vendor("docker", upstream(DOCKER), spec=folder)
    vendor.vendor("libpod", upstream(LIBPOD, "v5.8.2.yaml"), spec=folder)
    return folder


def written(spec: Path, name: str = "docker/v1.99.yaml") -> JsonMap:
    data = yamlio.read(spec / name)
    assert isinstance(data, dict)
    return data


class TestNormalising:
    def test_keeps_the_facts_and_nothing_else(self, spec: Path) -> None:
        data = written(spec)
        assert sorted(data) == ["basePath", "definitions", "paths", "produces", "swagger"]
        assert data["paths"] == {
            "/containers/json": {
                "get": {
                    "operationId": "ContainerList",
                    "tags": ["Container"],
                    "parameters": [
                        {"name": "limit", "in": "query", "type": "integer", "default": 5},
                        {"name": "all", "in": "query", "type": "boolean", "default": False},
                    ],
                    "responses": {
                        "200": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Thing"}}},
                        "400": {"schema": {}},
                    },
                }
            }
        }

    def test_keeps_properties_that_are_called_like_prose(self, spec: Path) -> None:
        assert written(spec)["definitions"] == {
            "Thing": {
                "title": "ThingSummary",
                "type": "object",
                "required": ["zeta", "alpha"],
                "properties": {
                    "zeta": {"type": "string", "enum": ["b", "a", ""], "default": "b", "x-nullable": True},
                    "alpha": {"type": "string"},
                    "description": {"type": "string"},
                    "summary": {"type": "string", "title": "Name"},
                    "title": {"type": "string"},
                    "example": {"type": "string"},
                    "examples": {"type": "string"},
                    "externalDocs": {"type": "string"},
                    "default": {"type": "object", "additionalProperties": False},
                    "enum": {"type": "array", "items": {"type": "string", "pattern": "^a b$"}},
                    "properties": {
                        "type": "object",
                        "properties": {"comment": {"type": "integer", "format": "int64", "minimum": 1}},
                    },
                },
            }
        }

    def test_writes_such_properties_in_quotes(self, spec: Path) -> None:
        text = (spec / "docker/v1.99.yaml").read_text(encoding="utf-8")
        assert "'description':" in text
        assert not PROSE.search(text)

    def test_sorts_keys(self, spec: Path) -> None:
        text = (spec / "docker/v1.99.yaml").read_text(encoding="utf-8")
        thing = text.partition("  Thing:")[2].partition("required:")[0]
        names = re.findall(r"^      (?! )'?(\w+)'?:$", thing, re.MULTILINE)
        assert names == sorted(names)
        assert len(names) > 8

    def test_tells_keys_that_it_does_not_know(self, tmp_path: Path) -> None:
        text = DOCKER.replace("required: [zeta, alpha]", "oneOff: 1")
        message = vendor.vendor("docker", upstream(text), spec=tmp_path)
        assert "#/definitions/Thing/oneOff" in message

    def test_leaves_dates_and_yes_and_no_as_yaml_has_them(self) -> None:
        data = yamlio.parse("a: 2020-01-02\nb: 'no'\nc: 2020-01-02T03:04:05Z\n", "x")
        assert data == {"a": "2020-01-02", "b": "no", "c": "2020-01-02T03:04:05Z"}
        assert yamlio.parse(yamlio.dump(data), "x") == data


class TestLock:
    def test_says_where_files_come_from(self, spec: Path) -> None:
        lock = sources.read_lock(spec)
        docker, libpod = lock.get("docker", "1.99"), lock.get("libpod", "5.8.2")
        assert docker is not None
        assert libpod is not None
        assert (docker.project, docker.tag, docker.origin) == ("moby/moby", None, "api/docs/v1.99.yaml")
        assert docker.upstream_sha256 == sources.sha256(DOCKER.encode())
        assert (libpod.project, libpod.tag) == ("containers/podman", "v5.8.2")
        assert libpod.origin == "go-swagger from tag"
        assert lock.generator == sources.GENERATOR

    def test_orders_versions_by_number(self) -> None:
        lock = Lock()
        for version in ("1.10", "1.9", "1.41"):
            lock = lock.with_source(Source("docker", version, "o", "1", "2"))
        assert lock.versions("docker") == ["1.9", "1.10", "1.41"]
        text = lock.render()
        assert text.index('"1.9"') < text.index('"1.10"') < text.index('"1.41"')

    def test_finds_edited_missing_and_unlisted_files(self, spec: Path) -> None:
        assert sources.problems(spec) == []
        (spec / "docker/v1.99.yaml").write_text("swagger: '2.0'\n", encoding="utf-8")
        (spec / "libpod/v5.8.2.yaml").rename(spec / "libpod/v5.8.3.yaml")
        found = "\n".join(sources.problems(spec))
        assert "v1.99.yaml is not what was vendored" in found
        assert "v5.8.2.yaml is in sources.toml but missing" in found
        assert "v5.8.3.yaml is not in sources.toml" in found

    @pytest.mark.parametrize("text", ["= damaged", '[docker."1.41"]\nproject = "moby/moby"\n'])
    def test_refuses_a_damaged_file(self, tmp_path: Path, text: str) -> None:
        (tmp_path / sources.LOCK_NAME).write_text(text, encoding="utf-8")
        with pytest.raises(CodegenError, match=r"sources\.toml.*[Rr]estore"):
            sources.read_lock(tmp_path)


class TestVersions:
    def test_the_same_file_again_is_a_no_op(self, spec: Path) -> None:
        before = tree(spec)
        assert "nothing to do" in vendor.vendor("docker", upstream(DOCKER, "elsewhere.yaml"), spec=spec)
        assert "nothing to do" in vendor.vendor("libpod", upstream(LIBPOD, "v5.8.2.yaml"), spec=spec)
        assert tree(spec) == before

    def test_the_same_file_mends_what_was_edited_by_hand(self, spec: Path) -> None:
        before = tree(spec)
        (spec / "docker/v1.99.yaml").write_text("swagger: '2.0'\n", encoding="utf-8")
        assert vendor.vendor("docker", upstream(DOCKER), spec=spec).startswith("Renewed")
        assert tree(spec) == before

    def test_a_tag_can_be_told_later_and_is_kept(self, spec: Path) -> None:
        vendor.vendor("docker", upstream(DOCKER), tag="v99.1.0", spec=spec)
        vendor.vendor("docker", upstream(DOCKER), spec=spec)
        source = sources.read_lock(spec).get("docker", "1.99")
        assert source is not None
        assert source.tag == "v99.1.0"

    @pytest.mark.parametrize(
        ("name", "tag", "version"),
        [("swagger.yaml", "v5.9.1", None), ("swagger.yaml", None, "5.9.1"), ("v5.9.1.yaml", None, None)],
    )
    def test_libpod_takes_it_from_argument_tag_or_name(
        self, spec: Path, name: str, tag: str | None, version: str | None
    ) -> None:
        vendor.vendor("libpod", upstream(LIBPOD, name), tag=tag, version=version, spec=spec)
        source = sources.read_lock(spec).get("libpod", "5.9.1")
        assert source is not None
        assert source.tag == "v5.9.1"


BAD: list[tuple[Engine, str, str, str]] = [
    ("docker", "just words", "v1.yaml", "not a Swagger 2.0 description"),
    ("docker", "a: [1, 2", "v1.yaml", r"v1\.yaml is not valid YAML at line 2"),
    ("docker", "a: 1\n b: 2\n", "v1.yaml", "not valid YAML at line 2"),
    ("docker", "a: 1\n---\nb: 2\n", "v1.yaml", "not valid YAML"),
    ("docker", "[" * 5000, "v1.yaml", "not valid YAML"),
    ("docker", "a: !!python/object:os.system {}\n", "v1.yaml", "not valid YAML"),
    ("docker", "? [1, 2]\n: 3\n", "v1.yaml", "not valid YAML"),
    ("docker", "", "v1.yaml", "not a Swagger 2.0 description"),
    (
        "docker",
        DOCKER.replace('swagger: "2.0"', "openapi: 3.0.0"),
        "v1.yaml",
        "not a Swagger 2.0 description",
    ),
    ("docker", DOCKER.replace("/containers/json", "/pets"), "v1.yaml", "neither the docker nor the libpod"),
    ("docker", 'swagger: "2.0"\ninfo: {version: "1.99"}\n', "v1.yaml", "has no paths"),
    ("docker", 'swagger: "2.0"\npaths: []\n', "v1.yaml", "has no paths"),
    ("docker", LIBPOD, "v5.8.2.yaml", "describes the libpod API, and docker was asked for"),
    ("libpod", DOCKER, "v5.9.0.yaml", "describes the docker API, and libpod was asked for"),
    ("docker", DOCKER.replace('version: "1.99"', "title2: x"), "v1.yaml", "version of v1.yaml is unclear"),
    ("docker", DOCKER.replace('"1.99"', "../../x"), "v1.yaml", "version of v1.yaml is unclear"),
    ("libpod", LIBPOD, "swagger.yaml", "unclear: nothing tells it.*--tag v5.8.2"),
    ("docker", DOCKER + "  # another", "v1.yaml", "vendored already, from another upstream file"),
    ("libpod", LIBPOD + "# another", "v5.8.2.yaml", "vendored already, from another upstream file"),
    (
        "docker",
        DOCKER.replace("    get:\n", "    get: x\n    put:\n"),
        "v1.yaml",
        "#/paths//containers/json/get",
    ),
    (
        "docker",
        DOCKER.replace("type: object\n    req", "allOf: {}\n    req"),
        "v1.yaml",
        "Thing/allOf is not a list",
    ),
]


class TestBadInput:
    @pytest.mark.parametrize(("engine", "text", "name", "says"), BAD)
    def test_is_one_error_and_changes_nothing(
        self, spec: Path, engine: Engine, text: str, name: str, says: str
    ) -> None:
        before = tree(spec)
        with pytest.raises(CodegenError, match=says) as caught:
            vendor.vendor(engine, upstream(text, name), spec=spec)
        assert "\n" not in str(caught.value).strip()
        assert tree(spec) == before

    def test_text_that_is_not_utf8(self, spec: Path) -> None:
        before = tree(spec)
        with pytest.raises(CodegenError, match="not text in UTF-8"):
            vendor.vendor("docker", Upstream("v1.yaml", b"\xff\xfe\x00"), spec=spec)
        assert tree(spec) == before

    @pytest.mark.parametrize(
        ("tag", "version", "says"), [("v5.9.0", "5.9.1", "'5.9.1'.*'5.9.0'"), ("main", None, "'main'")]
    )
    def test_versions_that_disagree_or_are_none(
        self, spec: Path, tag: str, version: str | None, says: str
    ) -> None:
        with pytest.raises(CodegenError, match=says):
            vendor.vendor("libpod", upstream(LIBPOD, "x.yaml"), tag=tag, version=version, spec=spec)

    def test_a_docker_version_other_than_the_file_says(self, spec: Path) -> None:
        with pytest.raises(CodegenError, match=r"info\.version is '1\.99', --version is '1\.98'"):
            vendor.vendor("docker", upstream(DOCKER), version="1.98", spec=spec)

    def test_a_lock_that_cannot_be_written_takes_the_description_back(self, spec: Path) -> None:
        # A folder cannot be replaced by a file, so the second of the two steps fails, as on a full disk.
        lock = spec / "lock"
        lock.mkdir()
        before = tree(spec)
        for name in ("docker/v1.99.yaml", "docker/v1.100.yaml"):
            with pytest.raises(CodegenError, match="Nothing was changed"):
                vendor.write_both(spec / name, b"description", lock, b"lock")
            assert tree(spec) == before

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CodegenError, match=r"none\.yaml: No such file.*check the path"):
            vendor.fetch(str(tmp_path / "none.yaml"))
        with pytest.raises(CodegenError, match="Is a directory"):
            vendor.fetch(str(tmp_path))


@contextmanager
def served(folder: Path) -> Generator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class TestUrls:
    def test_fetches_and_names_it_by_its_path(self, tmp_path: Path) -> None:
        (tmp_path / "v5.8.2.yaml").write_text(LIBPOD, encoding="utf-8")
        with served(tmp_path) as base:
            assert vendor.fetch(f"{base}/v5.8.2.yaml?raw=1") == upstream(LIBPOD, "v5.8.2.yaml")

    def test_a_missing_page_and_a_dead_server(self, tmp_path: Path) -> None:
        with served(tmp_path) as base, pytest.raises(CodegenError, match="the server answers 404"):
            vendor.fetch(f"{base}/v5.8.2.yaml")
        with pytest.raises(CodegenError, match=r"cannot fetch http://127\.0\.0\.1.*refused"):
            vendor.fetch(f"{base}/v5.8.2.yaml")

    def test_a_url_that_is_none(self) -> None:
        with pytest.raises(CodegenError, match="cannot fetch http:///x"):
            vendor.fetch("http:///x")


def test_the_command_vendors_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    vendor.add_arguments(parser)
    given = tmp_path / "given.yaml"
    given.write_text(LIBPOD, encoding="utf-8")
    args = ["libpod", str(given), "--tag", "v5.9.0", "--spec", str(tmp_path / "spec")]
    assert vendor.run(parser.parse_args(args)) == 0
    assert "Wrote" in capsys.readouterr().out
    assert sorted(tree(tmp_path / "spec")) == ["libpod/v5.9.0.yaml", "sources.toml"]
