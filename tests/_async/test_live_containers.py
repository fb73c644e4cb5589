"""Containers on real engines: made, found, started, stopped, waited for, removed."""

import pytest

from tests._async._live import client_of, eventually, started
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
async def test_made_and_found(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        made = await client.containers.create(image, "sleep 300", name=scope.name(), labels=scope.labels)
        assert (made.status, made.name, made.is_summary) == ("created", scope.name(), False)
        for name in (made.id, made.short_id, scope.name()):
            assert await client.containers.get(name) == made
            assert await client.containers.exists(name)
        assert not await client.containers.exists(scope.name("other"))
        with pytest.raises(ContainerNotFound, match=scope.name("other")) as caught:
            await client.containers.get(scope.name("other"))
        assert caught.value.status_code == 404
        with pytest.raises(ValueError, match="empty"):
            await client.containers.get("")
        with pytest.raises(NotFound):
            await client.containers.get(f"{scope.token}/json?x=&y#z")
    assert scope.containers() == [made.id]


@pytest.mark.bad_input("ContainersManager.create", "ContainersManager.run")
async def test_a_name_that_is_taken(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        first = await client.containers.create(image, "true", name=scope.name(), labels=scope.labels)
        with pytest.raises(Conflict, match=scope.name()):
            await client.containers.create(image, "true", name=scope.name(), labels=scope.labels)
        with pytest.raises(Conflict, match=scope.name()):
            await client.containers.run(image, "true", name=scope.name(), labels=scope.labels, remove=True)
        # The one that had the name is not the one to remove.
        assert scope.containers() == [first.id]


async def test_listed_by_one_request(engine: Engine, image: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            wanted = {"label": [f"{name}={value}" for name, value in scope.labels.items()]}
            for number in range(4):
                await client.containers.create(
                    image, "true", name=scope.name(str(number)), labels=scope.labels
                )
            running = await started(client, scope)
            before = len(relay.requests)
            found = await client.containers.list(all=True, filters=wanted)
            told = [(one.name, one.status, one.labels, one.image, one.created) for one in found]
            assert len(relay.requests) == before + 1
            assert len(set(told_names := [name for name, *_ in told])) == 5
            assert {scope.name(str(number)) for number in range(4)} < set(told_names)
            assert all(one.is_summary for one in found)
            assert await client.containers.list(filters=wanted) == [running]
            assert await client.containers.list(filters={**wanted, "status": "running"}) == [running]
            assert len(await client.containers.list(all=True, limit=1)) == 1
            assert await client.containers.list(filters={"name": scope.name("none")}) == []
            with pytest.raises(APIError, match="nonsense"):
                await client.containers.list(filters={"nonsense": "x"})
        assert relay.connections == 1


async def test_a_listed_container_can_be_asked_for_more(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        made = await started(client, scope, working_dir="/tmp")
        (listed,) = await client.containers.list(filters={"id": made.id})
        assert listed == made
        assert hash(listed) == hash(made)
        await listed.reload()
        assert not listed.is_summary
        assert listed.attrs["Config"]["WorkingDir"] == "/tmp"


async def test_started_and_stopped_are_told_apart(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("trap 'exit 7' TERM", "echo ready", "while :; do sleep 0.1; done")
    async with client_of(engine) as client:
        container = await client.containers.create(image, command, labels=scope.labels)
        assert await container.start() is True
        assert await container.start() is False
        async with await container.logs(stream=True) as output:
            assert await output.__anext__() == b"ready\n"
        assert await container.stop(timeout=10) is True
        assert await container.stop() is False
        assert (await container.wait()).exit_code == 7
        assert await container.start() is True
        await container.reload()
        assert container.status == "running"


async def test_stop_uses_force_when_its_time_is_up(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("trap '' TERM", "while :; do sleep 1; done"))
        assert await container.stop(timeout=0) is True
        assert (await container.wait()).exit_code == 137


@pytest.mark.bad_input("Container.kill")
async def test_signals(engine: Engine, scope: Scope) -> None:
    command = shell("trap 'echo got; exit 5' USR1", "echo ready", "while :; do sleep 0.05; done")
    async with client_of(engine) as client:
        first, second = [await started(client, scope, command) for _ in range(2)]
        async with await first.logs(stream=True) as output:
            assert await output.__anext__() == b"ready\n"
            await first.kill("SIGUSR1")
            assert b"".join([piece async for piece in output]) == b"got\n"
        assert (await first.wait()).exit_code == 5
        with pytest.raises(Conflict):
            await first.kill()
        await second.kill(9)
        assert (await second.wait()).exit_code == 137
        with pytest.raises(ValueError, match="signal is 'SIGNONE'"):
            await second.kill("SIGNONE")


@pytest.mark.bad_input("Container.wait")
async def test_waiting(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.raises(EngineTimeout, match=r"total timeout of 0\.3 s"):
            await container.wait(timeout=0.3)
        with pytest.raises(ValueError, match="not-running"):
            await container.wait(condition="tired")
        await container.kill()
        ended = await container.wait(condition="not-running", timeout=20)
        assert (ended.exit_code, ended.error) == (137, None)


@pytest.mark.bad_input("Container.reload")
async def test_what_only_docker_can_wait_for(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("sleep 0.5; exit 3"), remove=True)
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="Podman: it needs Docker"):
                await container.wait(condition="removed")
            with pytest.raises(NotSupported, match="next-exit"):
                await container.wait(condition="next-exit")
        else:
            assert (await container.wait(condition="removed")).exit_code == 3
            with pytest.raises(ContainerNotFound):
                await container.reload()
        await eventually(lambda: scope.containers() == [])


@pytest.mark.bad_input("Container.remove")
async def test_removed(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        # Its shell does not listen to SIGTERM: by force must be at once.
        container = await started(client, scope, shell("trap '' TERM", "while :; do sleep 1; done"))
        with pytest.raises(Conflict):
            await container.remove()
        await container.remove(force=True)
        assert scope.containers() == []
        for action in (container.reload, container.start, container.remove, container.wait, container.logs):
            with pytest.raises(ContainerNotFound):
                await action()
        with pytest.raises(ContainerNotFound):
            await container.exec_run("true")


async def test_volumes_without_a_name_go_along(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, "true", volumes=["/data"], labels=scope.labels)
        (mount,) = scope.inspect(container.id)["Mounts"]
        assert mount["Destination"] == "/data"
        await container.remove(v=True)
    assert engine.cli("volume", "inspect", mount["Name"], check=False).returncode != 0
