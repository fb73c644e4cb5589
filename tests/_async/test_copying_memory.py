"""Copies of any size take little memory; and an early answer is heard: with a peer that takes and gives as we like."""

import base64
import json
import resource
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, Peer, reply
from tests.tls_material import TLSMaterial, tls_material
from wharfinger import AsyncDockerClient
from wharfinger._core.tar import END, Owner, tar_member
from wharfinger.errors import NotFound

MIB = 1024 * 1024
SIZE = 256 * MIB
FOLDER = {"name": "tmp", "size": 4096, "mode": 1 << 31 | 0o755, "mtime": "", "linkTarget": ""}
STAT = base64.b64encode(json.dumps(FOLDER).encode()).decode()


@pytest.fixture(scope="module")
def material() -> Iterator[TLSMaterial]:
    with tls_material() as made:
        yield made


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Engine:
    """Has a folder with one large file; takes whatever is put there."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self, peer: Peer) -> None:
        while (request := peer.head()) is not None:
            if request.method == "PUT":
                self._take(peer)
                peer.send(reply(b""))
            elif request.method == "HEAD":
                peer.send(f"HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {STAT}\r\n\r\n".encode())
            else:
                self._give(peer)
                return

    def _take(self, peer: Peer) -> None:
        while size := int(peer.line(), 16):
            while size:
                size -= len(part := peer.take(min(size, MIB)))
                self.taken += len(part)
            peer.line()
        peer.line()

    def _give(self, peer: Peer) -> None:
        head = tar_member("tmp/large", b"", mode=0o644, mtime=0, owner=Owner())
        peer.send(f"HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: {STAT}\r\n\r\n".encode())
        peer.send(_sized(head))
        for _ in range(SIZE // MIB):
            peer.send(b"x" * MIB)
        peer.send(END)


def _sized(head: bytes) -> bytes:
    """The head of a file with the large size in it, and a checksum that fits."""
    sized = bytearray(head)
    sized[124:136] = b"%011o\0" % SIZE
    sized[148:156] = b" " * 8
    sized[148:156] = b"%06o\0 " % sum(sized)
    return bytes(sized)


async def test_copies_take_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        for _ in range(SIZE // MIB):
            file.write(b"x" * MIB)
    serve = Engine()
    with FakeEngine(serve) as fake:
        async with AsyncDockerClient(fake.address.url, version="1.41") as client:
            container = client.containers.container("box")
            await container.put_archive("/tmp", iter([b"x" * MIB]))
            before = peak()
            await container.copy_to(tmp_path / "large", "/tmp/")
            await container.copy_to(tmp_path, "/tmp")
            await container.copy_from("/tmp", tmp_path / "out")
            grown = peak() - before
    assert serve.taken > 2 * SIZE
    assert (tmp_path / "out" / "large").stat().st_size == SIZE
    assert grown < 32 * MIB


@pytest.mark.parametrize("secure", [False, True])
async def test_a_missing_folder_is_heard_while_it_is_sent(secure: bool, material: TLSMaterial) -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(reply(b'{"message":"Could not find the file /no in container box"}', "404 Not Found"))

    engine = (
        FakeEngine(serve, tls=material.engine(ssl.TLSVersion.TLSv1_3), client_tls=material.client())
        if secure
        else FakeEngine(serve, tcp=True)
    )
    with engine as fake:
        tls = material.client() if secure else None
        async with AsyncDockerClient(fake.address.url, version="1.41", tls=tls) as client:
            container = client.containers.container("box")
            for content in (bytes(30 * MIB), (bytes(MIB) for _ in range(30))):
                with pytest.raises(NotFound, match="Could not find the file"):
                    await container.put_archive("/no", content)
