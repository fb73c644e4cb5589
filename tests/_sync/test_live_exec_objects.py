# Derived from tests/_async/test_live_exec_objects.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Commands as objects on real engines: made, started, waited for; their output in every form, and their exit code."""

import socket
from typing import Any

import pytest

from tests._sync._live import client_of, started
from tests._sync._primitives import Task
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import Duplex, Exec
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


def test_made_then_started(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        made = container.exec_create(shell("read line; echo got $line; exit 9"), stdin=True, workdir="/tmp")
        assert (made.exit_code, made.running, made.pid) == (None, False, None)
        told = made.inspect()
        assert (told["ID"], told["ContainerID"], made.exit_code) == (made.id, box, None)
        with made.start() as duplex:
            made.reload()
            assert made.running
            known = made.pid
            assert duplex.exit_code is None
            duplex.send(b"hello\n")
            assert list(duplex) == [LogFrame("stdout", b"got hello\n")]
            assert duplex.exit_code == 9
        made.reload()
        assert (made.exit_code, made.running) == (9, False)
        # Docker notes it a little after the start and keeps it, Podman forgets it with the end.
        assert (known or made.pid or 0) > 0
        assert made.wait() == 9
        with pytest.raises(Conflict, match="started already"):
            made.start()
        assert made.id[:12] in repr(made)


@pytest.mark.bad_input("ContainersManager.exec")
def test_a_handle_asks_nothing(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = client.containers.container(box)
            made = container.exec_create(shell("test -t 1 && exit 3"), tty=True)
            client.ping()
            count = len(relay.requests)
            handle = client.containers.exec(made.id)
            assert len(relay.requests) == count
            assert handle == made
            assert {handle, made} == {made}
            # Whether it has a terminal is asked for.
            with handle.start() as duplex:
                assert duplex.tty
                assert duplex.read() == b""
                assert duplex.exit_code == 3
            with pytest.raises(ValueError, match="exec_id=''"):
                client.containers.exec("")
            wrong: Any = 5
            with pytest.raises(TypeError, match="exec_id is 5"):
                client.containers.exec(wrong)


def test_waiting_misses_no_end(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        for number in range(6):
            begun = container.exec_run(shell(f"sleep 0.0{number}; exit {number}"), detach=True)
            assert begun.exec.wait(timeout=20) == number
            assert begun.exit_code == number
            with pytest.raises(Conflict, match="started already"):
                begun.exec.start()
        begun = container.exec_run("sleep 3", detach=True)
        with pytest.raises(EngineTimeout):
            begun.exec.wait(timeout=0.3)
        # Others may end meanwhile.
        waiting = Task(lambda: begun.exec.wait(timeout=20))
        for _ in range(2):
            assert container.exec_run("true") == (0, b"")
        assert waiting.result(20) == 0


def test_waiting_for_one_whose_container_goes(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        begun = container.exec_run("sleep 100", detach=True)
        waiting = Task(lambda: begun.exec.wait(timeout=30))
        container.remove(force=True)
        try:
            assert waiting.result(30) == 137
        except NotFound:
            # It was forgotten with its container before its end was told.
            assert not scope.exists(container.id)


def test_streamed(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        with container.exec_run(BOTH, stream=True) as result:
            assert result.exit_code is None
            with pytest.raises(Conflict, match="started already"):
                result.exec.start()
            found = list(result.output)
            assert sorted(found) == [b"err\n", b"out\n"]
            assert result.exit_code == 4
        pairs = container.exec_run(BOTH, stream=True, demux=True)
        told = list(pairs.output)
        assert sorted(told, key=str) == [(None, b"err\n"), (b"out\n", None)]
        code, stream = pairs
        assert (code, stream) == (4, pairs.output)
        fed = container.exec_run("cat", stream=True, input=[b"x" * 100_000] * 30)
        assert sum([len(piece) for piece in fed.output]) == 3_000_000
        assert fed.exit_code == 0
        tty = container.exec_run(shell("test -t 1 && echo yes; exit 2"), stream=True, tty=True)
        assert b"".join(list(tty.output)) == b"yes\r\n"
        assert tty.exit_code == 2


def test_with_the_methods_of_a_socket(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        with container.exec_run("cat", socket=True, stdin=True) as result:
            sock = result.output
            assert sock.fileno() > 0
            assert sock.send(b"hel") == 3
            sock.sendall(memoryview(b"lo"))
            framed = sock.read(8 + 3)
            assert framed[:4] == b"\x01\x00\x00\x00"
            sock.settimeout(0.2)
            assert sock.gettimeout() == 0.2
            with pytest.raises(EngineTimeout):
                sock.read()
        with container.exec_run(shell("cat; exit 7"), socket=True, stdin=True) as result:
            assert result.output.write(b"abc") == 3
            result.output.shutdown(socket.SHUT_WR)
            buffer = bytearray(100)
            count = result.output.recv_into(buffer)
            found = bytes(buffer[:count]) + result.output.read()
            assert found == b"\x01\x00\x00\x00\x00\x00\x00\x03abc"
            assert (result.output.recv(10), result.exit_code) == (b"", 7)
            assert "ended" in repr(result.output)
        raw = container.exec_create("cat", stdin=True, tty=True)
        with raw.start(socket=True) as sock:
            sock.send(b"a\n")
            assert sock.read(6) == b"a\r\na\r\n"
            sock.shutdown(socket.SHUT_RDWR)
            assert sock.fileno() == -1


def test_no_longer_than_it_may_take(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        with pytest.raises(EngineTimeout, match=r"0\.3"):
            container.exec_run("sleep 5", timeout=0.3)
        result = container.exec_run(shell("echo a; sleep 30"), stream=True, timeout=3.0)
        assert result.output.__next__() == b"a\n"
        with pytest.raises(EngineTimeout):
            result.output.__next__()
        assert container.exec_run("echo a", timeout=30) == (0, b"a\n")
        with pytest.raises(ValueError, match="timeout"):
            container.exec_run("echo a", timeout=0)


@pytest.mark.bad_input(
    "Container.exec_create",
    "Exec.inspect",
    "Exec.reload",
    "Exec.resize",
    "Exec.start",
    "Exec.wait",
)
def test_what_cannot_be_meant(engine: Engine, box: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
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
                    run("true", **given)
            with pytest.raises(TypeError, match="'usr'"):
                run("true", usr="a")
            exec: Any = client.containers.exec("nowhere")
            with pytest.raises(ValueError, match="given together"):
                exec.start(detach=True, socket=True)
            with pytest.raises(TypeError, match="tty is 5"):
                exec.start(tty=5)
            with pytest.raises(ValueError, match="height=-1"):
                exec.resize(-1, 3)
            with pytest.raises(TypeError, match="width is '3'"):
                exec.resize(1, "3")
            with pytest.raises(TypeError, match="total='soon'"):
                exec.wait(timeout="soon")
            create: Any = client.containers.container(box).exec_create
            with pytest.raises(TypeError, match="cmd is 5"):
                create(5)
            with pytest.raises(ValueError, match="cmd='' is empty"):
                create("")
            assert relay.requests == ["GET /_ping"]
            missing: Exec = client.containers.exec("nowhere")
            with pytest.raises(NotFound):
                missing.reload()
            with pytest.raises(NotFound):
                missing.inspect()
            with pytest.raises(NotFound):
                missing.start()
            with pytest.raises(NotFound):
                missing.wait()
            with pytest.raises(NotFound):
                missing.resize(3, 3)
            with pytest.raises(ContainerNotFound):
                client.containers.container("nowhere").exec_create("true")
            stopped = started(client, scope, "true")
            stopped.wait()
            with pytest.raises(Conflict):
                stopped.exec_create("true")


def test_sizes(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.container(box)
        made = container.exec_create(shell("read x; stty size"), stdin=True, tty=True)
        with made.start() as duplex:
            duplex.resize(31, 72)
            duplex.send(b"\n")
            assert (duplex.read()).endswith(b"31 72\r\n")
        with pytest.raises((Conflict, NotFound)):
            made.resize(3, 3)


def test_a_cut_is_no_end(engine: Engine, box: str) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = client.containers.container(box)
            made = container.exec_create(shell("echo a; sleep 60"))
            duplex: Duplex = made.start()
            assert (duplex.__next__()).data == b"a\n"
            relay.cut()
            with pytest.raises(ProtocolError, match=r"cut|broke"):
                duplex.__next__()
            with pytest.raises(WharfingerError):
                duplex.send(b"x")
            result = container.exec_run(shell("echo a; sleep 60"), stream=True)
            assert result.output.__next__() == b"a\n"
            relay.cut()
            with pytest.raises(ProtocolError):
                result.output.__next__()
            assert result.exit_code is None


def test_a_second_start_by_another(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        made = client.containers.container(box).exec_create("true")
        with made.start() as duplex:
            duplex.read()
        again = client.containers.exec(made.id)
        try:
            with again.start() as duplex:
                said = duplex.read()
        except APIError as error:
            said = error.message.encode()
        assert of_engine(engine, b"has already run", b"can only start created") in said
