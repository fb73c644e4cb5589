"""What a stream does when its engine breaks off, which a real one does not when it is asked to."""

import socket
import struct
import threading

import pytest

from tests._async._primitives import happened
from tests.fake_engine import FakeEngine, Peer, chunked, reply
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncStream, LogFrame
from wharfinger.errors import ProtocolError, StreamError

KNOWN = reply(b'{"Id": "c", "Config": {"Tty": false}}')
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def frame(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(data)) + data


class Engine:
    """Knows one container, and answers whatever flows with the same bytes."""

    def __init__(self, data: bytes, *, reset: bool = False) -> None:
        self.data = data
        self.reset = reset

    def __call__(self, peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.target.endswith("/c/json"):
                peer.send(KNOWN)
                continue
            peer.send(self.data)
            if self.reset:
                # So that closing sends a reset.
                peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                peer.sock.close()
            return


async def container_of(client: AsyncDockerClient) -> AsyncContainer:
    return await client.containers.get("c")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(chunked(frame(1, b"whole\n"), frame(1, b"cut")[:-1]), id="frame"),
        pytest.param(chunked(frame(1, b"whole\n"), frame(1, b"cut")[:5]), id="head of a frame"),
        pytest.param(CHUNKED + b"e\r\n" + frame(1, b"whole\n") + b"\r\n", id="body"),
        pytest.param(CHUNKED + b"ff\r\n" + frame(1, b"whole\n"), id="chunk"),
    ],
)
@pytest.mark.parametrize("lines", [False, True])
async def test_output_that_is_cut_short(data: bytes, *, lines: bool) -> None:
    with FakeEngine(Engine(data)) as engine:
        async with AsyncDockerClient(engine.address.url, version="1.41") as client:
            container = await container_of(client)
            seen: list[bytes] = []
            if lines:
                async with await container.logs(stream=True, lines=True) as found:
                    with pytest.raises(ProtocolError):
                        await drain_lines(found, seen)
                assert seen == [b"whole\n"]
            else:
                async with await container.logs(stream=True) as output:
                    with pytest.raises(ProtocolError):
                        await drain(output, seen)
                assert b"".join(seen) in (b"whole\n", b"whole\ncu")


async def drain(output: AsyncStream[bytes], seen: list[bytes]) -> None:
    while True:
        seen.append(await output.__anext__())


async def drain_lines(found: AsyncStream[LogFrame], seen: list[bytes]) -> None:
    while True:
        seen.append((await found.__anext__()).data)


async def test_all_at_once_that_is_cut_short() -> None:
    with FakeEngine(Engine(chunked(frame(1, b"whole\n"), frame(1, b"cut")[:-1]))) as engine:
        async with AsyncDockerClient(engine.address.url, version="1.41") as client:
            with pytest.raises(ProtocolError):
                await (await container_of(client)).logs()


async def test_a_connection_that_is_reset() -> None:
    begun = CHUNKED + b"e\r\n" + frame(1, b"whole\n") + b"\r\n"
    with FakeEngine(Engine(begun, reset=True), tcp=True) as engine:
        async with (
            AsyncDockerClient(engine.address.url, version="1.41") as client,
            await (await container_of(client)).logs(stream=True) as output,
        ):
            with pytest.raises(ProtocolError):
                await drain(output, [])


async def test_an_error_told_inside() -> None:
    with FakeEngine(Engine(chunked(frame(1, b"whole\n"), frame(3, b"log driver failed")))) as engine:
        async with (
            AsyncDockerClient(engine.address.url, version="1.41") as client,
            await (await container_of(client)).logs(stream=True) as output,
        ):
            assert await output.__anext__() == b"whole\n"
            with pytest.raises(StreamError, match="log driver failed"):
                await output.__anext__()


async def test_values_that_are_cut_short() -> None:
    told = b'{"read": "2026-11-22T04:29:28Z", "id": "c"}'
    with FakeEngine(Engine(chunked(told + b"\r\n" + told[:-1]))) as engine:
        async with (
            AsyncDockerClient(engine.address.url, version="1.41") as client,
            await (await container_of(client)).stats() as readings,
        ):
            assert (await readings.__anext__()).id == "c"
            with pytest.raises(ProtocolError, match="cut short"):
                await readings.__anext__()


async def test_the_engine_waits_for_a_slow_reader() -> None:
    stuck = threading.Event()
    sent = 0

    def serve(peer: Peer) -> None:
        nonlocal sent
        peer.request()
        peer.send(KNOWN)
        peer.request()
        peer.send(CHUNKED)
        piece = frame(1, b"x" * 8184)
        peer.sock.settimeout(1.0)
        try:
            while sent < 1 << 28:
                peer.send(b"2000\r\n" + piece + b"\r\n")
                sent += len(piece)
        except TimeoutError:
            stuck.set()

    with FakeEngine(serve) as engine:
        async with (
            AsyncDockerClient(engine.address.url, version="1.41") as client,
            await (await container_of(client)).logs(stream=True) as output,
        ):
            assert await output.__anext__()
            await happened(stuck, 20)
            # What lies in the sockets, and one read.
            assert sent < 4 * 1024 * 1024
