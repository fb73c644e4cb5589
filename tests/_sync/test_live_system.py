# Derived from tests/_async/test_live_system.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What real engines use of the disk, and clearing up all of it at once."""

from typing import Any

import pytest

from tests._sync._live import client_of, ran, started
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, shell
from wharfinger.errors import BadRequest, NotSupported
from wharfinger.types import DiskUsagePart


def test_disk_usage(lonely: Engine) -> None:
    with Scope(lonely) as scope:
        name = scope.volume()
        wrote = "head -c 5000000 /dev/zero > /big; head -c 3000000 /dev/zero > /data/big; sync; touch /done; sleep 300"
        with client_of(lonely) as client:
            before = client.df()
            kept = set(lonely.cli("images", "--all", "--quiet").stdout.split())
            client.volumes.create(name)
            client.volumes.create(scope.volume("unused"))
            container = started(client, scope, shell(wrote), volumes=[f"{name}:/data"])
            # Until it is there: the loop ends by the test's own limit of time.
            container.exec_run(shell("until test -e /done; do sleep 0.1; done"))
            running = client.df()
            container.kill()
            ended = client.df()
    assert (before.containers, before.volumes) == (DiskUsagePart(), DiskUsagePart())
    assert (before.images.count, before.images.active) == (len(kept), 0)
    assert 0 < before.images.reclaimable <= before.images.size
    assert running.images.active == 1
    assert (running.containers.count, running.containers.active, running.containers.reclaimable) == (1, 1, 0)
    assert 5000000 <= running.containers.size < 5200000
    assert (running.volumes.count, running.volumes.active) == (2, 1)
    assert 3000000 <= running.volumes.size < 3200000
    assert running.volumes.reclaimable < 100000
    assert (ended.containers.active, ended.containers.reclaimable) == (0, ended.containers.size)
    assert ended.size >= 8000000 < running.size
    assert ended.reclaimable - running.reclaimable >= 5000000
    assert ended["Volumes"] == ended.attrs["Volumes"]
    assert set(ended) == set(ended.attrs)
    assert len(ended) == len(ended.attrs)
    assert "attrs" not in repr(ended)


def test_everything_is_cleared_up(lonely: Engine) -> None:
    with Scope(lonely) as scope:
        with client_of(lonely) as client:
            kept = started(client, scope)
            ended = client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
            client.networks.create(scope.network())
            client.volumes.create(scope.volume())
            pod = ""
            if lonely.name == "podman":
                pod = lonely.cli("pod", "create", "--infra=false", "--name", scope.name("pod")).stdout.strip()
                lonely.cli("run", f"--pod={pod}", TEST_IMAGE, "true")
            first = client.prune()
            assert first["ContainersDeleted"] == [ended.id]
            assert first["NetworksDeleted"] == [scope.name("n")]
            assert first["VolumesDeleted"] == first["CachesDeleted"] == []
            assert first["ImagesDeleted"] == []
            assert first["PodsDeleted"] == ([pod] if pod else [])
            assert scope.containers() == [kept.id]
            assert client.volumes.exists(scope.name("v"))
            second = client.prune(all=True, volumes=True)
            assert second["VolumesDeleted"] == [scope.name("v")]
            assert not client.volumes.exists(scope.name("v"))
            assert lonely.cli("volume", "ls", "-q").stdout.split() == []
            # What the running container uses is there still.
            assert client.images.exists(TEST_IMAGE)


def test_only_some_are_cleared_up(engine: Engine, scope: Scope) -> None:
    wanted = {"label": [f"{key}={value}" for key, value in scope.labels.items()]}
    with client_of(engine) as client:
        ended = client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
        other = client.containers.create(TEST_IMAGE, "true", labels={"other": scope.token})
        try:
            client.networks.create(scope.network(), labels=scope.labels)
            client.volumes.create(scope.volume(), labels=scope.labels)
            ran(client, scope, "sh -c 'echo a > /data/b'", volumes=[f"{scope.name('v')}:/data"])
            assert client.prune(volumes=True, filters=wanted) == {
                "PodsDeleted": [],
                "ContainersDeleted": [ended.id],
                "NetworksDeleted": [scope.name("n")],
                "ImagesDeleted": [],
                "VolumesDeleted": [scope.name("v")],
                "CachesDeleted": [],
                "SpaceReclaimed": pytest.approx(4096, abs=4096),
            }
            assert scope.exists(other.id)
        finally:
            other.remove()
        assert engine.cli("network", "inspect", scope.name("n"), check=False).returncode != 0
        assert engine.cli("volume", "inspect", scope.name("v"), check=False).returncode != 0


def test_what_cannot_be_done_is_told_before(engine: Engine, scope: Scope) -> None:
    mine = {"label": [scope.token]}
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            client.ping()
            before = len(relay.requests)
            with pytest.raises(NotSupported, match="build_cache=True"):
                client.prune(build_cache=True, filters=mine)
            if engine.name == "docker":
                with pytest.raises(NotSupported, match="until"):
                    client.prune(volumes=True, filters={**mine, "until": "24h"})
            prune: Any = client.prune
            with pytest.raises(TypeError, match="everything"):
                prune(everything=True)
            assert len(relay.requests) == before
            with pytest.raises(BadRequest, match="nothing"):
                client.prune(filters={**mine, "nothing": "1"})
