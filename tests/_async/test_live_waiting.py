"""Waiting for containers, on real engines."""

import re
import time
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually, old_client_of, started, tell_to_end
from tests._async._primitives import AsyncTask, pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.engines.harness.engine import request
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncPodmanClient
from wharfinger.errors import (
    ContainerNotFound,
    ContainerNotReady,
    EngineTimeout,
    NotReadyInTime,
    NotSupported,
)

HEALTHCHECK = {
    "test": ["CMD-SHELL", "cat /tmp/state; test $(cat /tmp/state) = ok"],
    "interval": 0.3,
    "retries": 2,
}


async def checked(client: AsyncAnyClient, scope: Scope, command: Any, retries: int = 2) -> AsyncContainer:
    return await started(client, scope, command, healthcheck={**HEALTHCHECK, "retries": retries})


async def check_by_hand(engine: Engine, container: AsyncContainer, until: str) -> None:
    """Podman leaves the checks to systemd, which is not everywhere."""
    path = f"/v{engine.libpod_version}/libpod/containers/{container.id}"
    while engine.name == "podman":
        await pause(0.2)
        reply = request(engine.socket, "GET", f"{path}/healthcheck", timeout=30)
        state = request(engine.socket, "GET", f"{path}/json", timeout=30).body
        if reply.status != 200 or f'"Status":"{until}"'.encode() in state:
            return


async def remove(client: AsyncAnyClient, container: AsyncContainer) -> None:
    await (await client.containers.get(container.id)).remove(force=True)


async def test_healthy(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await checked(
            client, scope, shell("echo no > /tmp/state; sleep 1; echo ok > /tmp/state; sleep 300"), 50
        )
        waiting = AsyncTask(container.wait_healthy)
        await pause(0.8)
        await check_by_hand(engine, container, "healthy")
        await waiting.result(20.0)
        assert container.health == "healthy"
        state = scope.inspect(container.id)["State"]
        assert (state.get("Health") or state["Healthcheck"])["Status"] == "healthy"
        await container.wait_healthy(timeout=30)


async def test_it_becomes_unhealthy(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await checked(client, scope, shell("echo too bad | tee /tmp/state; sleep 300"))
        waiting = AsyncTask(container.wait_healthy)
        logs = AsyncTask(container.wait_for_log, "never")
        await check_by_hand(engine, container, "unhealthy")
        with pytest.raises(ContainerNotReady, match="became unhealthy before it was healthy") as failed:
            await waiting.result(20.0)
        assert not isinstance(failed.value, EngineTimeout)
        assert failed.value.container == container.name
        assert failed.value.last_log_lines == ("too bad",)
        assert "too bad" in str(failed.value)
        assert [entry["ExitCode"] != 0 for entry in failed.value.health_log] != []
        assert "too bad" in failed.value.health_log[-1]["Output"]
        with pytest.raises(ContainerNotReady, match="became unhealthy before it wrote 'never'"):
            await logs.result(20.0)
        with pytest.raises(ContainerNotReady, match="became unhealthy"):
            await container.wait_for_port(80)


async def test_it_ends_meanwhile(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        ready = shell(
            "echo ok > /tmp/state; echo up; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo dying; exit 7"
        )
        container = await checked(client, scope, ready)
        await container.wait_for_log("up")
        waits = [
            AsyncTask(container.wait_for_log, "never"),
            AsyncTask(container.wait_for_port, 4321),
        ]
        if engine.name == "podman":
            waits.append(AsyncTask(container.wait_healthy))
        await pause(0.5)
        begin = time.monotonic()
        await tell_to_end(container)
        for one in waits:
            with pytest.raises(ContainerNotReady, match="ended with exit code 7 before") as failed:
                await one.result(20.0)
            assert failed.value.last_log_lines[-1] == "dying"
        assert time.monotonic() - begin < 10


async def removed_before(waits: list[AsyncTask]) -> None:
    for one in waits:
        with pytest.raises(ContainerNotReady, match="it was removed before"):
            await one.result(20.0)


async def test_it_is_removed_meanwhile(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(
            TEST_IMAGE, "sleep 300", labels=scope.labels, healthcheck=HEALTHCHECK, network_mode="none"
        )
        with Relay(engine) as relay:
            async with client_of(engine, relay.url) as watched:
                same = watched.containers.container(container.id)
                waits = [AsyncTask(same.wait_healthy), AsyncTask(same.wait_for_log, "x")]
                # Each has looked at it, and hears of what comes.
                await eventually(lambda: sum(f"/{same.id}/json" in line for line in relay.requests) >= 2)
                await pause(0.5)
                await remove(client, container)
                await removed_before(waits)
        for wait in (container.wait_healthy, container.wait_for_port):
            arguments: Any = (80,) if wait == container.wait_for_port else ()
            with pytest.raises(ContainerNotFound):
                await wait(*arguments)
        with pytest.raises(ContainerNotFound):
            await container.wait_for_log("x")


async def test_one_that_is_started_only_then(engine: Engine, scope: Scope) -> None:
    command = shell("echo ready; httpd -f -p 8080")
    async with client_of(engine) as client:
        container = await client.containers.create(
            TEST_IMAGE, command, labels=scope.labels, network_mode="none"
        )
        logs = AsyncTask(container.wait_for_log, "ready")
        port = AsyncTask(container.wait_for_port, 8080)
        await pause(0.5)
        await container.start()
        assert (await logs.result(20.0)).data == b"ready\n"
        await port.result(20.0)


async def test_lines(engine: Engine, scope: Scope) -> None:
    command = shell(
        "echo old; echo Listening on 80; printf 'half a ' >&2; sleep 0.7; echo line >&2; sleep 300"
    )
    async with client_of(engine) as client:
        container = await started(client, scope, command)
        found = await container.wait_for_log("Listening")
        assert (found.stream, found.data) == ("stdout", b"Listening on 80\n")
        assert found.timestamp is not None
        assert (await container.wait_for_log(re.compile(r"on (\d+)$"))).data == b"Listening on 80\n"
        assert (await container.wait_for_log(re.compile(rb"^half a line$"))).stream == "stderr"
        assert (await container.wait_for_log(b"half a line", stdout=False)).data == b"half a line\n"
        with pytest.raises(NotReadyInTime, match=r"0.4 s went by before it wrote 'half'"):
            await container.wait_for_log("half", stderr=False, timeout=0.4)
        with pytest.raises(EngineTimeout):
            await container.wait_for_log("old", since=-0.0 + time.time() + 60, timeout=0.4)


async def test_a_line_of_one_that_has_ended(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("echo done; exit 3"))
        await container.wait()
        assert (await container.wait_for_log("done")).data == b"done\n"
        with pytest.raises(ContainerNotReady, match="exit code 3 before it wrote 'other'"):
            await container.wait_for_log("other")


async def test_a_port(engine: Engine, scope: Scope) -> None:
    command = shell("while [ ! -e /tmp/go ]; do sleep 0.05; done; httpd -p 8080; sleep 300")
    async with client_of(engine) as client:
        container = await started(client, scope, command)
        waiting = AsyncTask(container.wait_for_port, 8080)
        await pause(0.5)
        assert b":1F90" not in (await container.exec_run("cat /proc/net/tcp6 /proc/net/tcp")).output
        await tell_to_end(container)
        await waiting.result(30.0)
        output = (await container.exec_run("cat /proc/net/tcp6 /proc/net/tcp")).output
        assert isinstance(output, bytes)
        assert b":1F90" in output
        await container.wait_for_port("8080/tcp", timeout=30)
        with pytest.raises(NotReadyInTime, match="before something listened on port 81") as late:
            await container.wait_for_port(81, timeout=0.6)
        assert (late.value.phase, late.value.seconds) == ("ready", 0.6)


async def test_an_image_without_cat(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("rm /bin/cat; echo gone; exec sleep 300"))
        await container.wait_for_log("gone")
        with pytest.raises(NotSupported, match="needs the program cat in its image"):
            await container.wait_for_port(80)


@pytest.mark.bad_input("Container.wait_for_log", "Container.wait_for_port", "Container.wait_healthy")
async def test_bad_input(engine: Engine, scope: Scope) -> None:
    number: Any = 5
    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.raises(ContainerNotReady, match="has no health check; run it with healthcheck="):
            await container.wait_healthy()
        with pytest.raises(TypeError, match="compiled regular expression"):
            await container.wait_for_log(number)
        with pytest.raises(ValueError, match="is empty"):
            await container.wait_for_log("")
        with pytest.raises(ValueError, match="expected one of them, or both"):
            await container.wait_for_log("x", stdout=False, stderr=False)
        for port in ("53/udp", 0, 70000):
            with pytest.raises(ValueError, match="expected a TCP port"):
                await container.wait_for_port(port)
        for timeout in (0, -1):
            with pytest.raises(ValueError, match="expected seconds above 0"):
                await container.wait_healthy(timeout=timeout)
        wrong: Any = "soon"
        with pytest.raises(TypeError, match="timeout='soon': expected seconds"):
            await container.wait_healthy(timeout=wrong)
        nobody = client.containers.container(scope.name("nobody"))
        with pytest.raises(ContainerNotFound):
            await nobody.wait_for_log("x")
        with pytest.raises(ContainerNotFound):
            await nobody.wait_for_port(80)


async def test_conditions(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            command = shell("while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 5")
            container = await started(client, scope, command)
            common = AsyncTask(lambda: container.wait(condition="not-running"))
            own = AsyncTask(
                lambda: container.wait(
                    condition=of_engine(engine, "next-exit", ["exited", "stopped"]),
                    interval=of_engine(engine, None, "50ms"),
                )
            )
            await waited_for(relay, 2)
            await tell_to_end(container)
            assert (await common.result(20.0)).exit_code == 5
            assert (await own.result(20.0)).exit_code == 5
            if engine.name == "podman":
                ended = await container.wait(condition=["exited", "not-running"], interval=0.1)
                assert ended.exit_code == 5
            else:
                removed = AsyncTask(lambda: container.wait(condition="removed"))
                await waited_for(relay, 3)
                await remove(client, container)
                assert (await removed.result(20.0)).exit_code == 5


async def waited_for(relay: Relay, times: int) -> None:
    """Until the engine was asked to tell of an end so often, and has begun to look for it."""
    await eventually(lambda: sum("/wait" in line for line in relay.requests) >= times)
    await pause(0.5)


async def test_conditions_that_cannot_be(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        async with old_client_of(engine, relay.url) as client:
            container = await client.containers.get(box)
            with pytest.raises(ValueError, match="waits for one of"):
                await container.wait(condition="bored")
            with pytest.raises(ValueError, match="is empty"):
                await container.wait(condition=[])
            lacking: list[dict[str, Any]] = of_engine(
                engine,
                [{"condition": "exited"}, {"condition": ["next-exit", "removed"]}, {"interval": 1}],
                [{"condition": "removed"}, {"condition": "next-exit"}, {"condition": "healthy"}],
            )
            for options in lacking:
                with pytest.raises(NotSupported):
                    await container.wait(**options)
            if engine.name == "podman":
                with pytest.raises(ValueError, match="interval='soon'"):
                    await container.wait(interval="soon")
            assert not [line for line in relay.requests if "/wait" in line]
            with pytest.raises(EngineTimeout):
                await container.wait(timeout=0.3)


async def lag(client: AsyncAnyClient, scope: Scope, *, resume: bool) -> float:
    """Seconds between the end of a container and that of its followed log."""
    container = await started(client, scope, shell("echo here; exec sleep 300"))
    async with await container.logs(stream=True, lines=True, resume=resume) as log:
        assert (await log.__anext__()).data == b"here\n"
        ending = AsyncTask(log.__anext__)
        await container.kill()
        await container.wait()
        ended = time.monotonic()
        with pytest.raises(StopAsyncIteration):
            await ending.result(20.0)
        return time.monotonic() - ended


@pytest.mark.parametrize("resume", [False, True])
async def test_following_ends_soon_after_the_container(engine: Engine, scope: Scope, resume: bool) -> None:
    # Podman looks for it twice a second; a resumed log is looked at once more.
    limit = 2.0 if resume else 1.0
    async with client_of(engine) as client:
        lags = [await lag(client, scope, resume=resume)]
        while lags[-1] >= limit and len(lags) < 4:
            # A busy machine may be late.
            lags.append(await lag(client, scope, resume=resume))
        assert lags[-1] < limit, lags


async def test_a_silence_longer_than_the_timeout(engine: Engine, scope: Scope) -> None:
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    async with kind(engine.url, timeout=2.0) as impatient, client_of(engine) as client:
        made = await started(
            client, scope, shell("echo one; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo two")
        )
        container = await impatient.containers.get(made.id)
        async with await container.logs(stream=True) as log:
            assert await log.__anext__() == b"one\n"
            following = AsyncTask(log.__anext__)
            await pause(2.5)
            await tell_to_end(made)
            assert await following.result(10.0) == b"two\n"
