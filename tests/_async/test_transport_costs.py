"""What a request asks of the system, by counts: they hold what speed was won by."""

import sys
from collections import Counter
from types import FrameType
from typing import Any

from tests.fake_engine import FakeEngine, Peer, answering, operation, reply
from wharfinger._async.transport import AsyncTransport

ROUNDS = 10
MIB = 1024 * 1024


class Calls:
    """Counts what this thread calls, by name."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()

    def _note(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            self.of[called.__qualname__] += 1
        elif event == "call":
            self.of[frame.f_code.co_name] += 1

    def __enter__(self) -> Counter[str]:
        sys.setprofile(self._note)
        return self.of

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


async def test_a_warm_request_takes_few_calls_of_the_system() -> None:
    with FakeEngine(answering(lambda _: reply(b"{}"))) as engine:
        async with AsyncTransport(engine.address) as transport:
            await transport.call(operation("GET", "/x"))
            with Calls() as calls:
                for _ in range(ROUNDS):
                    await transport.call(operation("GET", "/x"))
    assert engine.connections == 1
    assert calls["socket.send"] == ROUNDS
    # Whether the engine has left meanwhile.
    assert calls["poll.poll"] == ROUNDS
    # None is in vain; those of a loop itself are not seen here.
    assert calls["socket.recv_into"] <= ROUNDS
    assert calls["socket.recv"] == calls["socket.setsockopt"] == 0
    # One timer for all of them, and that is from the first.
    assert calls["call_at"] + calls["call_later"] == 0


async def test_a_long_body_is_sent_without_a_wait_for_each_part() -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.take(16 * MIB)
        peer.send(reply(b"done"))

    with FakeEngine(serve) as engine:
        async with AsyncTransport(engine.address) as transport:
            with Calls() as calls:
                await transport.call(operation("PUT", "/x", content=bytes(16 * MIB)))
    # For each MiB once, and a coroutine that has waited is entered anew.
    assert calls["send_watching"] <= 2 * 16
    assert calls["_wait_sent"] <= 2 * 16
