"""The three ways around the high level, on real engines; all of them over the client's own connections."""

import json
from collections.abc import AsyncIterator

import pytest

from tests._async._live import client_of, started
from tests._async.conftest import calling
from tests.engines.harness import Engine
from tests.engines.harness.images import test_image as built_image
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncPodmanClient
from wharfinger.errors import BadRequest, ClosedError, ContainerNotFound, NotFound, UnexpectedReply
from wharfinger_api.docker.api.container import container_list
from wharfinger_api.docker.api.image import image_inspect
from wharfinger_api.docker.api.system import system_version
from wharfinger_api.docker.errors import NotFound as BindingNotFound
from wharfinger_api.libpod.api.containers import container_list_libpod
from wharfinger_api.libpod.api.images import image_inspect_libpod


async def test_the_bindings(engine: Engine, image: str, scope: Scope) -> None:
    listing, looking = of_engine(
        engine, (container_list, image_inspect), (container_list_libpod, image_inspect_libpod)
    )
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope)
            before = len(relay.requests)
            wanted = {"label": [f"{name}={value}" for name, value in scope.labels.items()]}
            for _ in range(3):
                (found,) = await calling(listing, client=client.api, filters=wanted)
                assert found.id == container.id
            assert client.api is client.api
            with pytest.raises(BindingNotFound, match="absent"):
                await calling(looking, client=client.api, name=f"localhost/{scope.token}/absent:1")
            assert len(relay.requests) == before + 4
            assert all(f"/v{client.api_version}/" in told for told in relay.requests[before:])
        assert relay.connections == 1


async def test_podmans_compatible_bindings(podman_engine: Engine) -> None:
    with Relay(podman_engine) as relay:
        async with AsyncPodmanClient(relay.url) as client:
            found = await calling(system_version, client=client.compat_api)
            assert found.api_version == podman_engine.api_version
            assert f"GET /v{podman_engine.api_version}/version" in relay.requests
        assert relay.connections == 1


async def test_any_request(engine: Engine, image: str, scope: Scope) -> None:
    prefix = of_engine(engine, "", "/libpod")
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            body = of_engine(
                engine, {"Image": image, "Labels": scope.labels}, {"image": image, "labels": scope.labels}
            )
            made = await client.request("post", f"{prefix}/containers/create", json=body)
            assert made.status_code == 201
            assert made.headers["content-type"].startswith("application/json")
            id = made.json()["Id"]
            assert scope.containers() == [id]
            filters = json.dumps({"id": [id]})
            found = await client.request(
                "GET", f"{prefix}/containers/json", params={"all": True, "filters": filters}
            )
            assert [one["Id"] for one in json.loads(found.text)] == [id]
            gone = await client.request("DELETE", f"{prefix}/containers/{id}")
            assert gone.status_code in (200, 204)
            assert f"/v{client.api_version}{prefix}/containers/{id}" in relay.requests[-1]
            with pytest.raises(NotFound, match=str(id)) as caught:
                await client.request("GET", f"{prefix}/containers/{id}/json", timeout=10)
            assert (caught.value.status_code, caught.value.method) == (404, "GET")
            with pytest.raises(UnexpectedReply, match="no JSON"):
                (await client.request("GET", "/_ping")).json()
            with pytest.raises(ValueError, match="begins with a slash"):
                await client.request("GET", "containers")
            with pytest.raises(ValueError, match="one body"):
                await client.request("POST", "/x", json=1, content=b"")
        assert relay.connections == 1


async def test_podmans_compatible_paths(podman_engine: Engine) -> None:
    async with AsyncPodmanClient(podman_engine.url) as client:
        assert (await client.request("GET", "/version")).json()["ApiVersion"] == podman_engine.api_version


async def test_a_body_of_any_kind(engine: Engine, image: str, scope: Scope) -> None:
    data = built_image().archive(name := scope.image("sent"))

    async def pieces() -> AsyncIterator[bytes]:
        yield data[:1000]
        yield data[1000:]

    path = of_engine(engine, "/images/load", "/libpod/images/load")
    async with client_of(engine) as client:
        found = await client.request(
            "POST", path, content=pieces(), headers={"Content-Type": "application/x-tar"}
        )
        assert found.status_code == 200
        assert await client.images.exists(name)


async def test_an_unread_reply(engine: Engine, scope: Scope) -> None:
    prefix = of_engine(engine, "", "/libpod")
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, shell("yes | head -n 50000; sleep 300"))
            path = f"{prefix}/containers/{container.id}/logs"
            async with await client.open("GET", path, params={"follow": True, "stdout": True}) as stream:
                assert stream.status_code == 200
                first = await stream.__anext__()
                assert b"y\n" in first
                connections = relay.connections
                # Others go on beside it.
                assert await client.ping()
                await client.ping()
            assert relay.connections <= connections + 1
            with pytest.raises(ClosedError):
                await stream.__anext__()
            with pytest.raises((NotFound, BadRequest)):
                await client.open(
                    "GET", f"{prefix}/containers/{scope.name('none')}/logs", params={"stdout": True}
                )
            assert (await client.request("GET", f"{prefix}/info")).json()


async def test_raw_attributes(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        prefix = of_engine(engine, "", "/libpod")
        told = (await client.request("GET", f"{prefix}/containers/{container.id}/json")).json()
        await container.reload()
        assert container.attrs == told
        with pytest.raises(ContainerNotFound):
            await client.containers.get(scope.name("none"))
