# Derived from tests/_async/test_live_containers.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Containers on real engines: made, found, started, stopped, waited for, removed."""

import pytest

from tests._sync._live import client_of, eventually, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, shell
from wharfinger.errors import (
    APIError,
    Conflict,
    ContainerNotFound,
    EngineTimeout,
    NotFound,
    NotSupported,
)


@pytest.mark.bad_input("ContainersManager.get")
def test_made_and_found(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        made = client.containers.create(image, "sleep 300", name=scope.name(), labels=scope.labels)
        assert (made.status, made.name, made.is_summary) == ("created", scope.name(), False)
        for name in (made.id, made.short_id, scope.name()):
            assert client.containers.get(name) == made
            assert client.containers.exists(name)
        assert not client.containers.exists(scope.name("other"))
        with pytest.raises(ContainerNotFound, match=scope.name("other")) as caught:
            client.containers.get(scope.name("other"))
        assert caught.value.status_code == 404
        with pytest.raises(ValueError, match="empty"):
            client.containers.get("")
        with pytest.raises(NotFound):
            client.containers.get(f"{scope.token}/json?x=&y#z")
    assert scope.containers() == [made.id]


@pytest.mark.bad_input("ContainersManager.create", "ContainersManager.run")
def test_a_name_that_is_taken(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        first = client.containers.create(image, "true", name=scope.name(), labels=scope.labels)
        with pytest.raises(Conflict, match=scope.name()):
            client.containers.create(image, "true", name=scope.name(), labels=scope.labels)
        with pytest.raises(Conflict, match=scope.name()):
            client.containers.run(image, "true", name=scope.name(), labels=scope.labels, remove=True)
        # The one that had the name is not the one to remove.
        assert scope.containers() == [first.id]


def test_listed_by_one_request(engine: Engine, image: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            wanted = {"label": [f"{name}={value}" for name, value in scope.labels.items()]}
            for number in range(4):
                client.containers.create(image, "true", name=scope.name(str(number)), labels=scope.labels)
            running = started(client, scope)
            before = len(relay.requests)
            found = client.containers.list(all=True, filters=wanted)
            told = [(one.name, one.status, one.labels, one.image, one.created) for one in found]
            assert len(relay.requests) == before + 1
            assert len(set(told_names := [name for name, *_ in told])) == 5
            assert {scope.name(str(number)) for number in range(4)} < set(told_names)
            assert all(one.is_summary for one in found)
            assert client.containers.list(filters=wanted) == [running]
            assert client.containers.list(filters={**wanted, "status": "running"}) == [running]
            assert len(client.containers.list(all=True, limit=1)) == 1
            assert client.containers.list(filters={"name": scope.name("none")}) == []
            with pytest.raises(APIError, match="nonsense"):
                client.containers.list(filters={"nonsense": "x"})
        assert relay.connections == 1


def test_a_listed_container_can_be_asked_for_more(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        made = started(client, scope, working_dir="/tmp")
        (listed,) = client.containers.list(filters={"id": made.id})
        assert listed == made
        assert hash(listed) == hash(made)
        listed.reload()
        assert not listed.is_summary
        assert listed.attrs["Config"]["WorkingDir"] == "/tmp"


def test_started_and_stopped_are_told_apart(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("trap 'exit 7' TERM", "echo ready", "while :; do sleep 0.1; done")
    with client_of(engine) as client:
        container = client.containers.create(image, command, labels=scope.labels)
        assert container.start() is True
        assert container.start() is False
        with container.logs(stream=True) as output:
            assert output.__next__() == b"ready\n"
        assert container.stop(timeout=10) is True
        assert container.stop() is False
        assert (container.wait()).exit_code == 7
        assert container.start() is True
        container.reload()
        assert container.status == "running"


def test_stop_uses_force_when_its_time_is_up(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("trap '' TERM", "while :; do sleep 1; done"))
        assert container.stop(timeout=0) is True
        assert (container.wait()).exit_code == 137


@pytest.mark.bad_input("Container.kill")
def test_signals(engine: Engine, scope: Scope) -> None:
    command = shell("trap 'echo got; exit 5' USR1", "echo ready", "while :; do sleep 0.05; done")
    with client_of(engine) as client:
        first, second = [started(client, scope, command) for _ in range(2)]
        with first.logs(stream=True) as output:
            assert output.__next__() == b"ready\n"
            first.kill("SIGUSR1")
            assert b"".join(list(output)) == b"got\n"
        assert (first.wait()).exit_code == 5
        with pytest.raises(Conflict):
            first.kill()
        second.kill(9)
        assert (second.wait()).exit_code == 137
        with pytest.raises(ValueError, match="signal is 'SIGNONE'"):
            second.kill("SIGNONE")


@pytest.mark.bad_input("Container.wait")
def test_waiting(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        with pytest.raises(EngineTimeout, match=r"total timeout of 0\.3 s"):
            container.wait(timeout=0.3)
        with pytest.raises(ValueError, match="not-running"):
            container.wait(condition="tired")
        container.kill()
        ended = container.wait(condition="not-running", timeout=20)
        assert (ended.exit_code, ended.error) == (137, None)


@pytest.mark.bad_input("Container.reload")
def test_what_only_docker_can_wait_for(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("sleep 0.5; exit 3"), remove=True)
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="Podman: it needs Docker"):
                container.wait(condition="removed")
            with pytest.raises(NotSupported, match="next-exit"):
                container.wait(condition="next-exit")
        else:
            assert (container.wait(condition="removed")).exit_code == 3
            with pytest.raises(ContainerNotFound):
                container.reload()
        eventually(lambda: scope.containers() == [])


@pytest.mark.bad_input("Container.remove")
def test_removed(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        # Its shell does not listen to SIGTERM: by force must be at once.
        container = started(client, scope, shell("trap '' TERM", "while :; do sleep 1; done"))
        with pytest.raises(Conflict):
            container.remove()
        container.remove(force=True)
        assert scope.containers() == []
        for action in (container.reload, container.start, container.remove, container.wait, container.logs):
            with pytest.raises(ContainerNotFound):
                action()
        with pytest.raises(ContainerNotFound):
            container.exec_run("true")


def test_volumes_without_a_name_go_along(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(image, "true", volumes=["/data"], labels=scope.labels)
        (mount,) = scope.inspect(container.id)["Mounts"]
        assert mount["Destination"] == "/data"
        container.remove(v=True)
    assert engine.cli("volume", "inspect", mount["Name"], check=False).returncode != 0
