"""The embedded engine on the real podman: it answers, and nothing of it is left afterwards."""

import asyncio
import contextlib
import gc
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from wharfinger._async.discovery import machine
from wharfinger._async.embedded import AsyncEmbeddedPodman
from wharfinger._core.discovery import EmbeddedEngine
from wharfinger._sync.embedded import EmbeddedPodman
from wharfinger.address import EngineAddress
from wharfinger.errors import EngineUnreachable

_CONF = """
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
_STORAGE = """
[storage]
driver = "vfs"
graphroot = "{folder}/root"
runroot = "{folder}/run"
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's may not be long."""
    with TemporaryDirectory(prefix="whe-") as made:
        yield Path(made)


@pytest.fixture
def variables(folder: Path) -> dict[str, str]:
    """Podman's settings for this machine, with storage of its own."""
    (folder / "containers.conf").write_text(_CONF)
    (folder / "storage.conf").write_text(_STORAGE.format(folder=folder))
    return {
        **os.environ,
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
    }


@pytest.fixture
def temporary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the private folders are made in this test, and nothing else."""
    made = folder / "tmp"
    made.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(made))
    return made


def real_plan() -> EmbeddedEngine:
    binary = machine().which("podman")
    assert binary is not None, "podman is needed: apt-get install podman"
    return EmbeddedEngine(binary)


def script(folder: Path, text: str) -> EmbeddedEngine:
    """Something else in podman's place, for what podman won't do on demand."""
    program = folder / "podman"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return EmbeddedEngine(str(program))


def processes(word: str) -> list[int]:
    """The processes that have this word in their command line."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and word.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def ping(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(path)
        sock.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
        return b"".join(iter(lambda: sock.recv(4096), b"")).decode()


def assert_gone(address: EngineAddress) -> None:
    assert processes(address.path) == []
    assert not Path(address.path).parent.exists()


def gone_soon(path: str) -> bool:
    """Whether the processes and the folder go within the time that podman may take to end."""
    deadline = time.monotonic() + 10
    while processes(path) or Path(path).parent.exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_it_answers_and_is_gone_after_close(variables: Mapping[str, str], temporary: Path) -> None:
    async def live() -> EngineAddress:
        engine = AsyncEmbeddedPodman(real_plan(), variables=variables)
        address = await engine.start()
        private = Path(address.path).parent
        assert private.parent == temporary
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        reply = ping(address.path)
        assert reply.startswith("HTTP/1.0 200 OK")
        assert "Libpod-Api-Version:" in reply
        assert len(processes(address.path)) == 3  # podman, its keeper, and the keeper's watcher
        assert await engine.start() is address
        await engine.close()
        return address

    address = asyncio.run(live())
    assert (address.rule, address.engine, address.scheme) == ("embedded engine", "podman", "unix")
    assert_gone(address)
    assert list(temporary.iterdir()) == []


def test_it_can_be_closed_twice_and_started_again(variables: Mapping[str, str]) -> None:
    async def live() -> None:
        engine = AsyncEmbeddedPodman(real_plan(), variables=variables)
        await engine.close()
        async with engine as first:
            assert "200 OK" in ping(first.path)
        await engine.close()
        assert_gone(first)
        async with engine as second:
            assert "200 OK" in ping(second.path)
        assert second != first
        assert_gone(second)

    asyncio.run(live())


def test_the_sync_twin(variables: Mapping[str, str], folder: Path) -> None:
    with EmbeddedPodman(real_plan(), variables=variables) as address:
        assert "200 OK" in ping(address.path)
    assert_gone(address)
    with pytest.raises(EngineUnreachable, match="code 3 before it answered; it said: no cgroups"):
        EmbeddedPodman(script(folder, "echo no cgroups >&2; exit 3")).start()


def test_it_ends_when_nobody_holds_it(variables: Mapping[str, str]) -> None:
    address = asyncio.run(AsyncEmbeddedPodman(real_plan(), variables=variables).start())
    gc.collect()
    assert_gone(address)


def test_a_cancelled_start_leaves_nothing(folder: Path, temporary: Path) -> None:
    plan = script(folder, f"echo begun > {folder}/begun; exec sleep 60")
    os.mkfifo(folder / "begun")

    async def live() -> None:
        task = asyncio.create_task(AsyncEmbeddedPodman(plan).start())
        assert await asyncio.to_thread((folder / "begun").read_text) == "begun\n"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(live())
    assert processes(str(temporary)) == []
    assert list(temporary.iterdir()) == []


def failed_start(plan: EmbeddedEngine, temporary: Path, start_timeout: float = 30.0) -> EngineUnreachable:
    engine = AsyncEmbeddedPodman(plan, start_timeout=start_timeout, stop_timeout=0.5)
    with pytest.raises(EngineUnreachable) as caught:
        asyncio.run(engine.start())
    assert processes(str(temporary)) == []
    assert list(temporary.iterdir()) == []
    return caught.value


def test_what_podman_said_is_in_the_error(folder: Path, temporary: Path) -> None:
    plan = script(folder, "yes filler | head -n 1000 >&2; echo 'Error: no newuidmap in PATH' >&2; exit 3")
    error = failed_start(plan, temporary)
    ((what, why),) = error.tried
    assert what == f"embedded engine ({plan.binary} system service)"
    assert why.startswith("it ended with code 3 before it answered; it said: ")
    assert why.endswith("filler\nError: no newuidmap in PATH")
    assert len(why) < 2100
    assert "podman info" in error.hint
    assert "base_url=" in error.hint


def test_silent_failure(folder: Path, temporary: Path) -> None:
    ((_, why),) = failed_start(script(folder, "exit 1"), temporary).tried
    assert why == "it ended with code 1 before it answered"


def test_a_program_that_is_not_there(folder: Path, temporary: Path) -> None:
    ((_, why),) = failed_start(EmbeddedEngine(f"{folder}/none"), temporary).tried
    assert why.startswith("it ended with code 127 before it answered; it said: ")
    assert f"{folder}/none" in why


def test_a_podman_that_never_answers(folder: Path, temporary: Path) -> None:
    ((_, why),) = failed_start(script(folder, "echo thinking >&2; exec sleep 60"), temporary, 0.2).tried
    assert why == "it did not answer within 0.2 s; it said: thinking"


def test_a_podman_that_ignores_being_told_to_end_is_killed(folder: Path, temporary: Path) -> None:
    plan = script(folder, "trap '' TERM; while :; do sleep 60; done")
    ((_, why),) = failed_start(plan, temporary, 0.2).tried
    assert why == "it did not answer within 0.2 s"


_PROGRAM = """
import asyncio, os, sys
from wharfinger._async.embedded import AsyncEmbeddedPodman
from wharfinger._core.discovery import EmbeddedEngine
from wharfinger._sync.embedded import EmbeddedPodman
engine = AsyncEmbeddedPodman(EmbeddedEngine(sys.argv[1]), stop_timeout=60)
print(asyncio.run(engine.start()).path, flush=True)
"""


@contextlib.contextmanager
def program(variables: Mapping[str, str], end: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Another process that has an embedded engine, and the engine's socket."""
    argv = [sys.executable, "-W", "error", "-c", _PROGRAM + end, real_plan().binary]
    with subprocess.Popen(
        argv,
        env=dict(variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_it_ends_with_a_program_that_forgets_it(variables: Mapping[str, str]) -> None:
    with program(variables, "") as (process, path):
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
    assert path.endswith("/podman.sock")
    assert processes(path) == []
    assert not Path(path).parent.exists()


def test_it_ends_with_a_program_that_is_killed(variables: Mapping[str, str]) -> None:
    with program(variables, "sys.stdin.read()") as (process, path):
        assert "200 OK" in ping(path)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert gone_soon(path)


_FORK = """
child = os.fork()
if child == 0:
    sys.exit()  # Runs what is to run at exit, in the copy.
os.waitpid(child, 0)
reading, writing = os.pipe()
copy = os.fork()
if copy == 0:
    os.close(writing)
    os.read(reading, 1)
    os._exit(0)
print("forked", flush=True)
sys.stdin.readline()
asyncio.run(engine.close())
print("closed", flush=True)
os.close(writing)
os.waitpid(copy, 0)
"""


def test_a_fork_neither_ends_it_nor_keeps_it(variables: Mapping[str, str]) -> None:
    with program(variables, _FORK) as (process, path):
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "forked\n"
        assert "200 OK" in ping(path)
        process.stdin.close()
        readable, _, _ = select.select([process.stdout], [], [], 30)
        assert readable
        assert process.stdout.readline() == "closed\n"
        assert processes(path) == []
        assert process.wait(30) == 0
