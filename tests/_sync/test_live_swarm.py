# Derived from tests/_async/test_live_swarm.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Real swarms: made, joined, changed, locked, left."""

import json
from typing import Any

import pytest

from tests._sync._live import client_of
from tests._sync._primitives import pause
from tests.engines.harness import Engine
from tests.engines.harness.cluster import ClusterNode
from tests.live import Relay
from wharfinger import DockerClient, Node
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


def until(node: Node, name: str, value: object) -> None:
    """Wait for what a node comes to tell; how long is the test's own limit."""
    while getattr(node, name) != value:
        pause(0.1)
        node.reload()


def spec_of(engine: Engine) -> dict[str, Any]:
    """The swarm's settings, as the engine's own program tells them."""
    found: dict[str, Any] = json.loads(engine.cli("info", "--format", "{{json .Swarm.Cluster}}").stdout)
    spec: dict[str, Any] = found["Spec"]
    return spec


def test_made_and_joined(machines: list[ClusterNode]) -> None:
    first, second = machines
    with DockerClient(first.engine.url) as manager, DockerClient(second.engine.url) as worker:
        assert (manager.info()).swarm == SwarmState()
        node_id = manager.swarm.init(
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
        worker.swarm.join([f"{first.address}:2377"], tokens.worker, availability="pause")
        told = (manager.info()).swarm
        assert told == SwarmState(
            state="active", node_id=node_id, node_address=first.address, is_manager=True, nodes=2, managers=1
        )
        mine, other = manager.nodes.get(node_id), manager.nodes.get(second.name)
        assert (mine.hostname, mine.role, mine.availability) == (first.name, "manager", "drain")
        assert (mine.is_leader, mine.reachability, mine.state) == (True, "reachable", "ready")
        assert (other.role, other.availability, other.address) == ("worker", "pause", second.address)
        assert (other.is_leader, other.reachability) == (False, None)
        assert (worker.info()).swarm.is_manager is False
        with pytest.raises(NotSwarmManager, match="manager"):
            worker.nodes.list()
        worker.swarm.leave()
        assert (worker.info()).swarm.state == "inactive"
        until(other, "state", "down")
        other.remove()
        assert [node.id for node in manager.nodes.list()] == [node_id]


@pytest.mark.bad_input(
    "Node.demote", "Node.promote", "Node.remove", "Node.reload", "Node.inspect", "Node.update"
)
def test_workers_become_managers(machines: list[ClusterNode]) -> None:
    first, second = machines
    with DockerClient(first.engine.url) as client, DockerClient(second.engine.url) as other:
        client.swarm.init(first.address)
        other.swarm.join(first.address, client.swarm.join_tokens.worker)
        node = client.nodes.get(second.name)
        node.promote()
        until(node, "reachability", "reachable")
        assert {one.hostname for one in client.nodes.list({"role": "manager"})} == {
            first.name,
            second.name,
        }
        # It may take a moment until it knows.
        while not (other.info()).swarm.is_manager:
            pause(0.1)
        assert len(other.nodes.list()) == 2
        with pytest.raises(Conflict, match="must be demoted"):
            node.remove()
        node.demote()
        until(node, "reachability", None)
        with pytest.raises(Conflict, match="not down"):
            node.remove()
        with pytest.raises(Conflict, match=r"last manager|loss of quorum"):
            (client.nodes.get(first.name)).demote()
        node.remove(force=True)
        with pytest.raises(NodeNotFound):
            node.promote()
        with pytest.raises(NodeNotFound):
            node.demote()
        with pytest.raises(NodeNotFound):
            node.update(labels={})
        with pytest.raises(NodeNotFound):
            node.remove()
        with pytest.raises(NodeNotFound):
            node.reload()
        with pytest.raises(NodeNotFound):
            node.inspect()


@pytest.mark.bad_input("Swarm.unlock", "Swarm.get_unlock_key")
def test_a_locked_manager(machines: list[ClusterNode]) -> None:
    first, second = machines
    with DockerClient(first.engine.url) as client, DockerClient(second.engine.url) as other:
        client.swarm.init(first.address, autolock_managers=True)
        old = client.swarm.get_unlock_key()
        client.swarm.update(rotate_manager_unlock_key=True)
        key = client.swarm.get_unlock_key()
        assert key["UnlockKey"] == first.engine.cli("swarm", "unlock-key", "--quiet").stdout.strip()
        assert old != key
        first.restart()
        assert (client.info()).swarm.state == "locked"
        with pytest.raises(ServerError, match="needs to be unlocked"):
            client.swarm.reload()
        with pytest.raises(Unauthorized) as refused:
            client.swarm.unlock(old)
        assert old["UnlockKey"] not in str(refused.value)
        with pytest.raises(BadRequest, match="invalid key"):
            client.swarm.unlock("nonsense")
        client.swarm.unlock(key)
        client.swarm.reload()
        with pytest.raises(Conflict, match="not locked"):
            client.swarm.unlock(key["UnlockKey"])
        with pytest.raises(NotSwarmManager):
            other.swarm.get_unlock_key()


@pytest.mark.bad_input("Swarm.init", "Swarm.join", "Swarm.leave")
def test_what_is_wrong_is_told(machines: list[ClusterNode]) -> None:
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
        with DockerClient(relay.url) as client, DockerClient(second.engine.url) as other:
            client.ping()
            before = len(relay.requests)
            init: Any = client.swarm.init
            join: Any = client.swarm.join
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words) as caught:
                    init(first.address, **options)
                assert "hush" not in str(caught.value)
            with pytest.raises(ValueError, match="remote_addrs is"):
                join([], "token")
            with pytest.raises(TypeError, match="remote_addrs"):
                join(5, "token")
            with pytest.raises(TypeError, match="key is of type int"):
                client.swarm.unlock(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            with pytest.raises(ValueError, match="key is empty"):
                client.swarm.unlock({"UnlockKey": ""})
            assert len(relay.requests) == before
            with pytest.raises(NotSwarmManager, match="not part of a swarm"):
                client.swarm.leave()
            with pytest.raises(BadRequest, match="join token"):
                client.swarm.join(second.address, "nonsense")
            with pytest.raises(BadRequest, match="name"):
                client.swarm.init(first.address, name="another")
            client.swarm.init(first.address, external_ca=[SwarmExternalCA("https://localhost:1/")])
            (told,) = spec_of(first.engine)["CAConfig"]["ExternalCAs"]
            assert (told["Protocol"], told["URL"]) == ("cfssl", "https://localhost:1/")
            with pytest.raises(Conflict, match="already part of a swarm"):
                client.swarm.init(first.address)
            with pytest.raises(Conflict, match="already part of a swarm"):
                client.swarm.join(second.address, client.swarm.join_tokens.worker)
            with pytest.raises(Conflict, match="participating as a manager"):
                client.swarm.leave()
            with pytest.raises(NotSwarmManager):
                other.swarm.reload()
            client.swarm.leave(force=True)
            assert (client.swarm.attrs, client.swarm.id, client.swarm.version) == ({}, "", 0)
            assert client.swarm.join_tokens == JoinTokens("", "")


@pytest.mark.bad_input("Swarm.inspect", "Swarm.reload", "Swarm.update")
def test_settings_are_changed(swarm_engine: Engine, docker_engine: Engine) -> None:
    with DockerClient(swarm_engine.url) as client:
        before = spec_of(swarm_engine)
        client.swarm.reload()
        old, version = client.swarm.join_tokens, client.swarm.version
        client.swarm.update(task_history_retention_limit=7, rotate_worker_token=True)
        assert spec_of(swarm_engine) == {**before, "Orchestration": {"TaskHistoryRetentionLimit": 7}}
        assert client.swarm.version > version
        assert client.swarm.join_tokens.worker != old.worker
        assert client.swarm.join_tokens.manager == old.manager
        client.swarm.update(task_history_retention_limit=5, rotate_manager_token=True)
        assert spec_of(swarm_engine) == before
        assert client.swarm.join_tokens.manager != old.manager
        assert client.swarm.updated_at
        assert client.swarm.created_at
        assert client.swarm.updated_at > client.swarm.created_at
        assert (client.swarm.inspect())["ID"] == client.swarm.id
        with pytest.raises(TypeError, match="unknown option 'lables'"):
            client.swarm.update(lables={})  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
        with pytest.raises(BadRequest, match="name"):
            client.swarm.update(name="another")
    unswarmed: Any = client_of(docker_engine)
    with unswarmed as client:
        for ask in (client.swarm.reload, client.swarm.inspect, client.swarm.update, client.nodes.list):
            with pytest.raises(NotSwarmManager):
                ask()
        with pytest.raises(NotSwarmManager):
            client.swarm.reload()
        with pytest.raises(NotSwarmManager):
            client.swarm.inspect()


@pytest.mark.bad_input("NodesManager.exists", "NodesManager.get", "NodesManager.list", "NodesManager.remove")
def test_a_node_is_changed(swarm_engine: Engine) -> None:
    with Relay(swarm_engine) as relay:
        with DockerClient(relay.url) as client:
            (node,) = client.nodes.list()
            assert node == client.nodes.get(node.id) == client.nodes.get(node.hostname)
            assert len({node, client.nodes.get(node.id)}) == 1
            assert client.nodes.exists(node.hostname)
            assert not client.nodes.exists("another")
            assert node.id == (client.info()).swarm.node_id
            assert (node.engine_version, node.created_at) == (swarm_engine.version, node.created_at)
            stale = client.nodes.get(node.id)
            node.update(availability="pause", labels=["rack=1"])
            told = json.loads(swarm_engine.cli("node", "inspect", node.id).stdout)[0]["Spec"]
            assert told == {"Labels": {"rack": "1"}, "Role": "manager", "Availability": "pause"}
            assert (node.availability, node.labels, node.role) == ("pause", {"rack": "1"}, "manager")
            assert [one.id for one in client.nodes.list({"node.label": "rack=1"})] == [node.id]
            with pytest.raises(Conflict, match="sequence"):
                stale.update({"Availability": "active", "Role": "manager"})
            node.update({"Availability": "active", "Role": "manager", "Name": "a"})
            assert (node.availability, node.labels, node.name) == ("active", {}, "a")
            node.update({"Availability": "active", "Role": "manager"})
            asked = len(relay.requests)
            assert repr(node).endswith(f"Node {node.short_id} {node.hostname} manager ready>")
            for name in dir(Node):
                if isinstance(getattr(Node, name), property):
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
                    update(**options)
            with pytest.raises(ValueError, match="empty"):
                client.nodes.exists("")
            assert len(relay.requests) == asked
            with pytest.raises(NodeNotFound, match="another"):
                client.nodes.get("another")
            with pytest.raises(NodeNotFound, match="another"):
                client.nodes.remove("another")
            with pytest.raises(Conflict, match="must be demoted"):
                client.nodes.remove(node)
            with pytest.raises(BadRequest, match="nothing"):
                client.nodes.list({"nothing": "1"})
