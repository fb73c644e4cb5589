"""What containers of real engines use, against what the engines' own programs make of the same readings."""

import json
import re
import subprocess
from typing import Any

import pytest

from tests._async._live import client_of, eventually, started
from tests.engines.harness import Engine
from tests.fake_engine import FakeEngine, Request, answering, reply
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import ContainerStats
from wharfinger.errors import Conflict, ContainerNotFound, NotSupported

UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
BUSY = shell("while :; do :; done")


def shown_by(engine: Engine, told: dict[str, Any]) -> dict[str, str]:
    """What the engine's own program shows of a reading, or report, that it is given instead of an engine's own."""

    def answer(request: Request) -> bytes:
        headers = {"Api_Version": engine.api_version, "Libpod_API_Version": engine.libpod_version or ""}
        measured = request.target.partition("?")[0].endswith("/stats")
        body = b"" if request.method == "HEAD" else json.dumps(told).encode() if measured else b"{}"
        return reply(body, **headers)

    with FakeEngine(answering(answer)) as fake:
        form = of_engine(engine, "{{json .}}", "json")
        command = [f"unix://{fake.path}" if part == engine.url else part for part in engine.cli_command]
        command += ["stats", "--no-stream", "--format", form, "x"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    found: Any = json.loads(done.stdout)
    shown: dict[str, str] = of_engine(engine, lambda: found, lambda: found[0])()
    return shown


def amounts(text: str) -> list[float]:
    """The numbers in such as "22.1MiB / 1GiB" or "3.5%"."""
    found = re.findall(r"([\d.]+)\s*([a-zA-Z]*)", text)
    return [float(number) * UNITS.get(unit, 1) for number, unit in found]


def agrees(engine: Engine, one: ContainerStats, shown: dict[str, str]) -> None:
    """The numbers are those that the program shows, which rounds them."""
    names = of_engine(
        engine,
        ("CPUPerc", "MemPerc", "MemUsage", "NetIO", "BlockIO", "PIDs"),
        ("cpu_percent", "mem_percent", "mem_usage", "net_io", "block_io", "pids"),
    )
    cpu, memory, usage, network, blocks, pids = (amounts(shown[name]) for name in names)
    assert [one.cpu_percent, one.memory_percent] == pytest.approx([*cpu, *memory], abs=0.006)
    assert [one.memory_usage, one.memory_limit] == pytest.approx(usage, rel=0.006)
    assert [one.network_rx_bytes, one.network_tx_bytes] == pytest.approx(network, rel=0.006)
    assert [one.block_read_bytes, one.block_write_bytes] == pytest.approx(blocks, rel=0.006)
    assert [one.pids] == pids


async def test_as_the_engines_program_shows_it(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        # On a network, and with pages in the cache.
        command = shell("head -c 5000000 /dev/zero > /f", *BUSY[2:])
        container = await started(client, scope, command, network_mode="bridge")
        (one,) = await client.containers.stats([container], stream=False)
        told = of_engine(engine, one.attrs, {"Error": None, "Stats": [one.attrs]})
        agrees(engine, one, shown_by(engine, told))
        assert one.id == container.id
        assert one.name == container.name
        assert one.cpu_percent
        assert one.memory_usage


async def test_one_reading(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, BUSY)
        found = await container.stats(stream=False)
        # docker-py's way, on both.
        assert found["cpu_stats"]["cpu_usage"]["total_usage"] == found.cpu_total_ns > 0
        assert found["memory_stats"]["usage"] >= found.memory_usage > 0
        assert (found.id, found.name, found.pids) == (container.id, container.name, 1)
        assert found.cpu_percent
        (other,) = await client.containers.stats([container.id], stream=False)
        # Another moment, but the same things in the same units are meant.
        assert found.memory_usage / 20 < other.memory_usage < found.memory_usage * 20
        assert other.memory_limit == found.memory_limit


async def test_a_stream_of_readings(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, BUSY)
        async with await container.stats() as readings:
            first, second = await readings.__anext__(), await readings.__anext__()
        assert first.read
        assert second.read
        assert second.read > first.read
        assert second.cpu_percent
        assert (first.network_rx_rate, second.block_write_rate) == (None, 0.0)
        if engine.name == "podman":
            # Here as there the share since the start, which changes slowly by now.
            (other,) = await client.containers.stats([container], stream=False)
            found = await container.stats(stream=False)
            assert found.cpu_percent == pytest.approx(other.cpu_percent, abs=10)
        with pytest.raises(ValueError, match="decode=False"):
            await container.stats(decode=False)  # type: ignore[call-overload]  # wrong on purpose


async def test_a_stream_ends_with_the_container(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        ending, leaving = await started(client, scope), await started(client, scope)
        async with await ending.stats() as one, await leaving.stats() as other:
            assert (await one.__anext__()).id == ending.id
            assert (await other.__anext__()).id == leaving.id
            engine.cli("kill", ending.id)
            scope.discard(leaving.id)
            assert {reading.running async for reading in one} <= {True}
            assert {reading.running async for reading in other} <= {True}
        async with await ending.stats() as none:
            assert [reading async for reading in none] == []
        with pytest.raises(ContainerNotFound):
            await leaving.stats()


async def test_many_in_one_stream(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            a, b, c = [await started(client, scope) for _ in range(3)]
            pace = of_engine(engine, None, 1)
            async with await client.containers.stats([a, b.name, c.id], interval=pace) as readings:
                seen: set[str] = set()
                while len(seen) < 3:
                    seen.add((await readings.__anext__()).id)
                assert seen == {a.id, b.id, c.id}
                measured = [line for line in relay.requests if "/stats?" in line]
                assert len(measured) == of_engine(engine, 3, 1)
                # One that goes just ends; the others go on.
                scope.discard(a.id)
                engine.cli("kill", b.id)
                last = [(await readings.__anext__()).id for _ in range(6)]
                assert last[-2:] == [c.id, c.id]
                engine.cli("kill", c.id)
                assert {reading.id async for reading in readings} <= {c.id}


async def test_all_that_run(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        running, ended = await started(client, scope), await started(client, scope, "true")
        await ended.wait()
        once = [one.id for one in await client.containers.stats(stream=False)]
        assert running.id in once
        assert ended.id not in once
        pace = of_engine(engine, None, 1)
        async with await client.containers.stats(interval=pace) as readings:
            later = await started(client, scope)
            seen: set[str] = set()
            async for one in readings:
                seen.add(one.id)
                if {running.id, later.id} <= seen:
                    break
        assert ended.id not in seen


@pytest.mark.bad_input("ContainersManager.stats")
async def test_many_that_are_wrong(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope)
            sent = len(relay.requests)
            with pytest.raises(TypeError, match="a list"):
                await client.containers.stats(container.id)
            number: Any = 5
            with pytest.raises(TypeError, match="containers is 5"):
                await client.containers.stats(number)
            with pytest.raises(TypeError, match="one of containers is 5"):
                await client.containers.stats([number])
            for wrong in (0, -1):
                with pytest.raises(ValueError, match="interval"):
                    await client.containers.stats([container], interval=wrong)
            with pytest.raises(ValueError, match="interval"):
                await client.containers.stats(stream=False, interval=1)  # type: ignore[call-overload]  # wrong on purpose
            assert await client.containers.stats([], stream=False) == []
            async with await client.containers.stats([]) as none:
                assert [one async for one in none] == []
            if engine.name == "docker":
                with pytest.raises(NotSupported, match="interval"):
                    await client.containers.stats([container], interval=1)
            assert len(relay.requests) == sent
            missing = scope.name("missing")
            for stream in (True, False):
                with pytest.raises(ContainerNotFound, match=missing):
                    await client.containers.stats([container.id, missing], stream=stream)


async def test_many_left_unread(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            containers = [await started(client, scope) for _ in range(2)]
            readings = await client.containers.stats(containers)
            assert await readings.__anext__()
            with pytest.warns(ResourceWarning, match="dropped"):
                del readings
            await eventually(lambda: relay.open <= 1)
            async with await client.containers.stats() as readings:
                assert await readings.__anext__()
            await eventually(lambda: relay.open <= 1)


async def test_processes_again_and_again(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("sleep 301 & wait"))
        with pytest.raises(ValueError, match="delay=1"):
            await container.top(delay=1)  # type: ignore[call-overload]  # wrong on purpose
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="stream=True"):
                await container.top(stream=True)
            return
        with pytest.raises(ValueError, match="delay=0"):
            await container.top(stream=True, delay=0)
        async with await container.top(ps_args="-o pid,args", stream=True, delay=1) as listings:
            seen: list[str] = []
            while "sleep 301" not in seen:
                listing = await listings.__anext__()
                assert listing["Titles"] == ["PID", "COMMAND"]
                seen = [row[1] for row in listing["Processes"]]
            assert await listings.__anext__()
            engine.cli("kill", container.id)
            assert [one async for one in listings] == []
        with pytest.raises(Conflict):
            await container.top(stream=True)
