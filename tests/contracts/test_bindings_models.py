"""Models: made by keyword, compared, shown, copied and kept, and what they share."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.contracts.recordings import kept_replies
from tests.engines.recorder.checks import models_below
from wharfinger_api.docker.models import (
    AuthConfig,
    ContainerConfig,
    ContainerCreateRequest,
    ContainerInspectResponse,
    ContainerState,
    HealthConfig,
    HostConfig,
    SecretSpec,
    SwarmSpecCAConfig,
    Volume,
)
from wharfinger_api.docker.types import Model, Timestamp
from wharfinger_api.libpod.models import SpecGenerator


def _container() -> ContainerInspectResponse:
    bodies = [
        k.body for k in kept_replies() if k.operation.name == "ContainerInspect" and k.service == "docker"
    ]
    return ContainerInspectResponse.from_dict(copy.deepcopy(bodies[0]))


def test_made_by_keyword_it_holds_what_was_given_and_nothing_else() -> None:
    check = HealthConfig(test=["CMD", "true"], interval=5)
    made = ContainerCreateRequest(image="busybox", healthcheck=check, exposed_ports={"80/tcp": {}})
    assert made.to_dict() == {
        "Image": "busybox",
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5},
        "ExposedPorts": {"80/tcp": {}},
    }
    assert made.healthcheck == check
    assert made.cmd is None


def test_a_null_is_sent_when_it_is_given() -> None:
    assert ContainerCreateRequest(image="busybox", cmd=None).to_dict() == {"Image": "busybox", "Cmd": None}


def test_fields_can_be_set_and_taken_away() -> None:
    made = SpecGenerator(image="busybox")
    made.command = ["sh"]
    made.name = "web"
    del made.image
    assert made.to_dict() == {"command": ["sh"], "name": "web"}
    del made.image
    assert made.image is None


def test_an_attribute_that_is_no_field_is_refused() -> None:
    made: Any = SpecGenerator(image="busybox")
    with pytest.raises(AttributeError):
        made.colour = "blue"


def test_equal_when_class_and_content_are() -> None:
    assert ContainerState(paused=True) == ContainerState.from_dict({"Paused": True})
    assert ContainerState(paused=True) != ContainerState(paused=False)
    assert ContainerState() != HealthConfig()
    assert ContainerState() != {}
    with pytest.raises(TypeError, match="unhashable"):
        hash(ContainerState())


def test_every_kept_model_survives_copy_deepcopy_and_pickle() -> None:
    for kept in kept_replies():
        for model in models_below(kept.parse(kept.body)):
            for twin in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
                assert type(twin) is type(model)
                assert twin == model


def test_it_shares_its_mapping_with_what_it_was_made_of() -> None:
    data: dict[str, Any] = {"State": {"Status": "running"}}
    whole = ContainerInspectResponse.from_dict(data)
    assert whole.to_dict() is data
    state = whole.state
    assert state is not None
    state.status = "paused"
    assert data == {"State": {"Status": "paused"}}


def test_a_copy_is_shallow_and_a_deep_copy_independent() -> None:
    data: dict[str, Any] = {"Name": "/web", "State": {"Status": "running"}}
    whole = ContainerInspectResponse.from_dict(data)
    shallow, deep = copy.copy(whole), copy.deepcopy(whole)
    data["Name"] = "/other"
    data["State"]["Status"] = "paused"
    assert (shallow.name, deep.name) == ("/web", "/web")
    assert shallow.state is not None
    assert deep.state is not None
    assert (shallow.state.status, deep.state.status) == ("paused", "running")


def test_a_shape_that_is_not_documented_is_handed_out() -> None:
    odd = ContainerInspectResponse.from_dict(
        {"State": "gone", "Mounts": {"Source": "a"}, "Args": "one", "New": 1}
    )
    values: list[Any] = [odd.state, odd.mounts, odd.args]
    assert values[0] == "gone"
    assert [mount.source for mount in values[1]] == ["a"]
    assert values[2] == ["one"]
    assert ContainerConfig.from_dict({"Entrypoint": ""}).entrypoint == []
    assert odd.to_dict()["New"] == 1


def test_repr_is_short_and_names_what_is_there() -> None:
    assert repr(ContainerState(paused=True, exit_code=0)) == "ContainerState(exit_code=0, paused=True)"
    shown = repr(_container())
    assert len(shown) < 4000
    assert "name='/rec-" in shown
    assert "host_config={" in shown


@pytest.mark.parametrize(
    "model",
    [
        AuthConfig(username="wharf", password="treasure", serveraddress="quay.example"),
        SecretSpec(name="tide", data="treasure"),
        ContainerConfig(env=["PASSWORD=treasure"]),
        SpecGenerator(env={"PASSWORD": "treasure"}),
        ContainerCreateRequest(image="busybox", env=["TOKEN=treasure"]),
        SwarmSpecCAConfig(signing_ca_key="treasure"),
        HostConfig.from_dict({"RegistryAuth": "treasure"}),
        AuthConfig.from_dict({"identitytoken": "treasure"}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_repr_hides_what_may_be_a_secret(model: Model) -> None:
    assert "treasure" not in repr(model)
    assert "treasure" in str(model.to_dict())


@pytest.mark.parametrize(
    ("text", "nanosecond", "utc"),
    [
        ("2026-01-02T03:04:05.123456789Z", 123_456_789, (3, 4, 5)),
        ("2026-01-02T03:04:05.1234567Z", 123_456_700, (3, 4, 5)),
        ("2026-01-02T03:04:05.000000001+02:00", 1, (1, 4, 5)),
        ("2026-01-02T03:04:05-00:30", 0, (3, 34, 5)),
        ("2026-01-02 03:04:05.5Z", 500_000_000, (3, 4, 5)),
        ("2026-01-02T03:04:05", 0, (3, 4, 5)),
    ],
)
def test_a_point_in_time_keeps_its_nanoseconds_and_its_text(
    text: str, nanosecond: int, utc: tuple[int, int, int]
) -> None:
    when = Volume.from_dict({"CreatedAt": text}).to_dict()["CreatedAt"]
    assert when == text
    parsed = Timestamp.parse(text)
    assert parsed is not None
    assert (parsed.text, parsed.nanosecond) == (text, nanosecond)
    in_utc = parsed.astimezone(UTC)
    assert (in_utc.hour, in_utc.minute, in_utc.second) == utc


@pytest.mark.parametrize(
    "text", ["", "never", "2026-13-45T00:00:00Z", "99999-01-01T00:00:00Z", "2026-01-02T25:00:00Z"]
)
def test_what_is_no_date_reads_as_none_and_is_kept(text: str) -> None:
    state = ContainerInspectResponse.from_dict({"Created": text})
    assert state.created is None
    assert state.to_dict() == {"Created": text}


def test_gos_zero_time_is_a_date() -> None:
    when = ContainerInspectResponse.from_dict({"Created": "0001-01-01T00:00:00Z"}).created
    assert when is not None
    assert (when.year, when.tzinfo) == (1, UTC)


def test_a_timestamp_is_a_datetime_and_survives_what_datetimes_survive() -> None:
    when = Timestamp.parse("2026-01-02T03:04:05.123456789Z")
    assert when is not None
    assert when == datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)
    assert when < datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
    for twin in (copy.copy(when), copy.deepcopy(when), pickle.loads(pickle.dumps(when))):
        assert (twin, twin.nanosecond, twin.text) == (when, when.nanosecond, when.text)


def test_a_timestamp_can_be_reckoned_with() -> None:
    when = Timestamp.parse("2026-01-02T03:04:05.123456789Z")
    assert when is not None
    later = when + timedelta(seconds=1)
    assert later == datetime(2026, 1, 2, 3, 4, 6, 123456, UTC)
    assert repr(later)
    assert repr(when.astimezone(timezone(timedelta(hours=1))))
    assert pickle.loads(pickle.dumps(later)) == later
    assert ContainerCreateRequest.from_dict({}).to_dict() == {}
    made = ContainerInspectResponse(created=later)
    assert made.to_dict()["Created"].startswith("2026-01-02T03:04:06.123456")
