"""What is sent about images, and how the replies read: without an engine."""

import json
from typing import Any

import pytest

from wharfinger._core.raw_request import RawReply
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import BadRequest, ImageNotFound, NotSupported, ServerError

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)
OLD_PODMAN = libpod_dialect("4.3.1")
BOTH = pytest.mark.parametrize("dialect", [DOCKER, PODMAN], ids=["docker", "podman"])


def reply(status: int, told: object = None) -> RawReply:
    return RawReply(status, {}, b"" if told is None else json.dumps(told).encode())


def pull(dialect: Dialect, **options: Any) -> dict[str, Any]:
    """The query of a pull."""
    given: dict[str, Any] = {
        "all_tags": False,
        "platform": None,
        "policy": None,
        "tls_verify": None,
        "counted": False,
        "auth": None,
    }
    return {**dialect.images.pull("quay.io/a:1", **{**given, **options}).request.get("params", {})}


def push(dialect: Dialect, **options: Any) -> dict[str, Any]:
    """The query of a push."""
    given: dict[str, Any] = {"destination": None, "format": None, "tls_verify": None, "auth": None}
    return {**dialect.images.push("quay.io/a:1", **{**given, **options}).request.get("params", {})}


def test_pulls_of_podman() -> None:
    assert pull(PODMAN) == {"reference": "quay.io/a:1"}
    sent = pull(PODMAN, policy="newer", tls_verify=False, platform="linux/arm/v7")
    assert (sent["policy"], sent["tlsVerify"]) == ("newer", "false")
    assert (sent["OS"], sent["Arch"], sent["Variant"]) == ("linux", "arm", "v7")


def test_podman_counts_bytes_where_it_can() -> None:
    assert pull(PODMAN, counted=True)["compatMode"] == "true"
    assert "compatMode" not in pull(PODMAN)
    assert "compatMode" not in pull(OLD_PODMAN, counted=True)


def test_pulls_of_docker() -> None:
    sent = pull(DOCKER, policy="always", counted=True)
    assert sent == {"fromImage": "quay.io/a", "tag": "1"}
    for policy in ("missing", "never", "newer"):
        with pytest.raises(NotSupported, match=f"policy='{policy}'"):
            pull(DOCKER, policy=policy)
    for verify in (True, False):
        with pytest.raises(NotSupported, match="insecure-registries"):
            pull(DOCKER, tls_verify=verify)


def test_pushes() -> None:
    sent = push(PODMAN, format="v2s2", tls_verify=True, destination="quay.io/b:2")
    assert sent == {"format": "v2s2", "tlsVerify": "true", "destination": "quay.io/b:2", "quiet": "false"}
    assert push(DOCKER) == {"tag": "1"}
    for given in ({"format": "oci"}, {"tls_verify": False}, {"destination": "b"}):
        with pytest.raises(NotSupported, match=next(iter(given))):
            push(DOCKER, **given)


def test_copies_between_hosts() -> None:
    op = PODMAN.images.scp("here::quay.io/a:1", "there::b", quiet=True)
    assert (op.request["method"], op.request["url"]) == ("POST", "/libpod/images/scp/here::quay.io%2Fa:1")
    assert op.request.get("params") == {"destination": "there::b", "quiet": "true"}
    assert op.parse(reply(200, {"Id": "abc"})) == "abc"
    assert "params" not in PODMAN.images.scp("here::a", None, quiet=False).request
    with pytest.raises(BadRequest):
        op.parse(
            reply(400, {"message": "cannot use the user transfer function", "cause": "", "response": 400})
        )
    with pytest.raises(ServerError):
        op.parse(reply(500, {"message": "must specify a destination", "cause": "", "response": 500}))
    with pytest.raises(NotSupported, match=r"save\(\) and load\(\)"):
        DOCKER.images.scp("a", "there::", quiet=False)


@BOTH
def test_what_is_there(dialect: Dialect) -> None:
    for noun in (dialect.images, dialect.containers):
        op = noun.exists("a/b")
        assert op.request["url"].endswith("/a%2Fb/json" if dialect is DOCKER else "/a%2Fb/exists")
        there = reply(200, {"Id": "x"}) if dialect is DOCKER else reply(204)
        assert op.parse(there) is True
        assert op.parse(reply(404, {"message": "no such image: a"})) is False
        with pytest.raises(ServerError):
            op.parse(reply(500, {"message": "broken"}))


def test_a_name_that_no_image_can_have() -> None:
    told = reply(400, {"message": "no such image: Not A Name: invalid reference format"})
    assert DOCKER.images.exists("Not A Name").parse(told) is False
    with pytest.raises(ImageNotFound):
        DOCKER.images.inspect("Not A Name").parse(told)


@BOTH
@pytest.mark.parametrize("name", ["", ".", ".."])
def test_what_is_no_name(dialect: Dialect, name: str) -> None:
    wrong: Any = None
    for say in (
        dialect.images.inspect,
        dialect.images.exists,
        dialect.images.history,
        dialect.containers.inspect,
        dialect.containers.exists,
        dialect.containers.start,
        dialect.execs.inspect,
    ):
        with pytest.raises(ValueError, match="expected the object's id or name"):
            say(name)
        with pytest.raises(TypeError, match="an id or name is None: expected a str, got NoneType"):
            say(wrong)


def test_what_was_loaded() -> None:
    assert DOCKER.images.load(b"", quiet=False).request.get("params") == {"quiet": "false"}
    told = [{"stream": "Loaded image: a:1\nLoaded image ID: sha256:b\n"}, {"status": "Loading layer"}]
    assert DOCKER.images.loaded(told) == ["a:1", "sha256:b"]
    assert PODMAN.images.loaded([{"Names": ["a:1", "b:1"]}]) == ["a:1", "b:1"]
    assert PODMAN.images.loaded([{"Names": None}]) == []


def test_imports_from_elsewhere() -> None:
    given: dict[str, Any] = {"url": "http://a/b.tar", "reference": "c:1", "message": None, "changes": None}
    docker = DOCKER.images.import_image(None, **given).request
    assert docker.get("params") == {"fromSrc": "http://a/b.tar", "repo": "c", "tag": "1"}
    assert "content" not in docker
    podman = PODMAN.images.import_image(None, **given).request
    assert podman.get("params") == {"url": "http://a/b.tar", "reference": "c:1"}
