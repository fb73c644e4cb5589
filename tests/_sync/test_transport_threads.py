"""Many threads on one transport, and forks. There is no such thing in asyncio: not derived."""

import os
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fake_engine import FakeEngine, Peer, Request, answering, chunked, get, operation, reply
from wharfinger import Stream
from wharfinger._core.stream_decoders import Given
from wharfinger._sync.transport import Transport
from wharfinger.errors import ClosedError


def test_sixty_four_threads() -> None:
    def answer(request: Request) -> bytes:
        if request.method == "POST":
            return reply(request.body)
        return chunked(request.target.encode(), b"x" * 5000)

    def use(number: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for turn in range(20):
            target = f"/{number}/{turn}"
            assert transport.call(get(target)).content == target.encode() + b"x" * 5000
            data = target.encode() * 100
            assert transport.call(operation("POST", "/x", content=data)).content == data
            with transport.open(get(target)) as stream:
                assert stream.read().startswith(target.encode() + b"x")
            seen["done"] += 1
        return seen

    with (
        FakeEngine(answering(answer)) as engine,
        Transport(engine.address, max_connections=10) as transport,
        ThreadPoolExecutor(64) as threads,
    ):
        total = sum(threads.map(use, range(64)), Counter[str]())
        assert total["done"] == 64 * 20
        assert "0 in use" in repr(transport)
        idle = re.search(r"(\d+) idle", repr(transport))
        assert idle is not None
        assert int(idle[1]) <= 10


def test_a_child_of_a_fork_does_not_touch_its_parents_connections() -> None:
    def serve(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(reply(b"%d" % peer.number))

    with FakeEngine(serve) as engine, Transport(engine.address) as transport:
        assert transport.call(get()).content == b"1"
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if transport.call(get()).content == b"2" else 3
                transport.close()
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert transport.call(get()).content == b"1"


def test_what_a_child_of_a_fork_drops_goes_on_in_its_parent() -> None:
    more = threading.Event()

    def serve(peer: Peer) -> None:
        request = peer.request()
        begin = b"101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp"
        upgrade = request is not None and request.method == "POST"
        peer.send(b"HTTP/1.1 " + (begin if upgrade else b"200 OK") + b"\r\n\r\none")
        more.wait(20)
        peer.send(b"two")
        peer.until_end()

    with FakeEngine(serve) as engine, Transport(engine.address) as transport:
        streams = [Stream(transport.open(get()), Given[bytes](bytes)) for _ in range(2)]
        held: list[Any] = [streams[0], transport.upgrade(operation("POST", "/")), Stream.merge(streams[1])]
        streams.clear()
        reads = [held[0].__next__, held[1].receive, held[2].__next__]
        assert [read() for read in reads] == [b"one"] * 3
        child = os.fork()
        if child == 0:
            status = 1
            try:
                reads.clear()
                with pytest.warns(ResourceWarning, match="dropped") as told:
                    held.clear()
                status = 0 if len(told) == 3 else 3
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert engine.open == 3
        more.set()
        assert [read() for read in reads] == [b"two"] * 3
        for one in held:
            one.close()


def test_closing_while_threads_come_and_go() -> None:
    with FakeEngine(answering(lambda _: reply())) as engine:
        for _ in range(20):
            transport = Transport(engine.address, max_connections=4)
            start = threading.Barrier(9)
            with ThreadPoolExecutor(8) as threads:
                using = [threads.submit(_use_until_closed, transport, start) for _ in range(8)]
                start.wait()
                transport.close()
                for future in using:
                    future.result(5)


def _use_until_closed(transport: Transport, start: threading.Barrier) -> None:
    start.wait()
    with pytest.raises(ClosedError):
        _use(transport)


def _use(transport: Transport) -> None:
    while True:
        transport.call(get())
