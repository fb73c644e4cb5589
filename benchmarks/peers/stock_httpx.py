"""httpx as it comes, for what the generated bindings alone would cost."""

from __future__ import annotations

import httpx


class Peer:
    """One client over a socket file."""

    def __init__(self, address: str, container: str) -> None:
        door = httpx.HTTPTransport(uds=address.removeprefix("unix://"))
        self.client = httpx.Client(transport=door, base_url="http://engine")
        self.container = container

    def close(self) -> None:
        self.client.close()

    def ping(self, count: int) -> None:
        for _ in range(count):
            self.client.get("/_ping")

    def inspect(self, count: int) -> None:
        for _ in range(count):
            self.client.get(f"/containers/{self.container}/json").json()

    def _drained(self, target: str) -> None:
        with self.client.stream("GET", target, timeout=None) as reply:
            for _ in reply.iter_raw():
                pass

    def logs_stream(self, _count: int) -> None:
        self._drained("/containers/c/logs?stdout=1")

    def logs_short(self, _count: int) -> None:
        self._drained("/containers/short/logs?stdout=1")

    def archive_get(self, _count: int) -> None:
        self._drained("/containers/c/archive?path=/x")
