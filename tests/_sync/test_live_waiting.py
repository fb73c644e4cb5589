# Derived from tests/_async/test_live_waiting.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Waiting for containers, on real engines."""

import re
import time
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of, eventually, old_client_of, started, tell_to_end
from tests._sync._primitives import Task, pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.engines.harness.engine import request
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import Container, DockerClient, PodmanClient
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


def checked(client: AnyClient, scope: Scope, command: Any, retries: int = 2) -> Container:
    return started(client, scope, command, healthcheck={**HEALTHCHECK, "retries": retries})


def check_by_hand(engine: Engine, container: Container, until: str) -> None:
    """Podman leaves the checks to systemd, which is not everywhere."""
    path = f"/v{engine.libpod_version}/libpod/containers/{container.id}"
    while engine.name == "podman":
        pause(0.2)
        reply = request(engine.socket, "GET", f"{path}/healthcheck", timeout=30)
        state = request(engine.socket, "GET", f"{path}/json", timeout=30).body
        if reply.status != 200 or f'"Status":"{until}"'.encode() in state:
            return


def remove(client: AnyClient, container: Container) -> None:
    (client.containers.get(container.id)).remove(force=True)


def test_healthy(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = checked(
            client, scope, shell("echo no > /tmp/state; sleep 1; echo ok > /tmp/state; sleep 300"), 50
        )
        waiting = Task(container.wait_healthy)
        pause(0.8)
        check_by_hand(engine, container, "healthy")
        waiting.result(20.0)
        assert container.health == "healthy"
        state = scope.inspect(container.id)["State"]
        assert (state.get("Health") or state["Healthcheck"])["Status"] == "healthy"
        container.wait_healthy(timeout=30)


def test_it_becomes_unhealthy(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = checked(client, scope, shell("echo too bad | tee /tmp/state; sleep 300"))
        waiting = Task(container.wait_healthy)
        logs = Task(container.wait_for_log, "never")
        check_by_hand(engine, container, "unhealthy")
        with pytest.raises(ContainerNotReady, match="became unhealthy before it was healthy") as failed:
            waiting.result(20.0)
        assert not isinstance(failed.value, EngineTimeout)
        assert failed.value.container == container.name
        assert failed.value.last_log_lines == ("too bad",)
        assert "too bad" in str(failed.value)
        assert [entry["ExitCode"] != 0 for entry in failed.value.health_log] != []
        assert "too bad" in failed.value.health_log[-1]["Output"]
        with pytest.raises(ContainerNotReady, match="became unhealthy before it wrote 'never'"):
            logs.result(20.0)
        with pytest.raises(ContainerNotReady, match="became unhealthy"):
            container.wait_for_port(80)


def test_it_ends_meanwhile(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        ready = shell(
            "echo ok > /tmp/state; echo up; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo dying; exit 7"
        )
        container = checked(client, scope, ready)
        container.wait_for_log("up")
        waits = [
            Task(container.wait_for_log, "never"),
            Task(container.wait_for_port, 4321),
        ]
        if engine.name == "podman":
            waits.append(Task(container.wait_healthy))
        pause(0.5)
        begin = time.monotonic()
        tell_to_end(container)
        for one in waits:
            with pytest.raises(ContainerNotReady, match="ended with exit code 7 before") as failed:
                one.result(20.0)
            assert failed.value.last_log_lines[-1] == "dying"
        assert time.monotonic() - begin < 10


def removed_before(waits: list[Task]) -> None:
    for one in waits:
        with pytest.raises(ContainerNotReady, match="it was removed before"):
            one.result(20.0)


def test_it_is_removed_meanwhile(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(
            TEST_IMAGE, "sleep 300", labels=scope.labels, healthcheck=HEALTHCHECK, network_mode="none"
        )
        with Relay(engine) as relay:
            with client_of(engine, relay.url) as watched:
                same = watched.containers.container(container.id)
                waits = [Task(same.wait_healthy), Task(same.wait_for_log, "x")]
                # Each has looked at it, and hears of what comes.
                eventually(lambda: sum(f"/{same.id}/json" in line for line in relay.requests) >= 2)
                pause(0.5)
                remove(client, container)
                removed_before(waits)
        for wait in (container.wait_healthy, container.wait_for_port):
            arguments: Any = (80,) if wait == container.wait_for_port else ()
            with pytest.raises(ContainerNotFound):
                wait(*arguments)
        with pytest.raises(ContainerNotFound):
            container.wait_for_log("x")


def test_one_that_is_started_only_then(engine: Engine, scope: Scope) -> None:
    command = shell("echo ready; httpd -f -p 8080")
    with client_of(engine) as client:
        container = client.containers.create(TEST_IMAGE, command, labels=scope.labels, network_mode="none")
        logs = Task(container.wait_for_log, "ready")
        port = Task(container.wait_for_port, 8080)
        pause(0.5)
        container.start()
        assert (logs.result(20.0)).data == b"ready\n"
        port.result(20.0)


def test_lines(engine: Engine, scope: Scope) -> None:
    command = shell(
        "echo old; echo Listening on 80; printf 'half a ' >&2; sleep 0.7; echo line >&2; sleep 300"
    )
    with client_of(engine) as client:
        container = started(client, scope, command)
        found = container.wait_for_log("Listening")
        assert (found.stream, found.data) == ("stdout", b"Listening on 80\n")
        assert found.timestamp is not None
        assert (container.wait_for_log(re.compile(r"on (\d+)$"))).data == b"Listening on 80\n"
        assert (container.wait_for_log(re.compile(rb"^half a line$"))).stream == "stderr"
        assert (container.wait_for_log(b"half a line", stdout=False)).data == b"half a line\n"
        with pytest.raises(NotReadyInTime, match=r"0.4 s went by before it wrote 'half'"):
            container.wait_for_log("half", stderr=False, timeout=0.4)
        with pytest.raises(EngineTimeout):
            container.wait_for_log("old", since=-0.0 + time.time() + 60, timeout=0.4)


def test_a_line_of_one_that_has_ended(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("echo done; exit 3"))
        container.wait()
        assert (container.wait_for_log("done")).data == b"done\n"
        with pytest.raises(ContainerNotReady, match="exit code 3 before it wrote 'other'"):
            container.wait_for_log("other")


def test_a_port(engine: Engine, scope: Scope) -> None:
    command = shell("while [ ! -e /tmp/go ]; do sleep 0.05; done; httpd -p 8080; sleep 300")
    with client_of(engine) as client:
        container = started(client, scope, command)
        waiting = Task(container.wait_for_port, 8080)
        pause(0.5)
        assert b":1F90" not in (container.exec_run("cat /proc/net/tcp6 /proc/net/tcp")).output
        tell_to_end(container)
        waiting.result(30.0)
        output = (container.exec_run("cat /proc/net/tcp6 /proc/net/tcp")).output
        assert isinstance(output, bytes)
        assert b":1F90" in output
        container.wait_for_port("8080/tcp", timeout=30)
        with pytest.raises(NotReadyInTime, match="before something listened on port 81") as late:
            container.wait_for_port(81, timeout=0.6)
        assert (late.value.phase, late.value.seconds) == ("ready", 0.6)


def test_an_image_without_cat(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("rm /bin/cat; echo gone; exec sleep 300"))
        container.wait_for_log("gone")
        with pytest.raises(NotSupported, match="needs the program cat in its image"):
            container.wait_for_port(80)


@pytest.mark.bad_input("Container.wait_for_log", "Container.wait_for_port", "Container.wait_healthy")
def test_bad_input(engine: Engine, scope: Scope) -> None:
    number: Any = 5
    with client_of(engine) as client:
        container = started(client, scope)
        with pytest.raises(ContainerNotReady, match="has no health check; run it with healthcheck="):
            container.wait_healthy()
        with pytest.raises(TypeError, match="compiled regular expression"):
            container.wait_for_log(number)
        with pytest.raises(ValueError, match="is empty"):
            container.wait_for_log("")
        with pytest.raises(ValueError, match="expected one of them, or both"):
            container.wait_for_log("x", stdout=False, stderr=False)
        for port in ("53/udp", 0, 70000):
            with pytest.raises(ValueError, match="expected a TCP port"):
                container.wait_for_port(port)
        for timeout in (0, -1):
            with pytest.raises(ValueError, match="expected seconds above 0"):
                container.wait_healthy(timeout=timeout)
        wrong: Any = "soon"
        with pytest.raises(TypeError, match="timeout='soon': expected seconds"):
            container.wait_healthy(timeout=wrong)
        nobody = client.containers.container(scope.name("nobody"))
        with pytest.raises(ContainerNotFound):
            nobody.wait_for_log("x")
        with pytest.raises(ContainerNotFound):
            nobody.wait_for_port(80)


def test_conditions(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            command = shell("while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 5")
            container = started(client, scope, command)
            common = Task(lambda: container.wait(condition="not-running"))
            own = Task(
                lambda: container.wait(
                    condition=of_engine(engine, "next-exit", ["exited", "stopped"]),
                    interval=of_engine(engine, None, "50ms"),
                )
            )
            waited_for(relay, 2)
            tell_to_end(container)
            assert (common.result(20.0)).exit_code == 5
            assert (own.result(20.0)).exit_code == 5
            if engine.name == "podman":
                ended = container.wait(condition=["exited", "not-running"], interval=0.1)
                assert ended.exit_code == 5
            else:
                removed = Task(lambda: container.wait(condition="removed"))
                waited_for(relay, 3)
                remove(client, container)
                assert (removed.result(20.0)).exit_code == 5


def waited_for(relay: Relay, times: int) -> None:
    """Until the engine was asked to tell of an end so often, and has begun to look for it."""
    eventually(lambda: sum("/wait" in line for line in relay.requests) >= times)
    pause(0.5)


def test_conditions_that_cannot_be(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        with old_client_of(engine, relay.url) as client:
            container = client.containers.get(box)
            with pytest.raises(ValueError, match="waits for one of"):
                container.wait(condition="bored")
            with pytest.raises(ValueError, match="is empty"):
                container.wait(condition=[])
            lacking: list[dict[str, Any]] = of_engine(
                engine,
                [{"condition": "exited"}, {"condition": ["next-exit", "removed"]}, {"interval": 1}],
                [{"condition": "removed"}, {"condition": "next-exit"}, {"condition": "healthy"}],
            )
            for options in lacking:
                with pytest.raises(NotSupported):
                    container.wait(**options)
            if engine.name == "podman":
                with pytest.raises(ValueError, match="interval='soon'"):
                    container.wait(interval="soon")
            assert not [line for line in relay.requests if "/wait" in line]
            with pytest.raises(EngineTimeout):
                container.wait(timeout=0.3)


def lag(client: AnyClient, scope: Scope, *, resume: bool) -> float:
    """Seconds between the end of a container and that of its followed log."""
    container = started(client, scope, shell("echo here; exec sleep 300"))
    with container.logs(stream=True, lines=True, resume=resume) as log:
        assert (log.__next__()).data == b"here\n"
        ending = Task(log.__next__)
        container.kill()
        container.wait()
        ended = time.monotonic()
        with pytest.raises(StopIteration):
            ending.result(20.0)
        return time.monotonic() - ended


@pytest.mark.parametrize("resume", [False, True])
def test_following_ends_soon_after_the_container(engine: Engine, scope: Scope, resume: bool) -> None:
    # Podman looks for it twice a second; a resumed log is looked at once more.
    limit = 2.0 if resume else 1.0
    with client_of(engine) as client:
        lags = [lag(client, scope, resume=resume)]
        while lags[-1] >= limit and len(lags) < 4:
            # A busy machine may be late.
            lags.append(lag(client, scope, resume=resume))
        assert lags[-1] < limit, lags


def test_a_silence_longer_than_the_timeout(engine: Engine, scope: Scope) -> None:
    kind = DockerClient if engine.name == "docker" else PodmanClient
    with kind(engine.url, timeout=2.0) as impatient, client_of(engine) as client:
        made = started(
            client, scope, shell("echo one; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo two")
        )
        container = impatient.containers.get(made.id)
        with container.logs(stream=True) as log:
            assert log.__next__() == b"one\n"
            following = Task(log.__next__)
            pause(2.5)
            tell_to_end(made)
            assert following.result(10.0) == b"two\n"
