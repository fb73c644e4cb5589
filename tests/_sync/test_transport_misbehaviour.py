# Derived from tests/_async/test_transport_misbehaviour.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Whatever the peer does ends in a typed error, soon and in bounded memory."""

import socket
import threading

import pytest

from tests.fake_engine import FakeEngine, Peer, chunked, get, operation, reply, saying
from wharfinger._core.timeouts import Timeout
from wharfinger._sync.transport import Transport
from wharfinger.errors import EngineTimeout, EngineUnreachable, ProtocolError, WharfingerError

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

NOT_HTTP = [
    b"garbage\r\n\r\n",
    b"\x00\x01\x02\x03" * 100,
    b"\x15\x03\x01\x00\x02\x02\x46",
    b"HTTP/1.1 two-hundred OK\r\n\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\nContent-Length: 2\n\nOK",
    b"GET / HTTP/1.1\r\n\r\n",
    OK + b"bad header line\r\n\r\n",
    OK + b"Content-Length: many\r\n\r\n",
    OK + b"Content-Length: -1\r\n\r\n",
    OK + b"Content-Length: 99999999999999999999999999\r\n\r\n",
    OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nOK",
    OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nOK",
    CHUNKED + b"zz\r\nbody\r\n0\r\n\r\n",
    CHUNKED + b"-4\r\nbody\r\n0\r\n\r\n",
    CHUNKED + b"fffffffffffffffffff\r\nbody\r\n0\r\n\r\n",
    CHUNKED + b"4\r\nbodyNO\r\n0\r\n\r\n",
    CHUNKED + b"\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n\r\nraw",
]

CUT_SHORT = [
    b"H",
    b"HTTP/1.1 200 OK\r\nContent-Le",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    OK + b"Content-Length: 10\r\n\r\n",
    OK + b"Content-Length: 10\r\n\r\nhalf",
    OK + b"Content-Length: 9999999\r\n\r\n" + b"x" * 1_000_000,
    CHUNKED,
    CHUNKED + b"4",
    CHUNKED + b"4\r\nbo",
    CHUNKED + b"4\r\nbody\r\n",
    CHUNKED + b"ffffffffffffffff\r\nbody",
    chunked(b"x" * 100_000, end=b"0\r\n"),
]


@pytest.mark.parametrize("data", NOT_HTTP)
def test_what_is_not_http(data: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(data)
        # Stays open: that it is wrong has to be seen from the bytes.
        peer.until_end()

    with FakeEngine(serve) as engine:
        with Transport(engine.address, timeout=Timeout(read=2)) as transport:
            with pytest.raises(ProtocolError):
                transport.call(get())
            with pytest.raises(ProtocolError):
                (transport.open(get())).read()


@pytest.mark.parametrize("data", CUT_SHORT)
def test_what_is_cut_short_is_never_a_clean_end(data: bytes) -> None:
    with FakeEngine(saying(data)) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(ProtocolError, match=r"cut short|broke within"):
                transport.call(get())
            with pytest.raises(ProtocolError, match=r"cut short|broke within"):
                (transport.open(get())).read()


def test_a_connection_that_is_reset_within_a_body() -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(OK + b"Content-Length: 10\r\n\r\nhalf")
        # Closed with bytes unread in it, a TCP socket is reset.
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.sock.close()

    with FakeEngine(serve, tcp=True) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(WharfingerError):
                transport.call(get())


@pytest.mark.parametrize("data", [b"", None])
def test_no_reply_at_all(data: bytes | None) -> None:
    def serve(peer: Peer) -> None:
        if data is not None:
            peer.request()

    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(EngineUnreachable, match="before it replied"):
                transport.call(get())


@pytest.mark.parametrize(
    "start",
    [
        b"",
        OK + b"X: ",
        b"HTTP/1.1 200 ",
        CHUNKED + b"0\r\nX: ",
        CHUNKED + b"4;extension=",
        CHUNKED + b"4\r\nbody\r\n0\r\nX: ",
    ],
)
def test_a_head_or_trailer_without_end_is_bounded(start: bytes) -> None:
    sent = 0

    def serve(peer: Peer) -> None:
        nonlocal sent
        peer.request()
        peer.send(start)
        while True:
            peer.send(b"a" * 10_000)
            sent += 10_000

    with FakeEngine(serve) as engine:
        with Transport(engine.address, timeout=Timeout(total=10)) as transport:
            with pytest.raises(ProtocolError):
                transport.call(get())
    assert sent < 10_000_000


def test_interim_replies_without_end_are_bounded() -> None:
    def serve(peer: Peer) -> None:
        peer.request()
        while True:
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    with FakeEngine(serve) as engine:
        with Transport(engine.address, timeout=Timeout(total=10)) as transport:
            with pytest.raises(ProtocolError, match="exceeds"):
                transport.call(get())


def test_more_headers_than_any_engine_sends() -> None:
    headers = b"".join(b"X-%d: y\r\n" % number for number in range(1000))
    with FakeEngine(saying(OK + headers + b"Content-Length: 0\r\n\r\n")) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(ProtocolError, match="256 headers"):
                transport.call(get())


def test_an_upgrade_that_nobody_asked_for() -> None:
    data = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw"
    with FakeEngine(saying(data)) as engine:
        with Transport(engine.address) as transport:
            with pytest.raises(ProtocolError, match="101"):
                transport.call(get())
            assert "0 in use, 0 idle" in repr(transport)


def test_a_reply_before_it_was_asked_for_is_not_taken_for_the_next() -> None:
    ready = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(reply(b"first"))
        if peer.number == 1:
            peer.send(reply(b"unasked"))
            ready.set()
        peer.request()
        peer.send(reply(b"second"))

    with FakeEngine(serve) as engine:
        with Transport(engine.address) as transport:
            assert (transport.call(get())).content == b"first"
            assert ready.wait(5)
            assert (transport.call(get())).content == b"first"
    assert engine.connections == 2


def test_the_pool_is_sound_after_all_of_it() -> None:
    bad = [*NOT_HTTP, *CUT_SHORT]

    def serve(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.target == "/_ping":
                peer.send(reply())
            else:
                peer.send(bad[int(request.target[1:])])
                return

    with FakeEngine(serve) as engine:
        with Transport(engine.address, max_connections=2, timeout=Timeout(total=5)) as transport:
            for number in range(len(bad)):
                with pytest.raises((ProtocolError, EngineTimeout)):
                    transport.call(operation("GET", f"/{number}"))
            assert (transport.call(get())).content == b"OK"
            assert "0 in use, 1 idle" in repr(transport)
