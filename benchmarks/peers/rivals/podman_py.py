"""podman-py, by its documentation."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import podman

from benchmarks.timing import big_tar


def drained(found: Iterable[Any]) -> None:
    for _ in found:
        pass


class Peer:
    def __init__(self, address: str, container: str) -> None:
        self.client = podman.PodmanClient(base_url=address, max_pool_size=600)
        self.container = self.client.containers.get(container)
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
        # It gives pieces here, too.
        b"".join(self.container.logs())

    def inspect_concurrent(self, count: int) -> None:
        with ThreadPoolExecutor(32) as pool:
            for made in [pool.submit(self.container.inspect) for _ in range(count)]:
                made.result()

    def exec_round(self, count: int) -> None:
        for _ in range(count):
            self.container.exec_run("true")

    def exec_output(self, count: int) -> None:
        _, output = self.container.exec_run(f"dd if=/dev/zero bs=1M count={count}", stderr=False, stream=True)
        drained(output)

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

    def events(self, _count: int) -> None:
        drained(self.client.events(since=0, decode=True))

    events_raw = events
