"""What the everyday verbs of containers send, and how their replies read: without an engine."""

import json
from typing import Any

import pytest

from wharfinger._core.container_facts import ended_between, port_names
from wharfinger._core.raw_request import RawReply
from wharfinger._core.stream_decoders import Pairs
from wharfinger._core.update_options import update_spec
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ContainerNotFound,
    NotSupported,
    ProtocolError,
    ServerError,
)

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)
COMMIT: dict[str, Any] = {
    "repository": None,
    "tag": None,
    "message": None,
    "author": None,
    "changes": (),
    "pause": True,
    "conf": None,
    "format": None,
}


def commit(dialect: Dialect, **options: Any) -> dict[str, Any]:
    """The query of the request."""
    given: dict[str, Any] = {**COMMIT, **options}
    return {**dialect.containers.commit("abc", **given).request.get("params", {})}


def reply(status: int, told: object) -> RawReply:
    return RawReply(status, {}, json.dumps(told).encode())


def test_limits_go_where_each_engine_has_them() -> None:
    spec = update_spec({"mem_limit": "64m", "pids_limit": 7, "nano_cpus": 500_000_000})
    docker = DOCKER.containers.update("abc", spec).request
    assert docker.get("json") == {"Memory": 64 << 20, "PidsLimit": 7, "NanoCpus": 500_000_000}
    podman = PODMAN.containers.update("abc", spec).request
    assert podman.get("json") == {
        "memory": {"limit": 64 << 20},
        "pids": {"limit": 7},
        "cpu": {"quota": 50_000, "period": 100_000},
    }


def test_a_restart_policy_is_not_in_every_podman() -> None:
    spec = update_spec({"restart_policy": "on-failure:3"})
    sent = PODMAN.containers.update("abc", spec).request
    assert sent.get("params") == {"restartPolicy": "on-failure", "restartRetries": 3}
    with pytest.raises(NotSupported, match=r"5\.2\.5"):
        libpod_dialect("4.9.5").containers.update("abc", spec)


def test_kernel_memory_is_not_in_every_docker() -> None:
    spec = update_spec({"kernel_memory": "64m"})
    assert docker_dialect("1.41").containers.update("abc", spec).request.get("json")
    with pytest.raises(NotSupported, match="kernel_memory"):
        DOCKER.containers.update("abc", spec)


def test_what_only_podman_changes() -> None:
    spec = update_spec(
        {
            "cpu": {"shares": 7},
            "cpuset_cpus": "0",
            "blockio": {"weight": 10},
            "devices": [{"allow": True}],
            "unified": {"memory.high": "1"},
            "device_read_bps": {"/dev/a": "1k"},
            "blkio_weight_device": {"/dev/a": 5},
            "health_cmd": "a b",
            "health_startup_cmd": ["a", "b c"],
            "health_interval": "1m30s",
            "health_timeout": 0.5,
            "health_max_logs_size": 3,
            "restart_policy": "on-failure",
            "restart_retries": 4,
        }
    )
    sent = PODMAN.containers.update("abc", spec).request
    assert sent.get("params") == {"restartPolicy": "on-failure", "restartRetries": 4}
    assert sent.get("json") == {
        "cpu": {"shares": 7, "cpus": "0"},
        "blockIO": {"weight": 10},
        "devices": [{"allow": True}],
        "unified": {"memory.high": "1"},
        "DeviceReadBPs": [{"Path": "/dev/a", "Rate": 1024}],
        "BlkIOWeightDevice": [{"Path": "/dev/a", "Weight": 5}],
        "health_cmd": "a b",
        "health_startup_cmd": '["a", "b c"]',
        "health_interval": "90s",
        "health_timeout": "0.5s",
        "health_max_log_size": 3,
    }
    with pytest.raises(NotSupported, match="'cpu'"):
        DOCKER.containers.update("abc", spec)


@pytest.mark.parametrize(
    "options",
    [
        {"health_cmd": "x"},
        {"health_retries": 1},
        {"no_healthcheck": True},
        {"device_write_iops": {"/dev/a": 1}},
    ],
)
def test_what_an_older_podman_does_not_change(options: Any) -> None:
    spec = update_spec(options)
    PODMAN.containers.update("abc", spec)
    with pytest.raises(NotSupported, match=r"API 5\.4\.2"):
        libpod_dialect("5.2.5").containers.update("abc", spec)
    old = update_spec({"memory": {"limit": 1}, "pids": {"limit": 1}, "network": {"classID": 1}})
    assert libpod_dialect("4.3.1").containers.update("abc", old).request.get("json") == {
        "memory": {"limit": 1},
        "pids": {"limit": 1},
        "network": {"classID": 1},
    }


@pytest.mark.parametrize(
    ("options", "kind", "told"),
    [
        ({"cpu": 5}, TypeError, "cpu is 5"),
        ({"devices": [1]}, TypeError, "an item of devices"),
        ({"no_healthcheck": 1}, TypeError, "no_healthcheck is 1"),
        ({"no_healthcheck": True, "health_cmd": "x"}, ValueError, "together with"),
        ({"restart_retries": 3}, ValueError, "goes with restart_policy='on-failure'"),
        ({"restart_policy": "on-failure:1", "restart_retries": 3}, ValueError, "alone"),
        ({"restart_policy": "on-failure", "restart_retries": "x"}, TypeError, "restart_retries is 'x'"),
    ],
)
def test_updates_that_are_none(options: Any, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        update_spec(options)


def test_two_that_want_one_place() -> None:
    spec = update_spec({"pids": {"limit": 1}, "pids_limit": 2})
    with pytest.raises(ValueError, match="'pids' contradicts another one"):
        PODMAN.containers.update("abc", spec)


def test_keywords_that_one_engine_has() -> None:
    docker, podman = DOCKER.containers, PODMAN.containers
    assert docker.stop("abc", 3, "SIGINT").request.get("params") == {"t": 3, "signal": "SIGINT"}
    assert docker.restart("abc", None, 2).request.get("params") == {"signal": "2"}
    assert docker.start("abc", "ctrl-x").request.get("params") == {"detachKeys": "ctrl-x"}
    for say in (podman.stop, podman.restart):
        with pytest.raises(NotSupported, match="signal"):
            say("abc", None, "SIGINT")
    with pytest.raises(NotSupported, match=r"1\.42"):
        docker_dialect("1.41").containers.stop("abc", None, "SIGINT")
    more = {"force": True, "volumes": False, "link": False}
    sent = podman.remove("abc", **more, depend=True, ignore=True, timeout=4).request.get("params")
    assert sent == {"force": "true", "depend": "true", "ignore": "true", "timeout": 4}
    wrong: Any = ({"depend": True}, {"ignore": True}, {"timeout": 0})
    for options in wrong:
        with pytest.raises(NotSupported, match="needs Podman"):
            docker.remove("abc", **more, **options)
    assert commit(PODMAN, squash=True)["squash"] == "true"
    with pytest.raises(NotSupported, match="squash"):
        commit(DOCKER, squash=True)
    for dialect in (docker, podman):
        headers = dialect.get_archive("abc", "/x", encode=True).request.get("headers", {})
        assert headers["Accept-Encoding"] == "gzip"
        assert "headers" not in dialect.get_archive("abc", "/x").request
        with pytest.raises(ValueError, match="timeout is -2"):
            dialect.stop("abc", -2)


def test_others_that_were_not_removed() -> None:
    op = PODMAN.containers.remove("abc", force=True, volumes=False, link=False, depend=True)
    op.parse(reply(200, [{"Id": "abc"}, {"Id": "def", "Err": None}]))
    with pytest.raises(ServerError, match="container def was not removed: busy"):
        op.parse(reply(200, [{"Id": "abc"}, {"Id": "def", "Err": "busy"}]))


def test_a_message_chooses_podmans_format() -> None:
    assert commit(PODMAN, message="hello")["format"] == "docker"
    assert commit(PODMAN, message="hello", format="oci")["format"] == "oci"
    assert "format" not in commit(PODMAN)
    assert commit(PODMAN, changes=["A", "B"])["changes"] == ["A", "B"]
    assert commit(DOCKER, changes=["A", "B"])["changes"] == "A\nB"


def test_what_one_engine_lacks() -> None:
    with pytest.raises(NotSupported, match="format"):
        commit(DOCKER, format="oci")
    with pytest.raises(NotSupported, match="conf"):
        commit(PODMAN, conf={})
    with pytest.raises(NotSupported, match="one_shot"):
        PODMAN.containers.stats("abc", stream=False, one_shot=True)


@pytest.mark.parametrize(
    ("dialect", "status", "message", "kind"),
    [
        (PODMAN, 500, "abc not found: layer not known", ContainerNotFound),
        (PODMAN, 500, "x is an invalid filter", BadRequest),
        (DOCKER, 500, "no such container abc", ContainerNotFound),
        (DOCKER, 500, "Container abc is not paused", Conflict),
        (DOCKER, 500, "cannot unpause", ServerError),
    ],
)
def test_errors(dialect: Dialect, status: int, message: str, kind: type[APIError]) -> None:
    with pytest.raises(APIError) as caught:
        dialect.containers.diff("abc").parse(reply(status, {"message": message}))
    assert type(caught.value) is kind


def test_podmans_empty_answers_are_conflicts() -> None:
    for op in (
        PODMAN.containers.top("abc", ()),
        PODMAN.containers.stats("abc", stream=False, one_shot=False),
    ):
        with pytest.raises(Conflict, match="not running"):
            op.parse(RawReply(200, {}, b""))


def test_pruned() -> None:
    expected = {"ContainersDeleted": ["a"], "SpaceReclaimed": 3}
    assert DOCKER.containers.prune(None).parse(reply(200, expected)) == expected
    nothing = {"ContainersDeleted": None, "SpaceReclaimed": 0}
    assert DOCKER.containers.prune(None).parse(reply(200, nothing))["ContainersDeleted"] == []
    assert PODMAN.containers.prune(None).parse(reply(200, [{"Id": "a", "Size": 3}])) == expected
    with pytest.raises(ServerError, match="container a was not removed: busy"):
        PODMAN.containers.prune(None).parse(reply(200, [{"Id": "a", "Size": 0, "Err": "busy"}]))


def test_ports_by_name() -> None:
    assert port_names("080") == ["80/tcp", "80/udp", "80/sctp"]
    assert port_names("53/udp") == ["53/udp"]
    for wrong in ("", "x", "80/ftp", -1):
        with pytest.raises(ValueError, match="private_port"):
            port_names(wrong)


def test_ended_between() -> None:
    assert ended_between("running", "exited")
    assert ended_between("running", "initialized")
    assert not ended_between("created", "initialized")
    assert not ended_between("created", "running")


def test_output_in_pairs() -> None:
    pairs = Pairs(tty=False)
    assert pairs.feed(b"\1\0\0\0\0\0\0\1a\2\0\0\0\0\0\0\1b") == [(b"a", None), (None, b"b")]
    pairs.feed(b"\1\0\0\0\0\0\0\5a")
    with pytest.raises(ProtocolError):
        pairs.finish()
