"""Real swarms: made, joined, changed, locked, left."""

import json
from typing import Any

import pytest

from tests._async._live import client_of
from tests._async._primitives import pause
from tests.engines.harness import Engine
from tests.engines.harness.cluster import ClusterNode
from tests.live import Relay
from wharfinger import AsyncDockerClient, AsyncNode
from wharfinger.errors import (
    BadRequest,
    Conflict,
    NodeNotFound,
    NotSupported,
    NotSwarmManager,
    ServerError,
    Unauthorized,
)
from wharfinger.types import JoinTokens, SwarmExternalCA, SwarmState


async def until(node: AsyncNode, name: str, value: object) -> None:
    """Wait for what a node comes to tell; how long is the test's own limit."""
    while getattr(node, name) != value:
        await pause(0.1)
        await node.reload()


def spec_of(engine: Engine) -> dict[str, Any]:
    """The swarm's settings, as the engine's own program tells them."""
    found: dict[str, Any] = json.loads(engine.cli("info", "--format", "{{json .Swarm.Cluster}}").stdout)
    spec: dict[str, Any] = found["Spec"]
    return spec


async def test_made_and_joined(machines: list[ClusterNode]) -> None:
    first, second = machines
    async with AsyncDockerClient(first.engine.url) as manager, AsyncDockerClient(second.engine.url) as worker:
        assert (await manager.info()).swarm == SwarmState()
        node_id = await manager.swarm.init(
            first.address,
            default_addr_pool=["10.77.0.0/16"],
            subnet_size=26,
            availability="drain",
            heartbeat_tick=2,
            election_tick=9,
            dispatcher_heartbeat_period="500ms",
            node_cert_expiry=7200.0,
            task_history_retention_limit=3,
            labels={"a": "b"},
            snapshot_interval=None,  # type: ignore[arg-type] # so wrappers pass what was not given
        )
        spec = spec_of(first.engine)
        assert (spec["Raft"]["HeartbeatTick"], spec["Raft"]["ElectionTick"]) == (2, 9)
        assert (spec["Dispatcher"], spec["Labels"]) == ({"HeartbeatPeriod": 5 * 10**8}, {"a": "b"})
        assert spec["CAConfig"]["NodeCertExpiry"] == 7200 * 10**9
        assert spec["Orchestration"] == {"TaskHistoryRetentionLimit": 3}
        swarm = manager.swarm
        assert (swarm.attrs["SubnetSize"], swarm.attrs["DefaultAddrPool"]) == (26, ["10.77.0.0/16"])
        assert (swarm.short_id, swarm.version) == (swarm.attrs["ID"][:12], swarm.attrs["Version"]["Index"])
        tokens = swarm.join_tokens
        assert tokens.worker == first.engine.cli("swarm", "join-token", "--quiet", "worker").stdout.strip()
        assert tokens.manager == first.engine.cli("swarm", "join-token", "--quiet", "manager").stdout.strip()
        assert "SWMTKN" not in repr(swarm) + repr(tokens)
        await worker.swarm.join([f"{first.address}:2377"], tokens.worker, availability="pause")
        told = (await manager.info()).swarm
        assert told == SwarmState(
            state="active", node_id=node_id, node_address=first.address, is_manager=True, nodes=2, managers=1
        )
        mine, other = await manager.nodes.get(node_id), await manager.nodes.get(second.name)
        assert (mine.hostname, mine.role, mine.availability) == (first.name, "manager", "drain")
        assert (mine.is_leader, mine.reachability, mine.state) == (True, "reachable", "ready")
        assert (other.role, other.availability, other.address) == ("worker", "pause", second.address)
        assert (other.is_leader, other.reachability) == (False, None)
        assert (await worker.info()).swarm.is_manager is False
        with pytest.raises(NotSwarmManager, match="manager"):
            await worker.nodes.list()
        await worker.swarm.leave()
        assert (await worker.info()).swarm.state == "inactive"
        await until(other, "state", "down")
        await other.remove()
        assert [node.id for node in await manager.nodes.list()] == [node_id]


@pytest.mark.bad_input(
    "Node.demote", "Node.promote", "Node.remove", "Node.reload", "Node.inspect", "Node.update"
)
async def test_workers_become_managers(machines: list[ClusterNode]) -> None:
    first, second = machines
    async with AsyncDockerClient(first.engine.url) as client, AsyncDockerClient(second.engine.url) as other:
        await client.swarm.init(first.address)
        await other.swarm.join(first.address, client.swarm.join_tokens.worker)
        node = await client.nodes.get(second.name)
        await node.promote()
        await until(node, "reachability", "reachable")
        assert {one.hostname for one in await client.nodes.list({"role": "manager"})} == {
            first.name,
            second.name,
        }
        # It may take a moment until it knows.
        while not (await other.info()).swarm.is_manager:
            await pause(0.1)
        assert len(await other.nodes.list()) == 2
        with pytest.raises(Conflict, match="must be demoted"):
            await node.remove()
        await node.demote()
        await until(node, "reachability", None)
        with pytest.raises(Conflict, match="not down"):
            await node.remove()
        with pytest.raises(Conflict, match=r"last manager|loss of quorum"):
            await (await client.nodes.get(first.name)).demote()
        await node.remove(force=True)
        with pytest.raises(NodeNotFound):
            await node.promote()
        with pytest.raises(NodeNotFound):
            await node.demote()
        with pytest.raises(NodeNotFound):
            await node.update(labels={})
        with pytest.raises(NodeNotFound):
            await node.remove()
        with pytest.raises(NodeNotFound):
            await node.reload()
        with pytest.raises(NodeNotFound):
            await node.inspect()


@pytest.mark.bad_input("Swarm.unlock", "Swarm.get_unlock_key")
async def test_a_locked_manager(machines: list[ClusterNode]) -> None:
    first, second = machines
    async with AsyncDockerClient(first.engine.url) as client, AsyncDockerClient(second.engine.url) as other:
        await client.swarm.init(first.address, autolock_managers=True)
        old = await client.swarm.get_unlock_key()
        await client.swarm.update(rotate_manager_unlock_key=True)
        key = await client.swarm.get_unlock_key()
        assert key["UnlockKey"] == first.engine.cli("swarm", "unlock-key", "--quiet").stdout.strip()
        assert old != key
        first.restart()
        assert (await client.info()).swarm.state == "locked"
        with pytest.raises(ServerError, match="needs to be unlocked"):
            await client.swarm.reload()
        with pytest.raises(Unauthorized) as refused:
            await client.swarm.unlock(old)
        assert old["UnlockKey"] not in str(refused.value)
        with pytest.raises(BadRequest, match="invalid key"):
            await client.swarm.unlock("nonsense")
        await client.swarm.unlock(key)
        await client.swarm.reload()
        with pytest.raises(Conflict, match="not locked"):
            await client.swarm.unlock(key["UnlockKey"])
        with pytest.raises(NotSwarmManager):
            await other.swarm.get_unlock_key()


@pytest.mark.bad_input("Swarm.init", "Swarm.join", "Swarm.leave")
async def test_what_is_wrong_is_told(machines: list[ClusterNode]) -> None:
    first, second = machines
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"heartbeat_tik": 1}, TypeError, "unknown option 'heartbeat_tik' of swarm.init.*heartbeat_tick"),
        ({"heartbeat_tick": "1"}, TypeError, "heartbeat_tick is '1'"),
        ({"node_cert_expiry": "long"}, ValueError, "node_cert_expiry is 'long'"),
        ({"autolock_managers": 1}, TypeError, "autolock_managers is 1"),
        ({"availability": "away"}, ValueError, "availability is 'away'.*'drain'"),
        ({"external_ca": {"URI": "a"}}, TypeError, "URI"),
        ({"log_driver": "local"}, NotSupported, "needs log_driver of each service"),
        ({"external_ca": [], "external_cas": []}, ValueError, "mean the same"),
        ({"default_addr_pool": 10}, TypeError, "default_addr_pool"),
        ({"signing_ca_key": b"hush"}, TypeError, "signing_ca_key is of type bytes"),
    ]
    with Relay(first.engine) as relay:
        async with AsyncDockerClient(relay.url) as client, AsyncDockerClient(second.engine.url) as other:
            await client.ping()
            before = len(relay.requests)
            init: Any = client.swarm.init
            join: Any = client.swarm.join
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words) as caught:
                    await init(first.address, **options)
                assert "hush" not in str(caught.value)
            with pytest.raises(ValueError, match="remote_addrs is"):
                await join([], "token")
            with pytest.raises(TypeError, match="remote_addrs"):
                await join(5, "token")
            with pytest.raises(TypeError, match="key is of type int"):
                await client.swarm.unlock(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            with pytest.raises(ValueError, match="key is empty"):
                await client.swarm.unlock({"UnlockKey": ""})
            assert len(relay.requests) == before
            with pytest.raises(NotSwarmManager, match="not part of a swarm"):
                await client.swarm.leave()
            with pytest.raises(BadRequest, match="join token"):
                await client.swarm.join(second.address, "nonsense")
            with pytest.raises(BadRequest, match="name"):
                await client.swarm.init(first.address, name="another")
            await client.swarm.init(first.address, external_ca=[SwarmExternalCA("https://localhost:1/")])
            (told,) = spec_of(first.engine)["CAConfig"]["ExternalCAs"]
            assert (told["Protocol"], told["URL"]) == ("cfssl", "https://localhost:1/")
            with pytest.raises(Conflict, match="already part of a swarm"):
                await client.swarm.init(first.address)
            with pytest.raises(Conflict, match="already part of a swarm"):
                await client.swarm.join(second.address, client.swarm.join_tokens.worker)
            with pytest.raises(Conflict, match="participating as a manager"):
                await client.swarm.leave()
            with pytest.raises(NotSwarmManager):
                await other.swarm.reload()
            await client.swarm.leave(force=True)
            assert (client.swarm.attrs, client.swarm.id, client.swarm.version) == ({}, "", 0)
            assert client.swarm.join_tokens == JoinTokens("", "")


@pytest.mark.bad_input("Swarm.inspect", "Swarm.reload", "Swarm.update")
async def test_settings_are_changed(swarm_engine: Engine, docker_engine: Engine) -> None:
    async with AsyncDockerClient(swarm_engine.url) as client:
        before = spec_of(swarm_engine)
        await client.swarm.reload()
        old, version = client.swarm.join_tokens, client.swarm.version
        await client.swarm.update(task_history_retention_limit=7, rotate_worker_token=True)
        assert spec_of(swarm_engine) == {**before, "Orchestration": {"TaskHistoryRetentionLimit": 7}}
        assert client.swarm.version > version
        assert client.swarm.join_tokens.worker != old.worker
        assert client.swarm.join_tokens.manager == old.manager
        await client.swarm.update(task_history_retention_limit=5, rotate_manager_token=True)
        assert spec_of(swarm_engine) == before
        assert client.swarm.join_tokens.manager != old.manager
        assert client.swarm.updated_at
        assert client.swarm.created_at
        assert client.swarm.updated_at > client.swarm.created_at
        assert (await client.swarm.inspect())["ID"] == client.swarm.id
        with pytest.raises(TypeError, match="unknown option 'lables'"):
            await client.swarm.update(lables={})  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        with pytest.raises(BadRequest, match="name"):
            await client.swarm.update(name="another")
    unswarmed: Any = client_of(docker_engine)
    async with unswarmed as client:
        for ask in (client.swarm.reload, client.swarm.inspect, client.swarm.update, client.nodes.list):
            with pytest.raises(NotSwarmManager):
                await ask()
        with pytest.raises(NotSwarmManager):
            await client.swarm.reload()
        with pytest.raises(NotSwarmManager):
            await client.swarm.inspect()


@pytest.mark.bad_input("NodesManager.exists", "NodesManager.get", "NodesManager.list", "NodesManager.remove")
async def test_a_node_is_changed(swarm_engine: Engine) -> None:
    with Relay(swarm_engine) as relay:
        async with AsyncDockerClient(relay.url) as client:
            (node,) = await client.nodes.list()
            assert node == await client.nodes.get(node.id) == await client.nodes.get(node.hostname)
            assert len({node, await client.nodes.get(node.id)}) == 1
            assert await client.nodes.exists(node.hostname)
            assert not await client.nodes.exists("another")
            assert node.id == (await client.info()).swarm.node_id
            assert (node.engine_version, node.created_at) == (swarm_engine.version, node.created_at)
            stale = await client.nodes.get(node.id)
            await node.update(availability="pause", labels=["rack=1"])
            told = json.loads(swarm_engine.cli("node", "inspect", node.id).stdout)[0]["Spec"]
            assert told == {"Labels": {"rack": "1"}, "Role": "manager", "Availability": "pause"}
            assert (node.availability, node.labels, node.role) == ("pause", {"rack": "1"}, "manager")
            assert [one.id for one in await client.nodes.list({"node.label": "rack=1"})] == [node.id]
            with pytest.raises(Conflict, match="sequence"):
                await stale.update({"Availability": "active", "Role": "manager"})
            await node.update({"Availability": "active", "Role": "manager", "Name": "a"})
            assert (node.availability, node.labels, node.name) == ("active", {}, "a")
            await node.update({"Availability": "active", "Role": "manager"})
            asked = len(relay.requests)
            assert repr(node).endswith(f"Node {node.short_id} {node.hostname} manager ready>")
            for name in dir(AsyncNode):
                if isinstance(getattr(AsyncNode, name), property):
                    getattr(node, name)
            update: Any = node.update
            wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
                ({"availability": "away"}, ValueError, "availability is 'away'"),
                ({"role": "leader"}, ValueError, "role is 'leader', expected 'worker' or 'manager'"),
                ({"lables": {}}, TypeError, "did you mean 'labels'"),
                ({"node_spec": [1]}, TypeError, "node_spec is"),
                ({"node_spec": {}, "role": "worker"}, ValueError, "expected one of the two"),
            ]
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words):
                    await update(**options)
            with pytest.raises(ValueError, match="empty"):
                await client.nodes.exists("")
            assert len(relay.requests) == asked
            with pytest.raises(NodeNotFound, match="another"):
                await client.nodes.get("another")
            with pytest.raises(NodeNotFound, match="another"):
                await client.nodes.remove("another")
            with pytest.raises(Conflict, match="must be demoted"):
                await client.nodes.remove(node)
            with pytest.raises(BadRequest, match="nothing"):
                await client.nodes.list({"nothing": "1"})
