"""What containers have written, on real engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, started, tell_to_end
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncContainer
from wharfinger.errors import ClosedError

BOTH = shell("for n in 1 2 3; do echo out $n; sleep 0.02; echo err $n >&2; sleep 0.02; done; printf tail")


async def ended(
    client: AsyncAnyClient, scope: Scope, command: object = None, **options: object
) -> AsyncContainer:
    container = await started(client, scope, command or BOTH, **options)
    await container.wait()
    return container


async def test_all_at_once(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await ended(client, scope)
        out, err = b"out 1\nout 2\nout 3\ntail", b"err 1\nerr 2\nerr 3\n"
        assert sorted((await container.logs()).splitlines()) == sorted((out + b"\n" + err).splitlines())
        assert await container.logs(stderr=False) == out
        assert await container.logs(stdout=False) == err
        lines = await ended(client, scope, shell("echo one; echo two; echo three"))
        assert await lines.logs(tail=2) == b"two\nthree\n"
        assert await lines.logs(tail="all") == b"one\ntwo\nthree\n"
        assert await lines.logs(tail=0) == b""


async def test_the_terminal_is_asked_about_once(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await ended(client, scope)
            known = len(relay.requests)
            for _ in range(3):
                await container.logs()
            assert len(relay.requests) == known + 3
            # By its id alone nothing is known of it yet; Podman frames what a terminal wrote, too.
            nothing = client.containers.container(container.id)
            for _ in range(3):
                await nothing.logs()
            asked = [line.partition("?")[0].rpartition("/")[2] for line in relay.requests[known + 3 :]]
            assert asked == [*of_engine(engine, ["json"], []), "logs", "logs", "logs"]


async def test_lines_with_times(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        before = datetime.now(UTC) - timedelta(seconds=1)
        container = await ended(client, scope)
        async with await container.logs(stream=True, lines=True, timestamps=True) as found:
            frames = [frame async for frame in found]
        lines = {name: [one.data for one in frames if one.stream == name] for name in ("stdout", "stderr")}
        assert lines == {
            "stdout": [b"out 1\n", b"out 2\n", b"out 3\n", b"tail"],
            "stderr": [b"err 1\n", b"err 2\n", b"err 3\n"],
        }
        times = [one.timestamp for one in frames if one.stream == "stdout" and one.timestamp]
        assert len(times) == 4
        assert times == sorted(times)
        assert before < times[0] <= times[-1] < datetime.now(UTC) + timedelta(seconds=1)
        plain = await container.logs(timestamps=True, stderr=False)
        assert len(plain.splitlines()) == 4
        assert plain.splitlines()[0].endswith(b"Z out 1") or b":" in plain.splitlines()[0]


async def test_long_lines_come_whole(engine: Engine, scope: Scope) -> None:
    # Both engines cut lines into pieces of 16 KiB where they keep them.
    command = shell("head -c 50000 /dev/zero | tr '\\0' a; echo; echo short")
    async with client_of(engine) as client:
        container = await ended(client, scope, command)
        for timestamps in (False, True):
            async with await container.logs(stream=True, lines=True, timestamps=timestamps) as found:
                assert [frame.data async for frame in found] == [b"a" * 50000 + b"\n", b"short\n"]
        assert await container.logs() == b"a" * 50000 + b"\nshort\n"


async def test_with_a_terminal(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await ended(client, scope, shell("echo one; echo two >&2"), tty=True)
        assert await container.logs() == b"one\r\ntwo\r\n"
        (listed,) = await client.containers.list(all=True, filters={"id": container.id})
        async with await listed.logs(stream=True, lines=True) as found:
            assert [(one.stream, one.data) async for one in found] == [
                ("stdout", b"one\r\n"),
                ("stdout", b"two\r\n"),
            ]


async def test_following_ends_with_the_container(engine: Engine, scope: Scope) -> None:
    command = shell("echo early; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo late")
    async with client_of(engine) as client:
        container = await started(client, scope, command)
        async with await container.logs(stream=True) as output:
            assert await output.__anext__() == b"early\n"
            await tell_to_end(container)
            assert b"".join([piece async for piece in output]) == b"late\n"


async def test_not_following_ends_at_once(engine: Engine, scope: Scope) -> None:
    command = shell("echo early; sleep 300")
    async with client_of(engine) as client:
        container = await started(client, scope, command)
        async with await container.logs(stream=True) as following:
            assert await following.__anext__() == b"early\n"
        assert await container.logs() == b"early\n"
        async with await container.logs(stream=True, follow=False) as output:
            assert [piece async for piece in output] == [b"early\n"]


async def test_since_and_until(engine: Engine, scope: Scope) -> None:
    yesterday: Any = "yesterday"
    async with client_of(engine) as client:
        container = await ended(client, scope, shell("echo first; sleep 2.1; echo second"))
        async with await container.logs(stream=True, lines=True, timestamps=True) as found:
            first, second = [frame.timestamp async for frame in found]
        assert first
        assert second
        between = first + (second - first) / 2
        # Docker counts whole seconds, so that the middle is a second from either.
        assert await container.logs(since=between) == b"second\n"
        assert await container.logs(since=between.timestamp()) == b"second\n"
        assert await container.logs(since=timedelta(minutes=1)) == b"first\nsecond\n"
        assert await container.logs(until=between) == b"first\n"
        assert await container.logs(since=datetime.now(UTC) + timedelta(minutes=1)) == b""
        with pytest.raises(TypeError, match="no point in time"):
            await container.logs(since=yesterday)


async def test_a_closed_stream_says_so(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("echo here; sleep 300"))
        output = await container.logs(stream=True)
        assert await output.__anext__() == b"here\n"
        await output.close()
        with pytest.raises(ClosedError):
            await output.__anext__()
