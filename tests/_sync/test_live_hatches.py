# Derived from tests/_async/test_live_hatches.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""The three ways around the high level, on real engines; all of them over the client's own connections."""

import json
from collections.abc import Iterator

import pytest

from tests._sync._live import client_of, started
from tests._sync.conftest import calling
from tests.engines.harness import Engine
from tests.engines.harness.images import test_image as built_image
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import PodmanClient
from wharfinger.errors import BadRequest, ClosedError, ContainerNotFound, NotFound, UnexpectedReply
from wharfinger_api.docker.api.container import container_list
from wharfinger_api.docker.api.image import image_inspect
from wharfinger_api.docker.api.system import system_version
from wharfinger_api.docker.errors import NotFound as BindingNotFound
from wharfinger_api.libpod.api.containers import container_list_libpod
from wharfinger_api.libpod.api.images import image_inspect_libpod


def test_the_bindings(engine: Engine, image: str, scope: Scope) -> None:
    listing, looking = of_engine(
        engine, (container_list, image_inspect), (container_list_libpod, image_inspect_libpod)
    )
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope)
            before = len(relay.requests)
            wanted = {"label": [f"{name}={value}" for name, value in scope.labels.items()]}
            for _ in range(3):
                (found,) = calling(listing, client=client.api, filters=wanted)
                assert found.id == container.id
            assert client.api is client.api
            with pytest.raises(BindingNotFound, match="absent"):
                calling(looking, client=client.api, name=f"localhost/{scope.token}/absent:1")
            assert len(relay.requests) == before + 4
            assert all(f"/v{client.api_version}/" in told for told in relay.requests[before:])
        assert relay.connections == 1


def test_podmans_compatible_bindings(podman_engine: Engine) -> None:
    with Relay(podman_engine) as relay:
        with PodmanClient(relay.url) as client:
            found = calling(system_version, client=client.compat_api)
            assert found.api_version == podman_engine.api_version
            assert f"GET /v{podman_engine.api_version}/version" in relay.requests
        assert relay.connections == 1


def test_any_request(engine: Engine, image: str, scope: Scope) -> None:
    prefix = of_engine(engine, "", "/libpod")
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            body = of_engine(
                engine, {"Image": image, "Labels": scope.labels}, {"image": image, "labels": scope.labels}
            )
            made = client.request("post", f"{prefix}/containers/create", json=body)
            assert made.status_code == 201
            assert made.headers["content-type"].startswith("application/json")
            id = made.json()["Id"]
            assert scope.containers() == [id]
            filters = json.dumps({"id": [id]})
            found = client.request(
                "GET", f"{prefix}/containers/json", params={"all": True, "filters": filters}
            )
            assert [one["Id"] for one in json.loads(found.text)] == [id]
            gone = client.request("DELETE", f"{prefix}/containers/{id}")
            assert gone.status_code in (200, 204)
            assert f"/v{client.api_version}{prefix}/containers/{id}" in relay.requests[-1]
            with pytest.raises(NotFound, match=str(id)) as caught:
                client.request("GET", f"{prefix}/containers/{id}/json", timeout=10)
            assert (caught.value.status_code, caught.value.method) == (404, "GET")
            with pytest.raises(UnexpectedReply, match="no JSON"):
                (client.request("GET", "/_ping")).json()
            with pytest.raises(ValueError, match="begins with a slash"):
                client.request("GET", "containers")
            with pytest.raises(ValueError, match="one body"):
                client.request("POST", "/x", json=1, content=b"")
        assert relay.connections == 1


def test_podmans_compatible_paths(podman_engine: Engine) -> None:
    with PodmanClient(podman_engine.url) as client:
        assert (client.request("GET", "/version")).json()["ApiVersion"] == podman_engine.api_version


def test_a_body_of_any_kind(engine: Engine, image: str, scope: Scope) -> None:
    data = built_image().archive(name := scope.image("sent"))

    def pieces() -> Iterator[bytes]:
        yield data[:1000]
        yield data[1000:]

    path = of_engine(engine, "/images/load", "/libpod/images/load")
    with client_of(engine) as client:
        found = client.request("POST", path, content=pieces(), headers={"Content-Type": "application/x-tar"})
        assert found.status_code == 200
        assert client.images.exists(name)


def test_an_unread_reply(engine: Engine, scope: Scope) -> None:
    prefix = of_engine(engine, "", "/libpod")
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, shell("yes | head -n 50000; sleep 300"))
            path = f"{prefix}/containers/{container.id}/logs"
            with client.open("GET", path, params={"follow": True, "stdout": True}) as stream:
                assert stream.status_code == 200
                first = stream.__next__()
                assert b"y\n" in first
                connections = relay.connections
                # Others go on beside it.
                assert client.ping()
                client.ping()
            assert relay.connections <= connections + 1
            with pytest.raises(ClosedError):
                stream.__next__()
            with pytest.raises((NotFound, BadRequest)):
                client.open("GET", f"{prefix}/containers/{scope.name('none')}/logs", params={"stdout": True})
            assert (client.request("GET", f"{prefix}/info")).json()


def test_raw_attributes(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        prefix = of_engine(engine, "", "/libpod")
        told = (client.request("GET", f"{prefix}/containers/{container.id}/json")).json()
        container.reload()
        assert container.attrs == told
        with pytest.raises(ContainerNotFound):
            client.containers.get(scope.name("none"))
