"""Who may see what during a build, and by which builder it is done, as it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wharfinger._core.build_keywords import ForwardedAgent, NamedContext
from wharfinger._core.build_options import BuildRequest, build_request
from wharfinger.types import FromEnv


def request(variables: dict[str, str] | None = None, **options: Any) -> BuildRequest:
    given: Any = options
    return build_request("folder", given, variables or {})


def test_contexts() -> None:
    places = {
        "one": "docker-image://alpine:3",
        "two": "https://host/x.git#main",
        "three": "git@host:x.git",
        "four": "../folder",
        "five": Path("/folder"),
        "six": Path("https:/folder"),
    }
    expected = (
        NamedContext("one", "image", "alpine:3"),
        NamedContext("two", "address", "https://host/x.git#main"),
        NamedContext("three", "address", "git@host:x.git"),
        NamedContext("four", "folder", "../folder"),
        NamedContext("five", "folder", "/folder"),
        NamedContext("six", "folder", "https:/folder"),
    )
    assert request(contexts=places).spec.values["contexts"] == expected
    assert request(additional_contexts=places).spec.values["contexts"] == expected
    with pytest.raises(TypeError, match="are the same"):
        request(contexts=places, additional_contexts=places)
    for wrong, fault in (({"a": "ftp://x"}, ValueError), ({"a": b"x"}, TypeError), (["a=b"], TypeError)):
        with pytest.raises(fault, match="contexts"):
            request(contexts=wrong)


def test_agents() -> None:
    variables = {"SSH_AUTH_SOCK": "/agent"}
    for given, expected in (
        (True, [ForwardedAgent("default", ("/agent",))]),
        ("default", [ForwardedAgent("default", ("/agent",))]),
        (
            ["default", "deploy=/a,/b"],
            [ForwardedAgent("default", ("/agent",)), ForwardedAgent("deploy", ("/a", "/b"))],
        ),
        ({"deploy": Path("/key")}, [ForwardedAgent("deploy", ("/key",))]),
    ):
        assert list(request(variables, ssh=given).spec.values["ssh"]) == expected
    assert "ssh" not in request(ssh=False).spec.values
    with pytest.raises(ValueError, match="SSH_AUTH_SOCK is not set"):
        request(ssh=True)
    for wrong in (1, {"a": b"/x"}, [b"a"]):
        with pytest.raises(TypeError, match="ssh"):
            request(variables, ssh=wrong)


def test_secrets_out_of_the_environment() -> None:
    (secret,) = request({"TOKEN": "hidden"}, secrets={"a": FromEnv("TOKEN")}).source.secrets
    assert (secret.id, secret.read()) == ("a", b"hidden")
    assert "hidden" not in repr(secret)
    with pytest.raises(ValueError, match="'TOKEN' for 'a' is not set"):
        request(secrets={"a": FromEnv("TOKEN")})


@pytest.mark.parametrize(
    ("options", "builder"),
    [
        ({}, "classic"),
        ({"secrets": {}}, "classic"),
        ({"ssh": False}, "classic"),
        ({"secrets": {"a": b""}}, "buildkit"),
        ({"ssh": {"a": "b"}}, "buildkit"),
        ({"contexts": {"a": "b"}}, "buildkit"),
        ({"builder": "classic", "secrets": {"a": b""}}, "classic"),
        ({"builder": "buildkit"}, "buildkit"),
    ],
)
def test_what_asks_for_buildkit(options: dict[str, Any], builder: str) -> None:
    asked = request(**options)
    assert asked.spec.builder == options.get("builder", "auto")
    assert asked.on_docker().spec.builder == builder


def test_no_such_builder() -> None:
    with pytest.raises(ValueError, match=r"builder is 'kaniko'.*auto, classic, buildkit"):
        request(builder="kaniko")
