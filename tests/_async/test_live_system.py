"""What real engines use of the disk, and clearing up all of it at once."""

from typing import Any

import pytest

from tests._async._live import client_of, ran, started
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope, shell
from wharfinger.errors import BadRequest, NotSupported
from wharfinger.types import DiskUsagePart


async def test_disk_usage(lonely: Engine) -> None:
    with Scope(lonely) as scope:
        name = scope.volume()
        wrote = "head -c 5000000 /dev/zero > /big; head -c 3000000 /dev/zero > /data/big; sync; touch /done; sleep 300"
        async with client_of(lonely) as client:
            before = await client.df()
            kept = set(lonely.cli("images", "--all", "--quiet").stdout.split())
            await client.volumes.create(name)
            await client.volumes.create(scope.volume("unused"))
            container = await started(client, scope, shell(wrote), volumes=[f"{name}:/data"])
            # Until it is there: the loop ends by the test's own limit of time.
            await container.exec_run(shell("until test -e /done; do sleep 0.1; done"))
            running = await client.df()
            await container.kill()
            ended = await client.df()
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


async def test_everything_is_cleared_up(lonely: Engine) -> None:
    with Scope(lonely) as scope:
        async with client_of(lonely) as client:
            kept = await started(client, scope)
            ended = await client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
            await client.networks.create(scope.network())
            await client.volumes.create(scope.volume())
            pod = ""
            if lonely.name == "podman":
                pod = lonely.cli("pod", "create", "--infra=false", "--name", scope.name("pod")).stdout.strip()
                lonely.cli("run", f"--pod={pod}", TEST_IMAGE, "true")
            first = await client.prune()
            assert first["ContainersDeleted"] == [ended.id]
            assert first["NetworksDeleted"] == [scope.name("n")]
            assert first["VolumesDeleted"] == first["CachesDeleted"] == []
            assert first["ImagesDeleted"] == []
            assert first["PodsDeleted"] == ([pod] if pod else [])
            assert scope.containers() == [kept.id]
            assert await client.volumes.exists(scope.name("v"))
            second = await client.prune(all=True, volumes=True)
            assert second["VolumesDeleted"] == [scope.name("v")]
            assert not await client.volumes.exists(scope.name("v"))
            assert lonely.cli("volume", "ls", "-q").stdout.split() == []
            # What the running container uses is there still.
            assert await client.images.exists(TEST_IMAGE)


async def test_only_some_are_cleared_up(engine: Engine, scope: Scope) -> None:
    wanted = {"label": [f"{key}={value}" for key, value in scope.labels.items()]}
    async with client_of(engine) as client:
        ended = await client.containers.create(TEST_IMAGE, "true", labels=scope.labels)
        other = await client.containers.create(TEST_IMAGE, "true", labels={"other": scope.token})
        try:
            await client.networks.create(scope.network(), labels=scope.labels)
            await client.volumes.create(scope.volume(), labels=scope.labels)
            await ran(client, scope, "sh -c 'echo a > /data/b'", volumes=[f"{scope.name('v')}:/data"])
            assert await client.prune(volumes=True, filters=wanted) == {
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
            await other.remove()
        assert engine.cli("network", "inspect", scope.name("n"), check=False).returncode != 0
        assert engine.cli("volume", "inspect", scope.name("v"), check=False).returncode != 0


async def test_what_cannot_be_done_is_told_before(engine: Engine, scope: Scope) -> None:
    mine = {"label": [scope.token]}
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            await client.ping()
            before = len(relay.requests)
            with pytest.raises(NotSupported, match="build_cache=True"):
                await client.prune(build_cache=True, filters=mine)
            if engine.name == "docker":
                with pytest.raises(NotSupported, match="until"):
                    await client.prune(volumes=True, filters={**mine, "until": "24h"})
            prune: Any = client.prune
            with pytest.raises(TypeError, match="everything"):
                await prune(everything=True)
            assert len(relay.requests) == before
            with pytest.raises(BadRequest, match="nothing"):
                await client.prune(filters={**mine, "nothing": "1"})
