"""Keywords of pods and of Kubernetes' YAML, in all the forms that people write, and the numbers in pods' stats."""

from collections import UserDict, UserList
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wharfinger._core import pod_facts
from wharfinger._core.kube_options import (
    GenerateKubeOptions,
    PlayOptions,
    SystemdOptions,
    generate_options,
    kube_text,
    play_options,
    systemd_options,
)
from wharfinger._core.pod_options import PodOptions, libpod_pod, pod_spec
from wharfinger._core.stream_decoders import Reports
from wharfinger.errors import NotSupported, ProtocolError
from wharfinger.types import LogFrame, PodStats, PortBinding, RestartPolicy, VolumeBind

NEW = (5, 8, 2)


def body(**options: Any) -> dict[str, Any]:
    given: PodOptions = options  # type: ignore[assignment]  # what is wrong is tried, too
    return libpod_pod(pod_spec(None, given), NEW)


CASES: list[Any] = [
    ({}, {}),
    ({"labels": ["a=b"]}, {"labels": {"a": "b"}}),
    ({"mem_limit": "1m"}, {"resource_limits": {"memory": {"limit": 1 << 20}, "cpu": {}}}),
    ({"cpu_shares": 2}, {"resource_limits": {"cpu": {"shares": 2}}}),
    ({"devices": ["/dev/a:/dev/b:r"]}, {"pod_devices": ["/dev/a:/dev/b:r"]}),
    ({"devices": ["/dev/a"]}, {"pod_devices": ["/dev/a:/dev/a:rwm"]}),
    ({"security_opt": ["label=disable"]}, {"security_opt": ["label=disable"]}),
    (
        {"restart_policy": RestartPolicy("on-failure", 2)},
        {"restart_policy": "on-failure", "restart_tries": 2},
    ),
    ({"shm_size_systemd": "2k"}, {"shm_size_systemd": 2048}),
    ({"infra_command": "/pause -v"}, {"infra_command": ["/pause", "-v"]}),
    ({"hosts_file": "none"}, {"hostsFile": "none"}),
    ({"service_container_id": "a"}, {"serviceContainerID": "a"}),
    ({"idmappings": {"HostUIDMapping": True}}, {"idmappings": {"HostUIDMapping": True}}),
    ({"overlay_volumes": [{"source": "/a"}]}, {"overlay_volumes": [{"source": "/a"}]}),
    ({"share_parent": False, "no_infra": None}, {"share_parent": False}),
    (
        {"volumes": [VolumeBind(target="/a", source="v")]},
        {"volumes": [{"Name": "v", "Dest": "/a", "Options": []}]},
    ),
    (
        {"ports": [PortBinding(container_port=80, host_port=8080)]},
        {"portmappings": [{"container_port": 80, "host_port": 8080, "protocol": "tcp"}]},
    ),
    (
        {"network_mode": "slirp4netns:mtu=1", "network_options": {"slirp4netns": ["b=c"]}},
        {"netns": {"nsmode": "slirp4netns"}, "network_options": {"slirp4netns": ["mtu=1", "b=c"]}},
    ),
]


@pytest.mark.parametrize(("options", "expected"), CASES)
def test_what_a_pod_is_made_of(options: dict[str, Any], expected: dict[str, Any]) -> None:
    assert body(**options) == expected


def test_every_keyword_has_a_place() -> None:
    """None is left unread: each is refused where its value is nothing that any of them takes."""
    for name in PodOptions.__annotations__:
        with pytest.raises((TypeError, ValueError)):
            body(**{name: object()})


@pytest.mark.parametrize("name", ["command", "image", "auto_remove", "privileged", "pod"])
def test_what_containers_alone_have(name: str) -> None:
    with pytest.raises(TypeError, match=f"unknown option '{name}' of pods.create"):
        body(**{name: "a"})


def test_links_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(NotSupported, match="links"):
        body(networks={"a": {"links": ["b:c"]}})


def test_yaml_of_anything() -> None:
    assert kube_text("a: b") == kube_text(b"a: b") == b"a: b"
    odd = UserDict({"kind": "Pod", "spec": UserDict({"containers": UserList([{"name": "a"}])})})
    assert kube_text(odd) == b'{"kind": "Pod", "spec": {"containers": [{"name": "a"}]}}'
    assert kube_text(({"kind": "A"}, {"kind": "B"})) == b'{"kind": "A"}\n---\n{"kind": "B"}'
    for wrong in (None, 5, object(), {1: "a"}, [5], {"kind": "Pod", "a": {1, 2}}):
        with pytest.raises(TypeError):
            kube_text(wrong)


def test_options_of_yaml_and_units() -> None:
    play: PlayOptions = {"network": "host", "log_options": {"a": "b"}, "annotations": ["c=d"], "start": False}
    assert play_options(play) == {
        "network": ("host",),
        "log_options": ["a=b"],
        "annotations": {"c": "d"},
        "start": False,
    }
    assert play_options({"auth_config": {"username": "a"}}) == {}
    generate: GenerateKubeOptions = {"type": "deployment", "replicas": 2}
    assert generate_options(generate) == {"type_": "deployment", "replicas": 2}
    units: SystemdOptions = {
        "stop_timeout": timedelta(minutes=1),
        "wants": "a",
        "additional_env_variables": {"A": "b"},
    }
    assert systemd_options(units) == {
        "stop_timeout": 60,
        "wants": ("a",),
        "additional_env_variables": ["A=b"],
    }
    for kind, read in ((PlayOptions, play_options), (SystemdOptions, systemd_options)):
        for name in kind.__annotations__.keys() - {"auth_config"}:
            reader: Any = read
            with pytest.raises((TypeError, ValueError)):
                reader({name: object()})
    for wrong in ({"type": "cron"}, {"replicas": 0, "type": "deployment"}, {"replicas": 1}):
        with pytest.raises(ValueError, match="expected"):
            generate_options(wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_numbers_of_stats() -> None:
    told = {
        "CPU": "2.5%",
        "Mem": "1.25%",
        "MemUsageBytes": "240KiB / 23.5GiB",
        "NetIO": "516B / 1.626kB",
        "BlockIO": "1MB / 0B",
        "PIDS": "3",
        "Pod": "81426f6f396b",
        "CID": "17d2b26c0257",
        "Name": "a",
    }
    found = PodStats(told)
    assert (found.cpu_percent, found.memory_percent, found.pids) == (2.5, 1.25, 3)
    assert (found.memory_usage, found.memory_limit) == (240 * 1024, int(23.5 * 1024**3))
    assert (found.network_rx_bytes, found.network_tx_bytes) == (516, 1626)
    assert (found.block_read_bytes, found.block_write_bytes) == (1_000_000, 0)
    old = PodStats(told, sent_first=True)
    assert (old.network_rx_bytes, old.network_tx_bytes) == (1626, 516)
    assert (dict(found), len(found), found.attrs) == (told, 9, told)
    assert "a of 81426f6f396b" in repr(found)
    nothing = PodStats({"CPU": "--", "MemUsageBytes": "-- / --", "PIDS": "--", "Mem": "?"})
    assert (nothing.running, nothing.cpu_percent, nothing.memory_usage, nothing.memory_percent) == (
        False,
        None,
        None,
        None,
    )
    assert PodStats({"PIDS": "1", "CPU": "--"}).cpu_percent is None


def test_lists_that_flow() -> None:
    decoder = Reports[int](lambda one: one["a"])
    assert decoder.feed(b'[{"a": 1}, {"a"') == []
    assert decoder.feed(b': 2}]\n[{"a": 3}]\n') == [1, 2, 3]
    assert decoder.finish() == []
    cut = Reports[int](int)
    cut.feed(b"[1")
    with pytest.raises(ProtocolError):
        cut.finish()


def test_lines_in_the_order_of_their_times() -> None:
    def frame(text: bytes, second: int | None) -> LogFrame:
        return LogFrame(
            "stdout", text, None if second is None else datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)
        )

    found = [("a", frame(b"1", 3)), ("a", frame(b"2", None)), ("b", frame(b"3", 2)), ("b", frame(b"4", 3))]
    assert [one.data for _, one in pod_facts.by_time(found)] == [b"3", b"1", b"2", b"4"]
