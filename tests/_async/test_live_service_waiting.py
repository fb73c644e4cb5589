"""Waiting until a real swarm has come to what a service says, or never will."""

from typing import Any

import pytest

from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, shell
from wharfinger import AsyncDockerClient, AsyncService
from wharfinger.errors import EngineTimeout, NotConvergedInTime, ServiceNotConverged, ServiceNotFound
from wharfinger.types import RollbackConfig, ServiceMode, ServiceRestartPolicy, UpdateConfig

FOREVER = ["sleep", "3000"]
SOON = UpdateConfig(parallelism=0, monitor=0.3)
SOON_BACK = RollbackConfig(parallelism=0, monitor=0.3)
STEP = "{{index .Config.Env 0}}"


def seen(engine: Engine, service: AsyncService, what: str) -> list[str]:
    """What the engine's own program shows of the containers that run for a service."""
    label = f"label=com.docker.swarm.service.id={service.id}"
    ids = engine.cli("ps", "--quiet", "--filter", label).stdout.split()
    return sorted(engine.cli("inspect", "--format", what, one).stdout.strip() for one in ids)


async def made(client: AsyncDockerClient, scope: Scope, part: str = "s", **options: Any) -> AsyncService:
    options = {"args": FOREVER, "stop_signal": "SIGKILL", "update_config": SOON, **options}
    return await client.services.create(options.pop("image", TEST_IMAGE), name=scope.service(part), **options)


async def test_made_changed_scaled_and_taken_back(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            service = await made(client, scope, replicas=2, env=["STEP=1"], rollback_config=SOON_BACK)
            await service.wait_converged()
            assert seen(swarm_engine, service, STEP) == ["STEP=1"] * 2
            await service.update(env=["STEP=2"])
            await service.wait_converged()
            assert service.update_status["State"] == "completed"
            assert seen(swarm_engine, service, STEP) == ["STEP=2"] * 2
            await service.wait_converged()
            await service.rollback()
            await service.wait_converged()
            assert service.update_status["State"] == "rollback_completed"
            assert seen(swarm_engine, service, STEP) == ["STEP=1"] * 2
            await service.scale(3)
            await service.wait_converged(stable_for=0)
            assert [task.state for task in await service.tasks({"desired-state": "running"})] == [
                "running"
            ] * 3
            # What replaces no task is there at once.
            await service.update(labels={"a": "b"})
            await service.wait_converged(stable_for=0)
            await service.scale(0)
            await service.wait_converged(stable_for=0)
            assert await service.tasks({"desired-state": "running"}) == []


async def test_everywhere_and_jobs(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            everywhere = await made(client, scope, "everywhere", mode="global")
            await everywhere.wait_converged()
            assert len(seen(swarm_engine, everywhere, STEP)) == 1
            job = {"args": ["true"], "update_config": None, "restart_policy": "none"}
            several = await made(client, scope, "several", mode=ServiceMode("replicated-job", 2, 1), **job)
            await several.wait_converged()
            assert [task.state for task in await several.tasks()] == ["complete"] * 2
            await several.force_update()
            await several.wait_converged()
            assert [task.state for task in await several.tasks()].count("complete") >= 2
            assert several.attrs["JobStatus"]["JobIteration"]["Index"] > 0
            one = await made(client, scope, "one", mode="global-job", **job)
            await one.wait_converged()
            assert [task.exit_code for task in await one.tasks()] == [0]
            failing = await made(
                client, scope, "failing", mode="replicated-job", **{**job, "args": shell("exit 3")}
            )
            words = r"ended \(failed\), and its restart policy is 'none'"
            with pytest.raises(ServiceNotConverged, match=words) as told:
                await failing.wait_converged()
            assert told.value.task_messages == (f"{failing.name}.0: failed: task: non-zero exit (3)",)


@pytest.mark.parametrize(
    ("action", "words"), [("pause", "paused its change: "), ("rollback", "took it back")]
)
async def test_a_change_that_fails(swarm_engine: Engine, action: Any, words: str) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            config = UpdateConfig(parallelism=1, monitor=2, failure_action=action)
            again = ServiceRestartPolicy("any", delay=0)
            service = await made(
                client, scope, update_config=config, rollback_config=SOON_BACK, restart_policy=again
            )
            await service.wait_converged(stable_for=0)
            await service.update(args=shell("exit 7"))
            with pytest.raises(ServiceNotConverged, match=words) as told:
                await service.wait_converged()
            # Why it was taken back is told only while it goes back, which may be over soon.
            if action == "pause":
                assert "due to failure or early termination of task" in told.value.reason
            assert told.value.task_messages[-1] == f"{service.name}.1: failed: task: non-zero exit (7)"
            assert (told.value.service, not isinstance(told.value, EngineTimeout)) == (service.name, True)
            if action == "rollback":
                # As it is now it is well.
                await service.wait_converged()


@pytest.mark.bad_input("Service.wait_converged")
async def test_what_never_comes(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        async with AsyncDockerClient(relay.url) as client:
            service = await made(client, scope, constraints=["node.labels.such==none"])
            wrong: Any = service.wait_converged
            asked = len(relay.requests)
            wrong_times: list[tuple[Any, type[Exception]]] = [(-1, ValueError), ([], TypeError)]
            for value, fault in wrong_times:
                with pytest.raises(fault, match="timeout"):
                    await wrong(timeout=value)
                with pytest.raises(fault, match="stable_for"):
                    await wrong(stable_for=value)
            assert len(relay.requests) == asked
            with pytest.raises(NotConvergedInTime, match=r"1 s went by; its tasks are: 1 pending") as told:
                await service.wait_converged(timeout=1)
            assert (told.value.seconds, told.value.phase) == (1, "converged")
            assert "no suitable node (scheduling constraints not satisfied on 1 node)" in str(told.value)
            ended = await made(client, scope, "ended", args=["true"], restart_policy="on-failure")
            with pytest.raises(ServiceNotConverged, match=r"ended \(complete\)"):
                await ended.wait_converged()
            await service.remove()
            with pytest.raises(ServiceNotFound):
                await service.wait_converged()


async def test_removed_meanwhile(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        async with AsyncDockerClient(relay.url) as client:
            service = await made(client, scope, constraints=["node.labels.such==none"])

            def remove() -> None:
                swarm_engine.cli("service", "rm", service.id)

            relay.before("/tasks?", remove)
            with pytest.raises(ServiceNotConverged, match="removed meanwhile"):
                await service.wait_converged()
