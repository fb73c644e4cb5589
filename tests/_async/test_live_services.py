"""Services and tasks of a real swarm: made with every kind of option, changed, scaled, rolled back, read, removed."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests._async._primitives import pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, shell
from wharfinger import AsyncDockerClient, AsyncService, AsyncStack, AsyncTask
from wharfinger.errors import (
    BadRequest,
    ConfigNotFound,
    Conflict,
    NetworkNotFound,
    NotSwarmManager,
    SecretNotFound,
    ServiceNotFound,
    TaskNotFound,
)
from wharfinger.types import (
    DNSConfig,
    EndpointSpec,
    Healthcheck,
    LogFrame,
    Mount,
    Placement,
    RollbackConfig,
    SecretReference,
    ServiceMode,
    ServiceRestartPolicy,
    UpdateConfig,
)

FOREVER = shell("echo out; echo err >&2", "trap 'exit 0' TERM", "while :; do sleep 0.1; done")


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A service's spec as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("service", "inspect", name).stdout)
    spec: dict[str, Any] = found[0]["Spec"]
    return spec


async def running(
    service: AsyncService, count: int, fits: Callable[[AsyncTask], bool] = lambda _: True
) -> list[AsyncTask]:
    """Its tasks, when so many of them run and no other shall."""
    end = time.monotonic() + 50
    while True:
        tasks = await service.tasks({"desired-state": "running"})
        if [one.state for one in tasks] == ["running"] * count and all(map(fits, tasks)):
            return tasks
        assert time.monotonic() < end, [(one.state, one.error) for one in tasks]
        await pause(0.1)


async def test_made_and_found(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        name = scope.service()
        async with AsyncDockerClient(relay.url) as client:
            made = await client.services.create(
                TEST_IMAGE, args=FOREVER, name=name, labels=["a=b"], replicas=2, stop_grace_period=1
            )
            by_name, by_id = await client.services.get(name), await client.services.get(made.id)
            (listed,) = await client.services.list({"name": name, "label": "a=b"}, status=True)
            assert listed.attrs["ServiceStatus"]["DesiredTasks"] == 2
            assert await client.services.exists(name)
            assert not await client.services.exists(scope.name("other"))
            assert await by_id.inspect() is by_id.attrs
            filled = await client.services.get(name, insert_defaults=True)
            assert filled.attrs["Spec"]["UpdateConfig"]["FailureAction"] == "pause"
            tasks = await running(made, 2)
            one = await client.tasks.get(tasks[0].id)
            assert set(await client.tasks.list({"service": name})) == set(tasks)
            assert await one.inspect() is one.attrs
            asked = len(relay.requests)
            for service in (made, by_name, by_id, listed):
                assert (service.name, service.short_id, service.image) == (name, made.id[:12], TEST_IMAGE)
                assert (service.mode, service.replicas, service.labels) == ("replicated", 2, {"a": "b"})
                assert service.created_at
                assert service.updated_at
                assert (service.update_status, repr(service)[-len(name) - 1 :]) == ({}, f"{name}>")
            for task in tasks:
                assert (task.service_id, task.state, task.desired_state) == (made.id, "running", "running")
                assert (task.exit_code, task.error, task.image) == (None, "", TEST_IMAGE)
                assert task.created_at
                assert task.updated_at
                assert task.node_id
                assert f"Task {task.short_id} running>" in repr(task)
            assert {task.slot for task in tasks} == {1, 2}
            assert len(relay.requests) == asked
        assert len({made, by_name, by_id, listed}) == 1
        told = swarm_engine.cli("service", "ps", "--no-trunc", "--quiet", name).stdout.split()
        assert set(told) == {task.id for task in tasks}
        ps = swarm_engine.cli("ps", "--no-trunc", "--quiet", "--filter", f"name={name}").stdout.split()
        assert set(ps) == {task.container_id for task in tasks}
        assert made != made.id
        assert tasks[0] != tasks[0].id


async def test_every_kind_of_option(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        network, secret, config = scope.network(), scope.secret(), scope.config()
        async with AsyncDockerClient(swarm_engine.url) as client:
            joined = await client.networks.create(network, driver="overlay")
            kept = await client.secrets.create(secret, "hush")
            told = await client.configs.create(config, b"told")
            made = await client.services.create(
                TEST_IMAGE,
                ["sh", "-c"],
                args=["cat /run/secrets/pw /run/secrets/$0 /etc/told /$1; echo; sleep 60", secret, config],
                name=scope.service(),
                env={"A": "b"},
                mounts=["/tmp:/there:ro", Mount("/run/x", type="tmpfs", tmpfs_size=65536)],
                networks=[{"Target": network, "Aliases": ["db"]}],
                secrets=[SecretReference(secret_name=secret, filename="pw", uid=5, mode=0o400), kept],
                configs=[told, {"ConfigName": config, "File": {"Name": "/etc/told"}}],
                resources={"mem_limit": "64m", "cpu_limit": "0.5", "Reservations": {"MemoryBytes": 4194304}},
                restart_policy=ServiceRestartPolicy("on-failure", delay="2s", max_attempts=3),
                update_config=UpdateConfig(2, timedelta(seconds=3), "rollback", max_failure_ratio=0.5),
                rollback_config=RollbackConfig(1, order="start-first"),
                placement=Placement("node.role==manager", [("spread", "node.labels.dc")], ["linux/amd64"], 4),
                healthcheck=Healthcheck("true", interval=7),
                ports={"80/tcp": None, "53/udp": None},
                hosts={"there": "10.1.1.1"},
                dns_config=DNSConfig(["10.1.1.2"], ["example"], ["ndots:2"]),
                log_driver="json-file",
                log_driver_options={"max-size": "1m"},
                stop_grace_period=timedelta(seconds=1),
                stop_signal="KILL",
                container_labels={"c": "d"},
                cap_add=["NET_ADMIN"],
                ulimits={"nofile": (100, 200)},
                sysctls={"net.core.somaxconn": 64},
                user=0,
                init=True,
                tty=False,
            )
            await made.wait_converged(stable_for=0)
            async with await made.logs(stream=True, lines=True) as lines:
                assert (await lines.__anext__()).text == "hushhushtoldtold"
            spec = shown(swarm_engine, made.name)
        template, contained = spec["TaskTemplate"], spec["TaskTemplate"]["ContainerSpec"]
        assert contained["Command"] == ["sh", "-c"]
        assert contained["Env"] == ["A=b"]
        assert contained["Mounts"][0] == {
            "Type": "bind",
            "Source": "/tmp",
            "Target": "/there",
            "ReadOnly": True,
        }
        assert contained["Mounts"][1]["TmpfsOptions"] == {"SizeBytes": 65536}
        assert contained["Secrets"][0]["File"] == {"Name": "pw", "UID": "5", "GID": "0", "Mode": 0o400}
        assert contained["Configs"][0] == {
            "File": {"Name": config, "UID": "0", "GID": "0", "Mode": 0o444},
            "ConfigID": told.id,
            "ConfigName": config,
        }
        assert contained["Healthcheck"] == {"Test": ["CMD-SHELL", "true"], "Interval": 7_000_000_000}
        assert contained["Hosts"] == ["10.1.1.1 there"]
        assert contained["DNSConfig"] == {
            "Nameservers": ["10.1.1.2"],
            "Search": ["example"],
            "Options": ["ndots:2"],
        }
        assert (contained["StopGracePeriod"], contained["StopSignal"]) == (1_000_000_000, "KILL")
        assert (contained["Labels"], contained["CapabilityAdd"]) == ({"c": "d"}, ["NET_ADMIN"])
        assert contained["Ulimits"] == [{"Name": "nofile", "Soft": 100, "Hard": 200}]
        assert (contained["Sysctls"], contained["User"], contained["Init"]) == (
            {"net.core.somaxconn": "64"},
            "0",
            True,
        )
        assert template["Resources"] == {
            "Limits": {"NanoCPUs": 500_000_000, "MemoryBytes": 67108864},
            "Reservations": {"MemoryBytes": 4194304},
        }
        assert template["RestartPolicy"] == {
            "Condition": "on-failure",
            "Delay": 2_000_000_000,
            "MaxAttempts": 3,
        }
        assert template["Placement"] == {
            "Constraints": ["node.role==manager"],
            "Preferences": [{"Spread": {"SpreadDescriptor": "node.labels.dc"}}],
            "MaxReplicas": 4,
            "Platforms": [{"Architecture": "amd64", "OS": "linux"}],
        }
        assert template["Networks"] == [{"Target": joined.id, "Aliases": ["db"]}]
        assert template["LogDriver"] == {"Name": "json-file", "Options": {"max-size": "1m"}}
        assert spec["UpdateConfig"]["FailureAction"] == "rollback"
        assert spec["UpdateConfig"]["Delay"] == 3_000_000_000
        assert spec["RollbackConfig"]["Order"] == "start-first"
        ports = spec["EndpointSpec"]["Ports"]
        assert {(one["TargetPort"], one["Protocol"]) for one in ports} == {(80, "tcp"), (53, "udp")}


@pytest.mark.bad_input("Service.update", "Service.rollback", "Service.scale")
async def test_changed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        async with AsyncDockerClient(relay.url) as client:
            service = await client.services.create(
                TEST_IMAGE,
                args=FOREVER,
                name=scope.service(),
                env=["A=b", "C=d"],
                labels={"a": "b"},
                stop_grace_period=1,
                update_config={"parallelism": 1, "order": "start-first", "monitor": "10ms"},
                rollback_config={"Parallelism": 0, "Monitor": 10_000_000},
            )
            with pytest.raises(Conflict, match="previous spec"):
                await service.rollback()
            before = shown(swarm_engine, service.name)
            assert await service.update(env={"A": "z"}, container_labels={"new": "1"}) == []
            after = shown(swarm_engine, service.name)
            assert after["TaskTemplate"]["ContainerSpec"].pop("Labels") == {"new": "1"}
            assert after["TaskTemplate"]["ContainerSpec"]["Env"] == ["A=z"]
            after["TaskTemplate"]["ContainerSpec"]["Env"] = ["A=b", "C=d"]
            assert after == before
            assert service.attrs["Spec"]["TaskTemplate"]["ContainerSpec"]["Env"] == ["A=z"]
            await service.rollback()
            assert shown(swarm_engine, service.name) == before
            assert service.update_status["State"].startswith("rollback")
            await service.scale(2)
            assert (service.replicas, shown(swarm_engine, service.name)["Mode"]) == (
                2,
                {"Replicated": {"Replicas": 2}},
            )
            first = {one.id for one in await running(service, 2)}
            await service.force_update()
            assert shown(swarm_engine, service.name)["TaskTemplate"]["ForceUpdate"] == 1
            await running(service, 2, lambda task: task.id not in first)
            with pytest.raises(Conflict, match=r"version 1; reload\(\) it, and try again"):
                await service.update(version=1, env={})
            other = ("service", "update", "--detach", "--label-add", "x=y", service.name)

            def changed() -> None:
                swarm_engine.cli(*other)

            relay.before("/update?", changed)
            with pytest.raises(Conflict, match="was changed since"):
                await service.scale(3)
            await service.reload()
            assert (service.labels, service.replicas) == ({"a": "b", "x": "y"}, 2)
            await service.update(version=service.version, labels={})
            assert service.labels == {}


async def test_a_job_and_a_global_one(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            everywhere = await client.services.create(
                TEST_IMAGE, args=FOREVER, name=scope.service("global"), mode="global", stop_grace_period=1
            )
            assert (everywhere.mode, everywhere.replicas) == ("global", None)
            (task,) = await running(everywhere, 1)
            assert task.slot is None
            with pytest.raises(ValueError, match="runs on every node"):
                await everywhere.scale(2)
            job = await client.services.create(
                TEST_IMAGE,
                args=shell("echo done; exit 0"),
                name=scope.service("job"),
                mode=ServiceMode("replicated-job", 2, 1),
                restart_policy="none",
            )
            assert (job.mode, job.replicas) == ("replicated-job", 2)
            end = time.monotonic() + 50
            while [one.state for one in await job.tasks()] != ["complete"] * 2:
                assert time.monotonic() < end
                await pause(0.1)
            assert {one.exit_code for one in await job.tasks()} == {0}
            async with await job.logs(stream=True, lines=True) as lines:
                assert [(await lines.__anext__()).text, (await lines.__anext__()).text] == ["done", "done"]


@pytest.mark.bad_input("Service.logs", "Task.logs")
async def test_what_tasks_write(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            plain = await client.services.create(
                TEST_IMAGE, args=FOREVER, name=scope.service(), stop_grace_period=1
            )
            (task,) = await running(plain, 1)
            async with await plain.logs(stream=True, lines=True, timestamps=True) as lines:
                got = [await lines.__anext__(), await lines.__anext__()]
            assert {(one.stream, one.text) for one in got} == {("stdout", "out"), ("stderr", "err")}
            assert all(isinstance(one, LogFrame) and one.timestamp for one in got)
            assert await task.logs(stderr=False) == b"out\n"
            assert await plain.logs(stdout=False, tail=2) == b"err\n"
            assert await plain.logs(since=timedelta(hours=-1)) == b""
            assert f"task.id={task.id} out".encode() in await plain.logs(details=True)
            async with await task.logs(stream=True, follow=False) as pieces:
                wrote = [piece async for piece in pieces]
            assert sorted(wrote) == [b"err\n", b"out\n"]
            with pytest.raises(ValueError, match="one of them"):
                await plain.logs(stdout=False, stderr=False)
            with pytest.raises(ValueError, match="one of them"):
                await task.logs(stdout=False, stderr=False)
            terminal = await client.services.create(
                TEST_IMAGE, args=FOREVER, name=scope.service("tty"), tty=True, stop_grace_period=1
            )
            await running(terminal, 1)
            async with await terminal.logs(stream=True, lines=True) as lines:
                assert [(await lines.__anext__()).text, (await lines.__anext__()).text] == ["out", "err"]


@pytest.mark.bad_input(
    "Service.force_update",
    "Service.inspect",
    "Service.reload",
    "Service.remove",
    "ServicesManager.get",
    "ServicesManager.remove",
    "Service.tasks",
    "Task.reload",
    "Task.inspect",
    "TasksManager.get",
    "TasksManager.list",
)
async def test_removed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            first = await client.services.create(TEST_IMAGE, name=scope.service("1"), replicas=0)
            await client.services.create(TEST_IMAGE, name=scope.service("2"), replicas=0)
            await client.services.remove(first)
            await client.services.remove(scope.name("2"))
            assert not swarm_engine.cli("service", "ls", "-q", "--filter", f"name={scope.token}").stdout
            for call in (first.remove, first.reload, first.inspect, first.force_update, first.rollback):
                with pytest.raises(ServiceNotFound):
                    await call()
            with pytest.raises(ServiceNotFound):
                await first.remove()
            with pytest.raises(ServiceNotFound):
                await first.reload()
            with pytest.raises(ServiceNotFound):
                await first.inspect()
            with pytest.raises(ServiceNotFound):
                await first.force_update()
            with pytest.raises(ServiceNotFound):
                await client.services.get(first.id)
            with pytest.raises(ServiceNotFound):
                await client.services.remove(first.name)
            with pytest.raises(TaskNotFound):
                await client.tasks.get("nothing")
            with pytest.raises(BadRequest):
                await client.tasks.list({"nothing": "1"})
            with pytest.raises(BadRequest):
                await first.tasks({"nothing": "1"})
            reached: Any = first
            gone = AsyncTask(reached._engine, {"ID": "nothing"})
            with pytest.raises(TaskNotFound):
                await gone.reload()
            with pytest.raises(TaskNotFound):
                await gone.inspect()


@pytest.mark.bad_input("ServicesManager.create", "ServicesManager.list", "Service.scale", "Service.update")
async def test_what_is_wrong_is_told(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        async with AsyncDockerClient(relay.url) as client:
            service = await client.services.create(TEST_IMAGE, name=scope.service(), replicas=0)
            refused: list[tuple[dict[str, Any], type[Exception], str]] = [
                ({"name": service.name}, Conflict, "already exists"),
                ({"name": "a b"}, BadRequest, "DNS name"),
                ({"constraints": ["what"]}, BadRequest, "constraint"),
                ({"networks": ["nothing"]}, NetworkNotFound, "nothing"),
                ({"secrets": ["nothing"]}, SecretNotFound, "nothing"),
                ({"configs": ["nothing"]}, ConfigNotFound, "nothing"),
            ]
            for options, fault, words in refused:
                with pytest.raises(fault, match=words):
                    await client.services.create(TEST_IMAGE, **options)
            port = EndpointSpec(ports={30999: 80})
            await client.services.create(TEST_IMAGE, name=scope.service("p"), replicas=0, endpoint_spec=port)
            with pytest.raises(Conflict, match="already in use"):
                await service.update(endpoint_spec=port)
            with pytest.raises(BadRequest, match="nothing"):
                await client.services.list({"nothing": "1"})
            asked = len(relay.requests)
            with pytest.raises(ValueError, match="no image"):
                await client.services.create(name="a")
            with pytest.raises(ValueError, match="nothing to change"):
                await service.update()
            update: Any = service.update
            with pytest.raises(TypeError, match="version"):
                await update(version="1", env={})
            with pytest.raises(TypeError, match="did you mean 'env'"):
                await update(enw={})
            assert len(relay.requests) == asked
            with pytest.raises(ValueError, match="0 or more"):
                await service.scale(-1)


@pytest.mark.bad_input(
    "ServicesManager.exists",
    "Stack.configs",
    "Stack.secrets",
    "Stack.services",
    "Stack.tasks",
    "StacksManager.exists",
    "StacksManager.list",
)
async def test_a_docker_without_a_swarm(docker_engine: Engine) -> None:
    async with AsyncDockerClient(docker_engine.url) as client:
        reached: Any = client.stacks
        stack = AsyncStack(reached._engine, client.services, "a")
        with pytest.raises(NotSwarmManager):
            await stack.services()
        with pytest.raises(NotSwarmManager):
            await stack.tasks()
        with pytest.raises(NotSwarmManager):
            await stack.secrets()
        with pytest.raises(NotSwarmManager):
            await stack.configs()
        with pytest.raises(NotSwarmManager):
            await client.stacks.exists("a")
        with pytest.raises(NotSwarmManager):
            await client.services.exists("a")
        with pytest.raises(NotSwarmManager):
            await client.services.list()
        with pytest.raises(NotSwarmManager):
            await client.services.create(TEST_IMAGE)
        with pytest.raises(NotSwarmManager):
            await client.tasks.list()
        with pytest.raises(NotSwarmManager):
            await client.stacks.list()
