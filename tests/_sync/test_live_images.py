# Derived from tests/_async/test_live_images.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Images on real engines: got, listed, named, loaded, imported, removed."""

import io
import os
import tarfile

import pytest

from tests._sync._live import client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.live import Scope
from wharfinger.errors import APIError, Conflict, ImageNotFound, PullError, WharfingerError


def root_folder() -> bytes:
    """A tar that no other test has."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as made:
        entry = tarfile.TarInfo("file")
        entry.size = 64
        made.addfile(entry, io.BytesIO(os.urandom(64)))
    return data.getvalue()


def test_got_and_listed(engine: Engine, image: str) -> None:
    with client_of(engine) as client:
        found = client.images.get(image)
        assert found.id.removeprefix("sha256:") == built_image().id.removeprefix("sha256:")
        assert image in found.tags
        assert found.labels == {"org.wharfinger.test": "1"}
        assert found.attrs["Config"]["Cmd"] == ["sh"]
        assert client.images.get(found.id) == client.images.get(found.short_id) == found
        assert found in client.images.list()
        assert client.images.list(image) == [found]
        (listed,) = client.images.list(image)
        assert listed.labels == found.labels
        assert image in listed.tags
        assert image in repr(listed)
        assert client.images.list(filters={"label": "org.wharfinger.test=2"}) == []


def test_what_is_not_there(engine: Engine, scope: Scope) -> None:
    absent = scope.image("absent")
    with client_of(engine) as client:
        assert not client.images.exists(absent)
        for action in (client.images.get, client.images.remove):
            with pytest.raises(ImageNotFound, match=scope.token):
                action(absent)


@pytest.mark.bad_input("ImagesManager.get")
def test_named_and_removed(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("named")
    with client_of(engine) as client:
        found = client.images.get(image)
        assert found.tag(name.removesuffix(":1"), "1") is True
        assert found.tag(name.removesuffix(":1")) is True
        latest = scope.also_remove(name.removesuffix("1") + "latest")
        found.reload()
        assert {name, latest, image} <= set(found.tags)
        removed = client.images.remove(latest)
        assert removed == [{"Untagged": latest}]
        assert not client.images.exists(latest)
        with pytest.raises(Conflict):
            # It has other names too.
            (client.images.get(name)).remove()
        client.images.remove(name)
        assert client.images.exists(image)


def test_pulled(engine: Engine, registry: Registry, scope: Scope) -> None:
    with client_of(engine) as client:
        name, _, tag = registry.image.rpartition(":")
        pulled = client.images.pull(name, tag)
        assert registry.image in pulled.tags
        assert client.images.pull(registry.image) == pulled
        with client.images.pull(registry.image, stream=True) as progress:
            events = list(progress)
        assert events
        assert any(event.status for event in events)
        assert not any(event.error for event in events)


@pytest.mark.bad_input("ImagesManager.pull")
def test_what_cannot_be_pulled(engine: Engine, registry: Registry, scope: Scope) -> None:
    absent = f"{registry.host}/{scope.token}/absent:1"
    with client_of(engine) as client:
        with pytest.raises(PullError, match=scope.token):
            client.images.pull(absent)
        # Podman 5 leaves out in its stream which it is.
        with pytest.raises(PullError, match=f"{scope.token}|manifest unknown"):
            with client.images.pull(absent, stream=True) as progress:
                list(progress)
        with pytest.raises(ValueError, match="small letters"):
            client.images.pull("Not A Name")


def test_a_registry_with_a_login(engine: Engine, login_registry: Registry) -> None:
    name = login_registry.image
    secret = "not-the-pass-word"
    good = {"username": str(login_registry.username), "password": str(login_registry.password)}
    with client_of(engine) as client:
        with pytest.raises(PullError):
            client.images.pull(name)
        with pytest.raises(PullError) as caught:
            client.images.pull(name, auth_config={**good, "password": secret})
        fault: BaseException | None = caught.value
        while fault is not None:
            told = f"{fault} {fault!r} {fault.__dict__}"
            assert secret not in told
            assert "bm90LXRoZS1wYXNz" not in told
            fault = fault.__cause__ or fault.__context__
        pulled = client.images.pull(name, auth_config=good)
        assert name in pulled.tags
        client.images.remove(name)


@pytest.mark.bad_input("ImagesManager.load")
def test_loaded(engine: Engine, scope: Scope) -> None:
    first, second = scope.image("one"), scope.image("two")
    data = built_image().archive(first, second)
    with client_of(engine) as client:
        for given in (data, io.BytesIO(data), (data[at : at + 65536] for at in range(0, len(data), 65536))):
            loaded = client.images.load(given)
            assert {one.id.removeprefix("sha256:") for one in loaded} == {built_image().id[7:]}
            assert {first, second} <= {tag for one in loaded for tag in one.tags}
            client.images.remove(first)
            client.images.remove(second)
        with pytest.raises(WharfingerError):
            client.images.load(b"this is no archive" * 1000)


@pytest.mark.bad_input("ImagesManager.import_image")
def test_imported(engine: Engine, scope: Scope) -> None:
    name = scope.image("imported")
    with client_of(engine) as client:
        image = client.images.import_image(
            root_folder(), reference=name, message="by a test", changes=['CMD ["/x"]', "LABEL a=b"]
        )
        assert image.tags == [name]
        assert image.labels == {"a": "b"}
        assert image.attrs["Config"]["Cmd"] == ["/x"]
        removed = image.remove()
        assert {"Untagged": name} in removed
        assert any("Deleted" in one for one in removed)
        assert not client.images.exists(name)
        with pytest.raises((APIError, WharfingerError)):
            client.images.import_image(b"this is no archive" * 1000)


@pytest.mark.bad_input("ImagesManager.remove")
def test_an_image_that_is_in_use(engine: Engine, scope: Scope) -> None:
    name = scope.image("used")
    with client_of(engine) as client:
        client.images.import_image(root_folder(), reference=name)
        made = client.containers.create(name, "true", labels=scope.labels)
        assert made.image == name
        with pytest.raises(Conflict):
            client.images.remove(name)
