"""The everyday verbs of containers on real engines; the engines' own programs tell whether they were followed."""

import json

import pytest

from tests._async._live import client_of, eventually, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, shell
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ContainerNotFound,
    ImageNotFound,
    NotSupported,
    ServerError,
)

LIMITS = shell("cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true")


def state(scope: Scope, id: str) -> str:
    return str(scope.inspect(id)["State"]["Status"])


@pytest.mark.bad_input("Container.pause", "Container.unpause")
async def test_paused_and_let_go_on(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        await container.pause()
        assert state(scope, container.id) == "paused"
        with pytest.raises(Conflict, match="already paused"):
            await container.pause()
        await container.unpause()
        assert state(scope, container.id) == "running"
        with pytest.raises(Conflict, match="not paused"):
            await container.unpause()


@pytest.mark.bad_input("Container.restart")
async def test_restarted(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        before = scope.inspect(container.id)["State"]
        await container.restart(timeout=0)
        after = scope.inspect(container.id)["State"]
        assert after["Status"] == "running"
        assert after["StartedAt"] != before["StartedAt"]
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.restart()


@pytest.mark.bad_input("Container.rename")
async def test_renamed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, name=scope.name("old"))
            await container.rename(scope.name("new"))
            assert scope.inspect(container.id)["Name"].removeprefix("/") == scope.name("new")
            assert not scope.exists(scope.name("old"))
            await started(client, scope, name=scope.name("old"))
            # Podman 5 tells which rule of its database it would break instead of the name.
            with pytest.raises(Conflict, match=rf"{scope.name('old')}|ContainerConfig\.Name"):
                await container.rename(scope.name("old"))
            sent = len(relay.requests)
            with pytest.raises(ValueError, match="two or more letters"):
                await container.rename("no/name")
            assert len(relay.requests) == sent


@pytest.mark.bad_input("Container.top")
async def test_processes(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "sleep 298")
        # The engine's runtime becomes the command a moment after the start.
        became = shell("until grep -q 298 /proc/1/cmdline; do sleep 0.05; done")
        assert (await container.exec_run(became)).exit_code == 0
        for found in (await container.top(), await container.top(ps_args="-o pid,args")):
            assert "PID" in found["Titles"]
            assert [line for line in found["Processes"] if "sleep 298" in line[-1]]
        assert len(found["Titles"]) == 2
        with pytest.raises((ServerError, Conflict), match="ps"):
            await container.top(ps_args="--nonsense")
        resting = await client.containers.create(image, "true", labels=scope.labels)
        with pytest.raises(Conflict, match="running"):
            await resting.top()


@pytest.mark.bad_input("Container.diff")
async def test_differences(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, shell("touch /fresh"), labels=scope.labels)
        assert await container.diff() == []
        await container.start()
        await container.wait()
        assert {"Path": "/fresh", "Kind": 1} in await container.diff()
        assert "A /fresh" in engine.cli("diff", container.id).stdout
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.diff()


@pytest.mark.bad_input("Container.update")
async def test_limits_while_it_runs(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        told = await container.update(pids_limit=77, cpu_shares=512, mem_limit="64m", memswap_limit=-1)
        assert told == {"Warnings": []}
        assert engine.cli("exec", container.id, *LIMITS).stdout.split() == ["77"]
        with pytest.raises((BadRequest, ServerError)):
            await container.update(mem_limit=1)
        assert engine.cli("exec", container.id, *LIMITS).stdout.split() == ["77"]


async def test_a_restart_policy_is_changed_or_refused(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope)
            sent = len(relay.requests)
            with pytest.raises(TypeError, match="did you mean 'mem_limit'"):
                await container.update(memlimit=1)  # type: ignore[call-arg]  # wrong on purpose
            with pytest.raises(ValueError, match="nothing to change"):
                await container.update()
            if engine.name == "podman" and (engine.libpod_version or "") < "5.2.5":
                with pytest.raises(NotSupported, match=r"5\.2\.5"):
                    await container.update(restart_policy="on-failure:3")
                assert len(relay.requests) == sent
                return
            await container.update(restart_policy="on-failure:3")
            policy = scope.inspect(container.id)["HostConfig"]["RestartPolicy"]
            assert policy == {"Name": "on-failure", "MaximumRetryCount": 3}


@pytest.mark.bad_input("Container.resize")
async def test_the_size_of_its_terminal(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "sleep 300", tty=True)
        await container.resize(31, 101)

        def size() -> str:
            return engine.cli("exec", container.id, "sh", "-c", "stty size < /proc/1/fd/0").stdout.strip()

        await eventually(lambda: size() == "31 101")
        with pytest.raises(ValueError, match="height=-1"):
            await container.resize(-1, 10)
        await container.kill()
        await container.wait()
        with pytest.raises((Conflict, APIError)):
            await container.resize(10, 10)


@pytest.mark.bad_input("Container.port")
async def test_published_ports(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, ports={"80/tcp": ("127.0.0.1", None), "53/udp": None})
        published = await container.port(80)
        assert published
        (found,) = published
        shown = engine.cli("port", container.id, "80/tcp").stdout.strip()
        assert f"{found['HostIp']}:{found['HostPort']}" == shown
        assert await container.port("80/tcp") == [found]
        assert await container.port("53") == await container.port("53/udp")
        assert await container.port("53")
        assert await container.port("80/udp") is None
        assert await container.port(81) is None
        with pytest.raises(ValueError, match="private_port='http'"):
            await container.port("http")


@pytest.mark.bad_input("Container.inspect", "ContainersManager.container")
async def test_inspected_by_a_handle(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            made = await started(client, scope, name=scope.name())
            sent = len(relay.requests)
            handle = client.containers.container(scope.name())
            assert (handle.id, handle.is_summary) == (scope.name(), True)
            assert len(relay.requests) == sent
            await handle.pause()
            assert state(scope, made.id) == "paused"
            attrs = await handle.inspect()
            assert attrs["Id"] == scope.inspect(made.id)["Id"]
            assert handle == made
            assert handle.status == "paused"
            nobody = client.containers.container(scope.name("nobody"))
            with pytest.raises(ContainerNotFound):
                await nobody.inspect()
            with pytest.raises(ValueError, match="container_id=''"):
                client.containers.container("")


@pytest.mark.bad_input("Container.stats")
async def test_readings(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        once = await container.stats(stream=False)
        assert once["name"].removeprefix("/") == scope.inspect(container.id)["Name"].removeprefix("/")
        assert once["cpu_stats"]["cpu_usage"]["total_usage"] > 0
        async with await container.stats() as readings:
            first, second = await readings.__anext__(), await readings.__anext__()
        assert first["read"] < second["read"]
        with pytest.raises(ValueError, match="one_shot"):
            await container.stats(stream=True, one_shot=True)  # type: ignore[call-overload]  # wrong on purpose
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="one_shot"):
                await container.stats(stream=False, one_shot=True)
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.stats(stream=False)
        with pytest.raises(ContainerNotFound):
            await container.stats()


async def test_readings_of_one_at_rest(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        resting = await client.containers.create(image, "true", labels=scope.labels)
        if engine.name == "docker":
            told = await resting.stats(stream=False)
            assert told["cpu_stats"]["cpu_usage"]["total_usage"] == 0
            return
        with pytest.raises(Conflict, match=r"not running|stopped"):
            await resting.stats(stream=False)


@pytest.mark.bad_input("ContainersManager.prune")
async def test_what_rests_is_pruned(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        running = await started(client, scope)
        resting = await client.containers.create(image, "true", labels=scope.labels)
        (label,) = (f"{name}={value}" for name, value in scope.labels.items())
        told = await client.containers.prune(filters={"label": label})
        assert told["ContainersDeleted"] == [resting.id]
        assert told["SpaceReclaimed"] >= 0
        assert scope.containers() == [running.id]
        again = await client.containers.prune(filters={"label": [label]})
        assert again == {"ContainersDeleted": [], "SpaceReclaimed": 0}
        with pytest.raises(BadRequest, match="nonsense"):
            await client.containers.prune(filters={"nonsense": "x"})


@pytest.mark.bad_input("ContainersManager.create_or_replace")
async def test_made_or_replaced(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        name = scope.name()
        first = await client.containers.create_or_replace(name, image, "sleep 300", labels=scope.labels)
        await first.start()
        with pytest.raises(ImageNotFound):
            await client.containers.create_or_replace(name, "localhost/nobody/none:1", labels=scope.labels)
        with pytest.raises(TypeError, match="'name' is given twice"):
            await client.containers.create_or_replace(name, image, name=name)
        assert scope.containers() == [first.id]
        second = await client.containers.create_or_replace(name, image, "sleep 301", labels=scope.labels)
        assert second != first
        assert (second.name, second.status) == (name, "created")
        assert scope.containers() == [second.id]
        assert json.dumps(scope.inspect(second.id)).count("301") >= 1


async def test_listed_in_full(engine: Engine, image: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            (label,) = (f"{name}={value}" for name, value in scope.labels.items())
            made = [
                await client.containers.create(image, "true", labels=scope.labels, working_dir=f"/{number}")
                for number in range(12)
            ]
            filters = {"label": label}
            found = await client.containers.list(all=True, filters=filters, full=True)
            assert set(found) == set(made)
            assert len(found) == len(made)
            assert not any(container.is_summary for container in found)
            folders = {container.attrs["Config"]["WorkingDir"] for container in found}
            assert folders == {f"/{number}" for number in range(12)}
            assert found == await client.containers.list(all=True, filters=filters, sparse=False)
            listed = await client.containers.list(all=True, filters=filters, sparse=True)
            assert listed == found
            assert all(container.is_summary for container in listed)
            near = await client.containers.list(
                all=True, filters=filters, since=made[3].id, before=made[6].id
            )
            assert set(near) == {made[4], made[5]}
            with pytest.raises(ValueError, match="full=True is given together with sparse=True"):
                await client.containers.list(full=True, sparse=True)
            with pytest.raises(ContainerNotFound):
                await client.containers.list(all=True, since=scope.name("nobody"))
            relay.before(f"{made[7].id}/json", lambda: scope.discard(made[7].id))
            rest = await client.containers.list(all=True, filters=filters, full=True)
            assert set(rest) == {*made} - {made[7]}
            relay.before(f"{made[8].id}/json", lambda: scope.discard(made[8].id))
            with pytest.raises(ContainerNotFound):
                await client.containers.list(all=True, filters=filters, full=True, ignore_removed=False)


async def test_none_listed_in_full(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        assert await client.containers.list(filters={"name": scope.name("none")}, full=True) == []
