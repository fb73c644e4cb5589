"""What is dropped without being closed says so, and leaves no connection behind, wherever it is dropped."""

import gc
import threading
from collections.abc import Callable

import pytest

from tests._async._live import eventually
from tests._async._primitives import AsyncTask, pause
from tests.fake_engine import FakeEngine, Peer, get, operation
from wharfinger import AsyncStream
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.stream_decoders import Given
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


async def opened(transport: AsyncTransport) -> AsyncStream[bytes]:
    return AsyncStream(await transport.open(get()), Given[bytes](bytes))


async def test_a_duplex() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            duplex = await transport.upgrade(operation("POST", "/attach"))
            assert await duplex.receive() == b"hello"
            with pytest.warns(ResourceWarning, match=r"DuplexConnection 101, open> was dropped"):
                del duplex
            await eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


async def test_a_duplex_that_was_closed_or_lost() -> None:
    def leaving(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)

    with FakeEngine(leaving) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(2):
                duplex = await transport.upgrade(operation("POST", "/attach"))
                assert await duplex.receive() + await duplex.receive() == b"hello"
                # Warnings are errors here.
                await duplex.close()
                del duplex
            gc.collect()


async def test_merged_streams() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            merged = AsyncStream.merge(*[await opened(transport) for _ in range(3)])
            assert [await merged.__anext__() for _ in range(3)] == [b"hello"] * 3
            # Their readers wait for more.
            await pause(0.05)
            with pytest.warns(ResourceWarning, match="merged streams were dropped") as told:
                del merged
            assert len(told) == 1
            await eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


async def test_merged_streams_that_were_never_read() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            merged = AsyncStream.merge(*[await opened(transport) for _ in range(3)])
            with pytest.warns(ResourceWarning, match="ByteStream 200, open> was dropped") as told:
                del merged
            assert len(told) == 3
            await eventually(lambda: engine.open == 0)


async def test_merged_streams_that_have_ended_or_failed() -> None:
    def cutting(peer: Peer) -> None:
        peer.request()
        peer.send(CHUNKED + (b"0\r\n\r\n" if peer.number == 1 else b""))

    with FakeEngine(cutting) as engine:
        async with AsyncTransport(engine.address) as transport:
            merged = AsyncStream.merge(await opened(transport))
            assert [value async for value in merged] == [b"hello"]
            # Warnings are errors here.
            del merged
            merged = AsyncStream.merge(await opened(transport))
            assert await merged.__anext__() == b"hello"
            with pytest.raises(ProtocolError):
                await merged.__anext__()
            del merged
            gc.collect()


async def test_in_another_thread() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            merged = AsyncStream.merge(await opened(transport), await opened(transport))
            assert await merged.__anext__() == b"hello"
            held = [await opened(transport), await transport.upgrade(operation("POST", "/")), merged]
            del merged
            with pytest.warns(ResourceWarning, match="dropped") as told:
                in_a_thread(held.clear)
            assert len(told) == 3
            await eventually(lambda: engine.open == 0)
            assert "0 in use, 0 idle" in repr(transport)


async def test_one_that_is_being_read_is_not_dropped() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            merged = AsyncStream.merge(await opened(transport))
            assert await merged.__anext__() == b"hello"
            reading = AsyncTask(merged.__anext__)
            kept = merged.close
            del merged
            gc.collect()
            with pytest.raises(TimeoutError):
                await reading.result(0.1)
            await kept()
