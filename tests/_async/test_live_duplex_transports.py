"""What goes into a command comes back whole, while both directions are busy, over every way to an engine."""

import hashlib
import os
import select
import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests._async._primitives import AsyncTask
from tests.engines.harness import Engine
from tests.fake_engine import FakeEngine, Peer
from tests.live_builds import BuildScope
from tests.ssh_server import SSHServer, ssh_server
from tests.tls_material import TLSMaterial, tls_material
from wharfinger import AsyncDockerClient, AsyncPodmanClient

MEBIBYTE = bytes(range(256)) * 4096
WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


@pytest.fixture(scope="module")
def material() -> Iterator[TLSMaterial]:
    with tls_material() as made:
        yield made


@pytest.fixture(scope="module")
def server() -> Iterator[SSHServer]:
    with ssh_server() as made:
        yield made


class Pipe:
    """One direction of a relay; one thread serves both, as TLS needs."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source, self.target = source, target
        self.held = b""
        self.ended = self.done = False

    def step(self) -> bool:
        """Carry what can be carried now; whether anything was."""
        moved = False
        if not self.ended and len(self.held) < 262144:
            with suppress(*WAITING):
                data = self.source.recv(65536)
                self.held += data
                self.ended = not data
                moved = True
        if self.held:
            with suppress(*WAITING):
                self.held = self.held[self.target.send(self.held) :]
                moved = True
        if self.ended and not self.held and not self.done:
            self.done = moved = True
            if isinstance(self.target, ssl.SSLSocket):
                with suppress(*WAITING):
                    self.target.unwrap()
            else:
                self.target.shutdown(socket.SHUT_WR)
        return moved


def relaying(engine: Engine) -> Any:
    """Serve a connection by the engine, passing the end of each side on."""

    def serve(peer: Peer) -> None:
        # Which an SSLSocket says that the end of the test has shut down.
        with suppress(ValueError), socket.socket(socket.AF_UNIX) as upstream:
            upstream.connect(str(engine.socket))
            for sock in (peer.sock, upstream):
                sock.setblocking(False)
            pipes = Pipe(peer.sock, upstream), Pipe(upstream, peer.sock)
            while not pipes[1].done:
                moved = [pipe.step() for pipe in pipes]
                if not any(moved):
                    writing = [pipe.target for pipe in pipes if pipe.held]
                    reading = [pipe.source for pipe in pipes if not pipe.ended and len(pipe.held) < 262144]
                    select.select(reading, writing, [], 1.0)

    return serve


@contextmanager
def way(
    name: str, engine: Engine, material: TLSMaterial, server: SSHServer, monkeypatch: pytest.MonkeyPatch
) -> Generator[AsyncDockerClient | AsyncPodmanClient, None, None]:
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    if name == "unix":
        yield kind(engine.url)
    elif name == "ssh":
        monkeypatch.setenv("PATH", f"{server.folder}/bin:{os.environ['PATH']}")
        server.serve(str(engine.socket))
        yield kind(server.url())
    elif name == "tcp":
        with FakeEngine(relaying(engine), tcp=True) as relay:
            yield kind(relay.address.url)
    else:
        version = ssl.TLSVersion.TLSv1_2 if name == "tls-1.2" else ssl.TLSVersion.TLSv1_3
        with FakeEngine(relaying(engine), tls=material.engine(version)) as relay:
            yield kind(relay.address.url, tls=material.client())


@pytest.mark.parametrize(
    ("name", "mebibytes"), [("unix", 50), ("tcp", 50), ("tls-1.2", 50), ("tls-1.3", 50), ("ssh", 50)]
)
async def test_it_comes_back_whole(
    engine: Engine,
    box: str,
    name: str,
    mebibytes: int,
    material: TLSMaterial,
    server: SSHServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with way(name, engine, material, server, monkeypatch) as made:
        async with made as client:
            exec = await client.containers.container(box).exec_create("cat", stdin=True)
            async with await exec.start() as duplex:

                async def feed() -> None:
                    for _ in range(mebibytes):
                        await duplex.send(MEBIBYTE)
                    await duplex.close_stdin()

                feeding = AsyncTask(feed)
                found = await duplex.read()
                await feeding.result(150)
                assert found == MEBIBYTE * mebibytes
                assert duplex.exit_code == 0


@pytest.mark.parametrize("name", ["tcp", "tls-1.3", "ssh"])
async def test_builds_ask_back(
    docker_engine: Engine,
    name: str,
    material: TLSMaterial,
    server: SSHServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with BuildScope(docker_engine) as scope, way(name, docker_engine, material, server, monkeypatch) as made:
        folder = scope.folder(
            tmp_path / "in", "COPY . /c", "RUN --mount=type=secret,id=s cat /c/big /run/secrets/s | md5sum"
        )
        (folder / "big").write_bytes(MEBIBYTE * 4)
        async with made as client:
            _, log = await client.images.build(
                folder, builder="buildkit", secrets={"s": MEBIBYTE[:1000]}, nocache=True, network_mode="none"
            )
        expected = hashlib.md5(MEBIBYTE * 4 + MEBIBYTE[:1000], usedforsecurity=False).hexdigest()
        assert expected in "".join(event.stream for event in log)
