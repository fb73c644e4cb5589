# Derived from tests/_async/test_live_volumes.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Volumes on real engines: made, found, filled, removed, cleared up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._sync._live import client_of, old_client_of, ran
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


def test_made_and_found(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    before = datetime.now(UTC) - timedelta(seconds=2)
    with client_of(engine) as client:
        made = client.volumes.create(
            name, driver="local", driver_opts={"type": "tmpfs", "device": "tmpfs"}, labels=["a=b", "c"]
        )
        found = client.volumes.get(name)
        (listed,) = client.volumes.list(filters={"name": name})
        assert client.volumes.exists(name)
        assert not client.volumes.exists(name[:-1])
        assert found.inspect() is found.attrs
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


def test_without_a_name(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        made = client.volumes.create(labels=scope.labels)
        try:
            assert len(made.name) == 64
            assert shown(engine, made.name)["Labels"].items() >= scope.labels.items()
        finally:
            made.remove()
    assert not there(engine, made.name)


def test_a_name_that_is_taken(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    with client_of(engine) as client:
        first = client.volumes.create(name, labels={"first": "1"})
        if engine.name == "docker":
            assert client.volumes.create(name, ignore_if_exists=True) == first
            with pytest.raises(NotSupported, match="ignore_if_exists"):
                client.volumes.create(name, ignore_if_exists=False)
        else:
            with pytest.raises(Conflict, match=name):
                client.volumes.create(name, ignore_if_exists=False)
        (one,) = client.volumes.list(filters={"name": name})
        assert one.labels == {"first": "1"}


@pytest.mark.bad_input(
    "Volume.inspect",
    "Volume.reload",
    "Volume.remove",
    "VolumesManager.get",
    "VolumesManager.remove",
)
def test_used_and_removed(engine: Engine, scope: Scope) -> None:
    name = scope.volume()
    with client_of(engine) as client:
        volume = client.volumes.create(name)
        ran(client, scope, ["sh", "-c", "echo kept > /data/file"], volumes=[f"{name}:/data"])
        assert ran(client, scope, ["cat", "/data/file"], volumes={name: "/data"}) == b"kept\n"
        user = client.containers.create(TEST_IMAGE, "true", volumes=[f"{name}:/data"], labels=scope.labels)
        with pytest.raises(Conflict, match=name):
            volume.remove()
        assert there(engine, name)
        if engine.name == "docker":
            user.remove()
        client.volumes.remove(volume, force=engine.name == "podman")
        assert not there(engine, name)
        assert scope.containers() == []
        with pytest.raises(VolumeNotFound):
            volume.remove()
        with pytest.raises(VolumeNotFound):
            volume.reload()
        with pytest.raises(VolumeNotFound):
            volume.inspect()
        with pytest.raises(VolumeNotFound):
            client.volumes.get(name)
        with pytest.raises(VolumeNotFound):
            client.volumes.remove(name)
        assert client.volumes.list(filters={"name": name}) == []


def test_pruned(engine: Engine, scope: Scope) -> None:
    name, used, other = scope.volume("unused"), scope.volume("used"), scope.volume("other")
    wanted = [f"{key}={value}" for key, value in scope.labels.items()]
    with client_of(engine) as client:
        client.volumes.create(name, labels=scope.labels)
        client.volumes.create(used, labels=scope.labels)
        client.volumes.create(other)
        ran(client, scope, ["sh", "-c", "echo kept > /data/file"], volumes=[f"{name}:/data"])
        client.containers.create(TEST_IMAGE, "true", volumes=[f"{used}:/data"], labels=scope.labels)
        assert {one.name for one in client.volumes.list({"label": wanted})} == {name, used}
        report = client.volumes.prune({"label": wanted}, all=True)
        assert report["VolumesDeleted"] == [name]
        assert report["SpaceReclaimed"] > 0
        assert [there(engine, one) for one in (name, used, other)] == [False, True, True]
        assert client.volumes.prune({"label": wanted}) == {"VolumesDeleted": [], "SpaceReclaimed": 0}
    with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"all=False.*1\.42"):
            client.volumes.prune({"label": wanted}, all=False)


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
def test_what_is_wrong_is_told(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with old_client_of(engine, relay.url) as client:
            volume = client.volumes.create(scope.volume())
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
                    create(**options)
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                volume.export_archive()
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                volume.import_archive(b"")
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                client.volumes.export_archive(volume.name)
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                client.volumes.import_archive(volume.name, b"")
            with pytest.raises(NotSupported, match=r"1\.42"):
                volume.update(availability="drain")
            wrong_one: Any = "gone"
            with pytest.raises(ValueError, match="availability='gone'"):
                volume.update(availability=wrong_one)
            with pytest.raises(ValueError, match="empty"):
                client.volumes.get("")
            assert len(relay.requests) == before
            with pytest.raises(NotFound, match="nobody") as caught:
                client.volumes.create(scope.volume("nobody"), driver="nobody")
            assert not isinstance(caught.value, VolumeNotFound)
            with pytest.raises(APIError, match="a-zA-Z0-9"):
                client.volumes.create("a/b")
            with pytest.raises(BadRequest, match="nothing"):
                client.volumes.list({"nothing": "1"})
            labels = [f"{key}={value}" for key, value in scope.labels.items()]
            with pytest.raises(BadRequest, match="nothing"):
                client.volumes.prune({"label": labels, "nothing": "1"})


def test_no_property_asks_the_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            volume = client.volumes.create(scope.volume())
            before = len(relay.requests)
            for name in dir(type(volume)):
                if isinstance(getattr(type(volume), name), property):
                    getattr(volume, name)
            assert len(relay.requests) == before
