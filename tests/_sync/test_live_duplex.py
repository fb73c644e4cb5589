# Derived from tests/_async/test_live_duplex.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Both directions of containers of real engines: half-closed, detached, resized, closed from elsewhere, cut."""

import sys
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of, old_client_of, started
from tests._sync._primitives import Task, pause
from tests._sync.conftest import Interruption
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import Container
from wharfinger.errors import ClosedError, Conflict, ContainerNotFound, NotSupported, ProtocolError
from wharfinger.types import LogFrame

MEBIBYTE = bytes(range(256)) * 4096


def created(client: AnyClient, scope: Scope, engine: Engine, command: Any, **options: Any) -> Container:
    """A container with an input that ends with the one who attaches, not yet started."""
    once = of_engine(engine, {"stdin_once": True}, {})
    return client.containers.create(
        TEST_IMAGE, command, stdin_open=True, network_mode="none", labels=scope.labels, **{**once, **options}
    )


@pytest.mark.bad_input("Duplex.send")
def test_before_it_is_started(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = created(client, scope, engine, shell("echo err >&2; cat; exit 6"))
        with container.attach(stdin=True) as duplex:
            container.start()
            assert duplex.__next__() == LogFrame("stderr", b"err\n")
            duplex.send(b"a\x10\x11b")
            assert duplex.__next__() == LogFrame("stdout", b"a\x10\x11b")
            duplex.send(bytearray(b"c"))
            wrong: Any = "text"
            with pytest.raises(TypeError, match="bytes-like"):
                duplex.send(wrong)
            duplex.close_stdin()
            duplex.close_stdin()
            with pytest.raises((ClosedError, ProtocolError)):
                duplex.send(b"more")
            assert "open" in repr(duplex)
            assert duplex.read(demux=True) == (b"c", None)
            assert (duplex.exit_code, "ended" in repr(duplex)) == (6, True)
            assert list(duplex) == []


def test_much_goes_both_ways_at_once(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = created(client, scope, engine, "cat")
        with container.attach(stdin=True) as duplex:
            container.start()

            def feed() -> None:
                for _ in range(50):
                    duplex.send(MEBIBYTE)
                duplex.close_stdin()

            feeding = Task(feed)
            found = duplex.read()
            feeding.result(50)
            assert found == MEBIBYTE * 50
            assert duplex.exit_code == 0


def test_an_input_that_stays_open(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, "cat", stdin_open=True)
        with container.attach(stdin=True) as duplex:
            duplex.send(b"one\n")
            assert (duplex.__next__()).data == b"one\n"
            duplex.close_stdin()
            assert duplex.read() == b""
            if engine.name == "podman":
                assert duplex.exit_code == 0
                return
            # The connection ends, the container does not.
            assert duplex.exit_code is None
        with container.attach(stdin=True) as duplex:
            duplex.send(b"two\n")
            assert (duplex.__next__()).data == b"two\n"
        assert scope.inspect(container.id)["State"]["Status"] == "running"


@pytest.mark.bad_input("Duplex.resize")
def test_at_a_terminal(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("read x; stty size; exit 5"), stdin_open=True, tty=True)
        with container.attach(stdin=True) as duplex:
            assert duplex.tty
            duplex.resize(23, 65)
            duplex.send(b"\n")
            assert (duplex.read()).endswith(b"23 65\r\n")
            assert duplex.exit_code == 5
            with pytest.raises(ValueError, match="height=-1"):
                duplex.resize(-1, 3)
            wrong: Any = None
            with pytest.raises(TypeError, match="width is None"):
                duplex.resize(3, wrong)
        counting = started(client, scope, "wc -c", stdin_open=True, tty=True)
        with counting.attach(stdin=True) as duplex:
            duplex.send(b"word")
            # There is nothing but Ctrl-D that ends an input here.
            duplex.close_stdin()
            assert (duplex.read()).endswith(b"4\r\n")
            assert duplex.exit_code == 0


@pytest.mark.parametrize(("keys", "typed"), [(None, b"\x10\x11"), ("ctrl-a,d", b"\x01d")])
def test_detach_keys(engine: Engine, scope: Scope, keys: str | None, typed: bytes) -> None:
    with client_of(engine) as client:
        container = started(client, scope, "cat", stdin_open=True, tty=True)
        made = container.exec_create("cat", stdin=True, tty=True, detach_keys=keys)
        for duplex in (container.attach(stdin=True, detach_keys=keys), made.start()):
            with duplex:
                duplex.send(typed[:1] + b"\n")
                assert (duplex.__next__()).data
                duplex.send(typed[:1])
                duplex.send(typed[1:] + b"not sent")
                assert b"not sent" not in duplex.read()
                assert duplex.exit_code is None
        made.reload()
        assert made.running
        programs = engine.cli("top", container.id).stdout.splitlines()[1:]
        assert [line.split()[-1] for line in programs] == ["cat", "cat"]
        assert scope.inspect(container.id)["State"]["Status"] == "running"


def test_a_talkative_command_is_left(engine: Engine, scope: Scope) -> None:
    words = ["sh", "-c", "while :; do echo and so on; usleep 1000; done"]
    with client_of(engine) as client:
        # Of its own, for the commands go on as long as it does.
        container = started(client, scope)
        for _ in range(10):
            made = container.exec_create(words, stdin=True, tty=True)
            with made.start() as duplex:
                duplex.__next__()
                duplex.send(b"\x10\x11")
                duplex.read()
                assert duplex.exit_code is None
                with pytest.raises(ClosedError):
                    duplex.send(b"more")
            made.reload()
            assert made.running


@pytest.mark.bad_input("Duplex.close_stdin", "Duplex.read", "Duplex.send")
def test_closed_from_elsewhere(engine: Engine, scope: Scope, box: str) -> None:
    with client_of(engine) as client:
        container = started(client, scope, "cat", stdin_open=True)
        made = client.containers.container(box).exec_create("sleep 60", stdin=True)
        for duplex in (container.attach(stdin=True), made.start()):
            reading = Task(duplex.read)
            pause(0.1)
            duplex.close()
            with pytest.raises(ClosedError):
                reading.result()
            with pytest.raises(ClosedError):
                duplex.__next__()
            with pytest.raises(ClosedError):
                duplex.send(b"x")
            with pytest.raises(ClosedError):
                duplex.close_stdin()
            with pytest.raises(ClosedError):
                duplex.read()
            duplex.close()


def test_a_writer_that_waits_is_woken(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        made = client.containers.container(box).exec_create("sleep 60", stdin=True)
        duplex = made.start()

        def write() -> None:
            while True:
                duplex.send(MEBIBYTE)

        writing = Task(write)
        pause(0.5)
        duplex.close()
        with pytest.raises(ClosedError):
            writing.result()


def test_interrupted(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, "cat", stdin_open=True)
            interruption = Interruption()
            relay.after("/attach", interruption.now)

            def work() -> None:
                with container.attach(stdin=True) as duplex:
                    duplex.read()

            interruption.during(work)
            assert client.ping()


def test_a_cut_is_no_end(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, shell("read x; echo $x; sleep 300"), stdin_open=True)
            with container.attach(stdin=True) as duplex:
                duplex.send(b"one\n")
                assert (duplex.__next__()).data == b"one\n"
                relay.cut()
                with pytest.raises(ProtocolError, match=r"cut|broke"):
                    duplex.read()


@pytest.mark.bad_input("Container.attach_socket")
def test_a_socket_of_a_container(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = created(client, scope, engine, shell("cat; exit 3"))
        with container.attach_socket() as sock:
            container.start()
            sock.sendall(b"hello")
            assert sock.read(13) == b"\x01\x00\x00\x00\x00\x00\x00\x05hello"
            sock.shutdown(1)
            assert (sock.read(), sock.exit_code) == (b"", 3)
        silent = started(client, scope)
        with silent.attach_socket(stdin=False) as sock:
            sock.settimeout(0.1)
        with pytest.raises(ValueError, match="expected one of them"):
            silent.attach_socket(stdin=False, stdout=False, stderr=False)
        wrong: Any = 5
        with pytest.raises(TypeError, match="detach_keys is 5"):
            silent.attach_socket(detach_keys=wrong)
        with pytest.raises(Conflict, match="stdin_open"):
            silent.attach_socket()
        with pytest.raises(ContainerNotFound):
            client.containers.container(scope.name("nobody")).attach_socket()


def test_a_websocket(docker_engine: Engine, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    with client_of(docker_engine) as client:
        plain = started(client, scope, shell("cat"), stdin_open=True)
        with plain.attach_socket(ws=True) as sock:
            sock.sendall(MEBIBYTE)
            assert sock.read(len(MEBIBYTE)) == MEBIBYTE
            with pytest.raises(NotSupported, match="one side of a websocket"):
                sock.shutdown(1)
            assert sock.exit_code is None
        container = started(client, scope, shell("read x; echo $x; exit 4"), stdin_open=True, tty=True)
        with container.attach_socket(ws=True) as sock:
            assert sock.fileno() > 0
            sock.settimeout(20)
            sock.send(b"hello\n")
            assert (sock.read()).replace(b"hello\r\nhello", b"hello") == b"hello\r\n"
            assert sock.exit_code == 4
        with old_client_of(docker_engine) as old:
            with pytest.raises(NotSupported, match=r"1\.42"):
                old.containers.container(plain.id).attach_socket(ws=True, stdout=False)
        with pytest.raises(ContainerNotFound):
            client.containers.container("nowhere").attach_socket(ws=True)
        monkeypatch.setitem(sys.modules, "wsproto.utilities", None)
        with pytest.raises(ImportError, match=r"wharfinger\[websocket\]"):
            plain.attach_socket(ws=True)


def test_no_websocket_on_podman(podman_engine: Engine, box: str) -> None:
    with client_of(podman_engine) as client:
        with pytest.raises(NotSupported, match=r"websocket.*Docker"):
            client.containers.container("any").attach_socket(ws=True)
        with pytest.raises(NotSupported, match="logs=True"):
            client.containers.container("any").attach(stdin=True, logs=True)


def test_what_was_written_before(docker_engine: Engine, scope: Scope) -> None:
    with client_of(docker_engine) as client:
        container = started(client, scope, shell("echo before; cat"), stdin_open=True)
        with container.attach(stdin=True, logs=True) as duplex:
            assert (duplex.__next__()).data == b"before\n"
            duplex.send(b"after\n")
            assert (duplex.__next__()).data == b"after\n"


def test_what_cannot_be_attached_to(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        with pytest.raises(ContainerNotFound):
            client.containers.container("nowhere").attach(stdin=True)
        closed = started(client, scope)
        with pytest.raises(Conflict, match="stdin_open"):
            closed.attach(stdin=True)
        ended = started(client, scope, "true", stdin_open=True)
        ended.wait()
        with pytest.raises(Conflict, match="has ended"):
            ended.attach(stdin=True)
        attach: Any = closed.attach
        for given in (
            {"stdin": True, "stream": True},
            {"detach_keys": "a"},
            {"stdin": True, "detach_keys": "nope"},
        ):
            with pytest.raises(ValueError, match=r"stdin=True|is no key"):
                attach(**given)
