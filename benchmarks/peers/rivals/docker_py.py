"""docker-py, by its documentation."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
from docker.utils.socket import frames_iter

from benchmarks.timing import big_tar, shares, spread

ECHO_BLOCK = bytes(64 * 1024)


def drained(found: Iterable[Any]) -> None:
    for _ in found:
        pass


class Peer:
    def __init__(self, address: str, container: str) -> None:
        # As many connections as it may be asked to use at once.
        self.client = docker.DockerClient(base_url=address, max_pool_size=600)
        self.container = self.client.containers.get(container)
        self.tar: Path | None = None

    def close(self) -> None:
        self.client.close()

    def ping(self, count: int) -> None:
        for _ in range(count):
            self.client.ping()

    def inspect(self, count: int) -> None:
        for _ in range(count):
            self.client.api.inspect_container(self.container.id)

    def listing(self, count: int) -> None:
        for _ in range(count):
            self.client.containers.list(all=True)

    def models(self, _count: int) -> None:
        for one in self.client.containers.list(all=True, sparse=True):
            _ = (
                one.id,
                one.attrs["Names"],
                one.attrs["State"],
                one.attrs["Labels"],
                one.attrs["Ports"],
                one.attrs["Created"],
            )

    def logs_stream(self, _count: int) -> None:
        drained(self.container.logs(stream=True, follow=False))

    def logs_whole(self, _count: int) -> None:
        self.container.logs()

    def logs_short(self, _count: int) -> None:
        drained(self.client.api.logs("short", stream=True, follow=False))

    def follow(self, _count: int) -> dict[str, float]:
        output = self.client.api.logs("follow", stream=True, follow=True)
        return spread([(time.monotonic_ns() - int(line)) / 1e9 for line in output])

    def _each(self, count: int, work: Callable[[], object]) -> None:
        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def follow_many(self, count: int) -> None:
        self._each(count, lambda: drained(self.client.api.logs("follow", stream=True, follow=True)))

    def inspect_concurrent(self, count: int) -> None:
        with ThreadPoolExecutor(32) as pool:
            for made in [
                pool.submit(self.client.api.inspect_container, self.container.id) for _ in range(count)
            ]:
                made.result()

    def exec_round(self, count: int) -> None:
        for _ in range(count):
            self.container.exec_run("true")

    def exec_output(self, count: int) -> None:
        found = self.container.exec_run(f"dd if=/dev/zero bs=1M count={count}", stderr=False, stream=True)
        drained(found.output)

    def prepare_echo(self, _count: int) -> None:
        self.cat = self.client.containers.get(f"{self.container.name}-echo")

    def echo(self, count: int) -> dict[str, float]:
        self.cat.start()
        sock = self.cat.attach_socket(params={"stream": 1, "stdin": 1, "stdout": 1})
        raw = sock._sock  # The object itself can only be read.
        begin = time.perf_counter()
        writer = threading.Thread(target=self._feed, args=(raw, count))
        writer.start()
        left = count * 1024 * 1024
        frames = frames_iter(sock, tty=False)
        while left:
            left -= len(next(frames)[1])
        pumped = time.perf_counter() - begin
        writer.join()
        raw.shutdown(socket.SHUT_WR)
        sock.close()
        self.cat.wait()
        return {"pumped": pumped}

    def _feed(self, raw: Any, count: int) -> None:
        for _ in range(count * 16):
            raw.sendall(ECHO_BLOCK)

    def archive_get(self, _count: int) -> None:
        tar, _ = self.container.get_archive("/x")
        drained(tar)

    def export(self, _count: int) -> None:
        drained(self.container.export())

    def prepare_archive_put(self, count: int) -> None:
        self.tar = big_tar(count)

    def archive_put(self, _count: int) -> None:
        with self.tar.open("rb") as tar:
            self.container.put_archive("/", tar)

    def stats(self, _count: int) -> None:
        for reading in self.container.stats(stream=True, decode=True):
            shares(reading)

    def events(self, _count: int) -> None:
        drained(self.client.events(since=0, decode=True))

    events_raw = events

    def pull(self, _count: int) -> None:
        drained(self.client.api.pull("bench", "latest", stream=True, decode=True))
