"""The transport: requests and whole replies."""

import gc
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests._async._primitives import AsyncTask, happened, pause
from tests.fake_engine import FakeEngine, Peer, Request, answering, chunked, get, operation, reply, saying
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation, Reply
from wharfinger._core.timeouts import Timeout
from wharfinger.address import EngineAddress
from wharfinger.errors import (
    ClosedError,
    EngineTimeout,
    EngineUnreachable,
    NotSupported,
    ProtocolError,
    UnexpectedReply,
)


async def test_a_reply_is_given_whole() -> None:
    with FakeEngine(answering(lambda _: reply(b"OK", Api_Version="1.51"))) as engine:
        async with AsyncTransport(engine.address) as transport:
            found = await transport.call(get())
    assert (found.status_code, found.content) == (200, b"OK")
    assert found.headers["api-version"] == found.headers["API-Version"] == "1.51"
    assert found.headers.get("Absent") is None
    assert set(found.headers) == {"content-length", "api-version"}


async def test_the_request_is_sent_as_it_was_asked_for() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> bytes:
        seen.append(request)
        return reply()

    params = {"all": True, "limit": 3, "x": "a b&c/ü", "t": ["one", "two"]}
    with FakeEngine(answering(answer)) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(get("/containers/json", params=params), prefix="/v1.51")
            await transport.call(operation("POST", "/x", json={"a": None}, headers={"X-Y": "z"}))
            await transport.call(operation("POST", "/empty"))
    listed, posted, empty = seen
    assert listed.target == "/v1.51/containers/json?all=true&limit=3&x=a%20b%26c%2F%C3%BC&t=one&t=two"
    assert listed.headers == {"host": "localhost", "user-agent": "wharfinger"}
    assert posted.body == b'{"a":null}'
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["x-y"] == "z"
    assert empty.headers["content-length"] == "0"


async def test_host_and_path_of_a_network_address() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> bytes:
        seen.append(request)
        return reply()

    with FakeEngine(answering(answer), tcp=True) as engine:
        address = EngineAddress(f"http://127.0.0.1:{engine.address.port}/pro%20xy", "a test")
        async with AsyncTransport(address) as transport:
            await transport.call(get(), prefix="/v1.51")
    assert seen[0].target == "/pro%20xy/v1.51/_ping"
    assert seen[0].headers["host"] == f"127.0.0.1:{engine.address.port}"


@pytest.mark.parametrize(
    ("method", "data", "content"),
    [
        ("GET", reply(b"x" * 1_000_000), b"x" * 1_000_000),
        ("GET", reply(b""), b""),
        ("GET", chunked(b"one", b"two" * 50_000, b"3"), b"one" + b"two" * 50_000 + b"3"),
        ("GET", chunked(b"body", end=b"0\r\nX-Trailer: t\r\nDigest: abc\r\n\r\n"), b"body"),
        ("GET", b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        ("GET", b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nold", b"old"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", b""),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b""),
        ("POST", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        ("POST", b"HTTP/1.1 304 Not Modified\r\n\r\n", b""),
        ("POST", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
        ("GET", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + reply(b"final"), b"final"),
        ("GET", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + reply(b"final"), b"final"),
    ],
)
async def test_each_way_to_end_a_body(method: str, data: bytes, content: bytes) -> None:
    with FakeEngine(saying(data)) as engine:
        async with AsyncTransport(engine.address) as transport:
            found = await transport.call(operation(method, "/x"))
    assert found.content == content
    assert found.headers.get("link") is None


@pytest.mark.parametrize("pieces", [1, 3, 1000])
async def test_a_reply_in_small_pieces(pieces: int) -> None:
    data = chunked(b"hello", b" " * 100, b"world")

    def serve(peer: Peer) -> None:
        peer.request()
        for start in range(0, len(data), pieces):
            peer.send(data[start : start + pieces])

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            assert (await transport.call(get())).content == b"hello" + b" " * 100 + b"world"


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("GET", reply()),
        ("GET", chunked(b"body")),
        ("GET", reply(b"x" * 2_000_000)),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"),
        ("POST", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
)
async def test_a_connection_is_used_again(method: str, data: bytes) -> None:
    with FakeEngine(answering(lambda _: data)) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(3):
                await transport.call(operation(method, "/x"))
            assert repr(transport) == f"<AsyncTransport {engine.address}, 0 in use, 1 idle>"
    assert engine.connections == 1


@pytest.mark.parametrize(
    "data",
    [
        reply(b"x", Connection="close"),
        reply(b"x") + b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
    ],
)
async def test_a_connection_that_cannot_be_used_again_is_not(data: bytes) -> None:
    def serve(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(data)

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(2):
                assert (await transport.call(get())).content == b"x"
    assert engine.connections == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_connection_that_the_engine_closed_is_replaced(method: str) -> None:
    closed = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(reply())
        if peer.number == 1:
            peer.sock.shutdown(socket.SHUT_RDWR)
            closed.set()
        else:
            peer.request()

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(operation(method, "/x"))
            await happened(closed)
            await transport.call(operation(method, "/x"))
    assert engine.connections == 2


def _dies_at_the_second_request(peer: Peer) -> None:
    peer.request()
    peer.send(reply())
    peer.request()
    if peer.number > 1:
        peer.send(reply(b"again"))


async def test_a_request_that_met_a_dying_connection_is_repeated_when_that_is_safe() -> None:
    with FakeEngine(_dies_at_the_second_request) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(get())
            assert (await transport.call(get())).content == b"OK"
    assert engine.connections == 2


async def test_a_request_that_may_have_been_carried_out_is_not_repeated() -> None:
    with FakeEngine(_dies_at_the_second_request) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(get())
            with pytest.raises(EngineUnreachable, match="closed the connection before it replied"):
                await transport.call(operation("POST", "/containers/create", json={}))
    assert engine.connections == 1


async def test_the_operation_decides_what_a_status_means() -> None:
    def parse(found: Reply) -> str:
        if found.status_code != 200:
            raise api_error(found.status_code, found.content.decode(), "GET", "/x", kind="container")
        return found.content.decode()

    op = Operation({"method": "GET", "url": "/x"}, parse)
    with FakeEngine(answering(lambda _: reply(b"No such container", "404 Not Found"))) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(Exception, match="No such container") as caught:
                await transport.call(op)
            assert type(caught.value).__name__ == "ContainerNotFound"
            with pytest.raises(Exception, match="No such container"):
                await transport.open(op)
            with pytest.raises(Exception, match="No such container"):
                await transport.upgrade(op)
    assert engine.connections == 1


async def test_a_reply_longer_than_allowed() -> None:
    with FakeEngine(answering(lambda _: reply(b"x" * 500_000))) as engine:
        async with AsyncTransport(engine.address, max_reply_bytes=1000) as transport:
            with pytest.raises(UnexpectedReply, match="longer than the 1000 bytes") as caught:
                await transport.call(get())
            assert caught.value.raw == b"x" * 1000


async def test_nobody_at_the_socket(tmp_path: Path) -> None:
    address = EngineAddress(f"unix://{tmp_path}/none.sock", "DOCKER_HOST")
    async with AsyncTransport(address) as transport:
        with pytest.raises(EngineUnreachable, match=r"DOCKER_HOST.*No such file.*Start the engine") as caught:
            await transport.call(get())
    assert caught.value.tried == ((str(address), "No such file or directory"),)


async def test_a_socket_without_a_listener(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead.sock"))
    async with AsyncTransport(EngineAddress(f"unix://{tmp_path}/dead.sock", "a test")) as transport:
        with pytest.raises(EngineUnreachable, match=r"refused.*no engine listens"):
            await transport.call(get())


async def test_a_path_too_long_for_a_socket() -> None:
    async with AsyncTransport(EngineAddress("unix:///" + "x" * 200, "a test")) as transport:
        with pytest.raises(EngineUnreachable, match="too long for a socket"):
            await transport.call(get())


async def test_nobody_at_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with AsyncTransport(EngineAddress(f"tcp://127.0.0.1:{port}", "a test")) as transport:
        with pytest.raises(EngineUnreachable, match="refused"):
            await transport.call(get())


async def test_a_host_that_has_no_address() -> None:
    async with AsyncTransport(EngineAddress("tcp://no-such-host.invalid:1", "a test")) as transport:
        with pytest.raises(EngineUnreachable, match=r"no-such-host\.invalid"):
            await transport.call(get())


async def test_a_named_pipe_is_refused() -> None:
    with pytest.raises(NotSupported, match="npipe"):
        AsyncTransport(EngineAddress("npipe:////./pipe/docker_engine", "a test"))


async def test_after_close_nothing_is_sent() -> None:
    with FakeEngine(answering(lambda _: reply())) as engine:
        transport = AsyncTransport(engine.address)
        await transport.call(get())
        await transport.close()
        await transport.close()
        assert transport.closed
        assert repr(transport) == f"<AsyncTransport {engine.address}, closed>"
        with pytest.raises(ClosedError):
            await transport.call(get())
        with pytest.raises(ClosedError):
            await transport.open(get())


async def test_closing_the_transport_ends_a_call_that_waits() -> None:
    arrived = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        arrived.set()
        peer.until_end()

    with FakeEngine(serve) as engine:
        transport = AsyncTransport(engine.address)
        waiting = AsyncTask(transport.call, get())
        await happened(arrived)
        await transport.close()
        with pytest.raises(ClosedError):
            await waiting.result()


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_no_descriptor_is_left() -> None:
    with FakeEngine(answering(lambda _: reply())) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(get())
        gc.collect()
        before = _descriptors()
        for _ in range(20):
            async with AsyncTransport(engine.address) as transport:
                await transport.call(get())
                async with await transport.open(get()):
                    pass
        gc.collect()
        # The engine's threads may take a moment to close their own ends, which are in this process too.
        for _ in range(100):
            if _descriptors() <= before:
                break
            await pause(0.02)
        assert _descriptors() <= before


@pytest.mark.parametrize(
    ("timeout", "phase"),
    [
        (Timeout(read=0.1), "read"),
        (Timeout(total=0.1), "total"),
        (Timeout(read=0.1, total=30), "read"),
    ],
)
async def test_an_engine_that_does_not_answer(timeout: Timeout, phase: str) -> None:
    with FakeEngine(lambda peer: print(peer.until_end())) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineTimeout, match=r"timeout of 0\.1 s") as caught:
                await transport.call(get(), timeout=timeout)
            assert caught.value.phase == phase
            assert "0 in use, 0 idle" in repr(transport)


async def test_an_engine_that_is_endlessly_slow_meets_the_total() -> None:
    stop = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        for byte in reply(b"x" * 10_000):
            peer.send(bytes([byte]))
            if stop.wait(0.02):
                return

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineTimeout) as caught:
                await transport.call(get(), timeout=Timeout(read=5, total=0.3))
        stop.set()
    assert caught.value.phase == "total"


async def test_an_engine_that_does_not_read() -> None:
    done = threading.Event()
    with FakeEngine(lambda _: print(done.wait(10))) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineTimeout) as caught:
                await transport.call(
                    operation("POST", "/load", content=b"x" * 10_000_000), timeout=Timeout(write=0.1)
                )
        done.set()
    assert caught.value.phase == "write"


async def test_a_full_pool() -> None:
    go = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        go.wait(5)
        peer.send(reply())

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address, max_connections=1) as transport:
            first = AsyncTask(transport.call, get())
            while "1 in use" not in repr(transport):
                await pause(0.01)
            with pytest.raises(EngineTimeout, match="all 1 connections are in use") as caught:
                await transport.call(get(), timeout=Timeout(connect=0.1))
            second = AsyncTask(transport.call, get())
            go.set()
            assert (await first.result()).content == b"OK"
            assert (await second.result()).content == b"OK"
    assert caught.value.phase == "pool"


@pytest.mark.parametrize(
    "kwargs",
    [
        {"url": "/a b"},
        {"url": "/x\r\nX: y"},
        {"url": "relative"},
        {"headers": {"X": "a\r\nb"}},
        {"headers": {"X y": "a"}},
    ],
)
async def test_what_would_be_two_requests_is_not_sent(kwargs: dict[str, Any]) -> None:
    with FakeEngine(answering(lambda _: reply())) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(ValueError, match=r"expected|line break"):
                await transport.call(get(**kwargs))
    assert engine.connections == 0


def test_httpx_is_imported_by_its_door_alone() -> None:
    code = (
        "import sys, wharfinger._async.transport, wharfinger._sync.transport;"
        "assert 'httpx' not in sys.modules;"
        "import wharfinger._async.httpx_door; assert 'httpx' in sys.modules"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


async def test_the_engine_is_told_from_a_peer_that_is_none() -> None:
    with FakeEngine(saying(b"SSH-2.0-OpenSSH_9.2\r\n")) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(ProtocolError, match=r"not HTTP.*SSH-2"):
                await transport.call(get())
