"""Where credentials are looked for, and what helper programs say."""

from __future__ import annotations

import base64
import json

import pytest

from wharfinger._core.credentials import (
    CredentialsFile,
    credentials_files,
    helper_answer,
    helper_server,
    registry_of,
    registry_of_term,
)
from wharfinger._core.registry_auth import HUB_SERVER, AuthFile, RegistryAuth
from wharfinger.errors import CredentialsError

SECRET = "s3cr3t?>~"


def paths(engine: str, **variables: str) -> list[str]:
    assert engine in {"docker", "podman"}
    found = credentials_files("docker" if engine == "docker" else "podman", variables, "/home/u", 7)
    return [file.path for file in found]


def test_the_engines_own_files_come_first() -> None:
    docker = ["/home/u/.docker/config.json"]
    podman = ["/run/containers/7/auth.json", "/home/u/.config/containers/auth.json"]
    assert paths("docker") == docker + podman
    assert paths("podman") == podman + docker


def test_variables_move_them() -> None:
    assert paths("docker", DOCKER_CONFIG="/d", XDG_RUNTIME_DIR="/r", XDG_CONFIG_HOME="/c") == [
        "/d/config.json",
        "/r/containers/auth.json",
        "/c/containers/auth.json",
    ]
    assert paths("podman", REGISTRY_AUTH_FILE="/a.json", XDG_RUNTIME_DIR="/r") == [
        "/a.json",
        "/home/u/.docker/config.json",
    ]


@pytest.mark.parametrize(
    ("name", "registry", "repository"),
    [
        ("nginx", "docker.io", "library/nginx"),
        ("team/app:1", "docker.io", "team/app"),
        ("index.docker.io/nginx", "docker.io", "library/nginx"),
        ("localhost:5000/a/b", "localhost:5000", "a/b"),
    ],
)
def test_where_a_name_leads(name: str, registry: str, repository: str) -> None:
    assert registry_of(name) == (registry, repository)


@pytest.mark.parametrize(
    ("term", "registry"),
    [
        ("nginx", "docker.io"),
        ("team/app", "docker.io"),
        ("quay.io/", "quay.io"),
        ("localhost/a", "localhost"),
        ("quay.io", "docker.io"),
        ("registry:5000/Some Words", "registry:5000"),
    ],
)
def test_where_a_search_leads(term: str, registry: str) -> None:
    assert registry_of_term(term) == registry


def test_what_helpers_are_asked_for() -> None:
    assert helper_server(CredentialsFile("config.json", HUB_SERVER), "docker.io") == HUB_SERVER
    assert helper_server(CredentialsFile("auth.json", "docker.io"), "docker.io") == "docker.io"
    assert helper_server(CredentialsFile("config.json", HUB_SERVER), "quay.io") == "quay.io"


def said(name: object, secret: object) -> bytes:
    return json.dumps({"ServerURL": "quay.io", "Username": name, "Secret": secret}).encode()


def test_what_helpers_answer() -> None:
    found = helper_answer("p", "quay.io", 0, said("u", SECRET))
    assert found == RegistryAuth("u", SECRET, serveraddress="quay.io")
    token = helper_answer("p", "quay.io", 0, said("<token>", SECRET))
    assert token == RegistryAuth(identitytoken=SECRET, serveraddress="quay.io")
    assert SECRET not in f"{found!r}{token!r}"
    assert helper_answer("p", "quay.io", 0, said("", "")) is None
    assert helper_answer("p", "quay.io", 1, b"credentials not found in native keychain\n") is None


@pytest.mark.parametrize(
    ("code", "output"),
    [
        (2, SECRET.encode()),
        (0, SECRET.encode()),
        (0, b""),
        (0, b"[]"),
        (0, said(None, SECRET)),
        (0, said("u", 1)),
        (0, b"\xff" + SECRET.encode()),
    ],
)
def test_bad_answers_are_told_without_their_words(code: int, output: bytes) -> None:
    with pytest.raises(CredentialsError, match="docker-credential-x") as caught:
        helper_answer("docker-credential-x", "quay.io", code, output)
    assert caught.value.source == "docker-credential-x"
    fault: BaseException | None = caught.value
    while fault is not None:
        assert SECRET not in f"{fault!r}{fault.__dict__}"
        fault = fault.__cause__ or fault.__context__


def test_credentials_for_one_registry_alone() -> None:
    auth = RegistryAuth("u", SECRET)
    told = json.loads(base64.urlsafe_b64decode(auth.header_for("quay.io")))
    assert told == {"quay.io": {"username": "u", "password": SECRET}}


def test_an_empty_entry_is_no_credentials() -> None:
    assert not RegistryAuth(serveraddress="quay.io")
    assert RegistryAuth(registrytoken=SECRET)


@pytest.mark.parametrize("auth", [SECRET, "é", 5, {"a": SECRET}])
def test_a_bad_entry_names_the_file(auth: object) -> None:
    data = json.dumps({"auths": {"quay.io": {"auth": auth}}}).encode()
    with pytest.raises(ValueError, match=r"^/f\.json: the 'auth' kept for quay\.io") as caught:
        AuthFile.parse(data, name="/f.json")
    assert SECRET not in f"{caught.value}"
