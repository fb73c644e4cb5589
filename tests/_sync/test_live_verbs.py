# Derived from tests/_async/test_live_verbs.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""The everyday verbs of containers on real engines; the engines' own programs tell whether they were followed."""

import json

import pytest

from tests._sync._live import client_of, eventually, started
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
def test_paused_and_let_go_on(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        container.pause()
        assert state(scope, container.id) == "paused"
        with pytest.raises(Conflict, match="already paused"):
            container.pause()
        container.unpause()
        assert state(scope, container.id) == "running"
        with pytest.raises(Conflict, match="not paused"):
            container.unpause()


@pytest.mark.bad_input("Container.restart")
def test_restarted(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        before = scope.inspect(container.id)["State"]
        container.restart(timeout=0)
        after = scope.inspect(container.id)["State"]
        assert after["Status"] == "running"
        assert after["StartedAt"] != before["StartedAt"]
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.restart()


@pytest.mark.bad_input("Container.rename")
def test_renamed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, name=scope.name("old"))
            container.rename(scope.name("new"))
            assert scope.inspect(container.id)["Name"].removeprefix("/") == scope.name("new")
            assert not scope.exists(scope.name("old"))
            started(client, scope, name=scope.name("old"))
            # Podman 5 tells which rule of its database it would break instead of the name.
            with pytest.raises(Conflict, match=rf"{scope.name('old')}|ContainerConfig\.Name"):
                container.rename(scope.name("old"))
            sent = len(relay.requests)
            with pytest.raises(ValueError, match="two or more letters"):
                container.rename("no/name")
            assert len(relay.requests) == sent


@pytest.mark.bad_input("Container.top")
def test_processes(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, "sleep 298")
        # The engine's runtime becomes the command a moment after the start.
        became = shell("until grep -q 298 /proc/1/cmdline; do sleep 0.05; done")
        assert (container.exec_run(became)).exit_code == 0
        for found in (container.top(), container.top(ps_args="-o pid,args")):
            assert "PID" in found["Titles"]
            assert [line for line in found["Processes"] if "sleep 298" in line[-1]]
        assert len(found["Titles"]) == 2
        with pytest.raises((ServerError, Conflict), match="ps"):
            container.top(ps_args="--nonsense")
        resting = client.containers.create(image, "true", labels=scope.labels)
        with pytest.raises(Conflict, match="running"):
            resting.top()


@pytest.mark.bad_input("Container.diff")
def test_differences(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(image, shell("touch /fresh"), labels=scope.labels)
        assert container.diff() == []
        container.start()
        container.wait()
        assert {"Path": "/fresh", "Kind": 1} in container.diff()
        assert "A /fresh" in engine.cli("diff", container.id).stdout
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.diff()


@pytest.mark.bad_input("Container.update")
def test_limits_while_it_runs(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        told = container.update(pids_limit=77, cpu_shares=512, mem_limit="64m", memswap_limit=-1)
        assert told == {"Warnings": []}
        assert engine.cli("exec", container.id, *LIMITS).stdout.split() == ["77"]
        with pytest.raises((BadRequest, ServerError)):
            container.update(mem_limit=1)
        assert engine.cli("exec", container.id, *LIMITS).stdout.split() == ["77"]


def test_a_restart_policy_is_changed_or_refused(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope)
            sent = len(relay.requests)
            with pytest.raises(TypeError, match="did you mean 'mem_limit'"):
                container.update(memlimit=1)  # type: ignore[call-arg]  # wrong on purpose
            with pytest.raises(ValueError, match="nothing to change"):
                container.update()
            if engine.name == "podman" and (engine.libpod_version or "") < "5.2.5":
                with pytest.raises(NotSupported, match=r"5\.2\.5"):
                    container.update(restart_policy="on-failure:3")
                assert len(relay.requests) == sent
                return
            container.update(restart_policy="on-failure:3")
            policy = scope.inspect(container.id)["HostConfig"]["RestartPolicy"]
            assert policy == {"Name": "on-failure", "MaximumRetryCount": 3}


@pytest.mark.bad_input("Container.resize")
def test_the_size_of_its_terminal(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, "sleep 300", tty=True)
        container.resize(31, 101)

        def size() -> str:
            return engine.cli("exec", container.id, "sh", "-c", "stty size < /proc/1/fd/0").stdout.strip()

        eventually(lambda: size() == "31 101")
        with pytest.raises(ValueError, match="height=-1"):
            container.resize(-1, 10)
        container.kill()
        container.wait()
        with pytest.raises((Conflict, APIError)):
            container.resize(10, 10)


@pytest.mark.bad_input("Container.port")
def test_published_ports(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, ports={"80/tcp": ("127.0.0.1", None), "53/udp": None})
        published = container.port(80)
        assert published
        (found,) = published
        shown = engine.cli("port", container.id, "80/tcp").stdout.strip()
        assert f"{found['HostIp']}:{found['HostPort']}" == shown
        assert container.port("80/tcp") == [found]
        assert container.port("53") == container.port("53/udp")
        assert container.port("53")
        assert container.port("80/udp") is None
        assert container.port(81) is None
        with pytest.raises(ValueError, match="private_port='http'"):
            container.port("http")


@pytest.mark.bad_input("Container.inspect", "ContainersManager.container")
def test_inspected_by_a_handle(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            made = started(client, scope, name=scope.name())
            sent = len(relay.requests)
            handle = client.containers.container(scope.name())
            assert (handle.id, handle.is_summary) == (scope.name(), True)
            assert len(relay.requests) == sent
            handle.pause()
            assert state(scope, made.id) == "paused"
            attrs = handle.inspect()
            assert attrs["Id"] == scope.inspect(made.id)["Id"]
            assert handle == made
            assert handle.status == "paused"
            nobody = client.containers.container(scope.name("nobody"))
            with pytest.raises(ContainerNotFound):
                nobody.inspect()
            with pytest.raises(ValueError, match="container_id=''"):
                client.containers.container("")


@pytest.mark.bad_input("Container.stats")
def test_readings(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        once = container.stats(stream=False)
        assert once["name"].removeprefix("/") == scope.inspect(container.id)["Name"].removeprefix("/")
        assert once["cpu_stats"]["cpu_usage"]["total_usage"] > 0
        with container.stats() as readings:
            first, second = readings.__next__(), readings.__next__()
        assert first["read"] < second["read"]
        with pytest.raises(ValueError, match="one_shot"):
            container.stats(stream=True, one_shot=True)  # type: ignore[call-overload]  # wrong on purpose
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="one_shot"):
                container.stats(stream=False, one_shot=True)
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.stats(stream=False)
        with pytest.raises(ContainerNotFound):
            container.stats()


def test_readings_of_one_at_rest(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        resting = client.containers.create(image, "true", labels=scope.labels)
        if engine.name == "docker":
            told = resting.stats(stream=False)
            assert told["cpu_stats"]["cpu_usage"]["total_usage"] == 0
            return
        with pytest.raises(Conflict, match=r"not running|stopped"):
            resting.stats(stream=False)


@pytest.mark.bad_input("ContainersManager.prune")
def test_what_rests_is_pruned(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        running = started(client, scope)
        resting = client.containers.create(image, "true", labels=scope.labels)
        (label,) = (f"{name}={value}" for name, value in scope.labels.items())
        told = client.containers.prune(filters={"label": label})
        assert told["ContainersDeleted"] == [resting.id]
        assert told["SpaceReclaimed"] >= 0
        assert scope.containers() == [running.id]
        again = client.containers.prune(filters={"label": [label]})
        assert again == {"ContainersDeleted": [], "SpaceReclaimed": 0}
        with pytest.raises(BadRequest, match="nonsense"):
            client.containers.prune(filters={"nonsense": "x"})


@pytest.mark.bad_input("ContainersManager.create_or_replace")
def test_made_or_replaced(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        name = scope.name()
        first = client.containers.create_or_replace(name, image, "sleep 300", labels=scope.labels)
        first.start()
        with pytest.raises(ImageNotFound):
            client.containers.create_or_replace(name, "localhost/nobody/none:1", labels=scope.labels)
        with pytest.raises(TypeError, match="'name' is given twice"):
            client.containers.create_or_replace(name, image, name=name)
        assert scope.containers() == [first.id]
        second = client.containers.create_or_replace(name, image, "sleep 301", labels=scope.labels)
        assert second != first
        assert (second.name, second.status) == (name, "created")
        assert scope.containers() == [second.id]
        assert json.dumps(scope.inspect(second.id)).count("301") >= 1


def test_listed_in_full(engine: Engine, image: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            (label,) = (f"{name}={value}" for name, value in scope.labels.items())
            made = [
                client.containers.create(image, "true", labels=scope.labels, working_dir=f"/{number}")
                for number in range(12)
            ]
            filters = {"label": label}
            found = client.containers.list(all=True, filters=filters, full=True)
            assert set(found) == set(made)
            assert len(found) == len(made)
            assert not any(container.is_summary for container in found)
            folders = {container.attrs["Config"]["WorkingDir"] for container in found}
            assert folders == {f"/{number}" for number in range(12)}
            assert found == client.containers.list(all=True, filters=filters, sparse=False)
            listed = client.containers.list(all=True, filters=filters, sparse=True)
            assert listed == found
            assert all(container.is_summary for container in listed)
            near = client.containers.list(all=True, filters=filters, since=made[3].id, before=made[6].id)
            assert set(near) == {made[4], made[5]}
            with pytest.raises(ValueError, match="full=True is given together with sparse=True"):
                client.containers.list(full=True, sparse=True)
            with pytest.raises(ContainerNotFound):
                client.containers.list(all=True, since=scope.name("nobody"))
            relay.before(f"{made[7].id}/json", lambda: scope.discard(made[7].id))
            rest = client.containers.list(all=True, filters=filters, full=True)
            assert set(rest) == {*made} - {made[7]}
            relay.before(f"{made[8].id}/json", lambda: scope.discard(made[8].id))
            with pytest.raises(ContainerNotFound):
                client.containers.list(all=True, filters=filters, full=True, ignore_removed=False)


def test_none_listed_in_full(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        assert client.containers.list(filters={"name": scope.name("none")}, full=True) == []
