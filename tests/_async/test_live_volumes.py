"""Volumes on real engines: made, found, filled, removed, cleared up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import client_of, old_client_of, ran
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Relay, Scope
from wharfinger.errors import APIError, BadRequest, Conflict, NotFound, NotSupported, VolumeNotFound


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A volume as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("volume", "inspect", name).stdout)
    return found[0]


def there(engine: Engine, name: str) -> bool:
    """Whether the engine's own program knows the volume."""
    return engine.cli("volume", "inspect", name, check=False).returncode == 0


async def test_made_and_found(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    before = datetime.now(UTC) - timedelta(seconds=2)
    async with client_of(engine) as client:
        made = await client.volumes.create(
            name, driver="local", driver_opts={"type": "tmpfs", "device": "tmpfs"}, labels=["a=b", "c"]
        )
        found = await client.volumes.get(name)
        (listed,) = await client.volumes.list(filters={"name": name})
        assert await client.volumes.exists(name)
        assert not await client.volumes.exists(name[:-1])
        assert await found.inspect() is found.attrs
    told = shown(engine, name)
    for one in (made, found, listed):
        assert (one.id, one.name, one.short_id) == (name, name, name[:12])
        assert (one.driver, one.scope, one.mountpoint) == ("local", "local", told["Mountpoint"])
        assert one.labels == told["Labels"] == {"a": "b", "c": ""}
        assert one.options == {"type": "tmpfs", "device": "tmpfs"}
        assert one.created_at
        assert before < one.created_at < datetime.now(UTC) + timedelta(seconds=2)
        assert repr(one).endswith(f"Volume {name}>")
        assert one.attrs["Name"] == name
    assert len({made, found, listed}) == 1
    assert made != name


async def test_without_a_name(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        made = await client.volumes.create(labels=scope.labels)
        try:
            assert len(made.name) == 64
            assert shown(engine, made.name)["Labels"].items() >= scope.labels.items()
        finally:
            await made.remove()
    assert not there(engine, made.name)


async def test_a_name_that_is_taken(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    async with client_of(engine) as client:
        first = await client.volumes.create(name, labels={"first": "1"})
        if engine.name == "docker":
            assert await client.volumes.create(name, ignore_if_exists=True) == first
            with pytest.raises(NotSupported, match="ignore_if_exists"):
                await client.volumes.create(name, ignore_if_exists=False)
        else:
            with pytest.raises(Conflict, match=name):
                await client.volumes.create(name, ignore_if_exists=False)
        (one,) = await client.volumes.list(filters={"name": name})
        assert one.labels == {"first": "1"}


@pytest.mark.bad_input(
    "Volume.inspect",
    "Volume.reload",
    "Volume.remove",
    "VolumesManager.get",
    "VolumesManager.remove",
)
async def test_used_and_removed(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    async with client_of(engine) as client:
        volume = await client.volumes.create(name)
        await ran(client, scope, ["sh", "-c", "echo kept > /data/file"], volumes=[f"{name}:/data"])
        assert await ran(client, scope, ["cat", "/data/file"], volumes={name: "/data"}) == b"kept\n"
        user = await client.containers.create(
            TEST_IMAGE, "true", volumes=[f"{name}:/data"], labels=scope.labels
        )
        with pytest.raises(Conflict, match=name):
            await volume.remove()
        assert there(engine, name)
        if engine.name == "docker":
            await user.remove()
        await client.volumes.remove(volume, force=engine.name == "podman")
        assert not there(engine, name)
        assert scope.containers() == []
        with pytest.raises(VolumeNotFound):
            await volume.remove()
        with pytest.raises(VolumeNotFound):
            await volume.reload()
        with pytest.raises(VolumeNotFound):
            await volume.inspect()
        with pytest.raises(VolumeNotFound):
            await client.volumes.get(name)
        with pytest.raises(VolumeNotFound):
            await client.volumes.remove(name)
        assert await client.volumes.list(filters={"name": name}) == []


async def test_pruned(engine: Engine, scope: Scope) -> None:
    name, used, other = scope.volume("unused"), scope.volume("used"), scope.volume("other")
    wanted = [f"{key}={value}" for key, value in scope.labels.items()]
    async with client_of(engine) as client:
        await client.volumes.create(name, labels=scope.labels)
        await client.volumes.create(used, labels=scope.labels)
        await client.volumes.create(other)
        await ran(client, scope, ["sh", "-c", "echo kept > /data/file"], volumes=[f"{name}:/data"])
        await client.containers.create(TEST_IMAGE, "true", volumes=[f"{used}:/data"], labels=scope.labels)
        assert {one.name for one in await client.volumes.list({"label": wanted})} == {name, used}
        report = await client.volumes.prune({"label": wanted}, all=True)
        assert report["VolumesDeleted"] == [name]
        assert report["SpaceReclaimed"] > 0
        assert [there(engine, one) for one in (name, used, other)] == [False, True, True]
        assert await client.volumes.prune({"label": wanted}) == {"VolumesDeleted": [], "SpaceReclaimed": 0}
    async with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"all=False.*1\.42"):
            await client.volumes.prune({"label": wanted}, all=False)


@pytest.mark.bad_input(
    "Volume.export_archive",
    "Volume.import_archive",
    "Volume.update",
    "VolumesManager.create",
    "VolumesManager.export_archive",
    "VolumesManager.get",
    "VolumesManager.import_archive",
    "VolumesManager.list",
    "VolumesManager.prune",
)
async def test_what_is_wrong_is_told(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with old_client_of(engine, relay.url) as client:
            volume = await client.volumes.create(scope.volume())
            before = len(relay.requests)
            create: Any = client.volumes.create
            wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
                ({"lable": {}}, TypeError, "unknown option 'lable'.*did you mean 'labels'"),
                ({"name": 3}, TypeError, "name is 3"),
                ({"driver": 3}, TypeError, "driver is 3"),
                ({"labels": "a=b"}, TypeError, "labels is a str"),
                ({"driver_opts": {"o": ["x"]}}, TypeError, "driver_opts"),
                ({"uid": "1"}, TypeError, "uid is '1'"),
                ({"uid": 1}, NotSupported, r"(?i)uid.*5\.6\.2"),
                ({"cluster_volume_spec": {"Group": "a"}}, NotSupported, r"(?i)cluster_?volume_?spec.*1\.42"),
            ]
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words):
                    await create(**options)
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                await volume.export_archive()
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                await volume.import_archive(b"")
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                await client.volumes.export_archive(volume.name)
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                await client.volumes.import_archive(volume.name, b"")
            with pytest.raises(NotSupported, match=r"1\.42"):
                await volume.update(availability="drain")
            wrong_one: Any = "gone"
            with pytest.raises(ValueError, match="availability='gone'"):
                await volume.update(availability=wrong_one)
            with pytest.raises(ValueError, match="empty"):
                await client.volumes.get("")
            assert len(relay.requests) == before
            with pytest.raises(NotFound, match="nobody") as caught:
                await client.volumes.create(scope.volume("nobody"), driver="nobody")
            assert not isinstance(caught.value, VolumeNotFound)
            with pytest.raises(APIError, match="a-zA-Z0-9"):
                await client.volumes.create("a/b")
            with pytest.raises(BadRequest, match="nothing"):
                await client.volumes.list({"nothing": "1"})
            labels = [f"{key}={value}" for key, value in scope.labels.items()]
            with pytest.raises(BadRequest, match="nothing"):
                await client.volumes.prune({"label": labels, "nothing": "1"})


async def test_no_property_asks_the_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            volume = await client.volumes.create(scope.volume())
            before = len(relay.requests)
            for name in dir(type(volume)):
                if isinstance(getattr(type(volume), name), property):
                    getattr(volume, name)
            assert len(relay.requests) == before
