"""Pods on a real Podman: made, found, run, measured, read, removed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, eventually
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, shell
from wharfinger import AsyncContainer, AsyncPodmanClient
from wharfinger.errors import Conflict
from wharfinger.types import LogFrame

# Ends at once when it is asked to.
OBEDIENT = shell("trap 'exit 0' TERM", 'echo "$0 is up"', "echo oops >&2", "while :; do sleep 0.1; done")


@pytest.fixture
def scope(podman_engine: Engine) -> Iterator[Scope]:
    with Scope(podman_engine) as made:
        yield made


def podman(engine: Engine, url: str | None = None, *, version: str = "auto") -> AsyncPodmanClient:
    return AsyncPodmanClient(url or engine.url, version=version)


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A pod as the engine's own program shows it."""
    told = engine.cli("pod", "inspect", name).stdout
    # Podman 5 gives a list.
    found: dict[str, Any] = (json.loads(told) if told.startswith("[") else [json.loads(told)])[0]
    return found


def pods(engine: Engine, scope: Scope) -> list[str]:
    """The names of the test's pods, as the engine's own program tells them."""
    found = engine.cli("pod", "ps", "--format", "{{.Name}}", "--filter", f"name={scope.token}")
    return sorted(found.stdout.split())


async def member(
    client: AsyncAnyClient, scope: Scope, pod: str, part: str, command: Any, **options: Any
) -> AsyncContainer:
    return await client.containers.create(
        TEST_IMAGE, command, name=scope.name(part), pod=pod, labels=scope.labels, **options
    )


async def test_made_and_found(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        made = await client.pods.create(
            name,
            hostname="inner",
            labels=["a=b"],
            network_mode="none",
            extra_hosts={"db": "10.0.0.9"},
            mem_limit="64m",
            nano_cpus=500_000_000,
            shm_size="32m",
            sysctls={"net.ipv4.ip_forward": "0"},
            volumes={"/tmp": {"bind": "/given", "mode": "ro"}},
            infra_name=scope.name("infra"),
            shared_namespaces=["net", "uts", "ipc"],
            exit_policy="stop",
        )
        seen = shown(podman_engine, name)
        assert (made.id, made.name, made.status) == (seen["Id"], name, "created")
        assert (made.short_id, made.labels) == (seen["Id"][:12], {"a": "b"})
        assert made.infra_id == seen["InfraContainerID"]
        assert made.shared_namespaces == ["ipc", "net", "uts"]
        assert made.created is not None
        assert made.containers == []
        assert (seen["memory_limit"], seen["cpu_quota"], seen["cpu_period"]) == (64 << 20, 50_000, 100_000)
        assert (seen["Hostname"], seen["ExitPolicy"]) == ("inner", "stop")
        assert seen["InfraConfig"]["HostAdd"] == ["db:10.0.0.9"]
        assert seen["mounts"][0]["Destination"] == "/given"
        (infra,) = seen["Containers"]
        assert infra["Name"] == scope.name("infra")
        assert await client.pods.exists(name)
        assert not await client.pods.exists(scope.name("none"))
        assert await client.pods.get(made.short_id) == made
        (listed,) = await client.pods.list({"name": scope.token})
        assert (listed, listed.name, listed.status, listed.labels) == (made, name, "created", {"a": "b"})
        assert listed.infra_id == made.infra_id
        assert await client.pods.list({"label": "a=b", "status": "running", "name": scope.token}) == []
        assert (await listed.inspect())["Hostname"] == "inner"
        nameless = await client.pods.create(no_infra=True)
        assert nameless.name
        assert nameless.infra_id == ""
        await client.pods.remove(nameless)
        assert not await client.pods.exists(nameless.id)


async def test_ports_and_networks(podman_engine: Engine, scope: Scope) -> None:
    name, network = scope.pod(), scope.network()
    podman_engine.cli("network", "create", "--internal", network)
    async with podman(podman_engine) as client:
        await client.pods.create(
            name, networks={network: {"aliases": ["web"]}}, ports={"80/tcp": ("127.0.0.1", None)}
        )
    seen = shown(podman_engine, name)["InfraConfig"]
    assert seen["Networks"] == [network]
    ((port, (binding,)),) = seen["PortBindings"].items()
    assert (port, binding["HostIp"]) == ("80/tcp", "127.0.0.1")
    assert int(binding["HostPort"]) > 0


async def test_started_and_stopped(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none")
        await member(client, scope, name, "a", OBEDIENT)
        await member(client, scope, name, "b", OBEDIENT)
        assert await pod.start() is True
        assert await pod.start() is False
        await pod.reload()
        assert pod.status == "running"
        assert sorted((one.name, one.status) for one in pod.containers) == [
            (scope.name("a"), "running"),
            (scope.name("b"), "running"),
        ]
        (listed,) = await client.pods.list({"name": name, "status": "running"})
        assert {*listed.containers} == {*pod.containers}
        table = await pod.top(ps_args="pid comm")
        assert table["Titles"] == ["PID", "COMMAND"]
        assert len(table["Processes"]) >= 3
        async with await pod.top(stream=True, delay=1) as tables:
            assert (await tables.__anext__())["Titles"]
        await pod.pause()
        assert shown(podman_engine, name)["State"] == "Paused"
        await pod.unpause()
        assert shown(podman_engine, name)["State"] == "Running"
        with pytest.raises(Conflict):
            await pod.remove()
        await pod.restart()
        assert shown(podman_engine, name)["State"] == "Running"
        assert await pod.stop(5) is True
        assert await pod.stop() is False
        assert shown(podman_engine, name)["State"] == "Exited"
        await pod.start()
        await pod.kill("SIGKILL")
        await eventually(lambda: shown(podman_engine, name)["State"] == "Exited")
        await pod.remove(force=True, timeout=0)
        assert pods(podman_engine, scope) == []


async def test_what_its_containers_write(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none")
        await member(client, scope, name, "a", shell("echo one", "echo two >&2"))
        await member(client, scope, name, "b", shell("echo three"))
        assert await pod.logs() == []
        await pod.start()
        async with await pod.logs(stream=True) as stream:
            found = [(which, frame.stream, frame.text) async for which, frame in stream]
        expected = [
            (scope.name("a"), "stdout", "one"),
            (scope.name("a"), "stderr", "two"),
            (scope.name("b"), "stdout", "three"),
        ]
        assert sorted(found) == sorted(expected)
        told = await pod.logs()
        assert sorted((which, frame.stream, frame.text) for which, frame in told) == sorted(expected)
        times = [frame.timestamp for _, frame in told]
        assert times == sorted(times, key=lambda when: when.timestamp() if when else 0)
        plain = await pod.logs(stderr=False, tail=1, timestamps=False)
        assert (scope.name("b"), LogFrame("stdout", b"three\n")) in plain
        assert {frame.stream for _, frame in plain} <= {"stdout"}


async def test_what_they_use(podman_engine: Engine, scope: Scope) -> None:
    name, other = scope.pod(), scope.pod("other")
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url) as client:
            pod = await client.pods.create(name, network_mode="none")
            second = await client.pods.create(other, network_mode="none")
            await member(client, scope, name, "a", OBEDIENT)
            await pod.start()
            before = len(relay.requests)
            found = await client.pods.stats([pod, other])
            assert len(relay.requests) == before + 1
            assert {one.pod_id for one in found} == {pod.short_id, second.short_id}
            (reading,) = [one for one in found if one.name == scope.name("a")]
            assert reading.running
            assert reading.container_id == reading["CID"]
            assert reading.cpu_percent is not None
            assert reading.memory_usage
            assert reading.memory_limit
            assert reading.memory_usage < reading.memory_limit
            assert reading.memory_percent is not None
            assert reading.pids
            (idle,) = [one for one in found if one.pod_id == second.short_id]
            assert (idle.running, idle.pids, idle.cpu_percent, idle.memory_usage) == (False, None, None, None)
            assert {one.pod_id for one in await pod.stats(stream=False)} == {pod.short_id}
            assert pod.short_id in {one.pod_id for one in await client.pods.stats()}
            assert second.short_id in {one.pod_id for one in await client.pods.stats(all=True)}
            assert await client.pods.stats([]) == []
            async with await pod.stats() as readings:
                assert (await readings.__anext__()).pod_id == pod.short_id
            async with await client.pods.stats(name, stream=True) as readings:
                assert (await readings.__anext__()).pod_id == pod.short_id


async def test_what_they_send_and_receive(podman_engine: Engine, scope: Scope) -> None:
    """Podman 4.3 tells it the wrong way round; the container's own kernel knows."""
    name, network = scope.pod(), scope.network()
    podman_engine.cli("network", "create", network)
    # Nobody has the address, so that much is sent and little comes.
    chatter = shell(
        "trap 'exit 0' TERM",
        "for i in 1 2 3 4 5 6 7 8 9; do ping -c 1 -W 1 -s 1400 192.0.2.1 >/dev/null & done; wait",
        "echo said",
        "while :; do sleep 0.1; done",
    )
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network=network)
        container = await member(client, scope, name, "a", chatter, cap_add=["NET_RAW"])
        await pod.start()
        await container.wait_for_log("said")
        (reading, *_) = await pod.stats(stream=False)
        line = (await container.exec_run("grep eth0 /proc/net/dev")).output.decode()
    received, sent = int(line.split()[1]), int(line.split()[9])
    assert sent > received + 2000
    assert reading.network_rx_bytes is not None
    assert reading.network_tx_bytes is not None
    # The counters may have gone on between the two looks.
    assert abs(reading.network_rx_bytes - received) < 1000
    assert abs(reading.network_tx_bytes - sent) < 1000


async def test_what_cannot_start_is_told(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none")
        await member(client, scope, name, "a", ["/nowhere"])
        with pytest.raises(Conflict, match=r"not all containers of the pod were started.*/nowhere"):
            await pod.start()
        with pytest.raises(Conflict, match=r"not all containers of the pod were restarted.*/nowhere"):
            await pod.restart()


async def test_events_of_pods(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        async with await client.events(filters={"type": "pod"}, since=1) as events:
            pod = await client.pods.create(name, network_mode="none")
            await pod.remove()
            seen: list[str] = []
            async for event in events:
                if event.id == pod.id:
                    seen.append(event.action)
                if "remove" in seen:
                    break
        assert seen == ["create", "remove"]


async def test_pruned(podman_engine: Engine, lonely_lab: Any) -> None:
    """On an engine of its own: it takes every pod that does not run."""
    engine = lonely_lab.engine("podman")
    with Scope(engine) as scope:
        name = scope.pod()
        async with podman(engine) as client:
            pod = await client.pods.create(name, network_mode="none")
            assert await client.pods.prune() == {"PodsDeleted": []}
            await pod.start()
            await pod.stop(0)
            assert await client.pods.prune() == {"PodsDeleted": [pod.id]}
            assert pods(engine, scope) == []
