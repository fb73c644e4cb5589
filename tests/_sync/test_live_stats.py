# Derived from tests/_async/test_live_stats.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What containers of real engines use, against what the engines' own programs make of the same readings."""

import json
import re
import subprocess
from typing import Any

import pytest

from tests._sync._live import client_of, eventually, started
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


def test_as_the_engines_program_shows_it(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        # On a network, and with pages in the cache.
        command = shell("head -c 5000000 /dev/zero > /f", *BUSY[2:])
        container = started(client, scope, command, network_mode="bridge")
        (one,) = client.containers.stats([container], stream=False)
        told = of_engine(engine, one.attrs, {"Error": None, "Stats": [one.attrs]})
        agrees(engine, one, shown_by(engine, told))
        assert one.id == container.id
        assert one.name == container.name
        assert one.cpu_percent
        assert one.memory_usage


def test_one_reading(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, BUSY)
        found = container.stats(stream=False)
        # docker-py's way, on both.
        assert found["cpu_stats"]["cpu_usage"]["total_usage"] == found.cpu_total_ns > 0
        assert found["memory_stats"]["usage"] >= found.memory_usage > 0
        assert (found.id, found.name, found.pids) == (container.id, container.name, 1)
        assert found.cpu_percent
        (other,) = client.containers.stats([container.id], stream=False)
        # Another moment, but the same things in the same units are meant.
        assert found.memory_usage / 20 < other.memory_usage < found.memory_usage * 20
        assert other.memory_limit == found.memory_limit


def test_a_stream_of_readings(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, BUSY)
        with container.stats() as readings:
            first, second = readings.__next__(), readings.__next__()
        assert first.read
        assert second.read
        assert second.read > first.read
        assert second.cpu_percent
        assert (first.network_rx_rate, second.block_write_rate) == (None, 0.0)
        if engine.name == "podman":
            # Here as there the share since the start, which changes slowly by now.
            (other,) = client.containers.stats([container], stream=False)
            found = container.stats(stream=False)
            assert found.cpu_percent == pytest.approx(other.cpu_percent, abs=10)
        with pytest.raises(ValueError, match="decode=False"):
            container.stats(decode=False)  # type: ignore[call-overload]  # wrong on purpose


def test_a_stream_ends_with_the_container(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        ending, leaving = started(client, scope), started(client, scope)
        with ending.stats() as one, leaving.stats() as other:
            assert (one.__next__()).id == ending.id
            assert (other.__next__()).id == leaving.id
            engine.cli("kill", ending.id)
            scope.discard(leaving.id)
            assert {reading.running for reading in one} <= {True}
            assert {reading.running for reading in other} <= {True}
        with ending.stats() as none:
            assert list(none) == []
        with pytest.raises(ContainerNotFound):
            leaving.stats()


def test_many_in_one_stream(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            a, b, c = [started(client, scope) for _ in range(3)]
            pace = of_engine(engine, None, 1)
            with client.containers.stats([a, b.name, c.id], interval=pace) as readings:
                seen: set[str] = set()
                while len(seen) < 3:
                    seen.add((readings.__next__()).id)
                assert seen == {a.id, b.id, c.id}
                measured = [line for line in relay.requests if "/stats?" in line]
                assert len(measured) == of_engine(engine, 3, 1)
                # One that goes just ends; the others go on.
                scope.discard(a.id)
                engine.cli("kill", b.id)
                last = [(readings.__next__()).id for _ in range(6)]
                assert last[-2:] == [c.id, c.id]
                engine.cli("kill", c.id)
                assert {reading.id for reading in readings} <= {c.id}


def test_all_that_run(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        running, ended = started(client, scope), started(client, scope, "true")
        ended.wait()
        once = [one.id for one in client.containers.stats(stream=False)]
        assert running.id in once
        assert ended.id not in once
        pace = of_engine(engine, None, 1)
        with client.containers.stats(interval=pace) as readings:
            later = started(client, scope)
            seen: set[str] = set()
            for one in readings:
                seen.add(one.id)
                if {running.id, later.id} <= seen:
                    break
        assert ended.id not in seen


@pytest.mark.bad_input("ContainersManager.stats")
def test_many_that_are_wrong(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope)
            sent = len(relay.requests)
            with pytest.raises(TypeError, match="a list"):
                client.containers.stats(container.id)
            number: Any = 5
            with pytest.raises(TypeError, match="containers is 5"):
                client.containers.stats(number)
            with pytest.raises(TypeError, match="one of containers is 5"):
                client.containers.stats([number])
            for wrong in (0, -1):
                with pytest.raises(ValueError, match="interval"):
                    client.containers.stats([container], interval=wrong)
            with pytest.raises(ValueError, match="interval"):
                client.containers.stats(stream=False, interval=1)  # type: ignore[call-overload]  # wrong on purpose
            assert client.containers.stats([], stream=False) == []
            with client.containers.stats([]) as none:
                assert list(none) == []
            if engine.name == "docker":
                with pytest.raises(NotSupported, match="interval"):
                    client.containers.stats([container], interval=1)
            assert len(relay.requests) == sent
            missing = scope.name("missing")
            for stream in (True, False):
                with pytest.raises(ContainerNotFound, match=missing):
                    client.containers.stats([container.id, missing], stream=stream)


def test_many_left_unread(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            containers = [started(client, scope) for _ in range(2)]
            readings = client.containers.stats(containers)
            assert readings.__next__()
            with pytest.warns(ResourceWarning, match="dropped"):
                del readings
            eventually(lambda: relay.open <= 1)
            with client.containers.stats() as readings:
                assert readings.__next__()
            eventually(lambda: relay.open <= 1)


def test_processes_again_and_again(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("sleep 301 & wait"))
        with pytest.raises(ValueError, match="delay=1"):
            container.top(delay=1)  # type: ignore[call-overload]  # wrong on purpose
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="stream=True"):
                container.top(stream=True)
            return
        with pytest.raises(ValueError, match="delay=0"):
            container.top(stream=True, delay=0)
        with container.top(ps_args="-o pid,args", stream=True, delay=1) as listings:
            seen: list[str] = []
            while "sleep 301" not in seen:
                listing = listings.__next__()
                assert listing["Titles"] == ["PID", "COMMAND"]
                seen = [row[1] for row in listing["Processes"]]
            assert listings.__next__()
            engine.cli("kill", container.id)
            assert list(listings) == []
        with pytest.raises(Conflict):
            container.top(stream=True)
