"""Wharfinger, as its users call it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.timing import big_tar, spread
from wharfinger import DockerClient, PodmanClient

ECHO_BLOCK = bytes(64 * 1024)


def drained(found: Iterable[Any]) -> None:
    for _ in found:
        pass


class Peer:
    """A client of one engine, or of the replay of one."""

    engine: type[DockerClient | PodmanClient] = DockerClient

    def __init__(self, address: str, container: str) -> None:
        self.client = self.engine(address)
        self.container = self.client.containers.get(container)
        self.named = {name: self.client.containers.container(name) for name in ("c", "short", "follow")}
        self.tar: Path | None = None

    def close(self) -> None:
        self.client.close()

    def ping(self, count: int) -> None:
        for _ in range(count):
            self.client.ping()

    def inspect(self, count: int) -> None:
        for _ in range(count):
            self.container.inspect()

    def listing(self, count: int) -> None:
        for _ in range(count):
            self.client.containers.list(all=True)

    def models(self, _count: int) -> None:
        for one in self.client.containers.list(all=True):
            _ = (one.id, one.name, one.status, one.labels, one.ports, one.created)

    def logs_stream(self, _count: int) -> None:
        with self.container.logs(stream=True, follow=False) as output:
            drained(output)

    def logs_whole(self, _count: int) -> None:
        self.container.logs()

    def prepare_logs_short(self, _count: int) -> None:
        self.short = self.client.containers.get("short")
        self.short.attrs["Id"] = "short"

    def logs_short(self, _count: int) -> None:
        with self.short.logs(stream=True, follow=False) as output:
            drained(output)

    def prepare_follow(self, _count: int) -> None:
        self.followed = self.client.containers.get("follow")
        self.followed.attrs["Id"] = "follow"

    prepare_follow_many = prepare_follow

    def follow(self, _count: int) -> dict[str, float]:
        with self.followed.logs(stream=True) as output:
            return spread([(time.monotonic_ns() - int(line)) / 1e9 for line in output])

    def _each(self, count: int, work: Callable[[], object]) -> None:
        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def follow_many(self, count: int) -> None:
        def one() -> None:
            with self.followed.logs(stream=True) as output:
                drained(output)

        self._each(count, one)

    def inspect_concurrent(self, count: int) -> None:
        with ThreadPoolExecutor(32) as pool:
            for made in [pool.submit(self.container.inspect) for _ in range(count)]:
                made.result()

    def exec_round(self, count: int) -> None:
        for _ in range(count):
            self.container.exec_run("true")

    def exec_output(self, count: int) -> None:
        run = self.container.exec_run(f"dd if=/dev/zero bs=1M count={count}", stderr=False, stream=True)
        drained(run.output)

    def prepare_echo(self, _count: int) -> None:
        self.cat = self.client.containers.get(f"{self.container.name}-echo")

    def echo(self, count: int) -> dict[str, float]:
        self.cat.start()
        with self.cat.attach(stdin=True, stderr=False) as both:
            begin = time.perf_counter()
            writer = threading.Thread(target=self._feed, args=(both, count))
            writer.start()
            left = count * 1024 * 1024
            while left:
                left -= len(next(both).data)
            pumped = time.perf_counter() - begin
            writer.join()
            both.close_stdin()
            drained(both)
        self.cat.wait()
        return {"pumped": pumped}

    def _feed(self, both: Any, count: int) -> None:
        for _ in range(count * 16):
            both.send(ECHO_BLOCK)

    def archive_get(self, _count: int) -> None:
        tar, _ = self.container.get_archive("/x")
        with tar:
            drained(tar)

    def export(self, _count: int) -> None:
        with self.container.export() as tar:
            drained(tar)

    def prepare_archive_put(self, count: int) -> None:
        self.tar = big_tar(count)

    def archive_put(self, _count: int) -> None:
        assert self.tar is not None
        with self.tar.open("rb") as tar:
            self.container.put_archive("/", tar)

    def stats(self, _count: int) -> None:
        with self.container.stats() as readings:
            for reading in readings:
                _ = (reading.cpu_percent, reading.memory_percent)

    def events(self, _count: int) -> None:
        with self.client.events(since=0) as found:
            for event in found:
                _ = (event.type, event.action, event.time, event.id)

    def events_raw(self, _count: int) -> None:
        with self.client.events(since=0) as found:
            drained(found)

    def pull(self, _count: int) -> None:
        with self.client.images.pull("bench", "latest", stream=True) as progress:
            drained(progress)
