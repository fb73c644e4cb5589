"""What is measured: each workload, where, how much of it, and how its number is told."""

from __future__ import annotations

from typing import Literal

import attrs

Place = Literal["docker", "podman", "replay", "replay-podman"]

KIB = 1024
DOCKER_PEERS = ("raw", "ours", "ours_async", "ours_plain", "docker_py", "aiodocker_peer", "stock_httpx")
PODMAN_PEERS = ("ours_podman", "ours_podman_async", "podman_py")
PEERS: dict[Place, tuple[str, ...]] = {
    "docker": DOCKER_PEERS,
    "replay": DOCKER_PEERS,
    "podman": PODMAN_PEERS,
    "replay-podman": PODMAN_PEERS,
}
NAMES = {
    "raw": "raw socket",
    "ours": "wharfinger",
    "ours_async": "wharfinger async",
    "ours_plain": "wharfinger, no extra",
    "ours_podman": "wharfinger",
    "ours_podman_async": "wharfinger async",
    "docker_py": "docker-py",
    "aiodocker_peer": "aiodocker",
    "podman_py": "podman-py",
    "stock_httpx": "stock httpx",
}
OURS = ("ours", "ours_async", "ours_podman", "ours_podman_async")
RIVALS = ("docker_py", "aiodocker_peer", "podman_py")


@attrs.frozen
class Goal:
    """How much of the best rival's time ours may take: sync, and async where that differs."""

    sync: float
    of_async: float | None = None


@attrs.frozen
class Workload:
    """One line of the table."""

    key: str
    title: str
    place: Place
    count: int = 1
    # What a unit is, and how many there are in one go; times of "us" and "ms" are each unit's.
    unit: Literal["us", "ms", "MB/s", "/s"] = "ms"
    amount: float = 1
    # What the replay is told to say.
    containers: int = 500
    megabytes: int = 200
    # Bytes of output in each of a log's frames.
    frame: int = 16 * KIB
    goal: Goal | None = None
    # The number to compare, where it is not the time of the whole.
    extra: str | None = None

    @property
    def name(self) -> str:
        """Tells it from all others of its place."""
        return "_".join(
            [self.key, *([self.extra] if self.extra else []), *([f"{self.frame}"] * ("logs" in self.key))]
        )

    def at(self, seconds: float) -> float:
        """The number that is shown."""
        each = seconds / self.amount
        return {"us": each * 1e6, "ms": each * 1e3}.get(self.unit, 1 / each if each else 0.0)


def workloads(share: float) -> list[Workload]:
    """All of them; `share` of the requests and bytes, such as 0.1 for a quick look."""

    def some(number: int, least: int = 1) -> int:
        return max(least, round(number * share))

    def mega(number: int) -> int:
        return max(8, round(number * share / 8) * 8)

    big, tar, short = mega(200), mega(256), mega(40)
    asked = some(400, 20)
    return [
        Workload("ping", "ping, warm", "docker", asked, "us", asked, goal=Goal(0.5, 0.7)),
        Workload("inspect", "inspect", "docker", asked, "us", asked, goal=Goal(0.65)),
        Workload("listing", "list of 500 containers", "replay", 3, "ms", 3, goal=Goal(1.0)),
        Workload("models", "1000 summaries as objects, fields read", "replay", containers=1000),
        Workload("logs_stream", f"logs, {big} MB in frames of 16 KiB", "replay", 1, "MB/s", big * 1.048576,
                 megabytes=big, goal=Goal(0.25)),
        Workload("logs_stream", f"logs, {big} MB in frames of 4 KiB", "replay", 1, "MB/s", big * 1.048576,
                 megabytes=big, frame=4 * KIB, goal=Goal(0.25)),
        Workload("logs_whole", f"logs, {big} MB, in one piece", "replay", 1, "MB/s", big * 1.048576, megabytes=big),
        Workload("logs_short", f"logs, {short} MB in lines of 100 bytes", "replay", 1, "MB/s", short * 1.048576,
                 megabytes=short, goal=Goal(1 / 6)),
        Workload("follow", "a followed line arrives, p50", "replay", 1, "us", 1, extra="p50"),
        Workload("follow", "a followed line arrives, p99", "replay", 1, "us", 1, extra="p99"),
        Workload("exec_round", "a command, there and back", "docker", some(10, 2), "ms", some(10, 2)),
        Workload("exec_output", f"a command's output, {big} MB", "docker", big, "MB/s", big * 1.048576,
                 goal=Goal(1 / 1.05)),
        # To a container that runs cat, which each starts anew: what counts is from the first byte to the end.
        Workload("echo", f"{mega(64)} MB through cat and back, attached", "docker", mega(64), "MB/s",
                 mega(64) * 1.048576, goal=Goal(1 / 1.05), extra="pumped"),
        Workload("archive_get", f"get_archive, {tar} MB", "replay", 1, "MB/s", tar * 1.048576, megabytes=tar,
                 goal=Goal(1 / 1.3)),
        Workload("archive_put", f"put_archive, {tar} MB", "replay", tar, "MB/s", tar * 1.048576, goal=Goal(1 / 1.3)),
        Workload("export", f"export, {tar} MB", "replay", 1, "MB/s", tar * 1.048576, megabytes=tar),
        Workload("stats", "stats readings", "replay", 1, "/s", 2000),
        Workload("events", "events, typed", "replay", 1, "/s", 20_000, goal=Goal(1 / 1.2)),
        Workload("events_raw", "events, as mappings", "replay", 1, "/s", 20_000, goal=Goal(1 / 1.5)),
        Workload("pull", "progress of a pull", "replay", 1, "/s", 20_000),
        Workload("inspect_concurrent", "200 inspects at once", "docker", 200, "ms", 1, goal=Goal(0.6)),
        Workload("follow_many", "500 followed logs of 50 lines", "replay", some(500, 20), "ms", 1),
        Workload("ping", "ping, warm", "podman", asked, "us", asked),
        Workload("inspect", "inspect", "podman", some(100, 10), "us", some(100, 10)),
        Workload("inspect_concurrent", "200 inspects at once", "podman", some(200, 20), "ms", 1),
        Workload("exec_round", "a command, there and back", "podman", some(5, 2), "ms", some(5, 2)),
        Workload("logs_stream", f"logs, {big} MB in frames of 16 KiB", "replay-podman", 1, "MB/s", big * 1.048576,
                 megabytes=big),
        Workload("archive_get", f"get_archive, {tar} MB", "replay-podman", 1, "MB/s", tar * 1.048576, megabytes=tar),
        Workload("archive_put", f"put_archive, {tar} MB", "replay-podman", tar, "MB/s", tar * 1.048576),
        Workload("listing", "list of 500 containers", "replay-podman", 3, "ms", 3),
    ]  # fmt: skip
