"""Error statuses of real engines: typed errors with the reply and its bytes; the detailed calls raise none."""

import asyncio
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines.harness import Engine, Lab
from tests.engines.recorder.recorder import Recorder
from wharfinger_api.docker.api.container import (
    container_create,
    container_delete,
    container_inspect,
    container_list,
    container_rename,
    container_start,
)
from wharfinger_api.docker.client import Client
from wharfinger_api.docker.errors import BadRequest, Conflict, NotFound, ServerError, StatusError
from wharfinger_api.docker.models import ErrorResponse
from wharfinger_api.libpod.api.containers import container_inspect_libpod, container_list_libpod
from wharfinger_api.libpod.api.volumes import volume_create_libpod, volume_delete_libpod
from wharfinger_api.libpod.models import ErrorModel


@pytest.fixture(scope="module", params=["docker", "podman-compat"])
def recorder(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Recorder]:
    engine = lab.engine("docker" if request.param == "docker" else "podman")
    with Recorder.of(request.param, engine) as made:
        yield made


@pytest.fixture
def client(recorder: Recorder) -> Client:
    return recorder.client


@pytest.fixture
def libpod(podman_engine: Engine) -> Iterator[Client]:
    with Recorder.of("podman", podman_engine) as made:
        yield made.client


def test_not_found_has_the_reply_and_its_bytes(client: Client) -> None:
    with pytest.raises(NotFound) as caught:
        container_inspect.sync("no-such-pier", client=client)
    error = caught.value
    assert error.status_code == 404
    assert isinstance(error.reply, ErrorResponse)
    assert error.reply.message == error.message
    assert json.loads(error.content) == error.reply.to_dict()
    assert "ContainerInspect: the engine answered 404: " in str(error)
    assert "no-such-pier" in str(error)


def test_an_error_survives_pickling(client: Client) -> None:
    with pytest.raises(NotFound) as caught:
        container_inspect.sync("no-such-pier", client=client)
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (type(twin), str(twin), twin.reply) == (NotFound, str(caught.value), caught.value.reply)


def test_bad_filters_and_bodies_are_the_engines_bad_request(client: Client, recorder: Recorder) -> None:
    with pytest.raises(StatusError) as caught:
        container_list.sync(client=client, filters={"no-such-filter": ["x"]})
    assert isinstance(caught.value, BadRequest if recorder.service == "docker" else ServerError)
    assert caught.value.message


def test_a_name_that_is_taken_is_a_conflict(recorder: Recorder, image: str) -> None:
    client, name = recorder.client, recorder.name("taken")
    made = container_create.sync(client=client, name=name, body={"Image": image})
    try:
        with pytest.raises(StatusError) as caught:
            container_create.sync(client=client, name=name, body={"Image": image})
        assert name in caught.value.message
        assert isinstance(caught.value, Conflict if recorder.service == "docker" else ServerError | Conflict)
    finally:
        container_delete.sync(made.id or "", client=client, force=True)


def test_what_is_there_already_is_no_error(recorder: Recorder, image: str) -> None:
    client, name = recorder.client, recorder.name("twice")
    container_create.sync(client=client, name=name, body={"Image": image, "Cmd": ["sleep", "600"]})
    try:
        statuses = [container_start.sync_detailed(name, client=client).status_code for _ in range(2)]
        assert statuses == [204, 304]
        container_start.sync(name, client=client)
    finally:
        container_delete.sync(name, client=client, force=True)


def test_detailed_calls_raise_for_no_status(client: Client) -> None:
    found = container_inspect.sync_detailed("no-such-pier", client=client)
    assert (found.status_code, found.parsed) == (404, None)
    assert isinstance(found.error, NotFound)
    assert found.headers["content-type"].startswith("application/json")
    assert json.loads(found.content)["message"] == found.error.message
    listed = container_list.sync_detailed(client=client)
    assert (listed.status_code, listed.error) == (200, None)
    assert isinstance(listed.parsed, list)


def test_the_same_for_asyncio(recorder: Recorder) -> None:
    asyncio.run(_async_errors(recorder))


async def _async_errors(recorder: Recorder) -> None:
    async with recorder.client as client:
        with pytest.raises(NotFound):
            await container_inspect.asyncio("no-such-pier", client=client)
        found = await container_rename.asyncio_detailed("no-such-pier", client=client, name="x")
        assert (found.status_code, type(found.error)) == (404, NotFound)
        assert isinstance(await container_list.asyncio(client=client), list)


def test_libpods_errors_have_their_own_shape(libpod: Client) -> None:
    with pytest.raises(NotFound) as caught:
        container_inspect_libpod.sync("no-such-pier", client=libpod)
    reply = caught.value.reply
    assert isinstance(reply, ErrorModel)
    assert (reply.response, reply.cause) == (404, "no such container")
    assert "no-such-pier" in caught.value.message
    with pytest.raises(ServerError, match="no-such-filter"):
        container_list_libpod.sync(client=libpod, filters={"no-such-filter": ["x"]})


def test_a_body_that_libpod_cannot_read(libpod: Client) -> None:
    wrong: Any = {"Name": ["not", "a", "text"]}
    found = volume_create_libpod.sync_detailed(client=libpod, body=wrong)
    assert found.status_code >= 400
    assert isinstance(found.error, StatusError)
    assert found.error.message


def test_a_path_that_the_engine_does_not_route(libpod: Client) -> None:
    found = volume_delete_libpod.sync_detailed("no/such", client=libpod)
    assert isinstance(found.error, NotFound)
    assert found.error.message
