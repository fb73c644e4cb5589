"""What an engine's error comes to, and what is refused before anything is sent."""

import json
from typing import Any

import pytest

from wharfinger._core.operation import Operation
from wharfinger._core.options import container_spec
from wharfinger._core.raw_request import RawReply
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ContainerNotFound,
    ImageNotFound,
    NotFound,
    NotSupported,
    ServerError,
    UnexpectedReply,
)

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def answered(op: Operation[Any], status: int, **told: object) -> Any:
    return op.parse(RawReply(status, {}, json.dumps(told).encode()))


@pytest.mark.parametrize(
    ("dialect", "status", "message", "kind"),
    [
        (DOCKER, 404, "No such container: abc", ContainerNotFound),
        (DOCKER, 404, "Could not find the file /x in container abc", NotFound),
        (DOCKER, 404, "network quay not found", NotFound),
        (DOCKER, 409, "You cannot remove a running container", Conflict),
        (DOCKER, 500, "broken", ServerError),
        (PODMAN, 404, 'no container with name or ID "abc" found: no such container', ContainerNotFound),
        (PODMAN, 500, "cannot remove abc as it is running: container state improper", Conflict),
        (PODMAN, 500, "container state improper, said nobody", ServerError),
    ],
)
def test_errors_about_containers(dialect: Dialect, status: int, message: str, kind: type[APIError]) -> None:
    with pytest.raises(APIError) as caught:
        answered(dialect.containers.start("abc"), status, message=message)
    assert type(caught.value) is kind
    assert caught.value.message == message
    assert caught.value.method == "POST"
    assert "abc/start" in caught.value.path
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    ("dialect", "status", "message", "kind"),
    [
        (DOCKER, 404, "No such image: app:1", ImageNotFound),
        (DOCKER, 404, "No such container: other", ContainerNotFound),
        (DOCKER, 409, 'Conflict. The container name "/x" is already in use', Conflict),
        (PODMAN, 404, "app:1: image not known", ImageNotFound),
        (PODMAN, 500, "app:1: image not known", ImageNotFound),
        (PODMAN, 500, 'the name "x" is in use by y. Remove it: that name is already in use', Conflict),
    ],
)
def test_errors_about_what_a_container_is_made_of(
    dialect: Dialect, status: int, message: str, kind: type[APIError]
) -> None:
    with pytest.raises(APIError) as caught:
        answered(dialect.containers.create(container_spec("app:1", {})), status, message=message)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    "words", ["a stopped container: unknown", "a stopped container", "a deleted process: unknown"]
)
def test_errors_about_a_process_that_has_ended(words: str) -> None:
    with pytest.raises(Conflict, match=words):
        answered(DOCKER.execs.resize("abc", 3, 3), 500, message=f"cannot resize {words}")


def test_errors_of_newer_engines() -> None:
    words = "invalid reference format: repository name (library/A) must be lowercase"
    for op in (DOCKER.images.inspect("A"), DOCKER.images.history("A")):
        with pytest.raises(ImageNotFound, match="lowercase"):
            answered(op, 400, message=words)
    assert answered(DOCKER.images.exists("A"), 400, message=words) is False
    with pytest.raises(BadRequest):
        answered(DOCKER.images.inspect("A"), 400, message="something else")
    told = {"cause": "container is stopped", "message": "container is stopped", "response": 500}
    with pytest.raises(Conflict, match="stopped"):
        answered(PODMAN.containers.stats("abc", stream=False, one_shot=False), 200, **told)


def test_an_error_without_words_is_about_what_was_asked_for() -> None:
    with pytest.raises(ContainerNotFound):
        DOCKER.containers.archive_stat("abc", "/x").parse(RawReply(404, {}, b""))


@pytest.mark.parametrize("dialect", [DOCKER, PODMAN])
def test_replies_that_cannot_be_read(dialect: Dialect) -> None:
    with pytest.raises(UnexpectedReply) as caught:
        dialect.containers.inspect("abc").parse(RawReply(200, {}, b"<html>"))
    assert (caught.value.raw, caught.value.status_code) == (b"<html>", 200)


@pytest.mark.parametrize("dialect", [DOCKER, PODMAN])
def test_started_and_stopped_are_told_apart(dialect: Dialect) -> None:
    for op in (dialect.containers.start("abc"), dialect.containers.stop("abc", None)):
        assert op.parse(RawReply(204, {}, b"")) is True
        assert op.parse(RawReply(304, {}, b"")) is False


@pytest.mark.parametrize("dialect", [DOCKER, PODMAN])
def test_what_was_not_given_is_not_sent(dialect: Dialect) -> None:
    for op in (
        dialect.containers.stop("abc", None),
        dialect.containers.remove("abc", force=False, volumes=False, link=False),
        dialect.containers.kill("abc", None),
        dialect.containers.list(all=False, limit=None, size=False, filters=None),
        dialect.images.list(all=False, filters=None),
    ):
        assert not op.request.get("params")


@pytest.mark.parametrize(
    ("options", "before", "since"),
    [
        ({"annotations": {"a": "b"}}, "1.42", "1.43"),
        ({"networks": ["one", "two"]}, "1.43", "1.44"),
        ({"healthcheck": {"test": "true", "start_interval": 10**9}}, "1.43", "1.44"),
    ],
)
def test_docker_options_by_version(options: Any, before: str, since: str) -> None:
    spec = container_spec("app:1", options)
    with pytest.raises(NotSupported) as caught:
        docker_dialect(before).containers.create(spec)
    assert (caught.value.engine, caught.value.needs, caught.value.has) == (
        "Docker",
        f"API {since}",
        f"API {before}",
    )
    assert docker_dialect(since).containers.create(spec).request["method"] == "POST"


def test_podman_options_by_version() -> None:
    spec = container_spec("app:1", {"networks": {"one": {"driver_opts": {"a": "b"}}}})
    with pytest.raises(NotSupported) as caught:
        libpod_dialect("5.3.2").containers.create(spec)
    assert (caught.value.needs, caught.value.has) == ("API 5.4", "API 5.3.2")
    assert libpod_dialect("5.4.0").containers.create(spec)


def test_what_only_docker_has() -> None:
    for say in (
        lambda: PODMAN.containers.remove("abc", force=False, volumes=False, link=True),
        lambda: PODMAN.containers.wait("abc", "removed", None),
        lambda: PODMAN.containers.wait("abc", "next-exit", None),
        lambda: PODMAN.images.remove("abc", force=False, noprune=True),
    ):
        with pytest.raises(NotSupported, match="Podman: it needs Docker"):
            say()


def test_force_is_at_once_on_both() -> None:
    forced = PODMAN.containers.remove("abc", force=True, volumes=True, link=False)
    assert forced.request.get("params") == {"force": "true", "timeout": 0, "volumes": "true"}
    assert DOCKER.containers.remove("abc", force=True, volumes=True, link=False).request.get("params") == {
        "force": "true",
        "v": "true",
    }


def test_names_cannot_leave_their_place() -> None:
    for dialect in (DOCKER, PODMAN):
        assert "/a%2Fb%3Fc%23d%20e/" in dialect.containers.inspect("a/b?c#d e").request["url"]
        for op in (dialect.containers.inspect, dialect.images.inspect):
            with pytest.raises(ValueError, match="empty"):
                op("")
