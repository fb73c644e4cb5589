# Derived from tests/_async/test_live_events.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What engines tell of what happens on them."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of, eventually, started
from tests._sync._primitives import Task, pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import LABEL, Relay, Scope, of_engine, shell
from wharfinger import Container, DockerClient, Event, PodmanClient, Stream
from wharfinger.errors import BadRequest, ClosedError, NotSupported


def of_test(scope: Scope) -> dict[str, Any]:
    return {"type": "container", "label": f"{LABEL}={scope.token}"}


def lived(client: AnyClient, scope: Scope, code: int = 0) -> Container:
    """A container that has come and gone."""
    container = started(client, scope, shell(f"exit {code}"))
    container.wait()
    container.remove()
    return container


def until(events: Stream[Event], action: str) -> list[Event]:
    found: list[Event] = []
    for event in events:
        found.append(event)
        if event.action == action:
            return found
    raise AssertionError(f"{action} never came, but {found}")


def test_a_life(engine: Engine, scope: Scope) -> None:
    before = datetime.now(UTC)
    with client_of(engine) as client, client.events(filters=of_test(scope)) as events:
        container = lived(client, scope, 3)
        found = until(events, "destroy")
        told = [one for one in found if one.action in ("create", "start", "die", "destroy")]
        assert [one.action for one in told] == ["create", "start", "die", "destroy"]
        assert {(one.type, one.id, one.name, one.scope) for one in found} == {
            ("container", container.id, container.name, "local")
        }
        assert [one.exit_code for one in told] == [None, None, 3, None]
        assert told[2]["Action"] == of_engine(engine, "die", "died")
        assert all(one.attributes[LABEL] == scope.token for one in found)
        slack = timedelta(seconds=1)
        assert before - slack < told[0].time < told[3].time < datetime.now(UTC) + slack


def test_what_has_happened(engine: Engine, scope: Scope) -> None:
    # The engine's own program tells it in the same words: those of its JSON.
    with client_of(engine) as client:
        begin = time.time() - 1
        lived(client, scope)
        found = client.events(since=begin, stream=False, filters=of_test(scope))
        since = str(int(begin))
        told = engine.cli(
            "events",
            f"--since={since}",
            # With an end, Podman's program may stop before it has read anything.
            of_engine(engine, f"--until={int(time.time()) + 1}", "--stream=false"),
            f"--filter=label={LABEL}={scope.token}",
            "--filter=type=container",
            of_engine(engine, "--format={{json .}}", "--format={{.Status}}"),
        ).stdout.splitlines()
        actions = [json.loads(line)["Action"] for line in told] if engine.name == "docker" else told
        assert [one["Action"] for one in found] == actions
        assert [dict(one) for one in found] == [
            dict(one)
            for one in client.events(since=begin, until=time.time(), stream=False, filters=of_test(scope))
        ]


def test_since_and_until_to_the_nanosecond(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        begin = datetime.now(UTC) - timedelta(seconds=1)
        lived(client, scope)
        words = {**of_test(scope), "event": ["create", "start", "die", "destroy"]}
        create, start, die, destroy = client.events(since=begin, stream=False, filters=words)
        assert create.time_nano < start.time_nano < die.time_nano < destroy.time_nano
        just_after = start.time + timedelta(microseconds=1)
        assert client.events(since=just_after, stream=False, filters=words) == [die, destroy]
        assert client.events(since=begin, until=just_after, stream=False, filters=words) == [
            create,
            start,
        ]
        # An end in the past ends the stream.
        with client.events(since=begin, until=die.time + timedelta(microseconds=1), filters=words) as events:
            assert list(events) == [create, start, die]
        ahead = datetime.now(UTC) + timedelta(seconds=5)
        with client.events(since=begin, until=ahead, filters=words) as events:
            again = lived(client, scope)
            found = list(events)
        assert [one.id for one in found[4:]] == [again.id] * 4
        assert datetime.now(UTC) >= ahead - timedelta(milliseconds=100)
        assert client.events(since=timedelta(days=1), stream=False, filters=words) == found


@pytest.mark.parametrize("word", ["die", "died", ["die", "none"]])
def test_events_by_either_name(engine: Engine, scope: Scope, word: Any) -> None:
    with client_of(engine) as client:
        lived(client, scope)
        found = client.events(
            since=timedelta(minutes=1), stream=False, filters={**of_test(scope), "event": word}
        )
        assert [one.action for one in found] == ["die"]


def test_a_word_that_stands_for_several(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        image = client.images.get(TEST_IMAGE)
        name = scope.image()
        image.tag(*name.rsplit(":", 1))
        client.images.remove(name)
        lived(client, scope)
        found = client.events(since=timedelta(minutes=1), stream=False, filters={"event": "destroy"})
        assert "container" in {one.type for one in found}
        assert {one.action for one in found} == {"destroy"}


def test_a_silence_longer_than_the_timeout(engine: Engine, scope: Scope) -> None:
    kind = DockerClient if engine.name == "docker" else PodmanClient
    with (
        kind(engine.url, timeout=2.0) as impatient,
        client_of(engine) as client,
        impatient.events(filters=of_test(scope)) as events,
    ):
        first = Task(events.__next__)
        pause(2.5)
        container = client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
        assert (first.result(10.0)).id == container.id


def test_closing_wakes_the_reader(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        for resume in (False, True):
            events = client.events(filters=of_test(scope), resume=resume)
            reading = Task(events.__next__)
            pause(0.2)
            events.close()
            with pytest.raises(ClosedError):
                reading.result()


def test_events_of_several_clients(docker_engine: Engine, podman_engine: Engine) -> None:
    with Scope(docker_engine) as one, Scope(podman_engine) as other:
        with client_of(docker_engine) as docker, client_of(podman_engine) as podman:
            streams = {
                "docker": docker.events(filters={**of_test(one), "event": "create"}),
                "podman": podman.events(filters={**of_test(other), "event": "create"}),
            }
            with Stream.merge_named(streams) as merged:
                made: list[tuple[str, str]] = []
                for client, scope, name in (
                    (docker, one, "docker"),
                    (podman, other, "podman"),
                    (docker, one, "docker"),
                ):
                    container = client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
                    made.append((name, container.id))
                    told, event = merged.__next__()
                    assert (told, event.id) == made[-1]


def test_what_cannot_be_asked_for(engine: Engine) -> None:
    wrong: Any = "yesterday"
    with client_of(engine) as client:
        with Relay(engine) as relay:
            with client_of(engine, relay.url) as watched:
                for options in ({"decode": False}, {"resume": True, "stream": False}):
                    bad: Any = options
                    with pytest.raises(ValueError, match=r"decode=False|resume=True"):
                        watched.events(**bad)
                with pytest.raises(TypeError, match="no point in time"):
                    watched.events(since=wrong)
                unknown: Any = {"colour": "red"}
                with pytest.raises(TypeError):
                    watched.events(**unknown)
                assert not [line for line in relay.requests if "/events" in line]
        if engine.name == "docker":
            with pytest.raises(ValueError, match="Docker filters events by one of"):
                client.events(filters={"colour": "red"})
            with pytest.raises(NotSupported, match="Podman"):
                client.events(filters={"pod": "x"})
        else:
            with pytest.raises(BadRequest, match="colour is an invalid filter"):
                with client.events(filters={"colour": "red"}) as events:
                    events.__next__()


def test_leaving_gives_the_connection_back(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            with client.events(filters=of_test(scope)) as events:
                lived(client, scope)
                for _ in events:
                    break
            eventually(lambda: len(relay.requests) > 0)
            assert client.ping()
