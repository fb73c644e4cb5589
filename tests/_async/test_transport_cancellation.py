"""Tasks that are cancelled leave the pool sound. There is no such thing without tasks: not derived."""

import asyncio
import contextlib
import os
import random
import socket
import time
from typing import Any

import pytest

from tests.fake_engine import FakeEngine, Peer, chunked, get, operation, reply
from wharfinger import AsyncStream
from wharfinger._async.channel import AsyncPlainChannel
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.operation import Operation, Reply
from wharfinger._core.stream_decoders import Given
from wharfinger._core.timeouts import Timeout


def serve(peer: Peer) -> None:
    rng = random.Random(peer.number)
    while (request := peer.request()) is not None:
        data = {"/ping": reply(), "/big": reply(b"x" * 500_000), "/chunks": chunked(*[b"y" * 999] * 50)}
        data["/load"] = data["/ping"]
        answer = data[request.target]
        middle = rng.randrange(len(answer))
        peer.send(answer[:middle])
        if rng.random() < 0.3:
            os.sched_yield()
        peer.send(answer[middle:])


async def _requests(transport: AsyncTransport, rng: random.Random, end: float) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < end:
        kind = rng.choice(["/ping", "/big", "/chunks", "/load"])
        op = operation("POST", kind, content=b"x" * 300_000) if kind == "/load" else get(kind)
        task = asyncio.create_task(_use(transport, op, rng.random() < 0.3))
        done, _ = await asyncio.wait([task], timeout=rng.random() * 0.01)
        if not done:
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            assert await task in (b"OK", b"x" * 500_000, b"y" * 999 * 50)


async def _use(transport: AsyncTransport, op: Operation[Reply], stream: bool) -> bytes:
    if stream:
        async with await transport.open(op) as opened:
            return await opened.read()
    return (await transport.call(op)).content


async def test_twenty_tasks_cancelled_at_random_on_a_pool_of_ten() -> None:
    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address, max_connections=10) as transport:
            await transport.call(get("/ping"))
            end = asyncio.get_running_loop().time() + 5
            rngs = [random.Random(number) for number in range(20)]
            await asyncio.gather(*[_requests(transport, rng, end) for rng in rngs])
            assert "0 in use" in repr(transport)
            # All ten places are there: ten requests at once, and one more.
            limit = Timeout(connect=5)
            answers = await asyncio.gather(*[transport.call(get("/ping"), timeout=limit) for _ in range(11)])
            assert [answer.content for answer in answers] == [b"OK"] * 11
            assert "0 in use" in repr(transport)


async def test_a_task_cancelled_while_it_waits_for_a_place() -> None:
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(peer: Peer) -> None:
        while peer.request() is not None:
            asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)
            peer.send(reply())

    with FakeEngine(slow) as engine:
        async with AsyncTransport(engine.address, max_connections=1) as transport:
            first = asyncio.create_task(transport.call(get()))
            waiting = [asyncio.create_task(transport.call(get())) for _ in range(5)]
            await asyncio.sleep(0.05)
            for task in waiting[::2]:
                task.cancel()
            go.set()
            await asyncio.gather(first, *waiting, return_exceptions=True)
            assert [task.cancelled() for task in waiting] == [True, False, True, False, True]
            # The one place is there, and only one.
            first = asyncio.create_task(transport.call(get()))
            await asyncio.sleep(0)
            assert (await transport.call(get(), timeout=Timeout(connect=5))).content == b"OK"
            await first


@pytest.mark.parametrize("turns", range(5))
async def test_a_read_that_is_cancelled_loses_nothing(turns: int) -> None:
    """wait_for(receive) is what people write; what came in that moment belongs to the next receive."""
    ours, theirs = socket.socketpair()
    with theirs:
        channel = AsyncPlainChannel(ours)
        task = asyncio.create_task(channel.receive(100, None))
        await asyncio.sleep(0)
        theirs.send(b"precious")
        # Two turns on, the loop has read the bytes and the task has not yet got them.
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            assert await task == b"precious"
            theirs.send(b"more")
        again = await channel.receive(4, 1)
        assert again in (b"prec", b"more")
        if again == b"prec":
            assert await channel.receive(100, 1) == b"ious"
        channel.close()


def test_one_transport_in_two_event_loops_one_after_the_other() -> None:
    with FakeEngine(serve) as engine:
        transport = AsyncTransport(engine.address)

        async def ping() -> bytes:
            return (await transport.call(get("/ping"))).content

        assert asyncio.run(ping()) == b"OK"
        assert asyncio.run(ping()) == b"OK"
        asyncio.run(transport.close())


@pytest.mark.parametrize("number", [50])
async def test_many_tasks_at_once(number: int) -> None:
    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address, max_connections=8) as transport:
            answers = await asyncio.gather(*[transport.call(get("/ping")) for _ in range(number)])
            assert {answer.content for answer in answers} == {b"OK"}
    assert engine.connections <= 8


def talking(peer: Peer) -> None:
    request = peer.request()
    upgraded = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
    peer.send((upgraded if request and request.method == "POST" else b"HTTP/1.1 200 OK\r\n\r\n") + b"one")
    while data := peer.sock.recv(100):
        peer.send(data)


async def _opened(transport: AsyncTransport) -> list[Any]:
    streams = [AsyncStream(await transport.open(get()), Given[bytes](bytes)) for _ in range(2)]
    duplex = await transport.upgrade(operation("POST", "/"))
    merged = AsyncStream.merge(streams[1])
    assert [await streams[0].__anext__(), await duplex.receive(), await merged.__anext__()] == [b"one"] * 3
    return [streams[0], duplex, merged]


def test_what_is_dropped_after_its_loop_was_closed() -> None:
    with FakeEngine(talking) as engine:
        transport = AsyncTransport(engine.address)
        held = asyncio.run(_opened(transport))
        with pytest.warns(ResourceWarning) as told:
            held.clear()
        said = sorted(str(one.message).split(" without")[0] for one in told)
        stream = "<AsyncByteStream 200, open> was dropped"
        duplex = "<AsyncDuplexConnection 101, open> was dropped"
        assert said == [stream, stream, duplex, "merged streams were dropped"]
        end = time.monotonic() + 20
        while engine.open:
            assert time.monotonic() < end
            time.sleep(0.01)


async def test_what_a_child_of_a_fork_drops_goes_on_in_its_parent() -> None:
    with FakeEngine(talking) as engine:
        async with AsyncTransport(engine.address) as transport:
            held = await _opened(transport)
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    with pytest.warns(ResourceWarning, match="dropped") as told:
                        held.clear()
                    status = 0 if len(told) == 3 else 3
                finally:
                    os._exit(status)
            _, status = await asyncio.to_thread(os.waitpid, child, 0)
            assert os.waitstatus_to_exitcode(status) == 0
            # Time for whatever the child may have told this loop.
            await asyncio.sleep(0.05)
            assert engine.open == 3
            await held[1].send(b"two")
            assert await held[1].receive() == b"two"
            for one in held:
                await one.close()
