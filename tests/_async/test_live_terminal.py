"""A terminal connected with one in a container: the test is the person who sits at it."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope, shell
from wharfinger.errors import Conflict, ContainerNotFound, WharfingerError


class Person:
    """Looks at a terminal and types at it, in a thread of its own."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        self.terminal = os.fdopen(slave, "r+b", buffering=0)
        self.before = termios.tcgetattr(slave)
        self.seen = b""
        self._thread: threading.Thread | None = None
        self._faults: list[BaseException] = []

    def size(self, height: int, width: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def wait_for(self, text: bytes) -> None:
        end = time.monotonic() + 20
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self._master], [], [], 0.5)[0]:
                self.seen += os.read(self._master, 65536)

    def await_raw(self) -> None:
        """Until then the local terminal would echo, and keep some keys to itself."""
        end = time.monotonic() + 20
        while termios.tcgetattr(self.terminal.fileno()) == self.before:
            assert time.monotonic() < end, "the terminal is as it was"
            time.sleep(0.01)

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def does(self, *steps: Callable[[], Any]) -> None:
        """Begin to do this, one after another."""

        def work() -> None:
            try:
                for step in steps:
                    step()
            except BaseException as fault:  # noqa: BLE001 - raised by done()
                self._faults.append(fault)
                # As if the window was closed, so that nobody waits for more.
                self.hang_up()

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def done(self) -> None:
        """All was done, and the terminal is as it was."""
        assert self._thread is not None
        self._thread.join(20)
        if self._faults:
            raise self._faults[0]
        self._thread = None
        assert termios.tcgetattr(self.terminal.fileno()) == self.before

    def hang_up(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def close(self) -> None:
        self.terminal.close()
        self.hang_up()


@pytest.fixture
def person() -> Iterator[Person]:
    made = Person()
    yield made
    made.close()


async def test_a_command(engine: Engine, box: str, person: Person) -> None:
    handler = signal.getsignal(signal.SIGWINCH)
    person.size(33, 77)
    person.does(
        lambda: person.wait_for(b"# "),
        lambda: person.type(b"stty size; stty -echo; echo ready\r"),
        lambda: person.wait_for(b"33 77\r\n"),
        lambda: person.wait_for(b"\nready"),
        lambda: person.size(24, 81),
        lambda: os.kill(os.getpid(), signal.SIGWINCH),
        lambda: person.type(b"until stty size | grep '24 81'; do sleep 0.1; done; echo $((6*7))\r"),
        lambda: person.wait_for(b"42\r\n"),
        # Ctrl-C is for the program there; a shell between two of them might not heed it.
        lambda: person.type(b"sh -c 'echo $((6*8)); exec sleep 100'\r"),
        lambda: person.wait_for(b"48\r\n"),
        lambda: person.type(b"\x03"),
        lambda: person.type(b"exit 11\r"),
    )
    async with client_of(engine) as client:
        container = client.containers.container(box)
        code = await container.interact("sh", input=person.terminal, output=person.terminal)
    person.done()
    assert code == 11
    assert signal.getsignal(signal.SIGWINCH) is handler


@pytest.mark.parametrize(("keys", "typed"), [(None, b"\x10\x11"), ("ctrl-a,d", b"\x01d")])
async def test_left_by_its_keys(
    engine: Engine, scope: Scope, person: Person, keys: str | None, typed: bytes
) -> None:
    person.size(20, 40)
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True, tty=True)
        for command in (None, "cat"):
            person.seen = b""
            person.does(
                person.await_raw,
                lambda: person.type(b"hello\r"),
                lambda: person.wait_for(b"hello\r\nhello\r\n"),
                lambda: person.type(typed),
            )
            code = await container.interact(
                command, input=person.terminal, output=person.terminal, detach_keys=keys
            )
            person.done()
            assert code is None
        assert scope.inspect(container.id)["State"]["Status"] == "running"


async def test_a_container_that_ends(engine: Engine, scope: Scope, person: Person) -> None:
    person.does(person.await_raw, lambda: person.type(b"x\r"), lambda: person.wait_for(b"bye\r\n"))
    async with client_of(engine) as client:
        container = await started(client, scope, shell("read x; echo bye; exit 8"), stdin_open=True, tty=True)
        assert await container.interact(input=person.terminal, output=person.terminal) == 8
    person.done()


async def test_the_terminal_survives_a_fault(engine: Engine, scope: Scope, person: Person) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, "cat", stdin_open=True, tty=True)
        person.does(
            person.await_raw,
            lambda: person.type(b"hello\r"),
            lambda: person.wait_for(b"hello\r\n"),
            lambda: (
                engine.cli("rm", "--force", "--time=0", container.id)
                if engine.name == "podman"
                else engine.cli("rm", "--force", container.id)
            ),
        )
        try:
            code = await container.interact(input=person.terminal, output=person.terminal)
        except WharfingerError:
            # How it ended may be forgotten already.
            code = None
        person.done()
        # Of one that it is just removing, Podman 5.8 may tell a 0.
        assert code in ((None, 137) if engine.name == "docker" else (None, 137, 0))


async def test_files_instead_of_a_terminal(engine: Engine, box: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"a\nb\n")
    async with client_of(engine) as client:
        container = client.containers.container(box)
        with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as target:
            code = await container.interact(shell("cat; exit 2"), input=source, output=target, tty=False)
        assert code == 2
        assert (tmp_path / "out").read_bytes() == b"a\nb\n"


@pytest.mark.bad_input("Container.interact")
async def test_what_cannot_be_interacted_with(engine: Engine, scope: Scope, person: Person) -> None:
    async with client_of(engine) as client:
        plain = await started(client, scope)
        interact: Any = plain.interact
        ours = {"input": person.terminal, "output": person.terminal}
        with pytest.raises(Conflict, match="stdin_open"):
            await interact(**ours)
        with pytest.raises(TypeError, match="user is an option of a command"):
            await interact(user="root", **ours)
        with pytest.raises(TypeError, match="'usr'"):
            await interact("sh", usr="root", **ours)
        with pytest.raises(ContainerNotFound):
            await client.containers.container("nowhere").interact("sh", input=person.terminal)
    person.does()
    person.done()
