"""What is read out of a container's JSON, whichever engine and request it came from."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core import container_facts as facts

DOCKER_INSPECT: dict[str, Any] = {
    "Id": "ab12",
    "Name": "/web",
    "Created": "2024-01-02T03:04:05.678901234Z",
    "State": {
        "Status": "exited",
        "ExitCode": 3,
        "StartedAt": "2024-01-02T03:04:06Z",
        "Health": {"Status": "unhealthy"},
    },
    "Config": {"Image": "app:1", "Tty": False, "Labels": {"a": "b"}},
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "81/tcp": None}},
}
DOCKER_SUMMARY: dict[str, Any] = {
    "Id": "ab12",
    "Names": ["/web"],
    "Image": "app:1",
    "Created": 1_704_164_645,
    "State": "exited",
    "Status": "Exited (3) 2 minutes ago",
    "Labels": {"a": "b"},
    "Ports": [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        {"PrivatePort": 81, "Type": "tcp"},
    ],
}
PODMAN_SUMMARY: dict[str, Any] = {
    "Id": "ab12",
    "Names": ["web"],
    "Image": "app:1",
    "Created": "2024-01-02T03:04:05.678901234Z",
    "StartedAt": 1_704_164_646,
    "State": "exited",
    "ExitCode": 3,
    "Status": "",
    "Labels": {"a": "b"},
    "Ports": [{"host_ip": "0.0.0.0", "container_port": 80, "host_port": 8080, "range": 1, "protocol": "tcp"}],
}
ALL = [DOCKER_INSPECT, DOCKER_SUMMARY, PODMAN_SUMMARY]
NEVER = "0001-01-01T00:00:00Z"


@pytest.mark.parametrize("attrs", ALL, ids=["docker", "docker summary", "podman summary"])
def test_the_same_facts_from_every_source(attrs: dict[str, Any]) -> None:
    assert facts.container_id(attrs) == "ab12"
    assert (facts.name(attrs), facts.status(attrs), facts.image(attrs)) == ("web", "exited", "app:1")
    assert (facts.labels(attrs), facts.exit_code(attrs)) == ({"a": "b"}, 3)
    assert facts.ports(attrs)["80/tcp"] == [{"HostIp": "0.0.0.0", "HostPort": "8080"}]
    created = facts.created(attrs)
    assert created
    assert created.replace(microsecond=0) == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_what_only_some_tell() -> None:
    assert facts.health(DOCKER_INSPECT) == "unhealthy"
    assert facts.health({"State": {"Healthcheck": {"Status": ""}}}) is None
    assert [facts.tty(attrs) for attrs in ALL] == [False, None, None]
    assert facts.started_at(PODMAN_SUMMARY) == facts.started_at(DOCKER_INSPECT)
    assert facts.ports(DOCKER_INSPECT)["81/tcp"] is None
    assert facts.ports(DOCKER_SUMMARY)["81/tcp"] is None


@pytest.mark.parametrize("state", ["created", "running", "paused"])
def test_no_exit_code_before_the_end(state: str) -> None:
    assert facts.exit_code({"State": {"Status": state, "ExitCode": 0}}) is None
    assert facts.exit_code({"State": state, "ExitCode": 0}) is None


def test_zero_is_an_exit_code() -> None:
    assert facts.exit_code({"State": {"Status": "exited", "ExitCode": 0}}) == 0
    assert facts.exit_code({"State": "exited", "Status": "Exited (0) Less than a second ago"}) == 0
    # As Docker words it where it does not know the code.
    assert facts.exit_code({"State": "exited", "Status": "Exited"}) is None


def test_never() -> None:
    assert facts.started_at({"State": {"StartedAt": NEVER}}) is None
    assert facts.started_at({"StartedAt": -62135596800}) is None
    assert facts.created({"Created": ""}) is None


def test_a_range_of_ports() -> None:
    listed = {
        "Ports": [{"host_ip": "", "container_port": 80, "host_port": 90, "range": 3, "protocol": "udp"}]
    }
    assert {key: value and value[0]["HostPort"] for key, value in facts.ports(listed).items()} == {
        "80/udp": "90",
        "81/udp": "91",
        "82/udp": "92",
    }


def test_one_port_at_several_places() -> None:
    listed = {
        "Ports": [
            {"IP": ip, "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"} for ip in ("0.0.0.0", "::")
        ]
    }
    assert [one["HostIp"] for one in facts.ports(listed)["80/tcp"] or []] == ["0.0.0.0", "::"]


READERS = (
    facts.container_id,
    facts.name,
    facts.status,
    facts.health,
    facts.image,
    facts.labels,
    facts.tty,
    facts.exit_code,
    facts.created,
    facts.started_at,
    facts.ports,
)


@given(st.sampled_from(ALL), st.sets(st.sampled_from(sorted({key for attrs in ALL for key in attrs}))))
def test_a_null_or_a_missing_key_is_no_fault(attrs: dict[str, Any], without: set[str]) -> None:
    nulls = {key: None if key in without else value for key, value in attrs.items()}
    missing = {key: value for key, value in attrs.items() if key not in without}
    for reader in READERS:
        assert reader(nulls) == reader(missing)
