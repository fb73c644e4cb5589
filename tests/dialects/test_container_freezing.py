"""Checkpoints, and what comes before a start: what is sent, and how replies read. No engine here has a working CRIU."""

import json
from typing import Any

import pytest

from wharfinger._core.checkpoint_options import checked_checkpoint, checked_import, checked_restore
from wharfinger._core.raw_request import RawReply
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger.errors import (
    Conflict,
    ContainerNotFound,
    NotFound,
    NotSupported,
    ServerError,
    UnexpectedReply,
)

DOCKER = docker_dialect(known_versions("docker").newest).containers
PODMAN = libpod_dialect(known_versions("podman").newest).containers
OLD = libpod_dialect("4.3.1").containers


def reply(status: int, told: object) -> RawReply:
    return RawReply(status, {}, json.dumps(told).encode())


def test_a_checkpoint() -> None:
    options: Any = dict.fromkeys(
        (
            "keep",
            "leave_running",
            "tcp_established",
            "ignore_rootfs",
            "ignore_volumes",
            "pre_checkpoint",
            "with_previous",
            "file_locks",
            "print_stats",
        ),
        True,
    )
    sent = PODMAN.checkpoint_archive("abc", checked_checkpoint(options)).request
    assert (sent["method"], sent["url"]) == ("POST", "/libpod/containers/abc/checkpoint")
    names = (
        "keep leaveRunning tcpEstablished export ignoreRootFS ignoreVolumes preCheckpoint withPrevious fileLocks "
        "printStats"
    )
    assert sent.get("params") == dict.fromkeys(names.split(), "true")
    plain = PODMAN.checkpoint("abc", checked_checkpoint({"keep": False}))
    assert plain.request.get("params", {}) == {}
    assert plain.parse(reply(200, {"Id": "abc", "criu_statistics": None})) == {
        "Id": "abc",
        "criu_statistics": None,
    }


def test_a_restore() -> None:
    options: Any = dict.fromkeys(
        (
            "keep",
            "tcp_established",
            "tcp_close",
            "ignore_static_ip",
            "ignore_static_mac",
            "file_locks",
            "print_stats",
        ),
        True,
    )
    names = "keep tcpEstablished tcpClose ignoreStaticIP ignoreStaticMAC fileLocks printStats"
    op = PODMAN.restore("abc", checked_restore(options))
    assert op.request["url"] == "/libpod/containers/abc/restore"
    assert op.request.get("params") == dict.fromkeys(names.split(), "true")
    assert op.parse(reply(200, {"Id": "abc"})) == {"Id": "abc"}
    with pytest.raises(ContainerNotFound):
        op.parse(reply(404, {"message": "failed to find container or checkpoint image abc"}))
    with pytest.raises(Conflict):
        op.parse(
            reply(500, {"message": "abc is running or paused, cannot restore: container state improper"})
        )


def test_a_restore_of_an_archive() -> None:
    op = PODMAN.restore_archive(b"tar", checked_import({"name": "new", "pod": "p", "ignore_volumes": True}))
    assert op.request.get("content") == b"tar"
    assert op.request.get("params") == {"import": "true", "name": "new", "pod": "p", "ignoreVolumes": "true"}
    with pytest.raises(ServerError):
        op.parse(reply(500, {"message": "unpacking failed"}))


@pytest.mark.parametrize("told", [b"", b"[]", b"{"])
def test_a_report_that_is_none(told: bytes) -> None:
    with pytest.raises(UnexpectedReply, match="report"):
        PODMAN.restore("abc", {}).parse(RawReply(200, {}, told))


def test_options_that_are_none() -> None:
    wrong: Any = {"leave_runing": True}
    with pytest.raises(TypeError, match="did you mean 'leave_running'"):
        checked_checkpoint(wrong)
    with pytest.raises(TypeError, match=r"'name' of restore\(\)"):
        checked_restore({"name": "x"})  # type: ignore[typeddict-unknown-key]  # wrong on purpose
    with pytest.raises(TypeError, match="keep is 1"):
        checked_restore({"keep": 1})  # type: ignore[typeddict-item]  # wrong on purpose


def test_what_an_older_podman_lacks() -> None:
    for option in ("ignore_volumes", "pre_checkpoint", "with_previous", "file_locks"):
        given: Any = {option: True}
        with pytest.raises(NotSupported, match=r"4\.9\.5"):
            OLD.checkpoint("abc", given)
    with pytest.raises(NotSupported, match=r"5\.7\.1"):
        OLD.restore("abc", {"tcp_close": True})


def test_what_docker_lacks() -> None:
    for say in (
        lambda: DOCKER.checkpoint("abc", {}),
        lambda: DOCKER.checkpoint_archive("abc", {}),
        lambda: DOCKER.restore("abc", {}),
        lambda: DOCKER.restore_archive(b"", {}),
        lambda: DOCKER.init("abc"),
        lambda: DOCKER.mount("abc"),
        lambda: DOCKER.unmount("abc"),
    ):
        with pytest.raises(NotSupported, match="needs Podman"):
            say()


def test_ready_to_start_and_mounted() -> None:
    assert PODMAN.init("abc").parse(RawReply(204, {}, b"")) is True
    assert PODMAN.init("abc").parse(RawReply(304, {}, b"")) is False
    assert PODMAN.mount("abc").parse(RawReply(200, {}, b"/merged\n")) == "/merged"
    with pytest.raises(NotFound):
        PODMAN.unmount("abc").parse(reply(404, {"message": "no such container"}))
