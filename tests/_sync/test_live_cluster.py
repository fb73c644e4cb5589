# Derived from tests/_async/test_live_cluster.py
# by `python -m codegen.unasync`: change that file, not this one.
"""A service on a swarm of several real Dockers: it goes on while nodes are drained and lost, and changes as it runs."""

from collections.abc import Callable

import pytest

from tests._sync._primitives import pause
from tests.engines.harness import TEST_IMAGE
from tests.engines.harness.cluster import ClusterNode
from wharfinger import DockerClient, Service, Task
from wharfinger.types import RollbackConfig, ServiceRestartPolicy, UpdateConfig


def settled(service: Service, fits: Callable[[Task], bool]) -> list[Task]:
    """Wait until all tasks that shall run do, and are such; how long is the test's own limit."""
    while True:
        tasks = service.tasks({"desired-state": "running"})
        if len(tasks) == service.replicas and all(one.state == "running" and fits(one) for one in tasks):
            return tasks
        pause(0.2)


def containers(node: ClusterNode) -> list[str]:
    """What the node's own program sees running there, by the variable that the test gives it."""
    ids = node.engine.cli("ps", "--quiet", "--no-trunc").stdout.split()
    shown = "{{range .Config.Env}}{{println .}}{{end}}"
    return [
        line
        for one in ids
        for line in node.engine.cli("inspect", "--format", shown, one).stdout.split()
        if line.startswith("STEP=")
    ]


@pytest.mark.timeout(180)
def test_a_service_outlives_its_nodes(three_machines: list[ClusterNode]) -> None:
    first, second, third = three_machines
    with DockerClient(first.engine.url) as client:
        # Nodes that are lost are noticed after three of these.
        client.swarm.init(first.address, dispatcher_heartbeat_period="500ms")
        for machine in (second, third):
            with DockerClient(machine.engine.url) as other:
                other.swarm.join(first.address, client.swarm.join_tokens.worker)
        nodes = {one.hostname: one for one in client.nodes.list()}
        names = {one.id: one.hostname for one in nodes.values()}
        assert set(nodes) == {one.name for one in three_machines}

        service = client.services.create(
            TEST_IMAGE,
            ["sleep", "3000"],
            name="web",
            replicas=3,
            env=["STEP=1"],
            stop_signal="SIGKILL",
            restart_policy=ServiceRestartPolicy("any", delay=0),
            update_config=UpdateConfig(parallelism=1, monitor=0.1),
            rollback_config=RollbackConfig(parallelism=1, monitor=0.1),
        )
        service.wait_converged(timeout=None, stable_for=0)
        tasks = service.tasks({"desired-state": "running"})
        assert {names[one.node_id] for one in tasks} == set(nodes)
        assert [containers(one) for one in three_machines] == [["STEP=1"]] * 3

        nodes[second.name].update(availability="drain")
        tasks = settled(service, lambda one: names[one.node_id] != second.name)
        assert len({one.id for one in tasks}) == 3
        while containers(second):
            pause(0.1)
        assert len(containers(first) + containers(third)) == 3
        nodes[second.name].update(availability="active")

        third.crash()
        tasks = settled(service, lambda one: names[one.node_id] != third.name)
        assert sorted(containers(first) + containers(second)) == ["STEP=1"] * 3
        lost = nodes[third.name]
        lost.reload()
        assert (lost.state, lost.availability) == ("down", "active")
        lost.remove()

        before = {one.id for one in tasks}
        service.update(env=["STEP=2"])
        service.wait_converged(timeout=None)
        assert service.update_status["State"] == "completed"
        tasks = settled(service, lambda one: one.id not in before)
        assert sorted(containers(first) + containers(second)) == ["STEP=2"] * 3

        service.rollback()
        service.wait_converged(timeout=None)
        assert service.update_status["State"] == "rollback_completed"
        settled(service, lambda one: one.id not in {known.id for known in tasks})
        assert sorted(containers(first) + containers(second)) == ["STEP=1"] * 3
        service.remove()
