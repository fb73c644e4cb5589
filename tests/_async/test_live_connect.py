"""Which engine a client talks to, and in which version of its API."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, spoken
from tests.engines.harness import Engine
from tests.fake_engine import FakeEngine, Request, answering, reply
from tests.live import Relay, of_engine
from wharfinger import AsyncDockerClient, AsyncPodmanClient, connect_async
from wharfinger.errors import (
    BadRequest,
    ClosedError,
    EngineUnreachable,
    NotSupported,
    UnexpectedReply,
    WharfingerError,
)
from wharfinger_api.docker.availability import AVAILABILITY as DOCKER
from wharfinger_api.libpod.availability import AVAILABILITY as LIBPOD

VARIABLES = (
    "DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_API_VERSION DOCKER_TLS_VERIFY DOCKER_CERT_PATH "
    "CONTAINER_HOST CONTAINER_CONNECTION CONTAINER_SSHKEY CONTAINERS_CONF XDG_RUNTIME_DIR"
)

# What no variable can hide.
WELL_KNOWN = [place for place in ("/run/docker.sock", "/run/podman/podman.sock") if Path(place).exists()]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names no engine."""
    for name in VARIABLES.split():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    return monkeypatch


async def test_an_address_is_enough(engine: Engine, machine: pytest.MonkeyPatch) -> None:
    async with await connect_async(engine.url) as client:
        assert isinstance(client, of_engine(engine, AsyncDockerClient, AsyncPodmanClient))
        assert client.address
        assert (client.address.url, client.address.rule) == (engine.url, "argument base_url")
        assert client.api_version == spoken(engine)
        told = await client.version()
        assert (told.engine, told.version, told.os) == (engine.name, engine.version, "linux")
        assert told.api_version == (engine.libpod_version or engine.api_version)
        assert await client.ping() is True
        assert await client.info()


async def test_the_environment_chooses(engine: Engine, machine: pytest.MonkeyPatch) -> None:
    for name, value in engine.env.items():
        machine.setenv(name, value)
    kind = of_engine(engine, AsyncDockerClient, AsyncPodmanClient)
    for made in (await connect_async(), kind(), kind.from_env()):
        async with made as client:
            assert type(client) is kind
            assert client.address
            assert (client.address.url, client.address.rule) == (engine.url, next(iter(engine.env)))
            assert await client.containers.exists("nothing-of-that-name") is False


async def test_a_given_environment_is_used_instead(engine: Engine, machine: pytest.MonkeyPatch) -> None:
    machine.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    machine.setenv("CONTAINER_HOST", "unix:///nowhere.sock")
    kind = of_engine(engine, AsyncDockerClient, AsyncPodmanClient)
    async with kind.from_env(environment=engine.env) as client:
        assert client.address.url == engine.url


async def test_docker_host_may_name_a_podman(
    podman_engine: Engine, image: str, machine: pytest.MonkeyPatch
) -> None:
    machine.setenv("DOCKER_HOST", podman_engine.url)
    async with await connect_async() as client:
        assert isinstance(client, AsyncPodmanClient)
        assert client.address
        assert client.address.rule == "DOCKER_HOST"
        assert image in (await client.images.get(image)).tags


async def test_docker_client_speaks_to_podman(podman_engine: Engine, image: str) -> None:
    async with AsyncDockerClient(podman_engine.url) as client:
        assert client.api_version == podman_engine.api_version
        assert image in (await client.images.get(image)).tags
        assert await client.containers.run(image, "echo here", remove=True) == b"here\n"


async def test_podman_client_does_not_speak_to_docker(docker_engine: Engine) -> None:
    client = AsyncPodmanClient(docker_engine.url)
    with pytest.raises(NotSupported, match=re.escape(docker_engine.url)) as caught:
        await client.containers.list()
    assert "DockerClient" in str(caught.value)
    await client.close()


async def test_names_that_nothing_is_known_of(machine: pytest.MonkeyPatch) -> None:
    for variable, value in (("DOCKER_CONTEXT", "harbour"), ("CONTAINER_CONNECTION", "harbour")):
        with machine.context() as patch:
            patch.setenv(variable, value)
            with pytest.raises(EngineUnreachable, match="harbour"):
                await connect_async()
    for url in ("harbour", "gopher://x", "", "unix:relative"):
        with pytest.raises(ValueError, match="engine URL"):
            AsyncDockerClient(url)


async def test_nothing_is_there(tmp_path: Path, machine: pytest.MonkeyPatch) -> None:
    machine.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    try:
        client = await connect_async()
    except EngineUnreachable as caught:
        error = caught
    else:
        # This machine has an engine of its own, at a place that everybody looks at.
        async with client:
            assert any(str(client.address).endswith(place) for place in WELL_KNOWN)
        return
    assert str(tmp_path / "docker.sock") in str(error)
    assert str(tmp_path / "podman/podman.sock") in str(error)
    assert len(error.tried) > 2
    assert error.hint


async def test_nothing_is_connected_before_the_first_call(tmp_path: Path, engine: Engine) -> None:
    url = f"unix://{tmp_path}/not-yet.sock"
    client = client_of(engine, url)
    assert client.address
    assert client.address.url == url
    assert client.api_version is None
    assert url in repr(client)
    with pytest.raises(EngineUnreachable, match=r"not-yet\.sock"):
        await client.containers.list()
    # It may be there later.
    (tmp_path / "not-yet.sock").symlink_to(engine.socket)
    assert await client.ping()
    assert client.api_version
    await client.close()
    with pytest.raises(ClosedError):
        await client.ping()
    with pytest.raises(EngineUnreachable, match=r"nowhere\.sock"):
        async with client_of(engine, f"unix://{tmp_path}/nowhere.sock"):
            pass


async def test_one_ping_agrees_on_the_version(engine: Engine) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            await client.containers.list()
            await client.images.list()
            assert relay.requests[0] == "GET /_ping"
            assert [told for told in relay.requests[1:] if "/_ping" in told or "/version" in told] == []
            assert all(f" /v{client.api_version}/" in told for told in relay.requests[1:])
        assert relay.connections == 1


async def test_a_version_that_was_chosen(docker_engine: Engine, machine: pytest.MonkeyPatch) -> None:
    with Relay(docker_engine) as relay:
        async with AsyncDockerClient(relay.url, version="1.41") as client:
            assert client.api_version == "1.41"
            await client.containers.list()
        assert relay.requests == ["GET /v1.41/containers/json"]
        machine.setenv("DOCKER_API_VERSION", "1.41")
        machine.setenv("DOCKER_HOST", relay.url)
        for made in (await connect_async(), AsyncDockerClient(), AsyncDockerClient.from_env()):
            async with made as client:
                await client.containers.list()
                assert client.api_version == "1.41"
        # Newer than the engine: its own words tell so.
        async with AsyncDockerClient(relay.url, version=DOCKER.newest) as client:
            with pytest.raises(BadRequest, match=re.escape(DOCKER.newest)):
                await client.containers.list()


async def test_versions_that_this_library_does_not_know(
    docker_engine: Engine, machine: pytest.MonkeyPatch
) -> None:
    with Relay(docker_engine) as relay:
        for version in ("1.24", "1.99"):
            client = AsyncDockerClient(relay.url, version=version)
            with pytest.raises(NotSupported, match=rf"Docker API {version}.*API 1\.41 to 1\."):
                await client.containers.list()
            await client.close()
            machine.setenv("DOCKER_API_VERSION", version)
            with pytest.raises(NotSupported, match=rf"Docker API {version}"):
                await connect_async(relay.url)
            machine.delenv("DOCKER_API_VERSION")
    with pytest.raises(ValueError, match=r"version='new'.*'1\.51'"):
        AsyncDockerClient(docker_engine.url, version="new")
    machine.setenv("DOCKER_API_VERSION", "latest")
    with pytest.raises(ValueError, match="DOCKER_API_VERSION='latest'"):
        AsyncDockerClient(docker_engine.url)


async def test_podmans_version_is_its_own(podman_engine: Engine, machine: pytest.MonkeyPatch) -> None:
    machine.setenv("DOCKER_API_VERSION", "1.41")
    for made in (AsyncPodmanClient(podman_engine.url), await connect_async(podman_engine.url)):
        async with made as client:
            await client.ping()
            assert client.api_version == spoken(podman_engine)
    async with AsyncPodmanClient(podman_engine.url, version="v4.3.1") as client:
        assert client.api_version == "4.3.1"
    with pytest.raises(NotSupported, match=r"Podman API 3\.0\.0"):
        async with AsyncPodmanClient(podman_engine.url, version="3.0.0"):
            pass


def docker_like(headers: dict[str, str], minimum: str | None = None) -> Any:
    """An engine of any version."""

    def answer(request: Request) -> bytes:
        if request.target == "/_ping":
            return reply(b"OK", **headers)
        if request.target.endswith("/version"):
            body = f'{{"Version": "99.0", "ApiVersion": "9.9", "MinAPIVersion": "{minimum}"}}'
            return reply(body.encode(), Content_Type="application/json")
        return reply(b"[]", Content_Type="application/json")

    return answering(answer)


@pytest.mark.parametrize(
    ("headers", "minimum", "chosen"),
    [
        ({"Api_Version": "1.44"}, "1.24", "1.44"),
        ({"Api_Version": "1.99"}, "1.44", DOCKER.newest),
        ({"Libpod_API_Version": "5.4.2", "Api_Version": "1.41"}, None, "5.4.2"),
        ({"Libpod_API_Version": "5.4.2-dev", "Api_Version": "1.41"}, None, "5.4.2"),
        ({"Libpod_API_Version": "9.0.0", "Api_Version": "1.55"}, None, LIBPOD.newest),
    ],
)
async def test_engines_of_other_versions(headers: dict[str, str], minimum: str | None, chosen: str) -> None:
    with FakeEngine(docker_like(headers, minimum)) as fake:
        async with await connect_async(fake.address.url) as client:
            assert client.api_version == chosen
            assert await client.containers.list() == []


@pytest.mark.parametrize(
    ("headers", "minimum", "message"),
    [
        ({"Api_Version": "1.99"}, "1.80", "install a newer wharfinger"),
        ({"Api_Version": "1.40"}, "1.12", f"Docker API 1.40.*{DOCKER.oldest} or newer"),
        (
            {"Libpod_API_Version": "3.4.4", "Api_Version": "1.40"},
            None,
            f"Podman API 3.4.4.*{LIBPOD.oldest} or newer",
        ),
    ],
)
async def test_engines_too_old_or_too_new(headers: dict[str, str], minimum: str | None, message: str) -> None:
    with FakeEngine(docker_like(headers, minimum)) as fake, pytest.raises(NotSupported, match=message):
        await connect_async(fake.address.url)


async def test_something_else_listens_there() -> None:
    with FakeEngine(answering(lambda _: reply(b"<html>"))) as fake:
        with pytest.raises(UnexpectedReply, match="no container engine") as caught:
            await connect_async(fake.address.url)
        assert caught.value.raw == b"<html>"
    busy = answering(lambda _: reply(b"busy", status="503 Busy"))
    with FakeEngine(busy) as fake, pytest.raises(WharfingerError, match="busy"):
        await connect_async(fake.address.url)
