# Derived from tests/_async/test_live_verbs_wrong.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Every verb of a container, and every one that makes or finds some, with what is wrong: the typed error tells."""

from collections.abc import Callable
from typing import Any

import pytest

from tests._sync._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger import Container
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

Verb = Callable[[Container], Any]
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
def test_a_container_that_is_not_there(engine: Engine, scope: Scope, verb: str) -> None:
    lacking = engine.name == "docker" and verb in ONE
    with client_of(engine) as client:
        gone = client.containers.container(scope.name("nobody"))
        with pytest.raises(NotSupported if lacking else ContainerNotFound):
            {**BOTH, **ONE}[verb](gone)


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
def test_what_is_refused_before_anything_is_sent(
    engine: Engine, box: str, verb: str, options: dict[str, Any], kind: type[Exception], told: str
) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = client.containers.get(box)
            sent = len(relay.requests)
            with pytest.raises(kind, match=told):
                getattr(container, verb)(**options)
            assert len(relay.requests) == sent


def test_states_that_conflict(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        running = started(client, scope)
        with pytest.raises(Conflict):
            running.remove()
        with pytest.raises(Conflict):
            running.unpause()
        assert running.start() is False
        resting = client.containers.create(image, "true", labels=scope.labels)
        for verb in (resting.kill, resting.pause, resting.unpause):
            with pytest.raises(Conflict):
                verb()
        with pytest.raises(APIError):
            resting.resize(1, 1)
        broken = client.containers.create(image, "/nowhere", labels=scope.labels)
        for start in (broken.start, broken.restart):
            with pytest.raises(APIError, match="nowhere"):
                start()


def test_what_the_engine_does_not_take(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.get(box)
        with pytest.raises(NotFound):
            container.get_archive("/nowhere")
        with pytest.raises((BadRequest, ServerError), match="change"):
            container.commit(changes=["NONSENSE x"])
        with pytest.raises(APIError):
            container.put_archive("/tmp", b"this is no archive" * 100)


def test_managers(engine: Engine, image: str, scope: Scope) -> None:
    wrong: Any
    with client_of(engine) as client:
        containers = client.containers
        for verb in (containers.get, containers.remove):
            with pytest.raises(ContainerNotFound):
                verb(scope.name("nobody"))
            with pytest.raises(ValueError, match="id or name"):
                verb("")
        assert containers.exists(scope.name("nobody")) is False
        with pytest.raises(ValueError, match="empty"):
            containers.exists("")
        absent = "localhost/wharfinger/nobody:1"
        for make in (containers.create, containers.run):
            wrong = make
            with pytest.raises(TypeError, match="image is None"):
                wrong(None)
            with pytest.raises((BadRequest, ServerError, ValueError)):
                wrong("Bad Image")
            with pytest.raises(ValueError, match="such as 'web-1'"):
                wrong(image, name="a b")
        with pytest.raises(ImageNotFound):
            containers.create(absent)
        with pytest.raises(ImageNotFound):
            containers.create_or_replace(scope.name(), absent)
        with pytest.raises(ImageNotFound):
            containers.run(absent, pull="never")
        with pytest.raises(BadRequest, match="nonsense"):
            containers.list(filters={"nonsense": "x"})
        with pytest.raises(BadRequest, match="nonsense"):
            containers.prune(filters={"nonsense": "x"})
        wrong = containers.restore
        with pytest.raises(TypeError, match="name is 5"):
            wrong(b"", name=5)
    assert scope.containers() == []
