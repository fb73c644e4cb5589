# Derived from tests/_async/test_live_resume.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Streams that go on after cuts and restarts, compared with the truth."""

import contextlib
import difflib
from collections.abc import Iterator
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of, eventually, started, tell_to_end
from tests._sync._primitives import Task, pause
from tests.cutting import CuttingRelay
from tests.engines.harness import TEST_IMAGE, Engine
from tests.engines.harness.images import ensure_loaded
from tests.engines.restarting import Restartable, restartable
from tests.live import LABEL, Scope, shell
from wharfinger import Container, Event, Stream
from wharfinger._core import resumption
from wharfinger.errors import ContainerNotFound, EngineUnreachable

CUTS = 300
READERS = 6
UNTIL_TOLD = shell(
    "i=0; while [ ! -e /tmp/go ]",
    "do echo out $i; printf 'part %d' $i >&2; usleep 10000; echo ' end' >&2; usleep 10000; i=$((i+1))",
    "done; echo last; printf unended",
)


def written(log: Stream[Any], relay: CuttingRelay | None = None) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
    with log:
        for frame in log:
            found[frame.stream].append(frame.data)
            if relay and frame.data.strip() == b"last":
                # Podman looks for an end twice a second only, which no cut would ever let come.
                relay.calm = True
    return found


def whole(count: int) -> dict[str, list[bytes]]:
    """All that was written until it was told."""
    return {
        "stdout": [*(b"out %d\n" % number for number in range(count)), b"last\n", b"unended"],
        "stderr": [b"part %d end\n" % number for number in range(count)],
    }


def differences(found: dict[str, list[bytes]], truth: dict[str, list[bytes]]) -> list[str]:
    """What is not in both, or in another order: little, where all of it is a thousand lines."""
    pairs = [
        difflib.ndiff([repr(one) for one in truth[name]], [repr(one) for one in found[name]])
        for name in truth
    ]
    return [] if found == truth else [line for pair in pairs for line in pair if line[0] in "+-"]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was cut before anything new had come is tried again soon: there are hundreds of cuts to come."""
    monkeypatch.setattr(resumption, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(resumption, "LONGEST_PAUSE", 0.05)


def cut_often(relay: CuttingRelay, times: int) -> None:
    relay.cut_hard()
    until = relay.cuts + times
    eventually(lambda: relay.cuts >= until, 100.0)
    relay.ease()


@pytest.mark.usefixtures("hasty")
def test_a_log_over_hundreds_of_cuts(engine: Engine, scope: Scope) -> None:
    with CuttingRelay(engine, "/logs", seed=1, most=20_000) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, UNTIL_TOLD)
            relay.calm = True
            logs = [container.logs(stream=True, lines=True, resume=True) for _ in range(READERS)]
            readers = [Task(written, log, relay) for log in logs]
            cut_often(relay, CUTS)
            tell_to_end(container)
            # Behind any byte, and not only where the engine had nothing more to say for the moment.
            assert relay.torn
            found = [reader.result(100.0) for reader in readers]
            truth = whole(len(found[0]["stderr"]))
            assert [differences(one, truth) for one in found] == [[]] * READERS
            assert b"".join(truth["stdout"]) == container.logs(stderr=False)


@pytest.mark.usefixtures("hasty")
def test_the_log_of_a_terminal_over_hundreds_of_cuts(engine: Engine, scope: Scope) -> None:
    with CuttingRelay(engine, "/logs", seed=3, most=20_000) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope, UNTIL_TOLD, tty=True)
            relay.calm = True
            logs = [
                container.logs(stream=True, lines=True, timestamps=True, resume=True) for _ in range(READERS)
            ]
            readers = [Task(written, log, relay) for log in logs]
            cut_often(relay, CUTS)
            tell_to_end(container)
            found = [b"".join((reader.result(100.0))["stdout"]) for reader in readers]
            assert found == [container.logs()] * READERS
            assert found[0].endswith(b"last\r\nunended")


def volumes_made(client: AnyClient, scope: Scope, relay: CuttingRelay) -> list[tuple[str, str]]:
    """Makes volumes come and go for as long as anything is cut, and gives what happened to which."""
    name, end = scope.volume("v"), scope.volume("end")
    done: list[tuple[str, str]] = []
    while not relay.calm:
        volume = client.volumes.create(name)
        volume.remove()
        done += [("create", name), ("destroy", name)]
        # What happens within a second is told again after every cut, and has to be less than a piece.
        pause(0.04)
    client.volumes.create(end)
    return [*done, ("create", end)]


def volumes_told(events: Stream[Event], scope: Scope) -> list[tuple[str, str]]:
    """What is told of the volumes of a test."""
    found: list[tuple[str, str]] = []
    with events:
        for event in events:
            # Docker takes its name for its id, and Podman 4.3 cannot filter by it.
            name = event.name or event.id
            if name.startswith(scope.token):
                found.append((event.action, name))
            if name == scope.name("end"):
                break
    return found


@pytest.mark.usefixtures("hasty")
def test_events_over_hundreds_of_cuts(engine: Engine, scope: Scope) -> None:
    with CuttingRelay(engine, "/events", seed=4, most=30_000) as relay:
        with client_of(engine, relay.url) as client, client_of(engine) as other:
            relay.calm = True
            streams = [client.events(filters={"type": "volume"}, resume=True) for _ in range(READERS)]
            readers = [Task(volumes_told, stream, scope) for stream in streams]
            relay.calm = False
            making = Task(volumes_made, other, scope, relay)
            cut_often(relay, CUTS)
            relay.calm = True
            truth = making.result(100.0)
            assert [reader.result(100.0) for reader in readers] == [truth] * READERS


def until_the_end(events: Stream[Event], scope: Scope, heard: list[str]) -> list[str]:
    with events:
        for event in events:
            heard.append(event.id)
            if event.name == scope.name("end"):
                break
    return heard


@pytest.fixture
def own(engine: Engine) -> Iterator[Restartable]:
    """An engine of the test's own."""
    with restartable(engine.name) as made:
        yield made


@pytest.mark.usefixtures("hasty")
def test_over_cuts_and_a_restart_of_the_engine(own: Restartable) -> None:
    ensure_loaded(own.engine)
    with (
        Scope(own.engine) as scope,
        CuttingRelay(own.engine, "/logs", "/events", seed=9, most=20_000) as relay,
    ):
        with client_of(own.engine, relay.url) as client:
            relay.calm = True
            words = {"type": "container", "label": f"{LABEL}={scope.token}", "event": "create"}
            streams = [client.events(filters=words, resume=True) for _ in range(3)]
            container = started(client, scope, UNTIL_TOLD)
            logs = [container.logs(stream=True, lines=True, resume=True) for _ in range(3)]
            heard: list[list[str]] = [[], [], []]
            reading = [Task(written, log, relay) for log in logs]
            hearing = [Task(until_the_end, streams[one], scope, heard[one]) for one in range(3)]
            cut_often(relay, CUTS // 4)
            before = client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
            # What was not heard before, Docker has forgotten afterwards.
            eventually(lambda: heard == [[container.id, before.id]] * 3)
            # Not beside this: the engine ends with the thread that has started it.
            own.restart()
            cut_often(relay, CUTS // 4)
            end = client.containers.create(TEST_IMAGE, "true", name=scope.name("end"), labels=scope.labels)
            truth = [container.id, before.id, end.id]
            assert [one.result(100.0) for one in hearing] == [truth] * 3
            tell_to_end(container)
            found = [one.result(100.0) for one in reading]
            # Docker may lose what is being written when it ends itself: what it kept is the truth, to the last line.
            kept = written(container.logs(stream=True, lines=True))
            assert [differences(one, kept) for one in found] == [[]] * 3
            count = int(kept["stdout"][-3].split()[1]) + 1
            missing = {
                line for name, lines in whole(count).items() for line in lines if line not in kept[name]
            }
            assert len(missing) <= (8 if own.engine.name == "docker" else 0), missing


def new_lines(container: Container, relay: CuttingRelay) -> dict[str, list[bytes]]:
    # Podman answers with the first of them.
    with container.logs(stream=True, lines=True, tail=0, resume=True) as log:
        relay.calm = False
        return written(log, relay)


def test_only_new_lines_over_cut_connections(engine: Engine, scope: Scope) -> None:
    command = shell("echo old; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo new; sleep 0.3; echo last")
    with CuttingRelay(engine, "/logs", seed=6, most=3000) as relay:
        with client_of(engine, relay.url) as client:
            relay.calm = True
            container = started(client, scope, command)
            container.wait_for_log("old")
            pause(1.1)
            before = relay.asked
            following = Task(new_lines, container, relay)
            eventually(lambda: relay.asked > before)
            # Podman says nothing when it has looked where the log ends.
            pause(1.0)
            tell_to_end(container)
            assert (following.result(100.0))["stdout"] == [b"new\n", b"last\n"]


def test_the_last_line_of_one_that_ends_at_once(engine: Engine, scope: Scope) -> None:
    # A follower of Docker 20.10 may miss what is written just before the end: a resumed log is looked at once more.
    with client_of(engine) as client:
        for _ in range(6):
            container = started(client, scope, shell("echo one; usleep 200000; echo two; echo last"))
            log = container.logs(stream=True, lines=True, resume=True)
            assert (written(log))["stdout"] == [b"one\n", b"two\n", b"last\n"]


def test_it_gives_up(engine: Engine, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumption, "PATIENCE", 0.5)
    relay = CuttingRelay(engine, "/events", seed=7, most=1000)
    with client_of(engine, relay.url) as client:
        relay.calm = True
        events = client.events(filters={"label": f"{LABEL}={scope.token}"}, resume=True)
        with relay:
            pass
        with pytest.raises(EngineUnreachable):
            events.__next__()


def test_one_that_is_gone(engine: Engine, scope: Scope) -> None:
    with CuttingRelay(engine, "/logs", seed=8, most=1000) as relay:
        with client_of(engine, relay.url) as client, client_of(engine) as other:
            container = started(client, scope, shell("echo here; sleep 300"))
            options: Any = {"resume": True}
            with pytest.raises(ValueError, match="resume=True is given with stream=False"):
                container.logs(**options)
            relay.calm = True
            with container.logs(stream=True, lines=True, resume=True) as log:
                assert (log.__next__()).data == b"here\n"
                # Its end is heard, or the connection cut before.
                (other.containers.get(container.id)).remove(force=True)
                relay.calm = False
                with contextlib.suppress(ContainerNotFound):
                    assert list(log) == []
            relay.calm = True
            with pytest.raises(ContainerNotFound):
                container.logs(stream=True, resume=True)
