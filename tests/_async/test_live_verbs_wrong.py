"""Every verb of a container, and every one that makes or finds some, with what is wrong: the typed error tells."""

from collections.abc import Callable
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger import AsyncContainer
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ContainerNotFound,
    ImageNotFound,
    NotFound,
    NotSupported,
    ServerError,
)

Verb = Callable[[AsyncContainer], Any]
BOTH: dict[str, Verb] = {
    "start": lambda gone: gone.start(),
    "stop": lambda gone: gone.stop(),
    "kill": lambda gone: gone.kill(),
    "remove": lambda gone: gone.remove(),
    "restart": lambda gone: gone.restart(),
    "pause": lambda gone: gone.pause(),
    "unpause": lambda gone: gone.unpause(),
    "rename": lambda gone: gone.rename("another-name"),
    "resize": lambda gone: gone.resize(1, 1),
    "update": lambda gone: gone.update(pids_limit=5),
    "export": lambda gone: gone.export(),
    "commit": lambda gone: gone.commit(),
    "diff": lambda gone: gone.diff(),
    "port": lambda gone: gone.port(80),
    "reload": lambda gone: gone.reload(),
    "inspect": lambda gone: gone.inspect(),
    "get_archive": lambda gone: gone.get_archive("/tmp"),
    "put_archive": lambda gone: gone.put_archive("/tmp", bytes(1024)),
    "get_image": lambda gone: gone.get_image(),
}
ONE: dict[str, Verb] = {
    "init": lambda gone: gone.init(),
    "mount": lambda gone: gone.mount(),
    "unmount": lambda gone: gone.unmount(),
    "checkpoint": lambda gone: gone.checkpoint(),
    "restore": lambda gone: gone.restore(),
}


@pytest.mark.parametrize("verb", [*BOTH, *ONE])
async def test_a_container_that_is_not_there(engine: Engine, scope: Scope, verb: str) -> None:
    lacking = engine.name == "docker" and verb in ONE
    async with client_of(engine) as client:
        gone = client.containers.container(scope.name("nobody"))
        with pytest.raises(NotSupported if lacking else ContainerNotFound):
            await {**BOTH, **ONE}[verb](gone)


WRONG: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("start", {"detach_keys": 5}, TypeError, "detach_keys is 5"),
    ("stop", {"timeout": "x"}, TypeError, "timeout is 'x'"),
    ("stop", {"timeout": -7}, ValueError, "timeout is -7"),
    ("restart", {"timeout": 1.5}, TypeError, "timeout is 1.5"),
    ("kill", {"signal": []}, TypeError, r"signal is \[\]"),
    ("kill", {"signal": "SIGNONE"}, ValueError, "signal is 'SIGNONE'"),
    ("rename", {"name": "a b"}, ValueError, "such as 'web-1'"),
    ("resize", {"height": -1, "width": 1}, ValueError, "height=-1"),
    ("update", {"pids_limit": "x"}, TypeError, "pids_limit is 'x'"),
    ("update", {"cpus": 1}, TypeError, "unknown option 'cpus'"),
    ("update", {}, ValueError, "nothing to change"),
    ("export", {"chunk_size": 0}, ValueError, "chunk_size=0"),
    ("get_archive", {"path": "/tmp", "chunk_size": "1k"}, TypeError, "chunk_size is '1k'"),
    ("commit", {"repository": "Bad Name"}, ValueError, "Bad Name"),
    ("commit", {"tag": "t"}, ValueError, "without a repository"),
    ("port", {"private_port": "http"}, ValueError, "private_port='http'"),
    ("put_archive", {"path": "relative"}, ValueError, "absolute path"),
    ("checkpoint", {"keep": 1}, TypeError, "keep is 1"),
    ("restore", {"nonsense": True}, TypeError, "unknown option 'nonsense'"),
]


@pytest.mark.parametrize(("verb", "options", "kind", "told"), WRONG)
async def test_what_is_refused_before_anything_is_sent(
    engine: Engine, box: str, verb: str, options: dict[str, Any], kind: type[Exception], told: str
) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await client.containers.get(box)
            sent = len(relay.requests)
            with pytest.raises(kind, match=told):
                await getattr(container, verb)(**options)
            assert len(relay.requests) == sent


async def test_states_that_conflict(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        running = await started(client, scope)
        with pytest.raises(Conflict):
            await running.remove()
        with pytest.raises(Conflict):
            await running.unpause()
        assert await running.start() is False
        resting = await client.containers.create(image, "true", labels=scope.labels)
        for verb in (resting.kill, resting.pause, resting.unpause):
            with pytest.raises(Conflict):
                await verb()
        with pytest.raises(APIError):
            await resting.resize(1, 1)
        broken = await client.containers.create(image, "/nowhere", labels=scope.labels)
        for start in (broken.start, broken.restart):
            with pytest.raises(APIError, match="nowhere"):
                await start()


async def test_what_the_engine_does_not_take(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        with pytest.raises(NotFound):
            await container.get_archive("/nowhere")
        with pytest.raises((BadRequest, ServerError), match="change"):
            await container.commit(changes=["NONSENSE x"])
        with pytest.raises(APIError):
            await container.put_archive("/tmp", b"this is no archive" * 100)


async def test_managers(engine: Engine, image: str, scope: Scope) -> None:
    wrong: Any
    async with client_of(engine) as client:
        containers = client.containers
        for verb in (containers.get, containers.remove):
            with pytest.raises(ContainerNotFound):
                await verb(scope.name("nobody"))
            with pytest.raises(ValueError, match="id or name"):
                await verb("")
        assert await containers.exists(scope.name("nobody")) is False
        with pytest.raises(ValueError, match="empty"):
            await containers.exists("")
        absent = "localhost/wharfinger/nobody:1"
        for make in (containers.create, containers.run):
            wrong = make
            with pytest.raises(TypeError, match="image is None"):
                await wrong(None)
            with pytest.raises((BadRequest, ServerError, ValueError)):
                await wrong("Bad Image")
            with pytest.raises(ValueError, match="such as 'web-1'"):
                await wrong(image, name="a b")
        with pytest.raises(ImageNotFound):
            await containers.create(absent)
        with pytest.raises(ImageNotFound):
            await containers.create_or_replace(scope.name(), absent)
        with pytest.raises(ImageNotFound):
            await containers.run(absent, pull="never")
        with pytest.raises(BadRequest, match="nonsense"):
            await containers.list(filters={"nonsense": "x"})
        with pytest.raises(BadRequest, match="nonsense"):
            await containers.prune(filters={"nonsense": "x"})
        wrong = containers.restore
        with pytest.raises(TypeError, match="name is 5"):
            await wrong(b"", name=5)
    assert scope.containers() == []
