"""The floor: a socket, the requests as bytes, and nothing decoded that need not be."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Any

from benchmarks.timing import spread

END = b"0\r\n\r\n"
ECHO_BLOCK = bytes(64 * 1024)


class Wire:
    """One connection."""

    def __init__(self, path: str) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.buffer = bytearray(256 * 1024)

    def ask(self, method: str, target: str, headers: str = "", body: bytes = b"") -> None:
        head = f"{method} {target} HTTP/1.1\r\nHost: raw\r\n{headers}\r\n"
        self.sock.sendall(head.encode() + body)

    def post(self, target: str, value: object, headers: str = "") -> None:
        body = json.dumps(value).encode()
        self.ask(
            "POST",
            target,
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}",
            body,
        )

    def body(self) -> bytes:
        """A whole reply's body."""
        data = self.sock.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self.sock.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        lowered = head.lower()
        if b"content-length:" in lowered:
            length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += self.sock.recv(65536)
            return body
        pieces = [body]
        while not pieces[-1].endswith(END):
            pieces.append(self.sock.recv(1 << 20))
        return dechunked(b"".join(pieces))

    def drain(self) -> None:
        """A reply read to its end, and not kept."""
        while count := self.sock.recv_into(self.buffer):
            if self.buffer.endswith(END, 0, count):
                return


def dechunked(data: bytes) -> bytes:
    found: list[bytes] = []
    place = 0
    while True:
        end = data.index(b"\r\n", place)
        size = int(data[place:end], 16)
        if not size:
            return b"".join(found)
        found.append(data[end + 2 : end + 2 + size])
        place = end + size + 4


class Peer:
    """One connection, and as many more as a workload is about."""

    def __init__(self, address: str, container: str) -> None:
        self.path = address.removeprefix("unix://")
        self.container = container
        self.wire = Wire(self.path)

    def close(self) -> None:
        self.wire.sock.close()

    def ping(self, count: int) -> None:
        for _ in range(count):
            self.wire.ask("GET", "/_ping")
            self.wire.body()

    def inspect(self, count: int) -> None:
        for _ in range(count):
            self._inspect(self.wire)

    def _inspect(self, wire: Wire) -> Any:
        wire.ask("GET", f"/containers/{self.container}/json")
        return json.loads(wire.body())

    def listing(self, count: int) -> None:
        for _ in range(count):
            self.wire.ask("GET", "/containers/json?all=1")
            json.loads(self.wire.body())

    models = listing

    def _drained(self, target: str, method: str = "GET") -> None:
        self.wire.ask(method, target)
        self.wire.drain()

    def logs_stream(self, _count: int) -> None:
        self._drained("/containers/c/logs?stdout=1")

    def logs_whole(self, _count: int) -> None:
        self.wire.ask("GET", "/containers/c/logs?stdout=1")
        pieces: list[bytes] = []
        while not pieces or not pieces[-1].endswith(END):
            pieces.append(self.wire.sock.recv(1 << 20))
        b"".join(pieces)

    def logs_short(self, _count: int) -> None:
        self._drained("/containers/short/logs?stdout=1")

    def follow(self, _count: int) -> dict[str, float]:
        delays: list[float] = []
        self.wire.ask("GET", "/containers/follow/logs?stdout=1&follow=1")
        while not (data := self.wire.sock.recv(65536)).endswith(END):
            now = time.monotonic_ns()
            # The last of them, behind the head of its frame; there may be none yet.
            line = data.rsplit(b"\r\n", 2)[-2][8:]
            if line[:-1].isdigit():
                delays.append((now - int(line)) / 1e9)
        return spread(delays)

    def _each(self, count: int, work: Any) -> None:
        wires = [Wire(self.path) for _ in range(count)]
        threads = [threading.Thread(target=work, args=(wire,)) for wire in wires]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for wire in wires:
            wire.sock.close()

    def follow_many(self, count: int) -> None:
        def followed(wire: Wire) -> None:
            wire.ask("GET", "/containers/follow/logs?stdout=1&follow=1")
            wire.drain()

        self._each(count, followed)

    def inspect_concurrent(self, count: int) -> None:
        # One after the other on a handful of connections: what is asked at once is answered one by one.
        def some(wire: Wire) -> None:
            for _ in range(count // 8):
                self._inspect(wire)

        self._each(8, some)

    def _exec(self, command: list[str]) -> str:
        asked = {"AttachStdout": True, "AttachStdin": False, "Cmd": command}
        self.wire.post(f"/containers/{self.container}/exec", asked)
        return str(json.loads(self.wire.body())["Id"])

    def exec_round(self, count: int) -> None:
        for _ in range(count):
            self._run(["true"])

    def exec_output(self, count: int) -> None:
        self._run(["dd", "if=/dev/zero", "bs=1M", f"count={count}"])

    def _run(self, command: list[str]) -> None:
        name = self._exec(command)
        wire = Wire(self.path)
        wire.post(f"/exec/{name}/start", {"Detach": False}, "Connection: Upgrade\r\nUpgrade: tcp\r\n")
        while wire.sock.recv_into(wire.buffer):
            pass
        wire.sock.close()
        self.wire.ask("GET", f"/exec/{name}/json")
        json.loads(self.wire.body())

    def echo(self, count: int) -> dict[str, float]:
        cat = f"/containers/{self.container}-echo"
        # Nothing is left of a reply without a body but its head.
        self.wire.ask("POST", f"{cat}/start", "Content-Length: 0\r\n")
        self.wire.sock.recv_into(self.wire.buffer)
        wire = Wire(self.path)
        wire.ask("POST", f"{cat}/attach?stream=1&stdin=1&stdout=1", "Connection: Upgrade\r\nUpgrade: tcp\r\n")
        wire.sock.recv_into(wire.buffer)
        begin = time.perf_counter()
        writer = threading.Thread(target=self._feed, args=(wire, count))
        writer.start()
        left = count * 1024 * 1024
        while left:
            size = int.from_bytes(wire.sock.recv(8, socket.MSG_WAITALL)[4:], "big")
            left -= size
            wire.sock.recv_into(wire.buffer, size, socket.MSG_WAITALL)
        pumped = time.perf_counter() - begin
        writer.join()
        wire.sock.shutdown(socket.SHUT_WR)
        wire.drain()
        wire.sock.close()
        self.wire.ask("POST", f"{cat}/wait", "Content-Length: 0\r\n")
        self.wire.body()
        return {"pumped": pumped}

    def _feed(self, wire: Wire, count: int) -> None:
        for _ in range(count * 16):
            wire.sock.sendall(ECHO_BLOCK)

    def archive_get(self, _count: int) -> None:
        self._drained("/containers/c/archive?path=/x")

    def export(self, _count: int) -> None:
        self._drained("/containers/c/export")

    def archive_put(self, count: int) -> None:
        size = count * 1024 * 1024
        self.wire.ask("PUT", "/containers/c/archive?path=/", f"Content-Length: {size}\r\n")
        block = bytes(1024 * 1024)
        for _ in range(count):
            self.wire.sock.sendall(block)
        self.wire.body()

    def stats(self, _count: int) -> None:
        self._values("/containers/c/stats")

    def events(self, _count: int) -> None:
        self._values("/events")

    events_raw = events

    def pull(self, _count: int) -> None:
        self._values("/images/create?fromImage=bench&tag=latest", "POST")

    def _values(self, target: str, method: str = "GET") -> None:
        """Values a line each, decoded as they come."""
        self.wire.ask(method, target)
        reader = self.wire.sock.makefile("rb")
        while reader.readline() != b"\r\n":
            pass
        while size := int(reader.readline(), 16):
            json.loads(reader.read(size))
            reader.read(2)
        reader.readline()
