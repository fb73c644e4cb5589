"""Events of both engines: what they mean, which are asked for, and how streams of them are read."""

import json
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from wharfinger._core.events import (
    EventDecoder,
    EventQuery,
    check_event_options,
    docker_filters,
    libpod_filters,
    wanted_by,
)
from wharfinger.errors import ProtocolError
from wharfinger.types import Event

ID = "85403a96130079d56816d48ab80c6f2648f337e7c3f4b94d578e4fc63320a5f5"


def event(action: str, kind: str = "container", **attributes: str) -> Event:
    return Event(
        {
            "Type": kind,
            "Action": action,
            "Actor": {"ID": ID, "Attributes": {"name": "box", **attributes}},
            "scope": "local",
            "time": 1795322026,
            "timeNano": 1795322026195475012,
        }
    )


def test_what_every_event_tells() -> None:
    found = event("start", label="x")
    assert (found.type, found.action, found.id, found.name, found.scope) == (
        "container",
        "start",
        ID,
        "box",
        "local",
    )
    assert found.attributes == {"name": "box", "label": "x"}
    assert found.time_nano == 1795322026195475012
    assert found.time == datetime(2026, 11, 22, 4, 33, 46, 195475, tzinfo=UTC)
    assert found.exit_code is None
    assert found.health_status is None
    assert repr(found) == "<Event container start box>"


def test_it_is_the_engines_json() -> None:
    found = event("died")
    assert isinstance(found, Mapping)
    assert found["Action"] == "died"
    assert found.get("status") is None
    assert json.loads(json.dumps(dict(found))) == found
    assert found == event("died")
    assert hash(found) == hash(event("died"))
    assert found != event("start")
    assert pickle.loads(pickle.dumps(found)) == found
    changing: Any = found
    with pytest.raises(TypeError):
        changing["Action"] = "start"
    with pytest.raises(AttributeError):
        changing.action = "start"


@pytest.mark.parametrize(
    ("told", "kind", "meant"),
    [
        ("died", "container", "die"),
        ("die", "container", "die"),
        ("remove", "container", "destroy"),
        ("remove", "image", "delete"),
        ("remove", "volume", "destroy"),
        ("remove", "network", "destroy"),
        ("remove", "secret", "remove"),
        ("remove", "pod", "remove"),
        ("exec_died", "container", "exec_die"),
        ("exec_start: /bin/sh -c true", "container", "exec_start"),
        ("health_status: healthy", "container", "health_status"),
        ("loadfromarchive", "image", "load"),
        ("init", "container", "init"),
    ],
)
def test_actions_in_dockers_words(told: str, kind: str, meant: str) -> None:
    assert event(told, kind).action == meant


def test_exit_codes() -> None:
    assert event("die", exitCode="3").exit_code == 3
    assert event("died", containerExitCode="137").exit_code == 137
    assert event("exec_died", containerExitCode="0").exit_code == 0
    assert event("die").exit_code is None
    # Podman writes a zero where there is no exit.
    assert event("start", containerExitCode="0").exit_code is None


def test_health() -> None:
    assert event("health_status: unhealthy").health_status == "unhealthy"
    assert Event({**event("health_status"), "HealthStatus": "starting"}).health_status == "starting"
    assert event("health_status").health_status is None
    assert Event({**event("start"), "HealthStatus": "starting"}).health_status is None


def test_sparse_ones() -> None:
    found = Event({"Type": "daemon", "Action": "reload", "time": 5})
    assert (found.id, found.name, found.attributes, found.time_nano) == ("", "", {}, 5_000_000_000)
    assert repr(found) == "<Event daemon reload ?>"


def test_filters_in_the_words_of_each() -> None:
    given = {"type": ["container"], "event": ["die", "destroy", "health_status: healthy"]}
    assert docker_filters(given) == given
    podman = libpod_filters(given)
    assert podman is not None
    assert podman["event"] == ["die", "died", "destroy", "remove", "health_status: healthy", "health_status"]
    docker = docker_filters({"event": ["died", "remove"]})
    assert docker == {"event": ["died", "die", "remove", "destroy", "delete"]}
    assert docker_filters(None) is None
    assert libpod_filters({"label": ["a=b"]}) == {"label": ["a=b"]}
    with pytest.raises(
        ValueError, match="filters='colour': Docker filters events by one of config, container"
    ):
        docker_filters({"colour": ["red"]})


def query(*words: str, until: int | None = None) -> EventQuery:
    return EventQuery(None, until, {"event": list(words)} if words else None, live=True)


def test_what_was_asked_for() -> None:
    assert wanted_by(query())(event("died"))
    assert wanted_by(query("die"))(event("died"))
    assert wanted_by(query("died"))(event("die"))
    assert wanted_by(query("destroy"))(event("remove"))
    assert wanted_by(query("remove"))(event("destroy"))
    assert not wanted_by(query("destroy"))(event("remove", "image"))
    assert wanted_by(query("health_status: healthy"))(event("health_status: healthy"))
    assert not wanted_by(query("health_status: unhealthy"))(event("health_status: healthy"))
    assert wanted_by(query("exec_create"))(event("exec_create: ls"))
    assert wanted_by(query(until=1795322026195475012))(event("die"))
    assert not wanted_by(query(until=1795322026195475011))(event("die"))


def test_reading_a_stream() -> None:
    text = b"".join(
        json.dumps(dict(event(action))).encode() + b"\n" for action in ("start", "die", "destroy")
    )
    decoder = EventDecoder(Event, lambda found: found.action != "die")
    found = [one for at in range(len(text)) for one in decoder.feed(text[at : at + 1])] + decoder.finish()
    assert [one.action for one in found] == ["start", "destroy"]
    decoder = EventDecoder(Event, lambda _: True)
    decoder.feed(text[:-10])
    with pytest.raises(ProtocolError):
        decoder.finish()


def test_options_that_do_not_go_together() -> None:
    check_event_options(stream=True, decode=True, resume=True)
    with pytest.raises(ValueError, match="decode=False"):
        check_event_options(stream=True, decode=False, resume=False)
    with pytest.raises(ValueError, match="stream=False"):
        check_event_options(stream=False, decode=True, resume=True)
