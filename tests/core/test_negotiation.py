"""Which engine answers a ping, and which version is spoken with it."""

import re
from collections.abc import Mapping

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.negotiation import (
    Ping,
    check_known,
    check_minimum,
    checked_version,
    negotiated,
    ping_operation,
    version_key,
)
from wharfinger.errors import NotSupported, ServerError, UnexpectedReply

numbers = st.tuples(st.integers(0, 99), st.integers(0, 99))


@attrs.frozen
class Given:
    status_code: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    content: bytes = b"OK"


def dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


@pytest.mark.parametrize(
    ("headers", "ping"),
    [
        ({"Api-Version": "1.51"}, Ping("docker", "1.51")),
        ({"Api-Version": "1.41", "Libpod-API-Version": "5.4.2"}, Ping("podman", "1.41", "5.4.2")),
        ({"Libpod-API-Version": "5.4.2"}, Ping("podman", "", "5.4.2")),
    ],
)
def test_what_a_ping_tells(headers: dict[str, str], ping: Ping) -> None:
    operation = ping_operation()
    assert operation.request == {"method": "GET", "url": "/_ping"}
    assert operation.parse(Given(headers=headers)) == ping
    assert ping.native_version == (ping.libpod_version or ping.api_version)


def test_a_ping_that_tells_nothing() -> None:
    with pytest.raises(UnexpectedReply, match="check the address") as caught:
        ping_operation().parse(Given(content=b"<html>"))
    assert (caught.value.raw, caught.value.status_code) == (b"<html>", 200)
    with pytest.raises(ServerError, match="too busy"):
        ping_operation().parse(Given(503, content=b" too busy\n"))


def test_versions_are_ordered_by_their_numbers() -> None:
    mixed = ["5.10.0", "1.41", "4.3.1", "1.10", "5.0.1", "1.9", "5.0.0-dev"]
    ordered = ["1.9", "1.10", "1.41", "4.3.1", "5.0.0-dev", "5.0.1", "5.10.0"]
    assert sorted(mixed, key=version_key) == ordered


@given(engine=numbers, oldest=numbers, newest=numbers)
def test_the_highest_that_both_have(
    engine: tuple[int, int], oldest: tuple[int, int], newest: tuple[int, int]
) -> None:
    oldest, newest = min(oldest, newest), max(oldest, newest)
    ping = Ping("docker", dotted(engine))
    if engine < oldest:
        with pytest.raises(NotSupported, match=re.escape(dotted(oldest))):
            negotiated(ping, dotted(oldest), dotted(newest))
    else:
        assert negotiated(ping, dotted(oldest), dotted(newest)) == dotted(min(engine, newest))


def test_a_version_with_a_suffix() -> None:
    assert negotiated(Ping("podman", "1.41", "5.4.2-rhel"), "4.3.1", "5.8.2") == "5.4.2"


@pytest.mark.parametrize("given", ["1.41", "v1.41", "5.4.2"])
def test_a_chosen_version(given: str) -> None:
    assert checked_version(given, "docker") == given.removeprefix("v")


@pytest.mark.parametrize("given", ["", "1", "latest", "1.x", "1.41-dev", "1.41\n"])
def test_a_chosen_version_that_is_none(given: str) -> None:
    with pytest.raises(ValueError, match=r"DOCKER_API_VERSION=.*'1\.51'"):
        checked_version(given, "docker", "DOCKER_API_VERSION")


def test_a_chosen_version_has_to_be_known() -> None:
    for version in ("1.41", "1.50", "1.55"):
        check_known(version, "docker", "1.41", "1.55")
    for version in ("1.40", "1.56", "2.0"):
        with pytest.raises(NotSupported, match=rf"Docker API {version}.*API 1\.41 to 1\.55"):
            check_known(version, "docker", "1.41", "1.55")


def test_an_engine_that_has_left_us_behind() -> None:
    check_minimum("1.55", None)
    check_minimum("1.55", "1.55")
    with pytest.raises(NotSupported, match=r"API 1\.60 or newer; install a newer wharfinger"):
        check_minimum("1.55", "1.60")
