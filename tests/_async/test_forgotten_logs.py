"""A log that its engine forgets to end, which a real one does only when it is asked for just as its container ends."""

import json
import struct
import threading

import pytest

from tests.fake_engine import FakeEngine, Peer, chunked, reply
from wharfinger import AsyncDockerClient
from wharfinger._core import resumption

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SILENCE = 0.2


def line(number: int) -> bytes:
    data = b"2026-01-01T00:00:0%d.000000001Z line %d\n" % (number, number)
    return struct.pack(">BxxxI", 1, len(data)) + data


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Forgetful:
    """Knows one container that has two lines in its log.

    Args:
        ends_after: How often it is said to run, before it is said to have ended.
        faults: How often the engine fails to say how it is.
        speaks: Whether the first reply, which does not end, goes on when that was asked.
    """

    def __init__(self, *, ends_after: int, faults: int = 0, speaks: bool = False) -> None:
        self._runs = ends_after
        self._faults = faults
        self._speaks = speaks
        self._asked = threading.Event()
        self.looks = 0
        self.opened = 0

    def __call__(self, peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.target.endswith("/c/json"):
                peer.send(self._look())
            elif self.opened:
                self.opened += 1
                peer.send(chunked(line(1), line(2)))
            else:
                self.opened += 1
                peer.send(CHUNKED + chunk(line(1)))
                if self._speaks:
                    self._asked.wait(10)
                    peer.send(chunk(line(2)) + b"0\r\n\r\n")

    def _look(self) -> bytes:
        self.looks += 1
        # The first look is that of get().
        if self.looks > 1:
            self._asked.set()
            if self._faults:
                self._faults -= 1
                return reply(b'{"message": "just starting"}', "503 Service Unavailable")
        ended = self.looks > self._runs
        state = {"Status": "exited" if ended else "running", "Running": not ended, "FinishedAt": "x"}
        return reply(json.dumps({"Id": "c", "Config": {"Tty": False}, "State": state}).encode())


async def read(engine: Forgetful, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    monkeypatch.setattr(resumption, "FIRST_PAUSE", 0.01)
    with FakeEngine(engine) as fake:
        async with AsyncDockerClient(fake.address.url, version="1.41") as client:
            container = await client.containers.get("c")
            async with await container.logs(stream=True, lines=True, resume=True) as log:
                return [frame.data async for frame in log]


@pytest.fixture(autouse=True)
def short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wharfinger._async.resuming.SILENCE", SILENCE)


@pytest.mark.parametrize("faults", [0, 2])
async def test_the_end_is_found(monkeypatch: pytest.MonkeyPatch, faults: int) -> None:
    engine = Forgetful(ends_after=1, faults=faults)
    assert await read(engine, monkeypatch) == [b"line 1\n", b"line 2\n"]
    # The end of what was opened after the container's end is the log's: it is asked for twice.
    assert engine.opened == 3
    assert engine.looks == 4 + faults


async def test_one_that_runs_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Forgetful(ends_after=2, speaks=True)
    assert await read(engine, monkeypatch) == [b"line 1\n", b"line 2\n"]
    assert engine.opened == 2
    # By get, in the silence, and at the end of either reply.
    assert engine.looks == 4
