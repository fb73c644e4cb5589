"""What engines tell of what happens on them."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually, started
from tests._async._primitives import AsyncTask, pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import LABEL, Relay, Scope, of_engine, shell
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncPodmanClient, AsyncStream, Event
from wharfinger.errors import BadRequest, ClosedError, NotSupported


def of_test(scope: Scope) -> dict[str, Any]:
    return {"type": "container", "label": f"{LABEL}={scope.token}"}


async def lived(client: AsyncAnyClient, scope: Scope, code: int = 0) -> AsyncContainer:
    """A container that has come and gone."""
    container = await started(client, scope, shell(f"exit {code}"))
    await container.wait()
    await container.remove()
    return container


async def until(events: AsyncStream[Event], action: str) -> list[Event]:
    found: list[Event] = []
    async for event in events:
        found.append(event)
        if event.action == action:
            return found
    raise AssertionError(f"{action} never came, but {found}")


async def test_a_life(engine: Engine, scope: Scope) -> None:
    before = datetime.now(UTC)
    async with client_of(engine) as client, await client.events(filters=of_test(scope)) as events:
        container = await lived(client, scope, 3)
        found = await until(events, "destroy")
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


async def test_what_has_happened(engine: Engine, scope: Scope) -> None:
    # The engine's own program tells it in the same words: those of its JSON.
    async with client_of(engine) as client:
        begin = time.time() - 1
        await lived(client, scope)
        found = await client.events(since=begin, stream=False, filters=of_test(scope))
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
            for one in await client.events(
                since=begin, until=time.time(), stream=False, filters=of_test(scope)
            )
        ]


async def test_since_and_until_to_the_nanosecond(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        begin = datetime.now(UTC) - timedelta(seconds=1)
        await lived(client, scope)
        words = {**of_test(scope), "event": ["create", "start", "die", "destroy"]}
        create, start, die, destroy = await client.events(since=begin, stream=False, filters=words)
        assert create.time_nano < start.time_nano < die.time_nano < destroy.time_nano
        just_after = start.time + timedelta(microseconds=1)
        assert await client.events(since=just_after, stream=False, filters=words) == [die, destroy]
        assert await client.events(since=begin, until=just_after, stream=False, filters=words) == [
            create,
            start,
        ]
        # An end in the past ends the stream.
        async with await client.events(
            since=begin, until=die.time + timedelta(microseconds=1), filters=words
        ) as events:
            assert [one async for one in events] == [create, start, die]
        ahead = datetime.now(UTC) + timedelta(seconds=5)
        async with await client.events(since=begin, until=ahead, filters=words) as events:
            again = await lived(client, scope)
            found = [one async for one in events]
        assert [one.id for one in found[4:]] == [again.id] * 4
        assert datetime.now(UTC) >= ahead - timedelta(milliseconds=100)
        assert await client.events(since=timedelta(days=1), stream=False, filters=words) == found


@pytest.mark.parametrize("word", ["die", "died", ["die", "none"]])
async def test_events_by_either_name(engine: Engine, scope: Scope, word: Any) -> None:
    async with client_of(engine) as client:
        await lived(client, scope)
        found = await client.events(
            since=timedelta(minutes=1), stream=False, filters={**of_test(scope), "event": word}
        )
        assert [one.action for one in found] == ["die"]


async def test_a_word_that_stands_for_several(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        image = await client.images.get(TEST_IMAGE)
        name = scope.image()
        await image.tag(*name.rsplit(":", 1))
        await client.images.remove(name)
        await lived(client, scope)
        found = await client.events(since=timedelta(minutes=1), stream=False, filters={"event": "destroy"})
        assert "container" in {one.type for one in found}
        assert {one.action for one in found} == {"destroy"}


async def test_a_silence_longer_than_the_timeout(engine: Engine, scope: Scope) -> None:
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    async with (
        kind(engine.url, timeout=2.0) as impatient,
        client_of(engine) as client,
        await impatient.events(filters=of_test(scope)) as events,
    ):
        first = AsyncTask(events.__anext__)
        await pause(2.5)
        container = await client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
        assert (await first.result(10.0)).id == container.id


async def test_closing_wakes_the_reader(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        for resume in (False, True):
            events = await client.events(filters=of_test(scope), resume=resume)
            reading = AsyncTask(events.__anext__)
            await pause(0.2)
            await events.close()
            with pytest.raises(ClosedError):
                await reading.result()


async def test_events_of_several_clients(docker_engine: Engine, podman_engine: Engine) -> None:
    with Scope(docker_engine) as one, Scope(podman_engine) as other:
        async with client_of(docker_engine) as docker, client_of(podman_engine) as podman:
            streams = {
                "docker": await docker.events(filters={**of_test(one), "event": "create"}),
                "podman": await podman.events(filters={**of_test(other), "event": "create"}),
            }
            async with AsyncStream.merge_named(streams) as merged:
                made: list[tuple[str, str]] = []
                for client, scope, name in (
                    (docker, one, "docker"),
                    (podman, other, "podman"),
                    (docker, one, "docker"),
                ):
                    container = await client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
                    made.append((name, container.id))
                    told, event = await merged.__anext__()
                    assert (told, event.id) == made[-1]


async def test_what_cannot_be_asked_for(engine: Engine) -> None:
    wrong: Any = "yesterday"
    async with client_of(engine) as client:
        with Relay(engine) as relay:
            async with client_of(engine, relay.url) as watched:
                for options in ({"decode": False}, {"resume": True, "stream": False}):
                    bad: Any = options
                    with pytest.raises(ValueError, match=r"decode=False|resume=True"):
                        await watched.events(**bad)
                with pytest.raises(TypeError, match="no point in time"):
                    await watched.events(since=wrong)
                unknown: Any = {"colour": "red"}
                with pytest.raises(TypeError):
                    await watched.events(**unknown)
                assert not [line for line in relay.requests if "/events" in line]
        if engine.name == "docker":
            with pytest.raises(ValueError, match="Docker filters events by one of"):
                await client.events(filters={"colour": "red"})
            with pytest.raises(NotSupported, match="Podman"):
                await client.events(filters={"pod": "x"})
        else:
            with pytest.raises(BadRequest, match="colour is an invalid filter"):
                async with await client.events(filters={"colour": "red"}) as events:
                    await events.__anext__()


async def test_leaving_gives_the_connection_back(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            async with await client.events(filters=of_test(scope)) as events:
                await lived(client, scope)
                async for _ in events:
                    break
            await eventually(lambda: len(relay.requests) > 0)
            assert await client.ping()
