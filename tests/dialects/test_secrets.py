"""What secrets send, and that they stay out of what is shown."""

import base64

import pytest

from wharfinger._core.raw_request import RawReply
from wharfinger._core.secret_options import secret_spec
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger.errors import BadRequest, NotSupported, NotSwarmManager, SecretNotFound, ServerError

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)
HIDDEN = base64.b64encode(b"hush").decode()


def test_dockers_body() -> None:
    spec = secret_spec(
        "a",
        "hush",
        {"labels": {"b": "c"}, "driver": "d", "driver_opts": {"e": "f"}, "templating": {"Name": "golang"}},
    )
    op = DOCKER.secrets.create(spec)
    assert op.request.get("json") == {
        "Name": "a",
        "Data": HIDDEN,
        "Labels": {"b": "c"},
        "Driver": {"Name": "d", "Options": {"e": "f"}},
        "Templating": {"Name": "golang", "Options": {}},
    }
    assert "hush" not in repr(spec) + repr(op)
    assert HIDDEN not in repr(op)


def test_podmans_request() -> None:
    spec = secret_spec("a", b"hush", {"driver": {"Name": "pass", "Options": {"b": "c"}}, "labels": ["d=e"]})
    op = PODMAN.secrets.create(spec)
    assert op.request.get("content") == b"hush"
    expected = {"name": "a", "driver": "pass", "driveropts": '{"b":"c"}', "labels": '{"d":"e"}'}
    assert op.request.get("params") == expected
    assert "hush" not in repr(op)


def test_what_is_kept_is_told_by_newer_podmans() -> None:
    asked = PODMAN.secrets.inspect("a", show_secret=True)
    assert asked.request.get("params") == {"showsecret": "true"}
    assert asked.parse(RawReply(200, {}, b'{"ID":"a","SecretData":"hush"}'))["SecretData"] == "hush"
    with pytest.raises(NotSupported, match=r"4\.9\.5"):
        libpod_dialect("4.3.1").secrets.inspect("a", show_secret=True)
    with pytest.raises(NotSupported, match=r"4\.9\.5"):
        DOCKER.secrets.inspect("a", show_secret=True)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "no such secret", SecretNotFound),
        (503, "This node is not a swarm manager. Use ...", NotSwarmManager),
        (503, "Swarm is encrypted and needs to be unlocked", ServerError),
        (500, "invalid driver", BadRequest),
        (500, "a disk is full", ServerError),
    ],
)
def test_errors(status: int, message: str, kind: type[Exception]) -> None:
    body = f'{{"message": "{message}"}}'.encode()
    for dialect in (DOCKER, PODMAN):
        with pytest.raises(kind) as caught:
            dialect.secrets.inspect("a", show_secret=False).parse(RawReply(status, {}, body))
        assert type(caught.value) is kind
