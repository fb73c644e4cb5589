"""What discovery sees of this machine: real files, real sockets, real programs."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from wharfinger._async.discovery import find_engine, machine
from wharfinger._core.discovery import EmbeddedEngine
from wharfinger.address import EngineAddress
from wharfinger.errors import EngineUnreachable


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: a socket's may not be long."""
    with TemporaryDirectory(prefix="whd-") as folder:
        yield Path(folder)


@pytest.fixture
def variables(home: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's own engines is seen."""
    return {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PATH": str(home),
        "CONTAINERS_CONF": str(home / "none"),
    }


@pytest.fixture
def server(home: Path) -> Iterator[socket.socket]:
    """A bound socket where a rootless Docker's would be; it does not listen yet."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(home / "docker.sock"))
        yield made


def test_a_listening_socket_is_found(home: Path, variables: dict[str, str], server: socket.socket) -> None:
    server.listen()
    found = find_engine(engine="docker", variables=variables)
    assert isinstance(found, EngineAddress)
    assert found.path == str(home / "docker.sock")


def test_a_socket_with_too_many_callers_is_alive(
    home: Path, variables: dict[str, str], server: socket.socket
) -> None:
    server.listen(0)
    callers = [socket.socket(socket.AF_UNIX) for _ in range(50)]
    try:
        with pytest.raises(BlockingIOError):  # noqa: PT012 - how many fit is the system's affair
            for caller in callers:
                caller.setblocking(False)
                caller.connect(str(home / "docker.sock"))
        assert machine(variables).unreachable(str(home / "docker.sock")) is None
    finally:
        for caller in callers:
            caller.close()


def test_why_a_socket_cannot_be_reached(home: Path, variables: dict[str, str], server: socket.socket) -> None:
    (home / "file").touch()
    look = machine(variables).unreachable
    assert look(str(home / "docker.sock")) == "nothing listens there"
    assert look(str(home / "file")) == "nothing listens there"
    assert look(str(home / "none")) == "no such file"
    assert look(str(home / "file" / "below")) == "not a directory"
    assert look("/" + "x" * 200) == "af_unix path too long"


def test_a_dead_socket_is_told(home: Path, variables: dict[str, str], server: socket.socket) -> None:
    # Another user's settings would be looked at first, and this machine's own sockets last.
    with pytest.raises(EngineUnreachable) as caught:
        find_engine(engine="docker", variables={**variables, "DOCKER_CONTEXT": "default"})
    assert f"{home}/docker.sock: nothing listens there" in str(caught.value)


def test_files_are_read(home: Path, variables: dict[str, str]) -> None:
    folder = home / ".config" / "containers"
    folder.mkdir(parents=True)
    (folder / "podman-connections.json").write_text(
        '{"Connection": {"Default": "a", "Connections": {"a": {"URI": "tcp://far:1"}}}}'
    )
    found = find_engine(engine="podman", variables=variables)
    assert isinstance(found, EngineAddress)
    assert (found.host, found.rule) == ("far", "podman connection 'a' (the default)")


def test_what_is_no_file_is_not_there_and_what_is_no_text_is_an_error(
    home: Path, variables: dict[str, str]
) -> None:
    seen = machine(variables)
    (home / "file").write_bytes(b"\xff")
    (home / "folder").mkdir()
    assert seen.read(str(home / "file")) == b"\xff"
    assert seen.read(str(home / "none")) is None
    assert seen.read(str(home / "file" / "below")) is None
    assert seen.list_folder(str(home)) == ["file", "folder"]
    assert seen.list_folder(str(home / "none")) == ()
    assert seen.list_folder(str(home / "file")) == ()
    with pytest.raises(IsADirectoryError):
        seen.read(str(home / "folder"))


def test_a_settings_file_that_is_a_folder_is_named(home: Path, variables: dict[str, str]) -> None:
    (home / ".docker" / "config.json").mkdir(parents=True)
    with pytest.raises(EngineUnreachable, match=r"config\.json cannot be read: Is a directory\. Mend "):
        find_engine(variables=variables)


def test_podman_in_path_is_the_embedded_engine(home: Path, variables: dict[str, str]) -> None:
    program = home / "podman"
    program.write_text("#!/bin/sh\n")
    assert machine(variables).which("podman") is None
    program.chmod(0o755)
    assert machine(variables).which("podman") == str(program)
    found = find_engine(engine="podman", variables=variables)
    # A podman that really listens on this machine would be found first.
    assert isinstance(found, EngineAddress) or found == EmbeddedEngine(str(program))


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://from-the-process:1")
    found = find_engine()
    assert isinstance(found, EngineAddress)
    assert (found.host, found.rule) == ("from-the-process", "DOCKER_HOST")


def test_home_is_found_without_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert machine().home == str(Path.home())


_WATCHED = """
import sys
from wharfinger import AsyncPodmanClient
from wharfinger._async.discovery import find_engine
AsyncPodmanClient("unix:///x")
seen = []
sys.addaudithook(lambda event, args: seen.append(event))
found = AsyncPodmanClient("ssh://me@box/run/x.sock", identity="/k").address
looked = [event for event in seen if event.split(".")[0] in ("open", "os", "socket", "subprocess", "pathlib")]
assert not looked, looked
find_engine(variables={"DOCKER_HOST": "tcp://h:1", "DOCKER_CERT_PATH": ""})
print(found)
"""


def test_an_explicit_url_is_taken_without_a_look_at_anything() -> None:
    done = subprocess.run([sys.executable, "-c", _WATCHED], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ssh://me@box/run/x.sock (chosen by argument base_url)\n", "")
