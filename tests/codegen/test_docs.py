"""Our own words: each operation has some, and none is about nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen import yamlio
from codegen.convert import convert
from codegen.docs import Docs
from codegen.errors import CodegenError
from tests.codegen.mini import operation, query, swagger

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.describe import Description

DOC = convert(
    swagger(
        {
            "/a": {
                "get": operation("ThingList", parameters=[query("all")]),
                "post": operation(
                    "ThingCreate", parameters=[{"name": "b", "in": "body", "schema": {"type": "object"}}]
                ),
            }
        }
    )
)


def docs(folder: Path, texts: yamlio.Json, engine: str = "docker") -> Docs:
    path = folder / "docs" / f"{engine}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yamlio.dump(texts), encoding="utf-8")
    return Docs(engine, folder)


WHOLE: yamlio.JsonMap = {
    "ThingList": {"summary": "Lists.", "returns": "A list.", "params": {"all": "All of them."}},
    "ThingCreate": {"summary": "Creates.", "params": {"body": "The thing."}},
}


class TestTexts:
    """What is read from the files."""

    def test_what_is_said(self, tmp_path: Path) -> None:
        made = docs(tmp_path, WHOLE)
        made.check(DOC)
        assert made.summary("ThingList") == "Lists."
        assert (made.returns("ThingList"), made.returns("ThingCreate")) == ("A list.", "")
        assert (made.parameter("ThingList", "all"), made.parameter("ThingList", "other")) == (
            "All of them.",
            "",
        )

    def test_links_lead_to_the_official_reference(self, tmp_path: Path) -> None:
        facts = {"operationId": "ThingList", "tags": ["containers"]}
        assert docs(tmp_path, WHOLE).link(facts, "1.55") == (
            "https://docs.docker.com/reference/api/engine/version/v1.55/#tag/Containers/operation/ThingList"
        )
        assert docs(tmp_path, WHOLE, "libpod").link(facts, "5.8.2") == (
            "https://docs.podman.io/en/latest/_static/api.html#tag/containers/operation/ThingList"
        )


class TestRefused:
    """What is missing, stale or of another form is an error that names it."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"ThingCreate": None}, "ThingCreate: expected `summary`"),
            ({"ThingCreate": {"summary": ""}}, "ThingCreate: expected `summary`"),
            ({"ThingCreate": {"returns": "A thing."}}, "ThingCreate: expected `summary`"),
            ({"ThingCreate": {"summary": "x", "sumary": "x"}}, "ThingCreate: expected `summary`"),
            ({"ThingCreate": {"summary": "x", "params": {"body": None}}}, "ThingCreate: expected `summary`"),
            ({"ThingCreate": {"summary": "x", "params": ["body"]}}, "ThingCreate: expected `summary`"),
            ({"ThingGone": {"summary": "x"}}, r"without a text: none; texts of nothing: ThingGone$"),
            (
                {"ThingCreate": {"summary": "x", "params": {"gone": "x"}}},
                "texts of nothing: ThingCreate.gone$",
            ),
            ({"ThingList": {"summary": "x", "params": {"body": "x"}}}, "texts of nothing: ThingList.body$"),
        ],
    )
    def test_what_is_wrong(self, tmp_path: Path, change: yamlio.JsonMap, said: str) -> None:
        with pytest.raises(CodegenError, match=said) as caught:
            docs(tmp_path, WHOLE | change).check(DOC)
        assert str(caught.value).startswith(f"{tmp_path / 'docs' / 'docker.yaml'}: ")

    def test_what_is_missing(self, tmp_path: Path) -> None:
        texts: yamlio.JsonMap = {"ThingList": {"summary": "x"}}
        with pytest.raises(CodegenError, match="without a text: ThingCreate; texts of nothing: none"):
            docs(tmp_path, texts).check(DOC)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(CodegenError, match=r"cannot read .*docs/docker\.yaml"):
            Docs("docker", tmp_path)


@pytest.mark.parametrize("engine", ["docker", "libpod"])
def test_every_real_operation_has_its_words(engine: str, descriptions: dict[str, Description]) -> None:
    Docs(engine).check(descriptions[engine].doc)
