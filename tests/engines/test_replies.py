"""The bindings read everything that real engines answer, lose nothing of it, and find what the annotations promise."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines.harness import Lab, Registry
from tests.engines.recorder.checks import as_json, findings, read_everything, timestamps
from tests.engines.recorder.recorder import SERVICES, Exchange
from tests.engines.recorder.recording import UNREACHED, Recording, reading_operations, record
from wharfinger_api.docker.errors import StatusError, UnexpectedReply

# Where an engine answers nothing at all with a success, and a value is documented: the error then says so.
SILENT = {("podman-compat", "ContainerStats"), ("podman", "ContainerStatsLibpod")}


@pytest.fixture(scope="module", params=SERVICES)
def recording(request: pytest.FixtureRequest, lab: Lab, image: str, registry: Registry) -> Recording:
    engine = lab.engine("docker" if request.param == "docker" else "podman")
    return record(request.param, engine, image, registry.image)


def _successes(recording: Recording) -> Iterator[tuple[Exchange, Any]]:
    for exchange in recording.exchanges:
        if exchange.succeeded and not _is_silent(exchange):
            yield exchange, exchange.operation.parse_response(exchange)


def _is_silent(exchange: Exchange) -> bool:
    return not exchange.content and (exchange.service, exchange.operation.name) in SILENT


def test_every_operation_that_reads_is_called_or_has_a_reason(recording: Recording) -> None:
    assert recording.called | UNREACHED[recording.service].keys() == reading_operations(recording.service)


def test_every_operation_that_is_called_answers(recording: Recording) -> None:
    assert recording.called <= recording.answered
    assert not recording.answered & UNREACHED[recording.service].keys()


def test_nothing_is_lost(recording: Recording) -> None:
    for exchange, value in _successes(recording):
        if isinstance(value, bytes):
            assert value == exchange.content
        elif value is not None:
            assert as_json(value) == _json(exchange, value), exchange


def _json(exchange: Exchange, value: object) -> object:
    """What was sent, read without the code under test; Go's nil as the empty value that it stands for."""
    if exchange.operation.item is not None and isinstance(value, list):
        return [json.loads(line) for line in exchange.content.split(b"\n") if line.strip()]
    if exchange.headers.get("content-type", "").startswith("text/plain") and isinstance(value, str):
        return exchange.content.decode().removesuffix("\n")
    sent = json.loads(exchange.content or b"null")
    return type(value)() if sent is None else sent


def test_every_attribute_reads_as_it_is_annotated(recording: Recording) -> None:
    found: set[str] = set()
    read = 0
    for exchange, value in _successes(recording):
        found |= set(findings(value, exchange.operation.result, as_json(value), exchange.operation.name))
        read += read_everything(value)
    assert not found
    assert read > 1_000


def test_nanoseconds_were_there_to_be_lost(recording: Recording) -> None:
    fractions = [when.nanosecond % 1000 for _, value in _successes(recording) for when in timestamps(value)]
    assert any(fractions)


def test_an_error_is_typed_and_keeps_its_bytes(recording: Recording) -> None:
    for exchange in recording.exchanges:
        if not exchange.succeeded and exchange.status_code != 304:
            with pytest.raises(StatusError) as caught:
                exchange.operation.parse_response(exchange)
            assert (caught.value.status_code, caught.value.content) == (
                exchange.status_code,
                exchange.content,
            )
            assert caught.value.message


def test_a_success_that_says_nothing_is_an_error_where_a_value_is_documented(
    recording: Recording, lab: Lab
) -> None:
    silent = [exchange for exchange in recording.exchanges if exchange.succeeded and _is_silent(exchange)]
    # Podman 5.8 says something, 4.3 did not.
    old = recording.service != "docker" and lab.engine("podman").version.startswith("4.")
    assert bool(silent) == old
    for exchange in silent:
        with pytest.raises(UnexpectedReply):
            exchange.operation.parse_response(exchange)


def test_containers_were_in_every_state(recording: Recording) -> None:
    inspect = "ContainerInspectLibpod" if recording.service == "podman" else "ContainerInspect"
    states = {value.state.status for value in recording.parsed(inspect)}
    health = {value.state.health.status for value in recording.parsed(inspect) if value.state.health}
    assert {"created", "running", "paused", "exited"} <= states
    if recording.service == "docker":
        assert {"healthy", "unhealthy"} <= health
    if recording.service == "podman":
        assert "initialized" in states
        assert {"healthy", "unhealthy"} <= health
