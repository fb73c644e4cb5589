"""What builds send, where no engine at hand would show it: without an engine."""

import json
from typing import Any

import pytest

from wharfinger._core.build_context import BuildContext
from wharfinger._core.build_options import build_request
from wharfinger._core.registry_auth import RegistryAuth
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import BuildError, NotSupported
from wharfinger.types import BuildEvent

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def sent(dialect: Dialect, context: BuildContext | None = None, **options: Any) -> dict[str, Any]:
    """The query of the request."""
    given: Any = options
    asked = build_request("folder", given, {})
    spec = asked.on_docker().spec if dialect.engine == "docker" else asked.spec
    op = dialect.builds.build(context or BuildContext(b""), spec, encoding=None, auths={})
    return dict(op.request.get("params", {}))


def test_podman_is_asked_for_what_its_command_line_asks_for() -> None:
    assert sent(PODMAN) == {
        "rm": "true",
        "forcerm": "true",
        "layers": "true",
        "outputformat": "application/vnd.oci.image.manifest.v1+json",
        "networkmode": 0,
        "nsoptions": '[{"Name": "user", "Host": true, "Path": ""}]',
    }
    assert sent(DOCKER) == {}


@pytest.mark.parametrize(
    ("mode", "number", "path", "host"),
    [
        ("none", 1, "", False),
        ("host", 2, "", True),
        ("bridge", 2, "", False),
        ("my-net", 2, "my-net", False),
        ("ns:/run/netns/a", 2, "/run/netns/a", False),
    ],
)
def test_networks(mode: str, number: int, path: str, host: bool) -> None:
    found = sent(PODMAN, network_mode=mode)
    assert found["networkmode"] == number
    assert json.loads(found["nsoptions"])[0] == {"Name": "network", "Host": host, "Path": path}
    assert sent(DOCKER, network_mode=mode)["networkmode"] == mode


def test_newer_options_of_podman() -> None:
    found = sent(
        PODMAN,
        BuildContext(b"", dockerfile="x", excludes=("a", "!b"), secrets=(("id", "file"),)),
        additional_contexts={"one": "docker-image://alpine", "two": "https://h/x.git"},
        layer_labels={"a": "b"},
        volumes=["/a:/b"],
        unset_env=["A"],
        unset_labels=["b"],
        inherit_labels=False,
        timestamp=0,
        buildargs={"A": "1", "B": None},
        extra_hosts={"a": "192.0.2.1"},
        platform=["linux/amd64", "linux/arm64"],
        pull="newer",
        manifest="m",
        isolation="chroot",
    )
    expected = {
        "dockerfile": "x",
        "excludes": '["a", "!b"]',
        "secrets": '["id=id,src=file"]',
        "additionalbuildcontexts": ["one=image:alpine", "two=url:https://h/x.git"],
        "layerLabel": ["a=b"],
        "volume": ["/a:/b"],
        "unsetenv": ["A"],
        "unsetlabel": ["b"],
        "inheritlabels": "false",
        "timestamp": 0,
        "buildargs": '{"A":"1"}',
        "extrahosts": '["a:192.0.2.1"]',
        "platform": ["linux/amd64", "linux/arm64"],
        "pullpolicy": "ifnewer",
        "manifest": "m",
        "isolation": "chroot",
    }
    assert {name: found.get(name) for name in expected} == expected
    # A folder is in the body.
    assert "additionalbuildcontexts" not in sent(PODMAN, contexts={"one": "/folder"})
    with pytest.raises(NotSupported, match=r"additionalbuildcontexts.*5\.6"):
        sent(libpod_dialect("4.3.1"), contexts={"one": "/folder"})


def test_options_of_docker() -> None:
    found = sent(
        DOCKER,
        pull=True,
        platform="linux/arm64",
        extra_hosts={"a": "192.0.2.1", "b": "192.0.2.2"},
        container_limits={"memory": "1k"},
        cache_from=["a"],
        isolation="hyperv",
    )
    assert found == {
        "pull": "1",
        "platform": "linux/arm64",
        "extrahosts": ["a:192.0.2.1", "b:192.0.2.2"],
        "memory": 1024,
        "cachefrom": '["a"]',
        "isolation": "hyperv",
    }


def test_what_buildkit_is_told() -> None:
    found = sent(DOCKER, builder="buildkit", pull=True, nocache=True, shmsize="1k")
    assert found == {"version": "2", "pull": "1", "nocache": "true", "shmsize": 1024}
    lacking: list[dict[str, Any]] = [{"container_limits": {"memory": "1k"}}, {"isolation": "hyperv"}]
    for options in lacking:
        with pytest.raises(NotSupported, match=r"by BuildKit.*classic builder"):
            sent(DOCKER, builder="buildkit", **options)
    with pytest.raises(NotSupported, match=r"shmsize.*1\.42"):
        sent(docker_dialect("1.41"), builder="buildkit", shmsize="1k")


@pytest.mark.parametrize(
    "options", [{"secrets": {"a": b""}}, {"ssh": {"a": "/s"}}, {"contexts": {"a": "/f"}}]
)
def test_what_the_classic_builder_lacks(options: dict[str, Any]) -> None:
    with pytest.raises(NotSupported, match=r"by the classic builder.*needs builder='buildkit'"):
        sent(DOCKER, builder="classic", **options)


@pytest.mark.parametrize("builder", ["classic", "buildkit"])
def test_podman_has_one_builder(builder: str) -> None:
    with pytest.raises(NotSupported, match="one builder, which 'auto' is"):
        sent(PODMAN, builder=builder)


def test_podman_forwards_no_agents() -> None:
    with pytest.raises(NotSupported, match="ssh"):
        sent(PODMAN, ssh={"default": "/s"})


@pytest.mark.parametrize(
    "options",
    [
        {"manifest": "a"},
        {"http_proxy": True},
        {"output": "type=local"},
        {"volumes": ["a:b"]},
        {"timestamp": 1},
    ],
)
def test_what_docker_lacks(options: dict[str, Any]) -> None:
    with pytest.raises(NotSupported, match=next(iter(options))):
        sent(DOCKER, **options)


def test_credentials_are_not_shown() -> None:
    auth = RegistryAuth("name", "pass-word")
    for dialect, header in ((DOCKER, "X-Registry-Config"), (PODMAN, "X-Registry-Auth")):
        op = dialect.builds.build(
            BuildContext(b""), build_request("a", {}, {}).spec, encoding="gzip", auths={"docker.io": auth}
        )
        assert "pass-word" not in repr(op)
        assert header in op.request.get("headers", {})
        assert op.request.get("headers", {})["Content-Encoding"] == "gzip"


def test_space_of_newer_dockers() -> None:
    op = DOCKER.builds.prune(
        filters={"until": "24h"},
        all=True,
        keep_storage=None,
        reserved_space=1,
        max_used_space=2,
        min_free_space=3,
    )
    assert op.request.get("params") == {
        "filters": '{"until":["24h"]}',
        "all": "true",
        "reserved-space": 1,
        "max-used-space": 2,
        "min-free-space": 3,
    }


def test_events() -> None:
    raw = {"status": "Downloading", "id": "a", "progressDetail": {"current": 1, "total": 2}}
    event = BuildEvent(raw)
    assert (event.status, event.id, event.current, event.total) == ("Downloading", "a", 1, 2)
    assert (event.stream, event.error, event.exit_code, event.image_id) == ("", None, None, None)
    assert dict(event) == raw
    assert event == BuildEvent({**raw})
    assert event.get("stream") is None
    assert BuildEvent({"aux": {"ID": "sha256:a"}}).image_id == "sha256:a"
    assert BuildEvent({"stream": "0" * 64 + "\n"}).image_id == "0" * 64
    assert BuildEvent({"errorDetail": {"message": "no\n", "code": 3}}).exit_code == 3
    failed = BuildEvent({"error": "while running runtime: exit status 9\n"})
    assert (failed.error, failed.exit_code) == ("while running runtime: exit status 9", 9)
    error = BuildError("no", build_log=[BuildEvent({"stream": "a\n"}), failed], exit_code=9)
    assert (error.log, error.exit_code, error.msg) == (("a\n",), 9, "no")
