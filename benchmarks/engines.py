"""The engines that are measured on, and what they said, for the replay."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Generator
from typing import Any

import attrs

from benchmarks.replay import Samples
from tests.engines.harness import TEST_IMAGE, Engine, Lab
from tests.engines.harness.engine import EngineName

CONTAINER = "wharfinger-bench"
# Gives back what it is sent, and ends with its input.
ECHO = f"{CONTAINER}-echo"


@attrs.frozen
class Measured:
    """A real engine with a running container in it."""

    engine: Engine
    samples: Samples

    @property
    def title(self) -> str:
        return f"{self.engine.name} {self.engine.version}"


def _ask(path: str, target: str) -> bytes:
    """A whole reply, as it came."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(path)
        sock.sendall(f"GET {target} HTTP/1.0\r\nHost: bench\r\n\r\n".encode())
        found = b""
        while data := sock.recv(65536):
            found += data
    return found


def _said(path: str, target: str) -> Any:
    body = _ask(path, target).partition(b"\r\n\r\n")[2]
    return json.loads(body)


def _event(path: str, target: str) -> Any:
    """What was told of the container last."""
    body = _ask(path, target).partition(b"\r\n\r\n")[2]
    return [one for one in map(json.loads, body.splitlines()) if CONTAINER in json.dumps(one)][-1]


def record(engine: Engine) -> Samples:
    """Ask it for one of each."""
    path = str(engine.socket)
    api = "" if engine.name == "docker" else f"/v{engine.libpod_version}/libpod"
    listed = _said(path, f"{api}/containers/json?all=1")
    stats = f"/containers/{CONTAINER}/stats?stream=0" if engine.name == "docker" else "/version"
    head, _, body = _ask(path, f"{api}/_ping").partition(b"\r\n\r\n")
    lines = [
        line
        for line in head.split(b"\r\n")[1:]
        if not line.lower().startswith((b"connection", b"content-length"))
    ]
    return Samples(
        ping=b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"Content-Length: %d" % len(body)])
        + b"\r\n\r\n"
        + body,
        version=_said(path, f"{api}/version"),
        summary=next(one for one in listed if f"{CONTAINER}" in str(one["Names"])),
        details=_said(path, f"{api}/containers/{CONTAINER}/json"),
        stats=_said(path, stats),
        event=_event(
            path, f"{api}/events?since=0&" + ("stream=false" if api else f"until={int(time.time()) + 1}")
        ),
    )


@contextlib.contextmanager
def engines(suite: str | None) -> Generator[dict[EngineName, Measured], None, None]:
    """Both, of this machine's release or of another one's."""
    lab = Lab(environment={"WHARFINGER_TEST_SUITE": suite} if suite else None)
    try:
        found: dict[EngineName, Measured] = {}
        for name in ("docker", "podman"):
            engine = lab.engine(name)
            engine.cli("run", "--detach", "--name", CONTAINER, TEST_IMAGE, "sleep", "100000")
            # A log of it, written beside, would be what is measured.
            engine.cli("create", "--interactive", "--log-driver=none", "--name", ECHO, TEST_IMAGE, "cat")
            found[name] = Measured(engine, record(engine))
        yield found
        for one in found.values():
            one.engine.cli("rm", "--force", CONTAINER, ECHO)
    finally:
        lab.close()
