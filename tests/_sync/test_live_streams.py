# Derived from tests/_async/test_live_streams.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What every stream promises, on real engines: it ends when it should, and leaves nothing behind."""

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from tests._sync._live import AnyClient, client_of, eventually, started
from tests._sync._primitives import Task, pause
from tests._sync.conftest import Interruption
from tests.engines.harness import Engine
from tests.live import Relay, Scope, shell
from wharfinger import DockerClient, PodmanClient, Stream
from wharfinger.errors import ClosedError

MANY = 500
ROUNDS = 15


def followed(client: AnyClient, scope: Scope, command: object = None) -> Stream[bytes]:
    """What a container writes: "here" at once, then nothing until it is told to."""
    # Docker may keep the last line to itself when the container ends at once after it.
    told = shell("echo here", "until [ -e /go ]; do sleep 0.05; done", "echo there; sleep 1")
    container = started(client, scope, command or told)
    return container.logs(stream=True)


def test_left_in_the_middle(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, shell("yes"))
            client.ping()
            idle = relay.open
            with container.logs(stream=True) as output:
                for piece in output:
                    assert piece
                    break
                assert repr(output) == "<Stream open>"
            # Its connection is closed, and no other was.
            eventually(lambda: relay.open < max(idle, 1) + 1)
            assert client.ping()


def test_dropped_without_being_closed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, shell("yes"))
            outputs = [container.logs(stream=True) for _ in range(5)]
            assert {bool(output.__next__()) for output in outputs} == {True}
            before = relay.open
            with pytest.warns(ResourceWarning, match="dropped without being closed") as told:
                outputs.clear()
            assert len(told) == 5
            eventually(lambda: relay.open <= before - 5)
            assert client.ping()


def test_a_duplex_dropped_without_being_closed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, "cat", stdin_open=True)
            made = container.exec_create("cat", stdin=True)
            held = [container.attach(stdin=True), made.start()]
            before = relay.open
            with pytest.warns(ResourceWarning, match="dropped without being closed") as told:
                held.clear()
            assert len(told) == 2
            eventually(lambda: relay.open <= before - 2)
            assert client.ping()


def test_closed_while_it_is_read(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        output = followed(client, scope)
        assert output.__next__() == b"here\n"
        reading = Task(output.__next__)
        with pytest.raises(TimeoutError):
            reading.result(0.1)
        output.close()
        with pytest.raises(ClosedError):
            reading.result()


def test_closing_wakes_the_reader_at_once(engine: Engine, scope: Scope) -> None:
    lags: list[float] = []
    with client_of(engine) as client:
        container = started(client, scope, shell("echo here; exec sleep 300"))
        for _ in range(4):
            output = container.logs(stream=True, resume=len(lags) % 2 == 1)
            assert output.__next__() == b"here\n"
            reading = Task(output.__next__)
            pause(0.1)
            begun = time.monotonic()
            output.close()
            with pytest.raises(ClosedError):
                reading.result()
            lags.append(time.monotonic() - begun)
    # A busy machine may be late, but not each time.
    assert min(lags[::2]) < 0.5
    assert min(lags[1::2]) < 0.5


def test_a_read_that_is_interrupted_loses_nothing(engine: Engine, scope: Scope) -> None:
    interruption = Interruption()
    with client_of(engine) as client:
        output = followed(client, scope)
        with output:
            assert output.__next__() == b"here\n"
            timer = Task(interrupt_soon, interruption)
            interruption.during(output.__next__)
            timer.result()
            engine.cli("exec", *scope.containers(), "touch", "/go")
            assert b"".join(list(output)) == b"there\n"


def interrupt_soon(interruption: Interruption) -> None:
    pause(0.2)
    interruption.now()


def test_idle_for_longer_than_the_limit(engine: Engine, scope: Scope) -> None:
    kind = DockerClient if engine.name == "docker" else PodmanClient
    with client_of(engine) as other:
        container = started(other, scope, shell("echo a; sleep 4; echo b; sleep 1"))
        with kind(engine.url, timeout=2.0) as client:
            output = client.containers.container(container.id).logs(stream=True, lines=True)
            assert [line.text for line in output] == ["a", "b"]


def test_streams_leave_room_for_requests(engine: Engine, scope: Scope) -> None:
    kind = DockerClient if engine.name == "docker" else PodmanClient
    with kind(engine.url, max_pool_size=2) as client:
        container = started(client, scope, shell("echo here; sleep 300"))
        before = resident()
        outputs = [container.logs(stream=True) for _ in range(MANY)]
        assert {output.__next__() for output in outputs} == {b"here\n"}
        # A stream costs what it has to keep, not the room that a large body would want.
        assert resident() - before < MANY * 100 * 1024
        assert (container.inspect())["Id"] == container.id
        engine.cli("kill", container.id)
        assert [list(output) for output in outputs] == [[]] * MANY


def test_many_followed_logs_keep_nothing(engine: Engine, scope: Scope) -> None:
    line = b"0123456789abcdef" * 256 + b"\n"
    with client_of(engine) as client:
        container = started(client, scope, "cat", stdin_open=True)
        with container.attach(stdin=True) as talk:
            talk.send(line)
            logs = [container.logs(stream=True, lines=True) for _ in range(MANY)]
            # Podman 4.3 may lose the end of one that it reads while it is being written.
            assert {(log.__next__()).data[:64] for log in logs} == {line[:64]}
            levels: list[int] = []
            for _ in range(ROUNDS):
                talk.send(line)
                assert {(log.__next__()).data[:64] for log in logs} == {line[:64]}
                levels.append(resident())
        # Not half of what went through them from then on, nor anything like it.
        assert levels[-1] - levels[2] < MANY * len(line) * (ROUNDS - 3) // 4
        for log in logs:
            log.close()


def resident() -> int:
    """How much memory this process has, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_slow_reader_holds_nothing(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("yes 0123456789012345678901234567890123456789"))
        with container.logs(stream=True, lines=True) as lines:
            lines.__next__()
            tracemalloc.start()
            try:
                for _ in range(20_000):
                    lines.__next__()
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        # A read of the socket at a time, decoded: it does not grow with what the container has written meanwhile.
        assert peak < 4 * 1024 * 1024
