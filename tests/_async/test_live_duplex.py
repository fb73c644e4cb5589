"""Both directions of containers of real engines: half-closed, detached, resized, closed from elsewhere, cut."""

import sys
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, old_client_of, started
from tests._async._primitives import AsyncTask, pause
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncContainer
from wharfinger.errors import ClosedError, Conflict, ContainerNotFound, NotSupported, ProtocolError
from wharfinger.types import LogFrame

MEBIBYTE = bytes(range(256)) * 4096


async def created(
    client: AsyncAnyClient, scope: Scope, engine: Engine, command: Any, **options: Any
) -> AsyncContainer:
    """A container with an input that ends with the one who attaches, not yet started."""
    once = of_engine(engine, {"stdin_once": True}, {})
    return await client.containers.create(
        TEST_IMAGE, command, stdin_open=True, network_mode="none", labels=scope.labels, **{**once, **options}
    )


@pytest.mark.bad_input("Duplex.send")
async def test_before_it_is_started(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await created(client, scope, engine, shell("echo err >&2; cat; exit 6"))
        async with await container.attach(stdin=True) as duplex:
            await container.start()
            assert await duplex.__anext__() == LogFrame("stderr", b"err\n")
            await duplex.send(b"a\x10\x11b")
            assert await duplex.__anext__() == LogFrame("stdout", b"a\x10\x11b")
            await duplex.send(bytearray(b"c"))
            wrong: Any = "text"
            with pytest.raises(TypeError, match="bytes-like"):
                await duplex.send(wrong)
            await duplex.close_stdin()
            await duplex.close_stdin()
            with pytest.raises((ClosedError, ProtocolError)):
                await duplex.send(b"more")
            assert "open" in repr(duplex)
            assert await duplex.read(demux=True) == (b"c", None)
            assert (duplex.exit_code, "ended" in repr(duplex)) == (6, True)
            assert [frame async for frame in duplex] == []


async def test_much_goes_both_ways_at_once(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await created(client, scope, engine, "cat")
        async with await container.attach(stdin=True) as duplex:
            await container.start()

            async def feed() -> None:
                for _ in range(50):
                    await duplex.send(MEBIBYTE)
                await duplex.close_stdin()

            feeding = AsyncTask(feed)
            found = await duplex.read()
            await feeding.result(50)
            assert found == MEBIBYTE * 50
            assert duplex.exit_code == 0


async def test_an_input_that_stays_open(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True)
        async with await container.attach(stdin=True) as duplex:
            await duplex.send(b"one\n")
            assert (await duplex.__anext__()).data == b"one\n"
            await duplex.close_stdin()
            assert await duplex.read() == b""
            if engine.name == "podman":
                assert duplex.exit_code == 0
                return
            # The connection ends, the container does not.
            assert duplex.exit_code is None
        async with await container.attach(stdin=True) as duplex:
            await duplex.send(b"two\n")
            assert (await duplex.__anext__()).data == b"two\n"
        assert scope.inspect(container.id)["State"]["Status"] == "running"


@pytest.mark.bad_input("Duplex.resize")
async def test_at_a_terminal(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(
            client, scope, shell("read x; stty size; exit 5"), stdin_open=True, tty=True
        )
        async with await container.attach(stdin=True) as duplex:
            assert duplex.tty
            await duplex.resize(23, 65)
            await duplex.send(b"\n")
            assert (await duplex.read()).endswith(b"23 65\r\n")
            assert duplex.exit_code == 5
            with pytest.raises(ValueError, match="height=-1"):
                await duplex.resize(-1, 3)
            wrong: Any = None
            with pytest.raises(TypeError, match="width is None"):
                await duplex.resize(3, wrong)
        counting = await started(client, scope, "wc -c", stdin_open=True, tty=True)
        async with await counting.attach(stdin=True) as duplex:
            await duplex.send(b"word")
            # There is nothing but Ctrl-D that ends an input here.
            await duplex.close_stdin()
            assert (await duplex.read()).endswith(b"4\r\n")
            assert duplex.exit_code == 0


@pytest.mark.parametrize(("keys", "typed"), [(None, b"\x10\x11"), ("ctrl-a,d", b"\x01d")])
async def test_detach_keys(engine: Engine, scope: Scope, keys: str | None, typed: bytes) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True, tty=True)
        made = await container.exec_create("cat", stdin=True, tty=True, detach_keys=keys)
        for duplex in (await container.attach(stdin=True, detach_keys=keys), await made.start()):
            async with duplex:
                await duplex.send(typed[:1] + b"\n")
                assert (await duplex.__anext__()).data
                await duplex.send(typed[:1])
                await duplex.send(typed[1:] + b"not sent")
                assert b"not sent" not in await duplex.read()
                assert duplex.exit_code is None
        await made.reload()
        assert made.running
        programs = engine.cli("top", container.id).stdout.splitlines()[1:]
        assert [line.split()[-1] for line in programs] == ["cat", "cat"]
        assert scope.inspect(container.id)["State"]["Status"] == "running"


async def test_a_talkative_command_is_left(engine: Engine, scope: Scope) -> None:
    words = ["sh", "-c", "while :; do echo and so on; usleep 1000; done"]
    async with client_of(engine) as client:
        # Of its own, for the commands go on as long as it does.
        container = await started(client, scope)
        for _ in range(10):
            made = await container.exec_create(words, stdin=True, tty=True)
            async with await made.start() as duplex:
                await duplex.__anext__()
                await duplex.send(b"\x10\x11")
                await duplex.read()
                assert duplex.exit_code is None
                with pytest.raises(ClosedError):
                    await duplex.send(b"more")
            await made.reload()
            assert made.running


@pytest.mark.bad_input("Duplex.close_stdin", "Duplex.read", "Duplex.send")
async def test_closed_from_elsewhere(engine: Engine, scope: Scope, box: str) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True)
        made = await client.containers.container(box).exec_create("sleep 60", stdin=True)
        for duplex in (await container.attach(stdin=True), await made.start()):
            reading = AsyncTask(duplex.read)
            await pause(0.1)
            await duplex.close()
            with pytest.raises(ClosedError):
                await reading.result()
            with pytest.raises(ClosedError):
                await duplex.__anext__()
            with pytest.raises(ClosedError):
                await duplex.send(b"x")
            with pytest.raises(ClosedError):
                await duplex.close_stdin()
            with pytest.raises(ClosedError):
                await duplex.read()
            await duplex.close()


async def test_a_writer_that_waits_is_woken(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        made = await client.containers.container(box).exec_create("sleep 60", stdin=True)
        duplex = await made.start()

        async def write() -> None:
            while True:
                await duplex.send(MEBIBYTE)

        writing = AsyncTask(write)
        await pause(0.5)
        await duplex.close()
        with pytest.raises(ClosedError):
            await writing.result()


async def test_interrupted(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, "cat", stdin_open=True)
            interruption = AsyncInterruption()
            relay.after("/attach", interruption.now)

            async def work() -> None:
                async with await container.attach(stdin=True) as duplex:
                    await duplex.read()

            await interruption.during(work)
            assert await client.ping()


async def test_a_cut_is_no_end(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope, shell("read x; echo $x; sleep 300"), stdin_open=True)
            async with await container.attach(stdin=True) as duplex:
                await duplex.send(b"one\n")
                assert (await duplex.__anext__()).data == b"one\n"
                relay.cut()
                with pytest.raises(ProtocolError, match=r"cut|broke"):
                    await duplex.read()


@pytest.mark.bad_input("Container.attach_socket")
async def test_a_socket_of_a_container(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await created(client, scope, engine, shell("cat; exit 3"))
        async with await container.attach_socket() as sock:
            await container.start()
            await sock.sendall(b"hello")
            assert await sock.read(13) == b"\x01\x00\x00\x00\x00\x00\x00\x05hello"
            await sock.shutdown(1)
            assert (await sock.read(), sock.exit_code) == (b"", 3)
        silent = await started(client, scope)
        async with await silent.attach_socket(stdin=False) as sock:
            sock.settimeout(0.1)
        with pytest.raises(ValueError, match="expected one of them"):
            await silent.attach_socket(stdin=False, stdout=False, stderr=False)
        wrong: Any = 5
        with pytest.raises(TypeError, match="detach_keys is 5"):
            await silent.attach_socket(detach_keys=wrong)
        with pytest.raises(Conflict, match="stdin_open"):
            await silent.attach_socket()
        with pytest.raises(ContainerNotFound):
            await client.containers.container(scope.name("nobody")).attach_socket()


async def test_a_websocket(docker_engine: Engine, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    async with client_of(docker_engine) as client:
        plain = await started(client, scope, shell("cat"), stdin_open=True)
        async with await plain.attach_socket(ws=True) as sock:
            await sock.sendall(MEBIBYTE)
            assert await sock.read(len(MEBIBYTE)) == MEBIBYTE
            with pytest.raises(NotSupported, match="one side of a websocket"):
                await sock.shutdown(1)
            assert sock.exit_code is None
        container = await started(client, scope, shell("read x; echo $x; exit 4"), stdin_open=True, tty=True)
        async with await container.attach_socket(ws=True) as sock:
            assert sock.fileno() > 0
            sock.settimeout(20)
            await sock.send(b"hello\n")
            assert (await sock.read()).replace(b"hello\r\nhello", b"hello") == b"hello\r\n"
            assert sock.exit_code == 4
        async with old_client_of(docker_engine) as old:
            with pytest.raises(NotSupported, match=r"1\.42"):
                await old.containers.container(plain.id).attach_socket(ws=True, stdout=False)
        with pytest.raises(ContainerNotFound):
            await client.containers.container("nowhere").attach_socket(ws=True)
        monkeypatch.setitem(sys.modules, "wsproto.utilities", None)
        with pytest.raises(ImportError, match=r"wharfinger\[websocket\]"):
            await plain.attach_socket(ws=True)


async def test_no_websocket_on_podman(podman_engine: Engine, box: str) -> None:
    async with client_of(podman_engine) as client:
        with pytest.raises(NotSupported, match=r"websocket.*Docker"):
            await client.containers.container("any").attach_socket(ws=True)
        with pytest.raises(NotSupported, match="logs=True"):
            await client.containers.container("any").attach(stdin=True, logs=True)


async def test_what_was_written_before(docker_engine: Engine, scope: Scope) -> None:
    async with client_of(docker_engine) as client:
        container = await started(client, scope, shell("echo before; cat"), stdin_open=True)
        async with await container.attach(stdin=True, logs=True) as duplex:
            assert (await duplex.__anext__()).data == b"before\n"
            await duplex.send(b"after\n")
            assert (await duplex.__anext__()).data == b"after\n"


async def test_what_cannot_be_attached_to(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        with pytest.raises(ContainerNotFound):
            await client.containers.container("nowhere").attach(stdin=True)
        closed = await started(client, scope)
        with pytest.raises(Conflict, match="stdin_open"):
            await closed.attach(stdin=True)
        ended = await started(client, scope, "true", stdin_open=True)
        await ended.wait()
        with pytest.raises(Conflict, match="has ended"):
            await ended.attach(stdin=True)
        attach: Any = closed.attach
        for given in (
            {"stdin": True, "stream": True},
            {"detach_keys": "a"},
            {"stdin": True, "detach_keys": "nope"},
        ):
            with pytest.raises(ValueError, match=r"stdin=True|is no key"):
                await attach(**given)
