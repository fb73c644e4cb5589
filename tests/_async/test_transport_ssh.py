"""ssh://, with a real sshd and the real ssh: one login, many connections, nothing left behind."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests._async._primitives import AsyncTask, pause
from tests.fake_engine import FakeEngine, Peer, get, operation, reply
from tests.ssh_server import SSHServer, ssh_server
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.timeouts import Timeout
from wharfinger.address import EngineAddress
from wharfinger.errors import ClosedError, EngineTimeout, EngineUnreachable

UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[SSHServer]:
    with ssh_server() as made:
        yield made


@pytest.fixture
def server(running: SSHServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SSHServer]:
    monkeypatch.setenv("PATH", f"{running.folder}/bin:{os.environ['PATH']}")
    # The library's private folders show up here, and nowhere else.
    with tempfile.TemporaryDirectory(prefix="whx-") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        running.configure()
        yield running


def serve(peer: Peer) -> None:
    while (request := peer.request()) is not None:
        if request.target != "/attach":
            peer.send(reply(request.body or b"OK"))
            continue
        peer.send(UPGRADED + b"early")
        while data := peer.sock.recv(65536):
            peer.send(data)
        peer.send(b"bye")
        return


@pytest.fixture
def engine(server: SSHServer) -> Iterator[FakeEngine]:
    with FakeEngine(serve) as made:
        server.serve(made.path)
        yield made


def at(server: SSHServer, engine: FakeEngine, way: str) -> EngineAddress:
    return EngineAddress(server.url(engine.path if way == "forward" else ""), "a test")


def private_folders() -> list[Path]:
    assert tempfile.tempdir is not None
    return [path for path in Path(tempfile.tempdir).iterdir() if path.name.startswith("wharfinger-")]


both_ways = pytest.mark.parametrize("way", ["dial-stdio", "forward"])


@both_ways
async def test_one_login_for_all_requests(server: SSHServer, engine: FakeEngine, way: str) -> None:
    async with AsyncTransport(at(server, engine, way)) as transport:
        for _ in range(3):
            assert (await transport.call(get())).content == b"OK"
        big = os.urandom(3_000_000)
        assert (await transport.call(operation("POST", "/x", content=big))).content == big
        streams = [await transport.open(get("/stream")) for _ in range(3)]
        for stream in streams:
            await stream.close()
        (folder,) = private_folders()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    logins = [call for call in server.calls("ssh-calls") if "ControlPersist" in call]
    assert len(logins) == 1
    assert f"-l {server.user}" in logins[0]
    assert private_folders() == []
    if way == "dial-stdio":
        assert {call.rpartition("/")[2] for call in server.calls("calls")} == {"docker system dial-stdio"}


@both_ways
async def test_a_half_close(server: SSHServer, engine: FakeEngine, way: str) -> None:
    data = b"0123456789" * 100_000
    async with (
        AsyncTransport(at(server, engine, way)) as transport,
        await transport.upgrade(operation("POST", "/attach")) as duplex,
    ):
        assert await duplex.receive() == b"early"

        async def send() -> None:
            await duplex.send(data)
            await duplex.close_write()

        sending = AsyncTask(send)
        parts: list[bytes] = []
        while part := await duplex.receive():
            parts.append(part)
        await sending.result()
        assert b"".join(parts) == data + b"bye"


@both_ways
async def test_closing_from_elsewhere(server: SSHServer, engine: FakeEngine, way: str) -> None:
    async with AsyncTransport(at(server, engine, way)) as transport:
        duplex = await transport.upgrade(operation("POST", "/attach"))
        assert await duplex.receive() == b"early"
        receiving = AsyncTask(duplex.receive)
        await pause(0.1)
        await duplex.close()
        with pytest.raises(ClosedError):
            await receiving.result()
        assert (await transport.call(get())).content == b"OK"


async def test_more_connections_than_sshd_allows_in_one_login(server: SSHServer, engine: FakeEngine) -> None:
    async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
        duplexes = [await transport.upgrade(operation("POST", "/attach")) for _ in range(12)]
        for duplex in duplexes:
            assert await duplex.receive() == b"early"
        for duplex in duplexes:
            await duplex.close()
    assert private_folders() == []


async def test_podman_is_asked_for_by_its_own_name(server: SSHServer, engine: FakeEngine) -> None:
    address = EngineAddress(server.url(), "a test", engine="podman")
    async with AsyncTransport(address) as transport:
        assert (await transport.call(get())).content == b"OK"
    assert server.calls("calls")[0].endswith("/podman system dial-stdio")


async def test_names_of_the_users_own_configuration(server: SSHServer, engine: FakeEngine) -> None:
    address = EngineAddress(server.url(host="engine-host"), "a test")
    async with AsyncTransport(address) as transport:
        assert (await transport.call(get())).content == b"OK"


async def test_a_configuration_that_does_much_else(server: SSHServer, engine: FakeEngine) -> None:
    server.configure(
        ControlMaster="auto",
        ControlPath=f"{server.folder}/users-own",
        ControlPersist="60",
        LocalForward=f"{server.port} 127.0.0.1:1",
        RemoteCommand="echo theirs",
        RequestTTY="force",
        LocalCommand="echo theirs",
    )
    for way in ("dial-stdio", "forward"):
        async with AsyncTransport(at(server, engine, way)) as transport:
            assert (await transport.call(get())).content == b"OK"
    assert not (server.folder / "users-own").exists()


async def test_an_identity_file(server: SSHServer, engine: FakeEngine) -> None:
    server.configure(IdentityFile="")
    key = server.folder / "user_key"
    async with AsyncTransport(EngineAddress(server.url(), "a test", identity=str(key))) as transport:
        assert (await transport.call(get())).content == b"OK"


async def test_a_key_that_is_not_accepted(server: SSHServer, engine: FakeEngine) -> None:
    server.configure(IdentityFile=str(server.folder / "other_key"))
    async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
        with pytest.raises(EngineUnreachable, match=r"Permission denied \(publickey.*Log in by hand"):
            await transport.call(get())
        assert private_folders() == []


async def test_an_unknown_host_key(server: SSHServer, engine: FakeEngine) -> None:
    server.configure(UserKnownHostsFile="/dev/null")
    async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
        with pytest.raises(EngineUnreachable, match="Host key verification failed"):
            await transport.call(get())


async def test_an_engine_program_that_fails(server: SSHServer, engine: FakeEngine) -> None:
    (server.folder / "broken").touch()
    async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
        with pytest.raises(EngineUnreachable, match="Cannot connect to the engine"):
            await transport.call(get())


async def test_an_engine_program_that_is_not_there(server: SSHServer, engine: FakeEngine) -> None:
    (server.folder / "bin" / "docker").rename(server.folder / "docker.away")
    try:
        async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
            with pytest.raises(EngineUnreachable, match=r"docker.*not found"):
                await transport.call(get())
    finally:
        (server.folder / "docker.away").rename(server.folder / "bin" / "docker")


async def test_a_socket_that_is_not_there(server: SSHServer) -> None:
    address = EngineAddress(server.url("/run/no/such.sock"), "a test")
    async with AsyncTransport(address) as transport:
        with pytest.raises(EngineUnreachable, match=r"open failed|No such file"):
            await transport.call(get())


async def test_nobody_at_the_port(server: SSHServer) -> None:
    async with AsyncTransport(EngineAddress("ssh://127.0.0.1:1", "a test")) as transport:
        with pytest.raises(EngineUnreachable, match="Connection refused"):
            await transport.call(get())


async def test_no_ssh_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with AsyncTransport(EngineAddress("ssh://127.0.0.1:1", "a test")) as transport:
        with pytest.raises(EngineUnreachable, match=r"ssh cannot be started.*OpenSSH"):
            await transport.call(get())


async def test_a_login_that_takes_too_long(server: SSHServer) -> None:
    with FakeEngine(lambda peer: print(peer.until_end()), tcp=True) as silent:
        address = EngineAddress(f"ssh://127.0.0.1:{silent.address.port}", "a test")
        async with AsyncTransport(address) as transport:
            with pytest.raises(EngineTimeout, match="ssh to") as caught:
                await transport.call(get(), timeout=Timeout(connect=0.3))
            assert private_folders() == []
    assert caught.value.phase == "connect"


async def test_a_login_that_ended_is_made_anew(server: SSHServer, engine: FakeEngine) -> None:
    async with AsyncTransport(at(server, engine, "dial-stdio")) as transport:
        await transport.call(get())
        (folder,) = private_folders()
        server.log_out(folder / "ctl")
        while (folder / "ctl").exists():
            await pause(0.01)
        assert (await transport.call(get())).content == b"OK"
    assert private_folders() == []
