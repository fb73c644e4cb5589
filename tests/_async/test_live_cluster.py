"""A service on a swarm of several real Dockers: it goes on while nodes are drained and lost, and changes as it runs."""

from collections.abc import Callable

import pytest

from tests._async._primitives import pause
from tests.engines.harness import TEST_IMAGE
from tests.engines.harness.cluster import ClusterNode
from wharfinger import AsyncDockerClient, AsyncService, AsyncTask
from wharfinger.types import RollbackConfig, ServiceRestartPolicy, UpdateConfig


async def settled(service: AsyncService, fits: Callable[[AsyncTask], bool]) -> list[AsyncTask]:
    """Wait until all tasks that shall run do, and are such; how long is the test's own limit."""
    while True:
        tasks = await service.tasks({"desired-state": "running"})
        if len(tasks) == service.replicas and all(one.state == "running" and fits(one) for one in tasks):
            return tasks
        await pause(0.2)


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
async def test_a_service_outlives_its_nodes(three_machines: list[ClusterNode]) -> None:
    first, second, third = three_machines
    async with AsyncDockerClient(first.engine.url) as client:
        # Nodes that are lost are noticed after three of these.
        await client.swarm.init(first.address, dispatcher_heartbeat_period="500ms")
        for machine in (second, third):
            async with AsyncDockerClient(machine.engine.url) as other:
                await other.swarm.join(first.address, client.swarm.join_tokens.worker)
        nodes = {one.hostname: one for one in await client.nodes.list()}
        names = {one.id: one.hostname for one in nodes.values()}
        assert set(nodes) == {one.name for one in three_machines}

        service = await client.services.create(
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
        await service.wait_converged(timeout=None, stable_for=0)
        tasks = await service.tasks({"desired-state": "running"})
        assert {names[one.node_id] for one in tasks} == set(nodes)
        assert [containers(one) for one in three_machines] == [["STEP=1"]] * 3

        await nodes[second.name].update(availability="drain")
        tasks = await settled(service, lambda one: names[one.node_id] != second.name)
        assert len({one.id for one in tasks}) == 3
        while containers(second):
            await pause(0.1)
        assert len(containers(first) + containers(third)) == 3
        await nodes[second.name].update(availability="active")

        third.crash()
        tasks = await settled(service, lambda one: names[one.node_id] != third.name)
        assert sorted(containers(first) + containers(second)) == ["STEP=1"] * 3
        lost = nodes[third.name]
        await lost.reload()
        assert (lost.state, lost.availability) == ("down", "active")
        await lost.remove()

        before = {one.id for one in tasks}
        await service.update(env=["STEP=2"])
        await service.wait_converged(timeout=None)
        assert service.update_status["State"] == "completed"
        tasks = await settled(service, lambda one: one.id not in before)
        assert sorted(containers(first) + containers(second)) == ["STEP=2"] * 3

        await service.rollback()
        await service.wait_converged(timeout=None)
        assert service.update_status["State"] == "rollback_completed"
        await settled(service, lambda one: one.id not in {known.id for known in tasks})
        assert sorted(containers(first) + containers(second)) == ["STEP=1"] * 3
        await service.remove()
