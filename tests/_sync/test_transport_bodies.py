# Derived from tests/_async/test_transport_bodies.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Bodies of requests: every kind, flat memory, and an engine that answers before it has read them."""

import gzip
import hashlib
import io
import os
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.fake_engine import FakeEngine, Peer, Request, answering, operation, reply
from wharfinger._core.timeouts import Timeout
from wharfinger._sync.transport import Transport
from wharfinger.errors import EngineUnreachable, ProtocolError

MIB = 1024 * 1024


def digest(request: Request) -> bytes:
    kind = request.headers.get("transfer-encoding") or request.headers.get("content-length", "none")
    return reply(f"{kind} {hashlib.sha256(request.body).hexdigest()}".encode())


def said(data: bytes, kind: str | None = None) -> bytes:
    return f"{len(data) if kind is None else kind} {hashlib.sha256(data).hexdigest()}".encode()


def sent(content: Any, **headers: str) -> bytes:
    with FakeEngine(answering(digest)) as engine:
        with Transport(engine.address) as transport:
            op = operation("POST", "/load", content=content, headers=headers)
            return (transport.call(op)).content


def pieces(*given: bytes) -> Iterator[bytes]:
    yield from given


def async_pieces(*given: bytes) -> Iterator[bytes]:
    yield from given


@pytest.mark.parametrize("size", [0, 1, 1000, 65536, 65537, 5 * MIB])
def test_bytes_of_any_size(size: int) -> None:
    data = os.urandom(size)
    assert sent(data) == said(data)
    assert sent(bytearray(data)) == said(data)
    assert sent(memoryview(data)) == said(data)
    assert sent(io.BytesIO(data)) == said(data)


def test_text_is_sent_as_utf_8() -> None:
    assert sent("grüß") == said("grüß".encode())


def test_pieces_are_sent_in_chunks() -> None:
    given = (b"one", b"", b"two" * MIB, b"three")
    assert sent(pieces(*given)) == said(b"".join(given), "chunked")
    assert sent(async_pieces(*given)) == said(b"".join(given), "chunked")
    assert sent(list(given)) == said(b"".join(given), "chunked")
    assert sent([]) == said(b"", "chunked")


def test_pieces_of_a_known_length() -> None:
    assert sent(pieces(b"one", b"two"), **{"Content-Length": "6"}) == said(b"onetwo")


def test_a_file_is_sent_from_where_it_stands(tmp_path: Path) -> None:
    data = os.urandom(3 * MIB)
    (tmp_path / "file").write_bytes(data)
    with (tmp_path / "file").open("rb") as file:
        assert sent(file) == said(data)
    with (tmp_path / "file").open("rb", buffering=0) as file:
        file.seek(MIB)
        assert sent(file) == said(data[MIB:])
    with tempfile.NamedTemporaryFile() as named:
        named.write(data)
        named.seek(5)
        assert sent(named) == said(data[5:])


def test_a_file_whose_length_is_not_that_on_the_disk(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "x.gz", "wb") as packed:
        packed.write(b"x" * MIB)
    with gzip.open(tmp_path / "x.gz", "rb") as packed:
        assert sent(packed) == said(b"x" * MIB, "chunked")


def test_a_pipe() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        sink.write(b"through a pipe")
        sink.close()
        assert sent(source) == said(b"through a pipe", "chunked")


@pytest.mark.parametrize("content", [["text"], pieces(b"x", cast("bytes", 3)), io.StringIO("text")])
def test_what_is_not_bytes_is_refused(content: Any) -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        sent(content)


@pytest.mark.parametrize("length", ["2", "4"])
def test_a_body_of_another_length_than_was_said(length: str) -> None:
    with pytest.raises(ProtocolError, match="the request's body"):
        sent(pieces(b"one"), **{"Content-Length": length})


def test_a_source_that_fails_is_heard() -> None:
    def failing() -> Iterator[bytes]:
        yield b"x" * MIB
        raise FileNotFoundError("the tar is gone")

    with FakeEngine(answering(digest)) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(FileNotFoundError, match="the tar is gone"):
                transport.call(operation("POST", "/load", content=failing()))
            assert "0 in use, 0 idle" in repr(transport)
            assert (transport.call(operation("POST", "/load", content=b"x"))).content == said(b"x")


def test_uploads_and_downloads_have_flat_memory() -> None:
    total = 64 * MIB

    def serve(peer: Peer) -> None:
        while (request := peer.head()) is not None:
            left = int(request.headers.get("content-length", 0))
            while left:
                left -= len(peer.take(min(left, MIB)))
            if request.method == "POST":
                peer.send(reply())
                continue
            peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n".encode())
            for _ in range(total // MIB):
                peer.send(b"x" * MIB)

    piece = b"x" * MIB
    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            tracemalloc.start()
            try:
                source = (piece for _ in range(total // MIB))
                op = operation("POST", "/load", content=source, headers={"Content-Length": str(total)})
                transport.call(op)
                received = 0
                with transport.open(operation("GET", "/get")) as stream:
                    for chunk in stream:
                        received += len(chunk)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
    assert received == total
    assert peak < 12 * MIB


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize("stays_open", [False, True])
def test_an_early_refusal_is_heard(tcp: bool, stays_open: bool) -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(reply(b"no such image", "404 Not Found"))
        if stays_open:
            # Neither reads on nor closes: only who listens while sending hears of it.
            waited_for_the_client.append(stop.wait(10))

    stop = threading.Event()
    waited_for_the_client: list[bool] = []
    with FakeEngine(serve, tcp=tcp) as engine:
        with Transport(engine.address, timeout=Timeout(write=3)) as transport:
            for content in (b"x" * (50 * MIB), (b"x" * MIB for _ in range(50))):
                found = transport.call(operation("POST", "/load", content=content))
                assert (found.status_code, found.content) == (404, b"no such image")
                assert "0 in use, 0 idle" in repr(transport)
                assert waited_for_the_client == []
        stop.set()


@pytest.mark.parametrize(
    "early", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"]
)
def test_an_early_go_ahead_is_no_refusal(early: bytes) -> None:
    got = 0

    def serve(peer: Peer) -> None:
        nonlocal got
        peer.head()
        peer.send(early)
        got = len(peer.take(20 * MIB))
        peer.send(b"done" if b"200" in early else reply(b"done"))

    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            found = transport.call(operation("POST", "/load", content=b"x" * (20 * MIB)))
    assert found.content == b"done"
    assert got == 20 * MIB


def test_an_early_success_of_an_engine_that_reads_no_further() -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(reply(b"enough"))
        peer.take(MIB)

    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            found = transport.call(operation("POST", "/load", content=b"x" * (50 * MIB)))
            assert found.content == b"enough"
            assert "0 in use, 0 idle" in repr(transport)


def test_an_engine_that_dies_while_it_is_sent_to() -> None:
    def serve(peer: Peer) -> None:
        peer.head()

    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(EngineUnreachable):
                transport.call(operation("POST", "/load", content=b"x" * (50 * MIB)))
