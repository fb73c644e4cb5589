"""Ours against a raw socket and against stock httpx, in one run, from a replay server in another process.

    PYTHONPATH=highlevel python -m benchmarks.transport [--requests 3000] [--megabytes 200]

Prints microseconds per warm ping and megabytes per second of a chunked body, and each as a ratio to the raw
socket's. Ratios are what to compare between machines.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from pathlib import Path

import httpx

from wharfinger._async.httpx_door import AsyncHTTPXTransport
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.operation import Operation, Reply
from wharfinger._sync.httpx_door import HTTPXTransport
from wharfinger._sync.transport import Transport
from wharfinger.address import EngineAddress

REQUEST = b"GET %b HTTP/1.1\r\nHost: localhost\r\nUser-Agent: raw\r\n\r\n"
PONG = (
    b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nBuilder-Version: 2\r\nCache-Control: no-cache, no-store, "
    b"must-revalidate\r\nContent-Length: 2\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Docker-Experimental: false\r\nOstype: linux\r\nPragma: no-cache\r\nServer: Docker/28.5\r\nSwarm: inactive\r\n"
    b"Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\nOK"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = 32 * 1024
# Log lines of 100 bytes, as an engine frames and flushes them: a chunk each.
SHORT = 108
BODIES = ("/big", "/short")
BLOCK_MIB = 8
# Stock httpx takes half a minute for 200 MB of short lines: they are a tenth of the body.
SHARE = 10
ROUNDS = 3


def _chunks(size: int, total: int) -> bytes:
    return (b"%x\r\n%b\r\n" % (size, b"x" * size)) * (total // size)


def _serve(path: str, megabytes: int) -> None:
    """Replay: nothing is made while somebody waits."""
    block = BLOCK_MIB * 1024 * 1024
    big, short = _chunks(CHUNK, block), _chunks(SHORT, block)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        while True:
            sock, _ = listener.accept()
            # One at a time is what is measured, but connections stay open meanwhile.
            if os.fork() == 0:
                _answer(sock, megabytes * 1024 * 1024 // block, {b"/big": big, b"/short": short})
                os._exit(0)
            sock.close()


def _answer(sock: socket.socket, repeats: int, blocks: dict[bytes, bytes]) -> None:
    while data := sock.recv(65536):
        target = data.split(b" ", 2)[1]
        if target not in blocks:
            sock.sendall(PONG)
            continue
        sock.sendall(HEAD)
        for _ in range(repeats if target == b"/big" else max(1, repeats // SHARE)):
            sock.sendall(blocks[target])
        sock.sendall(b"0\r\n\r\n")


@contextlib.contextmanager
def replay(megabytes: int) -> Generator[str, None, None]:
    """A replay server on a socket file, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="whb-") as folder:
        path = f"{folder}/s"
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            _serve(path, megabytes)
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        try:
            while not Path(path).exists():
                time.sleep(0.01)
            time.sleep(0.05)
            yield path
        finally:
            os.killpg(child, 9)
            os.waitpid(child, 0)


def _parse(reply: Reply) -> bytes:
    return reply.content


PING = Operation({"method": "GET", "url": "/_ping"}, _parse)


def best(function: Callable[[], float]) -> float:
    """The shortest of a few runs, in seconds: the others were disturbed."""
    return min(function() for _ in range(ROUNDS))


def timed(function: Callable[[], object], count: int = 1) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        for _ in range(count):
            function()
        return time.perf_counter() - start

    return run


async def best_async(function: Callable[[], Awaitable[object]], count: int = 1) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(count):
            await function()
        times.append(time.perf_counter() - start)
    return min(times)


class Raw:
    """What there is beneath everything: send and recv."""

    def __init__(self, path: str) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.buffer = bytearray(256 * 1024)

    def ping(self) -> None:
        self.sock.sendall(REQUEST % b"/_ping")
        self.sock.recv(65536)

    def body(self, target: str) -> None:
        """Bytes as they come; nothing is parsed, only the end is looked for."""
        self.sock.sendall(REQUEST % target.encode())
        while True:
            count = self.sock.recv_into(self.buffer)
            if self.buffer.endswith(b"0\r\n\r\n", 0, count):
                return


def measure_sync(path: str, requests: int) -> dict[str, dict[str, float]]:
    address = EngineAddress(f"unix://{path}", "benchmark")
    found: dict[str, dict[str, float]] = {}
    raw = Raw(path)
    found["raw socket"] = {"ping": best(timed(raw.ping, requests)) / requests}
    for target in BODIES:
        found["raw socket"][target] = best(timed(partial(raw.body, target)))
    raw.sock.close()
    with Transport(address) as transport:

        def stream(target: str) -> None:
            with transport.open(Operation({"method": "GET", "url": target}, _parse)) as opened:
                for _ in opened:
                    pass

        found["ours, direct"] = {
            "ping": best(timed(lambda: transport.call(PING), requests)) / requests,
            **{target: best(timed(partial(stream, target))) for target in BODIES},
        }
        with httpx.Client(transport=HTTPXTransport(transport), base_url="http://engine") as client:
            found["httpx over ours"] = _httpx(client, requests)
    with httpx.Client(transport=httpx.HTTPTransport(uds=path), base_url="http://engine") as client:
        found["stock httpx"] = _httpx(client, requests)
    return found


def _httpx(client: httpx.Client, requests: int) -> dict[str, float]:
    def stream(target: str) -> None:
        with client.stream("GET", target) as response:
            for _ in response.iter_raw():
                pass

    return {
        "ping": best(timed(lambda: client.get("/_ping"), requests)) / requests,
        **{target: best(timed(partial(stream, target))) for target in BODIES},
    }


async def measure_async(path: str, requests: int) -> dict[str, dict[str, float]]:
    address = EngineAddress(f"unix://{path}", "benchmark")
    found: dict[str, dict[str, float]] = {}
    async with AsyncTransport(address) as transport:

        async def stream(target: str) -> None:
            async with await transport.open(Operation({"method": "GET", "url": target}, _parse)) as opened:
                async for _ in opened:
                    pass

        found["ours, direct"] = {
            "ping": await best_async(lambda: transport.call(PING), requests) / requests,
            **{target: await best_async(partial(stream, target)) for target in BODIES},
        }
        async with httpx.AsyncClient(
            transport=AsyncHTTPXTransport(transport), base_url="http://engine"
        ) as client:
            found["httpx over ours"] = await _httpx_async(client, requests)
    stock = httpx.AsyncHTTPTransport(uds=path)
    async with httpx.AsyncClient(transport=stock, base_url="http://engine") as client:
        found["stock httpx"] = await _httpx_async(client, requests)
    return found


async def _httpx_async(client: httpx.AsyncClient, requests: int) -> dict[str, float]:
    async def stream(target: str) -> None:
        async with client.stream("GET", target) as response:
            async for _ in response.aiter_raw():
                pass

    return {
        "ping": await best_async(lambda: client.get("/_ping"), requests) / requests,
        **{target: await best_async(partial(stream, target)) for target in BODIES},
    }


def _sent(target: str, megabytes: int) -> int:
    blocks = megabytes // BLOCK_MIB
    return BLOCK_MIB * (blocks if target == "/big" else max(1, blocks // SHARE))


def _print(title: str, found: dict[str, dict[str, float]], raw: dict[str, float], megabytes: int) -> None:
    print(
        f"\n{title:<18}{'ping':>10}{'ratio':>8}{'32K chunks':>14}{'ratio':>8}{'short lines':>14}{'ratio':>8}"
    )
    for name, times in found.items():
        cells = [f"{times['ping'] * 1e6:8.1f}us{times['ping'] / raw['ping']:8.2f}"]
        cells += [
            f"{_sent(target, megabytes) / times[target]:10.0f}MB/s{times[target] / raw[target]:8.2f}"
            for target in BODIES
        ]
        print(f"{name:<18}{''.join(cells)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--megabytes", type=int, default=200)
    given = parser.parse_args()
    with replay(given.megabytes) as path:
        found = measure_sync(path, given.requests)
        raw = found["raw socket"]
        _print("sync", found, raw, given.megabytes)
        _print("async", asyncio.run(measure_async(path, given.requests)), raw, given.megabytes)


if __name__ == "__main__":
    main()
