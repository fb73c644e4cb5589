"""What every stream promises, on real engines: it ends when it should, and leaves nothing behind."""

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually, started
from tests._async._primitives import AsyncTask, pause
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import Engine
from tests.live import Relay, Scope, shell
from wharfinger import AsyncDockerClient, AsyncPodmanClient, AsyncStream
from wharfinger.errors import ClosedError

MANY = 500
ROUNDS = 15


async def followed(client: AsyncAnyClient, scope: Scope, command: object = None) -> AsyncStream[bytes]:
    """What a container writes: "here" at once, then nothing until it is told to."""
    # Docker may keep the last line to itself when the container ends at once after it.
    told = shell("echo here", "until [ -e /go ]; do sleep 0.05; done", "echo there; sleep 1")
    container = await started(client, scope, command or told)
    return await container.logs(stream=True)


async def test_left_in_the_middle(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, shell("yes"))
            await client.ping()
            idle = relay.open
            async with await container.logs(stream=True) as output:
                async for piece in output:
                    assert piece
                    break
                assert repr(output) == "<AsyncStream open>"
            # Its connection is closed, and no other was.
            await eventually(lambda: relay.open < max(idle, 1) + 1)
            assert await client.ping()


async def test_dropped_without_being_closed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, shell("yes"))
            outputs = [await container.logs(stream=True) for _ in range(5)]
            assert {bool(await output.__anext__()) for output in outputs} == {True}
            before = relay.open
            with pytest.warns(ResourceWarning, match="dropped without being closed") as told:
                outputs.clear()
            assert len(told) == 5
            await eventually(lambda: relay.open <= before - 5)
            assert await client.ping()


async def test_a_duplex_dropped_without_being_closed(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, "cat", stdin_open=True)
            made = await container.exec_create("cat", stdin=True)
            held = [await container.attach(stdin=True), await made.start()]
            before = relay.open
            with pytest.warns(ResourceWarning, match="dropped without being closed") as told:
                held.clear()
            assert len(told) == 2
            await eventually(lambda: relay.open <= before - 2)
            assert await client.ping()


async def test_closed_while_it_is_read(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        output = await followed(client, scope)
        assert await output.__anext__() == b"here\n"
        reading = AsyncTask(output.__anext__)
        with pytest.raises(TimeoutError):
            await reading.result(0.1)
        await output.close()
        with pytest.raises(ClosedError):
            await reading.result()


async def test_closing_wakes_the_reader_at_once(engine: Engine, scope: Scope) -> None:
    lags: list[float] = []
    async with client_of(engine) as client:
        container = await started(client, scope, shell("echo here; exec sleep 300"))
        for _ in range(4):
            output = await container.logs(stream=True, resume=len(lags) % 2 == 1)
            assert await output.__anext__() == b"here\n"
            reading = AsyncTask(output.__anext__)
            await pause(0.1)
            begun = time.monotonic()
            await output.close()
            with pytest.raises(ClosedError):
                await reading.result()
            lags.append(time.monotonic() - begun)
    # A busy machine may be late, but not each time.
    assert min(lags[::2]) < 0.5
    assert min(lags[1::2]) < 0.5


async def test_a_read_that_is_interrupted_loses_nothing(engine: Engine, scope: Scope) -> None:
    interruption = AsyncInterruption()
    async with client_of(engine) as client:
        output = await followed(client, scope)
        async with output:
            assert await output.__anext__() == b"here\n"
            timer = AsyncTask(interrupt_soon, interruption)
            await interruption.during(output.__anext__)
            await timer.result()
            engine.cli("exec", *scope.containers(), "touch", "/go")
            assert b"".join([piece async for piece in output]) == b"there\n"


async def interrupt_soon(interruption: AsyncInterruption) -> None:
    await pause(0.2)
    interruption.now()


async def test_idle_for_longer_than_the_limit(engine: Engine, scope: Scope) -> None:
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    async with client_of(engine) as other:
        container = await started(other, scope, shell("echo a; sleep 4; echo b; sleep 1"))
        async with kind(engine.url, timeout=2.0) as client:
            output = await client.containers.container(container.id).logs(stream=True, lines=True)
            assert [line.text async for line in output] == ["a", "b"]


async def test_streams_leave_room_for_requests(engine: Engine, scope: Scope) -> None:
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    async with kind(engine.url, max_pool_size=2) as client:
        container = await started(client, scope, shell("echo here; sleep 300"))
        before = resident()
        outputs = [await container.logs(stream=True) for _ in range(MANY)]
        assert {await output.__anext__() for output in outputs} == {b"here\n"}
        # A stream costs what it has to keep, not the room that a large body would want.
        assert resident() - before < MANY * 100 * 1024
        assert (await container.inspect())["Id"] == container.id
        engine.cli("kill", container.id)
        assert [[piece async for piece in output] for output in outputs] == [[]] * MANY


async def test_many_followed_logs_keep_nothing(engine: Engine, scope: Scope) -> None:
    line = b"0123456789abcdef" * 256 + b"\n"
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True)
        async with await container.attach(stdin=True) as talk:
            await talk.send(line)
            logs = [await container.logs(stream=True, lines=True) for _ in range(MANY)]
            # Podman 4.3 may lose the end of one that it reads while it is being written.
            assert {(await log.__anext__()).data[:64] for log in logs} == {line[:64]}
            levels: list[int] = []
            for _ in range(ROUNDS):
                await talk.send(line)
                assert {(await log.__anext__()).data[:64] for log in logs} == {line[:64]}
                levels.append(resident())
        # Not half of what went through them from then on, nor anything like it.
        assert levels[-1] - levels[2] < MANY * len(line) * (ROUNDS - 3) // 4
        for log in logs:
            await log.close()


def resident() -> int:
    """How much memory this process has, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def test_a_slow_reader_holds_nothing(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("yes 0123456789012345678901234567890123456789"))
        async with await container.logs(stream=True, lines=True) as lines:
            await lines.__anext__()
            tracemalloc.start()
            try:
                for _ in range(20_000):
                    await lines.__anext__()
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        # A read of the socket at a time, decoded: it does not grow with what the container has written meanwhile.
        assert peak < 4 * 1024 * 1024
