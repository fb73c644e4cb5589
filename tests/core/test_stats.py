"""Readings of what containers use: the numbers that the engines' own programs make of the same JSON."""

import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.stats import LibpodReadings, LibpodStats, Readings, Reports, lacks_start
from wharfinger._core.stream_decoders import JSONValues
from wharfinger.errors import ProtocolError, StreamError
from wharfinger.types import ContainerStats

NEVER = "0001-01-01T00:00:00Z"


def docker(second: int = 1, *, used: int = 2_863_550_025, **memory: Any) -> dict[str, Any]:
    """As Docker 20.10 told it of a busy container on two processors, with cgroups of the first kind."""
    detail = memory.pop("stats", {"inactive_file": 819_200, "total_inactive_file": 819_200})
    return {
        "read": f"2026-11-22T04:29:{27 + second:02}.218665737Z",
        "preread": f"2026-11-22T04:29:{26 + second:02}.218665737Z",
        "pids_stats": {"current": 3},
        "blkio_stats": {
            "io_service_bytes_recursive": [
                {"major": 8, "minor": 0, "op": "Read", "value": 100 * second},
                {"major": 8, "minor": 0, "op": "Write", "value": 1000 * second},
                {"major": 8, "minor": 16, "op": "read", "value": 1},
                {"major": 8, "minor": 16, "op": "Sync", "value": 7},
            ]
        },
        "cpu_stats": {
            "cpu_usage": {"total_usage": used, "percpu_usage": [1_145_427_626, 1_718_122_399]},
            "system_cpu_usage": 23_767_010_000_000,
            "online_cpus": 2,
        },
        "precpu_stats": {
            "cpu_usage": {"total_usage": 2_139_132_267},
            "system_cpu_usage": 23_765_000_000_000,
            "online_cpus": 2,
        },
        "memory_stats": {"usage": 24_031_232, "stats": detail, "limit": 25_276_502_016},
        "name": "/busy",
        "id": "9be1" * 16,
        "networks": {
            "eth0": {"rx_bytes": 700 * second, "tx_bytes": 40},
            "eth1": {"rx_bytes": 36, "tx_bytes": 2 * second},
        },
    }


def podman(read: str, preread: str, cpu: float, precpu: float) -> dict[str, Any]:
    """As Podman 4.3 tells it of one container."""
    return {
        "read": f"2026-11-22T04:32:{read}Z",
        "preread": NEVER if preread == NEVER else f"2026-11-22T04:32:{preread}Z",
        "pids_stats": {"current": 1},
        "blkio_stats": {"io_service_bytes_recursive": []},
        "cpu_stats": {
            "cpu_usage": {"total_usage": 6_000_000_000, "percpu_usage": [1, 2]},
            "system_cpu_usage": 9_489_086_125_791,
            "online_cpus": 2,
            "cpu": cpu,
        },
        "precpu_stats": {"cpu_usage": {"total_usage": 5}, "system_cpu_usage": 9, "cpu": precpu},
        "memory_stats": {"usage": 23_830_528, "limit": 25_276_502_016},
        "name": "busy",
        "Id": "b0f0" * 16,
        "networks": {"network": {"rx_bytes": 866, "tx_bytes": 2030}},
    }


def together(name: str = "a", at: float = 1000.0, **values: Any) -> dict[str, Any]:
    """As Podman 4.3 tells it of many."""
    return {
        "AvgCPU": 84.5,
        "ContainerID": name * 64,
        "Name": name,
        "PerCPU": [1, 2],
        "CPU": 84.5,
        "CPUNano": 151_505_994_461,
        "CPUSystemNano": 267_986_723,
        "SystemNano": int(at * 1e9),
        "MemUsage": 23_830_528,
        "MemLimit": 25_276_502_016,
        "MemPerc": 0.09427937451517342,
        "NetInput": 866,
        "NetOutput": 2030,
        "BlockInput": 5,
        "BlockOutput": 6,
        "PIDs": 1,
        **values,
    }


def report(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"Error": None, "Stats": [*entries]}


ENDED: dict[str, Any] = {
    "SystemNano": 0,
    "CPUNano": 0,
    "CPU": 0,
    "PIDs": 0,
    "PerCPU": None,
    "MemUsage": 0,
    "MemLimit": 0,
}


def test_a_reading_of_docker() -> None:
    found = ContainerStats(docker())
    assert (found.id, found.name, found.pids, found.online_cpus) == ("9be1" * 16, "busy", 3, 2)
    assert found.running
    assert found.read == datetime(2026, 11, 22, 4, 29, 28, 218665, UTC)
    # What its own program makes of these numbers: busy for 724 ms of the 2.01 s that two processors had.
    assert found.cpu_percent == pytest.approx((2_863_550_025 - 2_139_132_267) / 2_010_000_000 * 2 * 100)
    assert found.cpu_total_ns == 2_863_550_025
    assert found.memory_usage == 24_031_232 - 819_200
    assert found.memory_limit == 25_276_502_016
    assert found.memory_percent == pytest.approx((24_031_232 - 819_200) / 25_276_502_016 * 100)
    assert (found.network_rx_bytes, found.network_tx_bytes) == (736, 42)
    assert (found.block_read_bytes, found.block_write_bytes) == (101, 1000)
    assert "busy" in repr(found)


def test_it_is_the_engines_json() -> None:
    raw = docker()
    found = ContainerStats(raw)
    assert found["memory_stats"]["usage"] == 24_031_232
    assert dict(found) == found.attrs == raw
    assert "networks" in found
    assert len(found) == len(raw)
    assert found == ContainerStats(docker())
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(TypeError):
        found["name"] = "other"  # type: ignore[index]  # pyright: ignore[reportIndexIssue] - wrong on purpose


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"inactive_file": 1000}, 24_031_232 - 1000),
        ({"inactive_file": 1, "total_inactive_file": 2000}, 24_031_232 - 2000),
        # More than there is: both were not measured at the same moment.
        ({"inactive_file": 99_000_000}, 24_031_232),
        ({}, 24_031_232),
        (None, 24_031_232),
    ],
)
def test_memory_without_what_can_be_dropped(detail: dict[str, int] | None, expected: int) -> None:
    assert ContainerStats(docker(stats=detail)).memory_usage == expected


def test_nothing_to_compare_with() -> None:
    raw = docker()
    raw["precpu_stats"] = {"cpu_usage": {"total_usage": 0}, "throttling_data": {}}
    found = ContainerStats(raw)
    assert found.cpu_percent is None
    assert found.network_rx_rate is found.network_tx_rate is None
    assert found.block_read_rate is found.block_write_rate is None
    assert "cpu ?" in repr(found)


def test_a_processor_at_rest() -> None:
    assert ContainerStats(docker(used=2_139_132_267)).cpu_percent == 0.0


def test_processors_that_are_not_counted() -> None:
    raw = docker()
    del raw["cpu_stats"]["online_cpus"]
    assert ContainerStats(raw).online_cpus == 2
    del raw["cpu_stats"]["cpu_usage"]["percpu_usage"]
    assert ContainerStats(raw).online_cpus is None
    assert ContainerStats(raw).cpu_percent == pytest.approx(724_417_758 / 2_010_000_000 * 100)


def test_a_container_that_does_not_run() -> None:
    # As Docker tells it.
    found = ContainerStats(
        {
            "read": NEVER,
            "preread": NEVER,
            "pids_stats": {},
            "blkio_stats": {"io_service_bytes_recursive": None},
            "cpu_stats": {"cpu_usage": {"total_usage": 0}},
            "precpu_stats": {"cpu_usage": {"total_usage": 0}},
            "memory_stats": {},
            "name": "/ended",
            "id": "c" * 64,
        }
    )
    assert not found.running
    assert found.read is None
    assert (found.cpu_percent, found.memory_usage, found.memory_percent, found.pids) == (0.0, 0, 0.0, 0)
    assert (found.network_rx_bytes, found.block_read_bytes) == (0, 0)


def test_rates() -> None:
    read = Readings()
    first, second, third = read(docker(1)), read(docker(3)), read(docker(4))
    assert first.network_rx_rate is None
    assert (second.network_rx_rate, second.network_tx_rate) == (700, 2)
    assert (second.block_read_rate, second.block_write_rate) == (100, 1000)
    assert third.network_rx_rate == 700
    # Counted from nothing again, and the same moment again.
    assert read({**docker(5), "networks": {}}).network_rx_rate is None
    assert read(docker(5)).network_tx_rate is None


def test_a_stream_of_podman() -> None:
    # Two measurements at once: it is the first of them that tells the share since the start.
    first = ContainerStats(podman("23.582580669", "23.578109862", 0, 84.456))
    assert first.cpu_percent == 84.456
    assert ContainerStats(podman("28.585890325", "23.582580669", 99.477, 0)).cpu_percent == 99.477
    assert (first.name, first.id, first.memory_usage) == ("busy", "b0f0" * 16, 23_830_528)
    assert (first.network_rx_bytes, first.network_tx_bytes) == (866, 2030)


def test_one_reading_of_podman() -> None:
    raw = podman("30.0", NEVER, 0, 0)
    assert lacks_start(raw)
    assert not lacks_start(docker())
    started = datetime(2026, 11, 22, 4, 32, 20, tzinfo=UTC)
    assert ContainerStats(raw, started=started).cpu_percent == pytest.approx(60)
    assert ContainerStats(raw).cpu_percent is None
    assert ContainerStats(raw, started=started.replace(hour=5)).cpu_percent is None
    assert ContainerStats({**raw, "read": NEVER}).cpu_percent == 0.0


def test_podman_of_many() -> None:
    found = LibpodStats(together())
    assert (found.id, found.name, found.online_cpus, found.pids) == ("a" * 64, "a", 2, 1)
    assert found.read == datetime.fromtimestamp(1000, UTC)
    assert found.cpu_percent == 84.5
    assert found.memory_percent == pytest.approx(found["MemPerc"])
    assert (found.network_rx_bytes, found.network_tx_bytes) == (866, 2030)
    assert (found.block_read_bytes, found.block_write_bytes) == (5, 6)
    assert found.network_rx_rate is None
    # Podman 5 tells of each interface.
    newer = together(Network={"eth0": {"RxBytes": 3, "TxBytes": 1}, "eth1": {"RxBytes": 4, "TxBytes": 1}})
    del newer["NetInput"], newer["NetOutput"]
    assert (LibpodStats(newer).network_rx_bytes, LibpodStats(newer).network_tx_bytes) == (7, 2)


def test_podman_of_many_again() -> None:
    readings = LibpodReadings(named=True)
    readings.of_report(report(together("a", 1000.0, CPUNano=10**9), together("b", 1000.0)))
    a, b = readings.of_report(
        report(together("a", 1002.0, CPUNano=2 * 10**9, NetInput=1066), together("b", 1002.0, CPUNano=1))
    )
    assert a.cpu_percent == pytest.approx(50)
    assert a.network_rx_rate == 100
    # Started anew meanwhile: as Podman tells it.
    assert b.cpu_percent == 84.5


def test_who_has_ended_is_not_told_of_again() -> None:
    readings = LibpodReadings(named=True)
    assert [one.name for one in readings.of_report(report(together("a"), together("b", **ENDED)))] == ["a"]
    assert not readings.over
    assert [one.name for one in readings.of_report(report(together("a"), together("b")))] == ["a"]
    assert readings.of_report(report(together("a", **ENDED), together("b"))) == []
    assert readings.over
    unnamed = LibpodReadings(named=False)
    assert unnamed.of_report(report(together("a", **ENDED))) == []
    assert unnamed.of_report({"Error": None, "Stats": None}) == []
    assert not unnamed.over
    assert [one.name for one in unnamed.of_report(report(together("a")))] == ["a"]


@given(st.lists(st.integers(0, 3000), max_size=6))
def test_reports_for_any_chunks(places: list[int]) -> None:
    told = [report(together("a", 1.0), together("b", 2.0)), report(together("a", 3.0))]
    data = "\n".join(map(json.dumps, told)).encode()
    reports = Reports(LibpodReadings(named=True))
    found: list[ContainerStats] = []
    for start, end in zip([0, *sorted(places)], [*sorted(places), len(data)], strict=True):
        found += reports.feed(data[start:end])
    assert [one.name for one in [*found, *reports.finish()]] == ["a", "b", "a"]


def test_a_report_that_failed_comes_after_those_before() -> None:
    reports = Reports(LibpodReadings(named=True))
    data = json.dumps(report(together("a"))) + json.dumps({"Error": {}, "Stats": None})
    assert [one.name for one in reports.feed(data.encode())] == ["a"]
    with pytest.raises(StreamError, match="does not say why"):
        reports.feed(b"")
    with pytest.raises(StreamError):
        reports.finish()


def test_a_report_that_is_cut_short() -> None:
    reports = Reports(LibpodReadings(named=True))
    assert reports.feed(b'{"Error": null, "Stats": [') == []
    with pytest.raises(ProtocolError):
        reports.finish()
    one = JSONValues(Readings())
    one.feed(json.dumps(docker()).encode()[:-5])
    with pytest.raises(ProtocolError):
        one.finish()
