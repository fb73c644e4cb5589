"""Credentials: the header, the files, and that nothing shows a secret."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.registry_auth import HUB_SERVER, AuthFile, RegistryAuth

SECRET = "s3cr3t?>~"


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FILE = {
    "auths": {
        HUB_SERVER: {"auth": basic(f"hub:{SECRET}")},
        "quay.io": {"auth": basic(f"quay:{SECRET}:with:colons")},
        "quay.io/team": {"username": "team", "password": SECRET},
        "https://reg.example:5000/v2/": {"identitytoken": SECRET},
        "helped.example": {},
    },
    "credsStore": "desktop",
    "credHelpers": {"gcr.io": "gcloud"},
}


def read() -> AuthFile:
    return AuthFile.parse(json.dumps(FILE).encode())


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_header_is_padded_url_safe_base64(name: str, password: str) -> None:
    value = RegistryAuth(username=name, password=password, serveraddress="quay.io").header()
    assert len(value) % 4 == 0
    assert "+" not in value
    assert "/" not in value
    expected = {"username": name, "password": password, "serveraddress": "quay.io"}
    assert json.loads(base64.urlsafe_b64decode(value)) == expected


def test_only_what_is_set_is_in_the_header() -> None:
    assert json.loads(base64.urlsafe_b64decode(RegistryAuth(identitytoken="t").header())) == {
        "identitytoken": "t"
    }


def test_auth_config_of_docker_py() -> None:
    found = RegistryAuth.from_mapping(
        {"username": "u", "password": SECRET, "email": "e@x", "serveraddress": None}
    )
    assert found == RegistryAuth("u", SECRET)
    assert RegistryAuth.from_mapping({"auth": basic(f"u:{SECRET}")}) == found
    with pytest.raises(TypeError, match="'pasword'"):
        RegistryAuth.from_mapping({"pasword": SECRET})


@pytest.mark.parametrize(
    ("registry", "repository", "user", "password"),
    [
        ("docker.io", "library/nginx", "hub", SECRET),
        ("index.docker.io", "", "hub", SECRET),
        (HUB_SERVER, "", "hub", SECRET),
        ("quay.io", "other/app", "quay", f"{SECRET}:with:colons"),
        ("quay.io", "team/app", "team", SECRET),
        ("quay.io", "teams/app", "quay", f"{SECRET}:with:colons"),
    ],
)
def test_the_most_exact_entry_is_found(registry: str, repository: str, user: str, password: str) -> None:
    found = read().find(registry, repository)
    assert found is not None
    assert (found.username, found.password) == (user, password)


def test_tokens_and_helpers() -> None:
    found = read().find("reg.example:5000")
    assert found is not None
    assert found.identitytoken == SECRET
    assert read().find("nowhere.example") is None
    assert read().helper("gcr.io") == "gcloud"
    assert read().helper("quay.io") == "desktop"
    token = AuthFile.parse(json.dumps({"auths": {"a.io": {"auth": basic(f"<token>:{SECRET}")}}}).encode())
    assert token.auths["a.io"].identitytoken == SECRET


def test_secrets_are_in_no_repr() -> None:
    auth = RegistryAuth("user", SECRET, SECRET, SECRET, "quay.io")
    for shown in (repr(auth), str(auth), repr(read())):
        assert SECRET not in shown
    assert "user" in repr(auth)


@pytest.mark.parametrize(
    "data",
    [
        SECRET.encode(),
        b'{"auths": "' + SECRET.encode() + b'"}',
        b'["' + SECRET.encode() + b'"]',
        b'{"auths": {"quay.io": "' + SECRET.encode() + b'"}}',
        b'{"auths": {"quay.io": {"auth": "' + SECRET.encode() + b'"}}}',
        b'{"auths": {"quay.io": {"auth": "' + basic("nocolon" + SECRET).encode() + b'"}}}',
        b'{"auths": {}, "x": "' + SECRET.encode(),
        b"\xff" + SECRET.encode(),
    ],
)
def test_damaged_files_are_told_without_their_content(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"auth\.json|quay\.io") as caught:
        AuthFile.parse(data, name="auth.json")
    fault: BaseException | None = caught.value
    while fault is not None:
        assert SECRET not in str(fault)
        assert basic(SECRET) not in str(fault)
        fault = fault.__cause__ or fault.__context__


def test_an_empty_file_has_no_credentials() -> None:
    assert AuthFile.parse(b"").auths == {}
    assert AuthFile.parse(b"{}").find("quay.io") is None
