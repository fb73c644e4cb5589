"""Answers like an engine, from bytes made beforehand, in a process of its own: what is measured is the client."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import socket
import struct
import tempfile
import time
from collections.abc import Generator
from typing import Any

import attrs

BLOCK = 8 * 1024 * 1024
LINE, PIECE = 100, 32 * 1024
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n%bTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
_VERSION = re.compile(r"^/v[\d.]+(?=/)")


@attrs.frozen
class Samples:
    """What a real engine said, to be said again."""

    ping: bytes
    version: dict[str, Any]
    summary: dict[str, Any]
    details: dict[str, Any]
    stats: dict[str, Any]
    event: dict[str, Any]


@attrs.frozen
class Script:
    """How much of each is said."""

    samples: Samples
    containers: int = 500
    megabytes: int = 200
    frame: int = 16 * 1024
    values: int = 20_000
    lines: int = 1000
    pause: float = 0.0005


def frame(data: bytes) -> bytes:
    return struct.pack(">BxxxI", 1, len(data)) + data


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


class Block:
    """Bytes that are sent again and again, from a file in memory: the kernel has not to copy them each time.

    Else this would take as long as the fastest client does, and be what is measured.
    """

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        self._file = os.memfd_create("block")
        with open(self._file, "wb", closefd=False) as file:
            file.write(data)

    def send(self, sock: socket.socket) -> None:
        sent = 0
        while sent < self._size:
            sent += os.sendfile(sock.fileno(), self._file, sent, self._size - sent)


class Replay:
    """The answers, each made once."""

    def __init__(self, script: Script) -> None:
        self._script = script
        said = script.samples
        whole = script.megabytes * 1024 * 1024
        block = min(BLOCK, whole)
        self._repeats = whole // block
        self._frames = Block(chunk(frame(b"x" * (script.frame - 1) + b"\n")) * (block // script.frame))
        self._short = Block(chunk(frame(b"x" * (LINE - 1) + b"\n")) * (block // LINE))
        self._bytes = Block(chunk(bytes(PIECE)) * (block // PIECE))
        listed = [said.summary | {"Id": f"{number:064x}"} for number in range(script.containers)]
        self._plain = {
            "/_ping": said.ping,
            "/version": _json(said.version),
            "/containers/json": _json(listed),
        }
        self._details = _json(said.details)
        self._values = {
            "stats": self._many(said.stats, script.values // 10),
            "events": self._many(said.event, script.values),
            "create": self._many(_PROGRESS, script.values) + chunk(json.dumps(_PULLED).encode() + b"\r\n"),
        }

    def _many(self, value: dict[str, Any], count: int) -> bytes:
        return chunk(json.dumps(value).encode() + b"\n") * count

    def answer(self, sock: socket.socket) -> None:
        """Serve one connection until the client leaves."""
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                data = sock.recv(65536)
                if not data:
                    return
                pending += data
            head, _, pending = pending.partition(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            path = _VERSION.sub("", target.partition("?")[0]).removeprefix("/libpod")
            if method == "PUT":
                self._swallow(sock, head, pending)
                pending = b""
            else:
                self._reply(sock, path, head=method == "HEAD")

    def _reply(self, sock: socket.socket, path: str, *, head: bool) -> None:
        last = path.rsplit("/", 1)[-1]
        if path in self._plain:
            sock.sendall(self._plain[path])
        elif last == "logs":
            self._logs(sock, path)
        elif last in ("archive", "export"):
            sock.sendall(CHUNKED % (b"application/x-tar", _STAT))
            if not head:
                self._send(sock, self._bytes)
        elif last in self._values:
            sock.sendall(CHUNKED % (b"application/json", b"") + self._values[last] + END)
        else:
            sock.sendall(self._details)

    def _logs(self, sock: socket.socket, path: str) -> None:
        sock.sendall(CHUNKED % (b"application/vnd.docker.multiplexed-stream", b""))
        if "/follow" in path:
            for _ in range(self._script.lines):
                # Now and then, so that the reader waits for each.
                time.sleep(self._script.pause)
                sock.sendall(chunk(frame(b"%d\n" % time.monotonic_ns())))
            sock.sendall(END)
        else:
            self._send(sock, self._short if "/short" in path else self._frames)

    def _send(self, sock: socket.socket, block: Block) -> None:
        for _ in range(self._repeats):
            block.send(sock)
        sock.sendall(END)

    def _swallow(self, sock: socket.socket, head: bytes, first: bytes) -> None:
        """Take a body whole; of a chunked one only the end is looked for."""
        told = re.search(rb"(?i)content-length: *(\d+)", head)
        left = int(told[1]) - len(first) if told else None
        tail = first[-5:]
        buffer = bytearray(1024 * 1024)
        while left != 0 if left is not None else tail != END:
            count = sock.recv_into(buffer)
            if not count:
                return
            if left is not None:
                left -= count
            tail = (tail + buffer[max(0, count - 5) : count])[-5:]
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


_PROGRESS = {
    "status": "Downloading",
    "progressDetail": {"current": 33554432, "total": 104857600},
    "progress": "[================>                                  ]  33.55MB/104.9MB",
    "id": "a3ed95caeb02",
}
_PULLED = {"status": "Status: Downloaded newer image for bench:latest"}
_STAT = (
    b"X-Docker-Container-Path-Stat: "
    + base64.b64encode(
        json.dumps(
            {"name": "x", "size": 1, "mode": 420, "mtime": "2024-01-01T00:00:00Z", "linkTarget": ""}
        ).encode()
    )
    + b"\r\n"
)


def _serve(listener: socket.socket, script: Script) -> None:
    replay = Replay(script)
    while True:
        sock, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            with contextlib.suppress(OSError):
                replay.answer(sock)
            os._exit(0)
        sock.close()


@contextlib.contextmanager
def replaying(script: Script) -> Generator[str, None, None]:
    """The server in a process of its own: gives the path of its socket."""
    with tempfile.TemporaryDirectory(prefix="whb-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = f"{folder}/s"
        listener.bind(path)
        listener.listen(1024)
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            _serve(listener, script)
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        try:
            yield path
        finally:
            os.killpg(child, 9)
            os.waitpid(child, 0)
