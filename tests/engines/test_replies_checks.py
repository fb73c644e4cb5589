"""The checks of the recorder see what is wrong: without this, their silence on real replies would prove nothing."""

from typing import Any

import pytest

from tests.engines.recorder.checks import as_json, findings, read_everything
from wharfinger_api.docker.models import (
    ContainerInspectResponse,
    ContainerSummary,
    ContainerTopResponse,
    Health,
)
from wharfinger_api.docker.types import Model


def _found(model: Model) -> list[str]:
    return list(findings(model, type(model), as_json(model), "top"))


def test_what_is_as_annotated_gives_no_finding() -> None:
    right: dict[str, Any] = {
        "Created": "2026-01-02T03:04:05.123456789Z",
        "State": {"Status": "running", "ExitCode": 0, "Health": None},
        "NetworkSettings": {"Ports": {"80/tcp": None, "81/tcp": [{"HostIp": "", "HostPort": "1"}]}},
        "Config": {"Entrypoint": "one text where a list is documented"},
        "Unknown": {"key": 1},
    }
    assert _found(ContainerInspectResponse.from_dict(right)) == []


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (ContainerInspectResponse.from_dict({"Name": 7}), "top.name: expected str, the engine sent 7"),
        (ContainerInspectResponse.from_dict({"RestartCount": True}), "restart_count: expected int"),
        (ContainerInspectResponse.from_dict({"RestartCount": "1"}), "restart_count: expected int"),
        (ContainerInspectResponse.from_dict({"State": []}), "top.state: expected ContainerState"),
        (ContainerInspectResponse.from_dict({"State": {"Pid": 1.5}}), "top.state.pid: expected int"),
        (ContainerInspectResponse.from_dict({"Mounts": {"Name": "a"}}), "top.mounts: expected a list"),
        (ContainerInspectResponse.from_dict({"Mounts": [None]}), "top.mounts[0]: null in a list"),
        (ContainerInspectResponse.from_dict({"Created": "yesterday"}), "'yesterday' reads as None"),
        (ContainerInspectResponse.from_dict({"Created": 5}), "top.created: expected Timestamp"),
        (ContainerSummary.from_dict({"Labels": {"a": None}}), "top.labels['a']: null in a mapping"),
        (ContainerSummary.from_dict({"Labels": ["a"]}), "top.labels: expected a mapping"),
        (Health.from_dict({"Status": "queasy"}), "top.status: unknown value 'queasy'"),
        (ContainerTopResponse.from_dict({"Processes": [["1"], "2 3"]}), ""),
        (ContainerTopResponse.from_dict({"Processes": [["1", 2]]}), "top.processes[0][1]: expected str"),
    ],
)
def test_what_is_not_is_told_with_its_place(model: Model, told: str) -> None:
    found = _found(model)
    assert any(told in line for line in found) or (not told and not found), found


def test_reading_counts_every_value() -> None:
    few = read_everything(ContainerTopResponse.from_dict({"Titles": ["PID"], "Processes": [["1"]]}))
    more = read_everything(ContainerTopResponse.from_dict({"Titles": ["PID"], "Processes": [["1"], ["2"]]}))
    assert more == few + 2
