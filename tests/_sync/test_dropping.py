# Derived from tests/_async/test_dropping.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What is dropped without being closed says so, and leaves no connection behind, wherever it is dropped."""

import gc
import threading
from collections.abc import Callable

import pytest

from tests._sync._live import eventually
from tests._sync._primitives import Task, pause
from tests.fake_engine import FakeEngine, Peer, get, operation
from wharfinger import Stream
from wharfinger._core.stream_decoders import Given
from wharfinger._sync.transport import Transport
from wharfinger.errors import ProtocolError

UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


def talking(peer: Peer) -> None:
    request = peer.request()
    peer.send(UPGRADED if request and request.method == "POST" else CHUNKED)
    peer.until_end()


def in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def opened(transport: Transport) -> Stream[bytes]:
    return Stream(transport.open(get()), Given[bytes](bytes))


def test_a_duplex() -> None:
    with FakeEngine(talking) as engine:
        with Transport(engine.address) as transport:
            duplex = transport.upgrade(operation("POST", "/attach"))
            assert duplex.receive() == b"hello"
            with pytest.warns(ResourceWarning, match=r"DuplexConnection 101, open> was dropped"):
                del duplex
            eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


def test_a_duplex_that_was_closed_or_lost() -> None:
    def leaving(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)

    with FakeEngine(leaving) as engine:
        with Transport(engine.address) as transport:
            for _ in range(2):
                duplex = transport.upgrade(operation("POST", "/attach"))
                assert duplex.receive() + duplex.receive() == b"hello"
                # Warnings are errors here.
                duplex.close()
                del duplex
            gc.collect()


def test_merged_streams() -> None:
    with FakeEngine(talking) as engine:
        with Transport(engine.address) as transport:
            merged = Stream.merge(*[opened(transport) for _ in range(3)])
            assert [merged.__next__() for _ in range(3)] == [b"hello"] * 3
            # Their readers wait for more.
            pause(0.05)
            with pytest.warns(ResourceWarning, match="merged streams were dropped") as told:
                del merged
            assert len(told) == 1
            eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


def test_merged_streams_that_were_never_read() -> None:
    with FakeEngine(talking) as engine:
        with Transport(engine.address) as transport:
            merged = Stream.merge(*[opened(transport) for _ in range(3)])
            with pytest.warns(ResourceWarning, match="ByteStream 200, open> was dropped") as told:
                del merged
            assert len(told) == 3
            eventually(lambda: engine.open == 0)


def test_merged_streams_that_have_ended_or_failed() -> None:
    def cutting(peer: Peer) -> None:
        peer.request()
        peer.send(CHUNKED + (b"0\r\n\r\n" if peer.number == 1 else b""))

    with FakeEngine(cutting) as engine:
        with Transport(engine.address) as transport:
            merged = Stream.merge(opened(transport))
            assert list(merged) == [b"hello"]
            # Warnings are errors here.
            del merged
            merged = Stream.merge(opened(transport))
            assert merged.__next__() == b"hello"
            with pytest.raises(ProtocolError):
                merged.__next__()
            del merged
            gc.collect()


def test_in_another_thread() -> None:
    with FakeEngine(talking) as engine:
        with Transport(engine.address) as transport:
            merged = Stream.merge(opened(transport), opened(transport))
            assert merged.__next__() == b"hello"
            held = [opened(transport), transport.upgrade(operation("POST", "/")), merged]
            del merged
            with pytest.warns(ResourceWarning, match="dropped") as told:
                in_a_thread(held.clear)
            assert len(told) == 3
            eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


def test_one_that_is_being_read_is_not_dropped() -> None:
    with FakeEngine(talking) as engine:
        with Transport(engine.address) as transport:
            merged = Stream.merge(opened(transport))
            assert merged.__next__() == b"hello"
            reading = Task(merged.__next__)
            kept = merged.close
            del merged
            gc.collect()
            with pytest.raises(TimeoutError):
                reading.result(0.1)
            kept()
