"""Many engines at once: one real engine, reached by many sockets, and some that are none."""

import asyncio
import hashlib
import json
import socket
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually, started
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import LABEL, Relay, Scope, shell
from wharfinger import (
    AsyncContainer,
    EngineTimeout,
    EngineUnreachable,
    Event,
    Fleet,
    HostError,
    HostValue,
    ProtocolError,
    Timeout,
)
from wharfinger.address import unix_url


def url_of(path: Path) -> str:
    return unix_url(str(path))


def sockets(engine: Engine, folder: Path, count: int) -> dict[str, str]:
    """So many addresses of the one engine."""
    named: dict[str, str] = {}
    for number in range(count):
        path = folder / f"{number}.sock"
        path.symlink_to(engine.socket)
        named[f"host-{number}"] = url_of(path)
    return named


def only(scope: Scope) -> dict[str, list[str]]:
    return {"label": [f"{LABEL}={scope.token}"]}


async def test_two_hundred_engines(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    id = scope.run(TEST_IMAGE, "sleep", "300")
    known = sockets(engine, tmp_path, 200)
    threads = threading.active_count()
    async with Fleet(known) as fleet:
        assert fleet.hosts == tuple(known)
        assert set((await fleet.ping()).succeeded) == set(known)
        # Podman starts programs to answer this.
        versions = await fleet.version(hosts=fleet.hosts[:3])
        found = await fleet.containers(filters=only(scope))
        clients = [await fleet.client(host) for host in fleet.hosts]
        assert threading.active_count() == threads
    assert {host: told.engine for host, told in versions.succeeded.items()} == {
        f"host-{number}": engine.name for number in range(3)
    }
    assert not found.failed
    assert {host: [one.id for one in listed] for host, listed in found.succeeded.items()} == {
        host: [id] for host in known
    }
    assert {type(one) for one in clients} == {type(client_of(engine))}
    assert {one.address.url for one in clients if one.address} == set(known.values())


async def test_events_of_two_hundred(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    known = {**sockets(engine, tmp_path, 200), "away": url_of(tmp_path / "nowhere.sock")}
    threads = threading.active_count()
    async with (
        Fleet(known) as fleet,
        await fleet.events(filters={"type": "container", "event": "create", **only(scope)}) as events,
    ):
        scope.run(TEST_IMAGE, "true")
        told: dict[str, HostValue[Event] | HostError] = {}
        while len(told) < len(known):
            one = await events.__anext__()
            assert one.host not in told
            told[one.host] = one
        assert threading.active_count() == threads
    away = told.pop("away")
    assert isinstance(away, HostError)
    assert isinstance(away.error, EngineUnreachable)
    assert {one.value.action for one in told.values() if isinstance(one, HostValue)} == {"create"}


async def test_no_more_at_once_than_allowed(engine: Engine, tmp_path: Path) -> None:
    now, most = 0, 0
    full = asyncio.Event()

    async def work(client: AsyncAnyClient) -> bool:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 5:
            full.set()
        async with asyncio.timeout(30):
            await full.wait()
        await client.ping()
        now -= 1
        return True

    async with Fleet(sockets(engine, tmp_path, 20), limit=3) as fleet:
        found = await fleet.map(work, limit=5)
    assert (len(found), found.failed, most) == (20, {}, 5)


async def test_one_that_is_away_is_tried_again(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "later.sock"
    async with Fleet([engine.url, url_of(path)]) as fleet:
        before = await fleet.ping()
        assert before.succeeded == {engine.url: True}
        assert isinstance(before.failed[url_of(path)], EngineUnreachable)
        assert repr(before) == "<FleetResults 1 succeeded, 1 failed>"
        path.symlink_to(engine.socket)
        assert (await fleet.ping()).succeeded == {engine.url: True, url_of(path): True}


async def test_what_fails_on_one_is_told_of_that_one(engine: Engine, scope: Scope) -> None:
    missing = scope.name("missing")
    async with Fleet({"a": engine.url, "b": engine.url}) as fleet:
        a = await fleet.client("a")

        async def work(client: AsyncAnyClient) -> str:
            return "fine" if client is a else (await client.containers.get(missing)).id

        found = await fleet.map(work)
        assert await fleet.map(work, hosts=["a"]) == {"a": HostValue("a", "fine")}
    assert found.succeeded == {"a": "fine"}
    assert missing in str(found.failed["b"])


async def test_one_that_does_not_answer(engine: Engine, tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        hosts = {"silent": url_of(tmp_path / "silent.sock"), "real": engine.url}
        async with Fleet(hosts) as fleet:
            await fleet.client("real")
            found = await fleet.ping(timeout=3)
        async with Fleet(hosts, timeout=Timeout(read=0.2)) as fleet:
            again = await fleet.ping(hosts=["silent"])
    assert found.succeeded == {"real": True}
    assert isinstance(found.failed["silent"], EngineTimeout)
    assert isinstance(again.failed["silent"], EngineTimeout)


async def test_who_gave_a_client_closes_it(engine: Engine) -> None:
    async with client_of(engine) as mine:
        async with Fleet({"mine": mine, "other": engine.url}) as fleet:
            assert await fleet.client("mine") is mine
            other = await fleet.client("other")
            assert not (await fleet.ping()).failed
        assert await mine.ping()
        closed = (await fleet.ping()).failed
        assert set(closed) == {"mine", "other"}
        assert "fleet was closed" in str(closed["mine"])
        with pytest.raises(Exception, match="closed"):
            await other.ping()


async def test_a_cut_stream_is_told_and_the_others_go_on(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with (
            Fleet({"cut": relay.url, "sound": engine.url}) as fleet,
            await fleet.events(filters={"type": "container", "event": "create", **only(scope)}) as events,
        ):
            relay.cut()
            told = await events.__anext__()
            assert isinstance(told, HostError)
            assert told.host == "cut"
            assert isinstance(told.error, ProtocolError)
            id = scope.run(TEST_IMAGE, "true")
            went_on = await events.__anext__()
            assert isinstance(went_on, HostValue)
            assert (went_on.host, went_on.value.id) == ("sound", id)


async def test_events_that_go_on_after_a_cut(engine: Engine, scope: Scope) -> None:
    filters = {"type": "container", "event": "create", **only(scope)}
    with Relay(engine) as relay:
        async with (
            Fleet({"cut": relay.url}) as fleet,
            await fleet.events(filters=filters, resume=True) as events,
        ):
            first = scope.run(TEST_IMAGE, "true")
            before = await events.__anext__()
            relay.cut()
            second = scope.run(TEST_IMAGE, "true")
            after = await events.__anext__()
    assert [one.value.id for one in (before, after) if isinstance(one, HostValue)] == [first, second]


async def test_events_until_now_end(engine: Engine, scope: Scope) -> None:
    id = scope.run(TEST_IMAGE, "true")
    filters = {"type": "container", "event": "create", **only(scope)}
    async with (
        Fleet({"a": engine.url, "b": engine.url}) as fleet,
        await fleet.events(since=timedelta(minutes=5), until=timedelta(0), filters=filters) as events,
    ):
        found = {one.host: one async for one in events}
    assert {host: one.value.id for host, one in found.items() if isinstance(one, HostValue)} == {
        "a": id,
        "b": id,
    }


async def test_logs_of_all(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    async with client_of(engine) as client:
        # One of them never says a word, which holds nobody up.
        await started(client, scope, name=scope.name("silent"))
        one = await started(client, scope, shell("echo one-1; echo one-2; sleep 300"), name=scope.name("one"))
        two = await started(client, scope, shell("echo two-1 >&2; sleep 300"), name=scope.name("two"))
    hosts = {"a": engine.url, "b": engine.url, "away": url_of(tmp_path / "nowhere.sock")}
    wanted = {
        (host, *line) for host in "ab" for line in [(one.id, "one-1"), (one.id, "one-2"), (two.id, "two-1")]
    }
    seen: set[tuple[str, str, str]] = set()
    failed: list[HostError] = []
    async with Fleet(hosts) as fleet, await fleet.logs(filters=only(scope)) as lines:
        while seen != wanted or not failed:
            match await lines.__anext__():
                case HostValue(host, (container, line)):
                    seen.add((host, container.id, line.text))
                    assert seen <= wanted
                case HostError() as error:
                    failed.append(error)
    assert [error.host for error in failed] == ["away"]


async def test_logs_end_with_their_containers(engine: Engine, scope: Scope) -> None:
    scope.run(TEST_IMAGE, "echo", "done")
    async with Fleet({"a": engine.url}) as fleet:
        gone: list[AsyncContainer] = []

        async def before(client: AsyncAnyClient) -> None:
            listed = await client.containers.list(all=True, filters=only(scope))
            await listed[0].wait()
            gone.extend(listed)

        await fleet.map(before)
        async with await fleet.logs(filters=only(scope), all=True, timestamps=True) as lines:
            (told,) = [one async for one in lines]
        assert isinstance(told, HostValue)
        container, line = told.value
        assert (container, line.text, line.timestamp is None) == (gone[0], "done", False)
        async with await fleet.logs(filters=only(scope), all=True) as lines:
            scope.discard(container.id)
            # Gone between the list and its log: there is nothing to tell.
            assert [one async for one in lines] == []


async def test_stats_of_all(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    id = scope.run(TEST_IMAGE, "sleep", "300")
    hosts = {"a": engine.url, "b": engine.url, "away": url_of(tmp_path / "nowhere.sock")}
    async with Fleet(hosts) as fleet:
        async with asyncio.timeout(60), await fleet.stats(hosts=["a"]) as readings:
            while not isinstance(first := await readings.__anext__(), HostValue) or first.value.id != id:
                pass
        async with await fleet.stats(filters=only(scope)) as readings:
            told: dict[str, Any] = {}
            while len(told) < len(hosts):
                one = await readings.__anext__()
                told[one.host] = one
            assert isinstance(told.pop("away"), HostError)
            assert {one.value.id for one in told.values()} == {id}
            # They have ended, and so does the stream.
            scope.discard(id)
            async with asyncio.timeout(60):
                assert {type(one) async for one in readings} <= {HostValue}


async def test_closing_the_fleet_ends_its_streams(engine: Engine) -> None:
    fleet = Fleet({"a": engine.url})
    async with await fleet.events(filters={"event": "no-such"}) as events:
        reading = asyncio.create_task(events.__anext__())
        await asyncio.sleep(0)
        await fleet.close()
        told = await reading
    assert isinstance(told, HostError)
    assert "closed" in str(told.error)


async def test_cancelled_while_it_begins(engine: Engine, tmp_path: Path) -> None:
    """No stream of those that had begun is left."""
    with Relay(engine) as relay, closing(socket.socket(socket.AF_UNIX)) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        async with Fleet({"real": relay.url, "silent": url_of(tmp_path / "silent.sock")}) as fleet:
            beginning = asyncio.create_task(fleet.events())
            await eventually(lambda: any("/events" in line for line in relay.requests))
            assert relay.open
            beginning.cancel()
            with pytest.raises(asyncio.CancelledError):
                await beginning
            await eventually(lambda: not relay.open)


def context(home: Path, name: str, url: str) -> None:
    """A context as Docker's own program keeps it."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    (folder := home / ".docker/contexts/meta" / digest).mkdir(parents=True)
    meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": url, "SkipTLSVerify": False}}}
    (folder / "meta.json").write_text(json.dumps(meta))


async def test_contexts(engine: Engine, tmp_path: Path) -> None:
    context(tmp_path, "prod", engine.url)
    context(tmp_path, "away", url_of(tmp_path / "nowhere.sock"))
    environment = {"HOME": str(tmp_path)}
    async with Fleet.from_contexts(environment=environment) as fleet:
        assert fleet.hosts == ("away", "prod")
        found = await fleet.ping()
    assert (found.succeeded, set(found.failed)) == ({"prod": True}, {"away"})
    here = {**environment, "DOCKER_HOST": engine.url}
    async with Fleet.from_contexts(["prod", "default"], environment=here) as fleet:
        assert (await fleet.ping()).succeeded == {"prod": True, "default": True}
    assert Fleet.from_contexts(environment={"HOME": str(tmp_path / "nobody")}).hosts == ()
    with pytest.raises(EngineUnreachable, match=r"docker context 'prd'.*no such context; known: .*'prod'"):
        Fleet.from_contexts(["prd"], environment=environment)
    with pytest.raises(TypeError, match="names is 'prod' of type str, expected a list"):
        Fleet.from_contexts("prod", environment=environment)


async def test_connections(engine: Engine, tmp_path: Path) -> None:
    known = {"prod": {"URI": engine.url}, "away": {"URI": url_of(tmp_path / "nowhere.sock")}}
    (tmp_path / "connections.json").write_text(json.dumps({"Connection": {"Connections": known}}))
    environment = {
        "HOME": str(tmp_path),
        "CONTAINERS_CONF": "/dev/null",
        "PODMAN_CONNECTIONS_CONF": str(tmp_path / "connections.json"),
    }
    async with Fleet.from_connections(environment=environment) as fleet:
        assert fleet.hosts == ("away", "prod")
        found = await fleet.ping()
    assert (found.succeeded, set(found.failed)) == ({"prod": True}, {"away"})
    with pytest.raises(
        EngineUnreachable, match=r"podman connection 'prd'.*no such connection; known: .*'prod'"
    ):
        Fleet.from_connections(["prd"], environment=environment)


async def ping(client: AsyncAnyClient) -> bool:
    return await client.ping()


NOBODY = "unix:///nowhere.sock"


@pytest.mark.parametrize(
    ("hosts", "kind", "told"),
    [
        ("unix:///run/docker.sock", TypeError, "hosts is a string: expected addresses by name"),
        ({"a": 1}, TypeError, "host 'a' is a int"),
        ([None], TypeError, "one of hosts is a NoneType"),
        ([NOBODY, NOBODY], ValueError, "there twice"),
        ({"a": "gopher://x"}, ValueError, "gopher"),
    ],
)
def test_what_is_no_fleet(hosts: Any, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        Fleet(hosts)


@pytest.mark.bad_input(
    "Fleet.client",
    "Fleet.map",
    "Fleet.ping",
    "Fleet.version",
    "Fleet.containers",
    "Fleet.events",
    "Fleet.logs",
    "Fleet.stats",
)
async def test_wrong_arguments() -> None:
    fleet, unknown = Fleet({"a": NOBODY}), "host 'b': expected one of 'a'"
    with pytest.raises(ValueError, match=unknown):
        await fleet.client("b")
    with pytest.raises(ValueError, match=unknown):
        await fleet.map(ping, hosts=["a", "b"])
    with pytest.raises(ValueError, match="limit=0: expected"):
        await fleet.map(ping, limit=0)
    with pytest.raises(ValueError, match="timeout=0: expected seconds above 0"):
        await fleet.ping(timeout=0)
    with pytest.raises(TypeError, match="hosts is 'a' of type str, expected a list"):
        await fleet.version(hosts="a")
    with pytest.raises(ValueError, match=unknown):
        await fleet.containers(hosts=["b"])
    with pytest.raises(ValueError, match=unknown):
        await fleet.events(hosts=["b"])
    with pytest.raises(ValueError, match="resume=True is given with follow=False"):
        await fleet.logs(resume=True, follow=False)
    with pytest.raises(ValueError, match=unknown):
        await fleet.stats(hosts=["b"])
    with pytest.raises(ValueError, match="limit=0: expected"):
        Fleet([], limit=0)
