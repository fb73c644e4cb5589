"""Streams and duplex connections: to the end, half-closed, closed from elsewhere."""

import threading

import pytest

from tests._async._primitives import AsyncTask, happened, pause
from tests.fake_engine import FakeEngine, Peer, answering, chunked, get, operation, reply, saying
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.timeouts import Timeout
from wharfinger.errors import ClosedError, EngineTimeout, ProtocolError, UnexpectedReply

UPGRADED = (
    b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/x-raw\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)
HIJACKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-raw\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Echo:
    """Answers with what it gets, and with "bye" after the client's end."""

    def __init__(self, start: bytes) -> None:
        self.start = start
        self.head = b""

    def __call__(self, peer: Peer) -> None:
        request = peer.request()
        assert request is not None
        self.head = request.head
        peer.send(self.start + b"early")
        while data := peer.sock.recv(65536):
            peer.send(data)
        peer.send(b"bye")


async def test_chunks_come_as_they_are_sent() -> None:
    more = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(CHUNKED + b"3\r\none\r\n")
        more.wait(5)
        peer.send(b"3\r\ntwo\r\n0\r\n\r\n")

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            stream = await transport.open(get())
            assert (stream.status_code, stream.headers["Transfer-Encoding"]) == (200, "chunked")
            assert repr(stream) == "<AsyncByteStream 200, open>"
            chunks: list[bytes] = []
            async for chunk in stream:
                chunks.append(chunk)
                more.set()
            assert chunks == [b"one", b"two"]
            assert await stream.read() == b""
            assert repr(stream) == "<AsyncByteStream 200, read to its end>"


async def test_a_stream_read_to_its_end_gives_its_connection_back() -> None:
    with FakeEngine(answering(lambda _: chunked(b"x" * 300_000))) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(3):
                async with await transport.open(get()) as stream:
                    assert await stream.read() == b"x" * 300_000
    assert engine.connections == 1


async def test_a_stream_closed_early_does_not() -> None:
    with FakeEngine(answering(lambda _: chunked(*[b"x" * 1000] * 1000))) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(3):
                async with await transport.open(get()) as stream:
                    assert b"x" in await stream.__anext__()
                with pytest.raises(ClosedError):
                    await stream.__anext__()
            assert "0 in use, 0 idle" in repr(transport)
    assert engine.connections == 3


@pytest.mark.parametrize("start", [CHUNKED, HIJACKED, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"])
async def test_closing_from_elsewhere_wakes_the_reader(start: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        peer.until_end()

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            stream = await transport.open(get())
            reading = AsyncTask(stream.read)
            await pause(0.05)
            await stream.close()
            with pytest.raises(ClosedError, match="closed by this side"):
                await reading.result()


async def test_a_stream_that_is_cut_short() -> None:
    with FakeEngine(saying(CHUNKED + b"3\r\none\r\n")) as engine:
        async with AsyncTransport(engine.address) as transport:
            stream = await transport.open(get())
            assert await stream.__anext__() == b"one"
            with pytest.raises(ProtocolError, match="cut short"):
                await stream.__anext__()
            assert "0 in use, 0 idle" in repr(transport)


async def test_streams_wait_without_limit_unless_asked() -> None:
    go = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        go.wait(5)
        peer.send(CHUNKED + b"3\r\none\r\n")
        peer.until_end()

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address, timeout=Timeout(read=0.05, total=0.1)) as transport:
            opening = AsyncTask(transport.open, get())
            await pause(0.2)
            go.set()
            stream = await opening.result()
            assert await stream.__anext__() == b"one"
            await stream.close()
            stream = await transport.open(get(), timeout=Timeout(read=0.05))
            assert await stream.__anext__() == b"one"
            with pytest.raises(EngineTimeout):
                await stream.__anext__()


async def test_streams_take_no_place_from_requests() -> None:
    def serve(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.target == "/events":
                peer.send(CHUNKED + b"3\r\none\r\n")
            elif request.target == "/attach":
                peer.send(UPGRADED)
            else:
                peer.send(reply())

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address, max_connections=1) as transport:
            streams = [await transport.open(get("/events")) for _ in range(5)]
            duplexes = [await transport.upgrade(operation("POST", "/attach")) for _ in range(5)]
            assert (await transport.call(get(), timeout=Timeout(connect=1))).content == b"OK"
            for stream in streams:
                await stream.close()
            for duplex in duplexes:
                await duplex.close()


@pytest.mark.parametrize("start", [UPGRADED, HIJACKED])
@pytest.mark.parametrize("tcp", [False, True])
async def test_a_duplex_with_a_half_close(start: bytes, tcp: bool) -> None:
    echo = Echo(start)
    with FakeEngine(echo, tcp=tcp) as engine:
        async with AsyncTransport(engine.address) as transport:
            op = operation("POST", "/attach", json={"Tty": False})
            async with await transport.upgrade(op) as duplex:
                assert duplex.status_code == int(start[9:12])
                assert duplex.headers["content-type"] == "application/x-raw"
                assert await duplex.receive(3) == b"ear"
                assert await duplex.receive() == b"ly"
                await duplex.send(b"hello")
                assert await duplex.receive() == b"hello"
                await duplex.close_write()
                assert await duplex.receive() == b"bye"
                assert await duplex.receive() == b""
            assert "0 in use, 0 idle" in repr(transport)
    assert b"Connection: Upgrade\r\nUpgrade: tcp\r\n" in echo.head


@pytest.mark.parametrize("tcp", [False, True])
async def test_a_peer_that_takes_nothing_from_a_duplex(tcp: bool) -> None:
    done = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)
        done.wait(10)

    with FakeEngine(serve, tcp=tcp) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:
            duplex.limit(Timeout(write=0.2))
            with pytest.raises(EngineTimeout) as caught:
                await duplex.send(bytes(50_000_000))
        done.set()
    assert caught.value.phase == "write"


async def test_a_duplex_both_ways_at_once() -> None:
    data = b"0123456789" * 1_000_000
    with FakeEngine(Echo(UPGRADED)) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:

            async def send() -> None:
                await duplex.send(data)
                await duplex.close_write()

            sending = AsyncTask(send)
            parts: list[bytes] = []
            while part := await duplex.receive():
                parts.append(part)
            await sending.result()
            assert b"".join(parts) == b"early" + data + b"bye"


@pytest.mark.parametrize("start", [UPGRADED, HIJACKED])
async def test_closing_a_duplex_from_elsewhere(start: bytes) -> None:
    with FakeEngine(Echo(start)) as engine:
        async with AsyncTransport(engine.address) as transport:
            duplex = await transport.upgrade(get())
            assert await duplex.receive() == b"early"
            receiving = AsyncTask(duplex.receive)
            await pause(0.05)
            await duplex.close()
            with pytest.raises(ClosedError):
                await receiving.result()
            for action in (duplex.receive, duplex.close_write):
                with pytest.raises(ClosedError):
                    await action()
            with pytest.raises(ClosedError):
                await duplex.send(b"x")
            assert "closed" in repr(duplex)


async def test_closing_the_transport_ends_streams() -> None:
    with FakeEngine(Echo(UPGRADED)) as engine:
        transport = AsyncTransport(engine.address)
        duplex = await transport.upgrade(get())
        assert await duplex.receive() == b"early"
        receiving = AsyncTask(duplex.receive)
        await pause(0.05)
        await transport.close()
        with pytest.raises(ClosedError):
            await receiving.result()


@pytest.mark.parametrize(
    "data",
    [
        reply(b"whole"),
        chunked(b"whole"),
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
    ],
)
async def test_an_engine_that_does_not_upgrade(data: bytes) -> None:
    with FakeEngine(answering(lambda _: data)) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(UnexpectedReply, match="GET /_ping: expected a stream") as caught:
                await transport.upgrade(get())
            assert caught.value.raw in (b"whole", b"")
            # The connection itself is as good as before.
            assert "0 in use, 1 idle" in repr(transport)


async def test_a_duplex_that_the_engine_ends() -> None:
    ended = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)
        peer.sock.close()
        ended.set()

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:
            await happened(ended)
            with pytest.raises(ProtocolError, match="ended the connection"):
                await duplex.send(b"x" * 10_000_000)
            assert await duplex.receive() == b""


async def test_a_duplex_with_a_limit() -> None:
    with FakeEngine(Echo(UPGRADED)) as engine:
        async with AsyncTransport(engine.address) as transport:
            duplex = await transport.upgrade(get(), timeout=Timeout(read=0.05))
            assert await duplex.receive() == b"early"
            with pytest.raises(EngineTimeout):
                await duplex.receive()
            # Silence is no end: the connection goes on.
            await duplex.send(b"still here")
            assert await duplex.receive() == b"still here"
            await duplex.close()
