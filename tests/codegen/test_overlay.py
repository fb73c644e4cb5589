"""Corrections: what they do, and that an unclear or idle one is an error that names the file and the action."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from codegen import specs, yamlio
from codegen.errors import CodegenError
from codegen.overlay import apply_file
from tests.codegen.mini import overlay

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.specs import Doc

WHY = {"description": "It is otherwise.", "x-seen": "Docker 20.10.24 answers so."}


def document() -> Doc:
    return {
        "paths": {"/a": {"get": {"operationId": "A", "tags": ["x", "y"], "deprecated": True}}},
        "components": {"schemas": {"S": {"type": "object", "properties": {"p": {"type": "string"}}}}},
    }


def corrected(path: Path, *actions: Doc) -> Doc:
    doc = document()
    assert apply_file(
        doc, overlay(path / "docker-x.yaml", *({**WHY, **action} for action in actions))
    ) == len(actions)
    return doc


class TestActions:
    """What an action does to what it matches."""

    def test_an_update_merges_into_an_object(self, tmp_path: Path) -> None:
        update = {"properties": {"q": {"type": "integer"}}, "required": ["q"]}
        done = corrected(tmp_path, {"target": "$.components.schemas.S", "update": update})
        assert done["components"]["schemas"]["S"] == {
            "type": "object",
            "properties": {"p": {"type": "string"}, "q": {"type": "integer"}},
            "required": ["q"],
        }

    def test_an_update_replaces_a_value_and_lengthens_a_list(self, tmp_path: Path) -> None:
        update = {"operationId": "B", "tags": ["z"], "deprecated": {"since": 1}}
        done = corrected(tmp_path, {"target": "$.paths['/a'].get", "update": update})
        assert done["paths"]["/a"]["get"] == {
            "operationId": "B",
            "tags": ["x", "y", "z"],
            "deprecated": {"since": 1},
        }

    def test_an_update_of_a_list_appends(self, tmp_path: Path) -> None:
        done = corrected(tmp_path, {"target": "$.paths.*.*.tags", "update": "z"})
        assert done["paths"]["/a"]["get"]["tags"] == ["x", "y", "z"]

    def test_an_update_is_copied_to_each_match(self, tmp_path: Path) -> None:
        done = corrected(
            tmp_path,
            {"target": "$.components.schemas.S['properties', 'type']", "remove": True},
            {"target": "$.components.schemas", "update": {"T": {"x": {}}, "U": {"x": {}}}},
            {"target": "$.components.schemas['T', 'U'].x", "update": {"y": {}}},
            {"target": "$.components.schemas.T.x.y", "update": {"only": "T"}},
        )
        assert done["components"]["schemas"] == {
            "S": {},
            "T": {"x": {"y": {"only": "T"}}},
            "U": {"x": {"y": {}}},
        }

    def test_a_removal_takes_keys_and_items(self, tmp_path: Path) -> None:
        done = corrected(
            tmp_path,
            {"target": "$.paths.*.*.tags[?@ == 'x' || @ == 'y']", "remove": True},
            {"target": "$.paths.*.*.deprecated", "remove": True},
        )
        assert done["paths"]["/a"]["get"] == {"operationId": "A", "tags": []}


class TestRefused:
    """Actions that are errors."""

    @pytest.mark.parametrize(
        ("action", "said"),
        [
            ({"target": "$.paths['/b']", "remove": True}, r"\$\.paths\['/b'\] matches nothing"),
            ({"target": "$.paths[?", "remove": True}, r"target \$\.paths\[\? is not a JSONPath"),
            ({"target": "$.paths", "remove": True, "description": ""}, "'description' is missing"),
            ({"target": "$.paths", "remove": True, "description": " "}, "'description' is missing"),
            ({"target": "$.paths", "remove": True, "x-seen": None}, "'x-seen' is missing"),
            ({"target": "", "remove": True}, "'target' is missing"),
            ({"target": "$.paths", "remove": True, "why": "so"}, r"unknown keys \['why'\]"),
            ({"target": "$.paths", "remove": True, "update": {}}, "either `update` or `remove: true`"),
            ({"target": "$.paths"}, "either `update` or `remove: true`"),
            ({"target": "$.paths", "remove": "yes"}, "`remove: yes`; expected true"),
            ({"target": "$", "remove": True}, "whole description cannot be removed"),
            ({"target": "$.components.schemas.S.type", "update": "array"}, r"S\.type is a plain value"),
            ({"target": "$.components.schemas.S", "update": ["a"]}, r"S is an object; expected an object"),
        ],
    )
    def test_says_the_file_the_action_and_why(self, tmp_path: Path, action: Doc, said: str) -> None:
        fine: Doc = {**WHY, "target": "$.paths", "update": {"/c": {}}}
        path = overlay(tmp_path / "docker-x.yaml", fine, {**WHY, **action})
        with pytest.raises(CodegenError, match=said) as caught:
            apply_file(document(), path)
        assert str(caught.value).startswith(f"{path}, action 2: ")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "overlay: 2.0.0\nactions: []\n",
                "expected an OpenAPI Overlay with `overlay: 1.0.0`, got '2.0.0'",
            ),
            ("overlay: 1.0.0\n", "expected a list of `actions`"),
            ("overlay: 1.0.0\nactions: {}\n", "expected a list of `actions`"),
            ("overlay: 1.0.0\nactions: [x]\n", "action 1: expected a mapping"),
            ("- a\n", "does not hold a mapping"),
            ("a: [\n", "is not valid YAML"),
        ],
    )
    def test_what_is_no_overlay(self, tmp_path: Path, text: str, said: str) -> None:
        path = tmp_path / "docker-x.yaml"
        path.write_text(text)
        with pytest.raises(CodegenError, match=said):
            apply_file(document(), path)


class TestRealCorrections:
    """The corrections that are checked in."""

    def test_each_is_of_an_engine(self) -> None:
        names = [path.name for path in (specs.SPEC / "patches").iterdir()]
        assert names
        assert [
            name
            for name in names
            if not name.startswith(("docker-", "libpod-")) or not name.endswith(".yaml")
        ] == []

    # Needs an engine that was not at hand (platforms, quadlets), or a peer for it (websocket, checkpoint, two headers).
    UNTRIED: ClassVar[list[str]] = [
        "docker-requests.yaml",
        "docker-requests.yaml",
        "docker-streams.yaml",
        "libpod-replies.yaml",
        "libpod-requests.yaml",
        "libpod-streams.yaml",
    ]

    def test_each_says_which_engine_was_seen(self) -> None:
        untried: list[str] = []
        for path in (specs.SPEC / "patches").glob("*.yaml"):
            data = yamlio.read(path)
            assert isinstance(data, dict)
            actions = data["actions"]
            assert isinstance(actions, list)
            for action in actions:
                assert isinstance(action, dict)
                seen = str(action["x-seen"])
                if seen.startswith("Not tried on an engine"):
                    untried.append(path.name)
                else:
                    assert any(char.isdigit() for char in seen), (path.name, seen)
        assert sorted(untried) == self.UNTRIED
