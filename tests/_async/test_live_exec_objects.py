"""Commands as objects on real engines: made, started, waited for; their output in every form, and their exit code."""

import socket
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests._async._primitives import AsyncTask
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncDuplex, AsyncExec
from wharfinger.errors import (
    APIError,
    Conflict,
    ContainerNotFound,
    EngineTimeout,
    NotFound,
    ProtocolError,
    WharfingerError,
)
from wharfinger.types import LogFrame

BOTH = shell("echo out; echo err >&2; exit 4")


async def test_made_then_started(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        made = await container.exec_create(
            shell("read line; echo got $line; exit 9"), stdin=True, workdir="/tmp"
        )
        assert (made.exit_code, made.running, made.pid) == (None, False, None)
        told = await made.inspect()
        assert (told["ID"], told["ContainerID"], made.exit_code) == (made.id, box, None)
        async with await made.start() as duplex:
            await made.reload()
            assert made.running
            known = made.pid
            assert duplex.exit_code is None
            await duplex.send(b"hello\n")
            assert [frame async for frame in duplex] == [LogFrame("stdout", b"got hello\n")]
            assert duplex.exit_code == 9
        await made.reload()
        assert (made.exit_code, made.running) == (9, False)
        # Docker notes it a little after the start and keeps it, Podman forgets it with the end.
        assert (known or made.pid or 0) > 0
        assert await made.wait() == 9
        with pytest.raises(Conflict, match="started already"):
            await made.start()
        assert made.id[:12] in repr(made)


@pytest.mark.bad_input("ContainersManager.exec")
async def test_a_handle_asks_nothing(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = client.containers.container(box)
            made = await container.exec_create(shell("test -t 1 && exit 3"), tty=True)
            await client.ping()
            count = len(relay.requests)
            handle = client.containers.exec(made.id)
            assert len(relay.requests) == count
            assert handle == made
            assert {handle, made} == {made}
            # Whether it has a terminal is asked for.
            async with await handle.start() as duplex:
                assert duplex.tty
                assert await duplex.read() == b""
                assert duplex.exit_code == 3
            with pytest.raises(ValueError, match="exec_id=''"):
                client.containers.exec("")
            wrong: Any = 5
            with pytest.raises(TypeError, match="exec_id is 5"):
                client.containers.exec(wrong)


async def test_waiting_misses_no_end(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        for number in range(6):
            begun = await container.exec_run(shell(f"sleep 0.0{number}; exit {number}"), detach=True)
            assert await begun.exec.wait(timeout=20) == number
            assert begun.exit_code == number
            with pytest.raises(Conflict, match="started already"):
                await begun.exec.start()
        begun = await container.exec_run("sleep 3", detach=True)
        with pytest.raises(EngineTimeout):
            await begun.exec.wait(timeout=0.3)
        # Others may end meanwhile.
        waiting = AsyncTask(lambda: begun.exec.wait(timeout=20))
        for _ in range(2):
            assert await container.exec_run("true") == (0, b"")
        assert await waiting.result(20) == 0


async def test_waiting_for_one_whose_container_goes(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        begun = await container.exec_run("sleep 100", detach=True)
        waiting = AsyncTask(lambda: begun.exec.wait(timeout=30))
        await container.remove(force=True)
        try:
            assert await waiting.result(30) == 137
        except NotFound:
            # It was forgotten with its container before its end was told.
            assert not scope.exists(container.id)


async def test_streamed(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        async with await container.exec_run(BOTH, stream=True) as result:
            assert result.exit_code is None
            with pytest.raises(Conflict, match="started already"):
                await result.exec.start()
            found = [piece async for piece in result.output]
            assert sorted(found) == [b"err\n", b"out\n"]
            assert result.exit_code == 4
        pairs = await container.exec_run(BOTH, stream=True, demux=True)
        told = [pair async for pair in pairs.output]
        assert sorted(told, key=str) == [(None, b"err\n"), (b"out\n", None)]
        code, stream = pairs
        assert (code, stream) == (4, pairs.output)
        fed = await container.exec_run("cat", stream=True, input=[b"x" * 100_000] * 30)
        assert sum([len(piece) async for piece in fed.output]) == 3_000_000
        assert fed.exit_code == 0
        tty = await container.exec_run(shell("test -t 1 && echo yes; exit 2"), stream=True, tty=True)
        assert b"".join([piece async for piece in tty.output]) == b"yes\r\n"
        assert tty.exit_code == 2


async def test_with_the_methods_of_a_socket(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        async with await container.exec_run("cat", socket=True, stdin=True) as result:
            sock = result.output
            assert sock.fileno() > 0
            assert await sock.send(b"hel") == 3
            await sock.sendall(memoryview(b"lo"))
            framed = await sock.read(8 + 3)
            assert framed[:4] == b"\x01\x00\x00\x00"
            sock.settimeout(0.2)
            assert sock.gettimeout() == 0.2
            with pytest.raises(EngineTimeout):
                await sock.read()
        async with await container.exec_run(shell("cat; exit 7"), socket=True, stdin=True) as result:
            assert await result.output.write(b"abc") == 3
            await result.output.shutdown(socket.SHUT_WR)
            buffer = bytearray(100)
            count = await result.output.recv_into(buffer)
            found = bytes(buffer[:count]) + await result.output.read()
            assert found == b"\x01\x00\x00\x00\x00\x00\x00\x03abc"
            assert (await result.output.recv(10), result.exit_code) == (b"", 7)
            assert "ended" in repr(result.output)
        raw = await container.exec_create("cat", stdin=True, tty=True)
        async with await raw.start(socket=True) as sock:
            await sock.send(b"a\n")
            assert await sock.read(6) == b"a\r\na\r\n"
            await sock.shutdown(socket.SHUT_RDWR)
            assert sock.fileno() == -1


async def test_no_longer_than_it_may_take(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        with pytest.raises(EngineTimeout, match=r"0\.3"):
            await container.exec_run("sleep 5", timeout=0.3)
        result = await container.exec_run(shell("echo a; sleep 30"), stream=True, timeout=3.0)
        assert await result.output.__anext__() == b"a\n"
        with pytest.raises(EngineTimeout):
            await result.output.__anext__()
        assert await container.exec_run("echo a", timeout=30) == (0, b"a\n")
        with pytest.raises(ValueError, match="timeout"):
            await container.exec_run("echo a", timeout=0)


@pytest.mark.bad_input(
    "Container.exec_create",
    "Exec.inspect",
    "Exec.reload",
    "Exec.resize",
    "Exec.start",
    "Exec.wait",
)
async def test_what_cannot_be_meant(engine: Engine, box: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            run: Any = client.containers.container(box).exec_run
            for given in (
                {"detach": True, "stream": True},
                {"socket": True, "stream": True},
                {"socket": True, "input": b"a"},
                {"socket": True, "demux": True},
                {"detach": True, "timeout": 3},
                {"detach_keys": "nonsense"},
            ):
                with pytest.raises(ValueError, match=r"given together|is no key"):
                    await run("true", **given)
            with pytest.raises(TypeError, match="'usr'"):
                await run("true", usr="a")
            exec: Any = client.containers.exec("nowhere")
            with pytest.raises(ValueError, match="given together"):
                await exec.start(detach=True, socket=True)
            with pytest.raises(TypeError, match="tty is 5"):
                await exec.start(tty=5)
            with pytest.raises(ValueError, match="height=-1"):
                await exec.resize(-1, 3)
            with pytest.raises(TypeError, match="width is '3'"):
                await exec.resize(1, "3")
            with pytest.raises(TypeError, match="total='soon'"):
                await exec.wait(timeout="soon")
            create: Any = client.containers.container(box).exec_create
            with pytest.raises(TypeError, match="cmd is 5"):
                await create(5)
            with pytest.raises(ValueError, match="cmd='' is empty"):
                await create("")
            assert relay.requests == ["GET /_ping"]
            missing: AsyncExec = client.containers.exec("nowhere")
            with pytest.raises(NotFound):
                await missing.reload()
            with pytest.raises(NotFound):
                await missing.inspect()
            with pytest.raises(NotFound):
                await missing.start()
            with pytest.raises(NotFound):
                await missing.wait()
            with pytest.raises(NotFound):
                await missing.resize(3, 3)
            with pytest.raises(ContainerNotFound):
                await client.containers.container("nowhere").exec_create("true")
            stopped = await started(client, scope, "true")
            await stopped.wait()
            with pytest.raises(Conflict):
                await stopped.exec_create("true")


async def test_sizes(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = client.containers.container(box)
        made = await container.exec_create(shell("read x; stty size"), stdin=True, tty=True)
        async with await made.start() as duplex:
            await duplex.resize(31, 72)
            await duplex.send(b"\n")
            assert (await duplex.read()).endswith(b"31 72\r\n")
        with pytest.raises((Conflict, NotFound)):
            await made.resize(3, 3)


async def test_a_cut_is_no_end(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = client.containers.container(box)
            made = await container.exec_create(shell("echo a; sleep 60"))
            duplex: AsyncDuplex = await made.start()
            assert (await duplex.__anext__()).data == b"a\n"
            relay.cut()
            with pytest.raises(ProtocolError, match=r"cut|broke"):
                await duplex.__anext__()
            with pytest.raises(WharfingerError):
                await duplex.send(b"x")
            result = await container.exec_run(shell("echo a; sleep 60"), stream=True)
            assert await result.output.__anext__() == b"a\n"
            relay.cut()
            with pytest.raises(ProtocolError):
                await result.output.__anext__()
            assert result.exit_code is None


async def test_a_second_start_by_another(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        made = await client.containers.container(box).exec_create("true")
        async with await made.start() as duplex:
            await duplex.read()
        again = client.containers.exec(made.id)
        try:
            async with await again.start() as duplex:
                said = await duplex.read()
        except APIError as error:
            said = error.message.encode()
        assert of_engine(engine, b"has already run", b"can only start created") in said
