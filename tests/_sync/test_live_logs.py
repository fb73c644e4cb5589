# Derived from tests/_async/test_live_logs.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What containers have written, on real engines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of, started, tell_to_end
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import Container
from wharfinger.errors import ClosedError

BOTH = shell("for n in 1 2 3; do echo out $n; sleep 0.02; echo err $n >&2; sleep 0.02; done; printf tail")


def ended(client: AnyClient, scope: Scope, command: object = None, **options: object) -> Container:
    container = started(client, scope, command or BOTH, **options)
    container.wait()
    return container


def test_all_at_once(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = ended(client, scope)
        out, err = b"out 1\nout 2\nout 3\ntail", b"err 1\nerr 2\nerr 3\n"
        assert sorted((container.logs()).splitlines()) == sorted((out + b"\n" + err).splitlines())
        assert container.logs(stderr=False) == out
        assert container.logs(stdout=False) == err
        lines = ended(client, scope, shell("echo one; echo two; echo three"))
        assert lines.logs(tail=2) == b"two\nthree\n"
        assert lines.logs(tail="all") == b"one\ntwo\nthree\n"
        assert lines.logs(tail=0) == b""


def test_the_terminal_is_asked_about_once(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = ended(client, scope)
            known = len(relay.requests)
            for _ in range(3):
                container.logs()
            assert len(relay.requests) == known + 3
            # By its id alone nothing is known of it yet; Podman frames what a terminal wrote, too.
            nothing = client.containers.container(container.id)
            for _ in range(3):
                nothing.logs()
            asked = [line.partition("?")[0].rpartition("/")[2] for line in relay.requests[known + 3 :]]
            assert asked == [*of_engine(engine, ["json"], []), "logs", "logs", "logs"]


def test_lines_with_times(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        before = datetime.now(UTC) - timedelta(seconds=1)
        container = ended(client, scope)
        with container.logs(stream=True, lines=True, timestamps=True) as found:
            frames = list(found)
        lines = {name: [one.data for one in frames if one.stream == name] for name in ("stdout", "stderr")}
        assert lines == {
            "stdout": [b"out 1\n", b"out 2\n", b"out 3\n", b"tail"],
            "stderr": [b"err 1\n", b"err 2\n", b"err 3\n"],
        }
        times = [one.timestamp for one in frames if one.stream == "stdout" and one.timestamp]
        assert len(times) == 4
        assert times == sorted(times)
        assert before < times[0] <= times[-1] < datetime.now(UTC) + timedelta(seconds=1)
        plain = container.logs(timestamps=True, stderr=False)
        assert len(plain.splitlines()) == 4
        assert plain.splitlines()[0].endswith(b"Z out 1") or b":" in plain.splitlines()[0]


def test_long_lines_come_whole(engine: Engine, scope: Scope) -> None:
    # Both engines cut lines into pieces of 16 KiB where they keep them.
    command = shell("head -c 50000 /dev/zero | tr '\\0' a; echo; echo short")
    with client_of(engine) as client:
        container = ended(client, scope, command)
        for timestamps in (False, True):
            with container.logs(stream=True, lines=True, timestamps=timestamps) as found:
                assert [frame.data for frame in found] == [b"a" * 50000 + b"\n", b"short\n"]
        assert container.logs() == b"a" * 50000 + b"\nshort\n"


def test_with_a_terminal(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = ended(client, scope, shell("echo one; echo two >&2"), tty=True)
        assert container.logs() == b"one\r\ntwo\r\n"
        (listed,) = client.containers.list(all=True, filters={"id": container.id})
        with listed.logs(stream=True, lines=True) as found:
            assert [(one.stream, one.data) for one in found] == [
                ("stdout", b"one\r\n"),
                ("stdout", b"two\r\n"),
            ]


def test_following_ends_with_the_container(engine: Engine, scope: Scope) -> None:
    command = shell("echo early; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo late")
    with client_of(engine) as client:
        container = started(client, scope, command)
        with container.logs(stream=True) as output:
            assert output.__next__() == b"early\n"
            tell_to_end(container)
            assert b"".join(list(output)) == b"late\n"


def test_not_following_ends_at_once(engine: Engine, scope: Scope) -> None:
    command = shell("echo early; sleep 300")
    with client_of(engine) as client:
        container = started(client, scope, command)
        with container.logs(stream=True) as following:
            assert following.__next__() == b"early\n"
        assert container.logs() == b"early\n"
        with container.logs(stream=True, follow=False) as output:
            assert list(output) == [b"early\n"]


def test_since_and_until(engine: Engine, scope: Scope) -> None:
    yesterday: Any = "yesterday"
    with client_of(engine) as client:
        container = ended(client, scope, shell("echo first; sleep 2.1; echo second"))
        with container.logs(stream=True, lines=True, timestamps=True) as found:
            first, second = [frame.timestamp for frame in found]
        assert first
        assert second
        between = first + (second - first) / 2
        # Docker counts whole seconds, so that the middle is a second from either.
        assert container.logs(since=between) == b"second\n"
        assert container.logs(since=between.timestamp()) == b"second\n"
        assert container.logs(since=timedelta(minutes=1)) == b"first\nsecond\n"
        assert container.logs(until=between) == b"first\n"
        assert container.logs(since=datetime.now(UTC) + timedelta(minutes=1)) == b""
        with pytest.raises(TypeError, match="no point in time"):
            container.logs(since=yesterday)


def test_a_closed_stream_says_so(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("echo here; sleep 300"))
        output = container.logs(stream=True)
        assert output.__next__() == b"here\n"
        output.close()
        with pytest.raises(ClosedError):
            output.__next__()
