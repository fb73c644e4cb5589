"""Images on real engines: got, listed, named, loaded, imported, removed."""

import io
import os
import tarfile

import pytest

from tests._async._live import client_of
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


async def test_got_and_listed(engine: Engine, image: str) -> None:
    async with client_of(engine) as client:
        found = await client.images.get(image)
        assert found.id.removeprefix("sha256:") == built_image().id.removeprefix("sha256:")
        assert image in found.tags
        assert found.labels == {"org.wharfinger.test": "1"}
        assert found.attrs["Config"]["Cmd"] == ["sh"]
        assert await client.images.get(found.id) == await client.images.get(found.short_id) == found
        assert found in await client.images.list()
        assert await client.images.list(image) == [found]
        (listed,) = await client.images.list(image)
        assert listed.labels == found.labels
        assert image in listed.tags
        assert image in repr(listed)
        assert await client.images.list(filters={"label": "org.wharfinger.test=2"}) == []


async def test_what_is_not_there(engine: Engine, scope: Scope) -> None:
    absent = scope.image("absent")
    async with client_of(engine) as client:
        assert not await client.images.exists(absent)
        for action in (client.images.get, client.images.remove):
            with pytest.raises(ImageNotFound, match=scope.token):
                await action(absent)


@pytest.mark.bad_input("ImagesManager.get")
async def test_named_and_removed(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("named")
    async with client_of(engine) as client:
        found = await client.images.get(image)
        assert await found.tag(name.removesuffix(":1"), "1") is True
        assert await found.tag(name.removesuffix(":1")) is True
        latest = scope.also_remove(name.removesuffix("1") + "latest")
        await found.reload()
        assert {name, latest, image} <= set(found.tags)
        removed = await client.images.remove(latest)
        assert removed == [{"Untagged": latest}]
        assert not await client.images.exists(latest)
        with pytest.raises(Conflict):
            # It has other names too.
            await (await client.images.get(name)).remove()
        await client.images.remove(name)
        assert await client.images.exists(image)


async def test_pulled(engine: Engine, registry: Registry, scope: Scope) -> None:
    async with client_of(engine) as client:
        name, _, tag = registry.image.rpartition(":")
        pulled = await client.images.pull(name, tag)
        assert registry.image in pulled.tags
        assert await client.images.pull(registry.image) == pulled
        async with await client.images.pull(registry.image, stream=True) as progress:
            events = [event async for event in progress]
        assert events
        assert any(event.status for event in events)
        assert not any(event.error for event in events)


@pytest.mark.bad_input("ImagesManager.pull")
async def test_what_cannot_be_pulled(engine: Engine, registry: Registry, scope: Scope) -> None:
    absent = f"{registry.host}/{scope.token}/absent:1"
    async with client_of(engine) as client:
        with pytest.raises(PullError, match=scope.token):
            await client.images.pull(absent)
        # Podman 5 leaves out in its stream which it is.
        with pytest.raises(PullError, match=f"{scope.token}|manifest unknown"):
            async with await client.images.pull(absent, stream=True) as progress:
                [event async for event in progress]
        with pytest.raises(ValueError, match="small letters"):
            await client.images.pull("Not A Name")


async def test_a_registry_with_a_login(engine: Engine, login_registry: Registry) -> None:
    name = login_registry.image
    secret = "not-the-pass-word"
    good = {"username": str(login_registry.username), "password": str(login_registry.password)}
    async with client_of(engine) as client:
        with pytest.raises(PullError):
            await client.images.pull(name)
        with pytest.raises(PullError) as caught:
            await client.images.pull(name, auth_config={**good, "password": secret})
        fault: BaseException | None = caught.value
        while fault is not None:
            told = f"{fault} {fault!r} {fault.__dict__}"
            assert secret not in told
            assert "bm90LXRoZS1wYXNz" not in told
            fault = fault.__cause__ or fault.__context__
        pulled = await client.images.pull(name, auth_config=good)
        assert name in pulled.tags
        await client.images.remove(name)


@pytest.mark.bad_input("ImagesManager.load")
async def test_loaded(engine: Engine, scope: Scope) -> None:
    first, second = scope.image("one"), scope.image("two")
    data = built_image().archive(first, second)
    async with client_of(engine) as client:
        for given in (data, io.BytesIO(data), (data[at : at + 65536] for at in range(0, len(data), 65536))):
            loaded = await client.images.load(given)
            assert {one.id.removeprefix("sha256:") for one in loaded} == {built_image().id[7:]}
            assert {first, second} <= {tag for one in loaded for tag in one.tags}
            await client.images.remove(first)
            await client.images.remove(second)
        with pytest.raises(WharfingerError):
            await client.images.load(b"this is no archive" * 1000)


@pytest.mark.bad_input("ImagesManager.import_image")
async def test_imported(engine: Engine, scope: Scope) -> None:
    name = scope.image("imported")
    async with client_of(engine) as client:
        image = await client.images.import_image(
            root_folder(), reference=name, message="by a test", changes=['CMD ["/x"]', "LABEL a=b"]
        )
        assert image.tags == [name]
        assert image.labels == {"a": "b"}
        assert image.attrs["Config"]["Cmd"] == ["/x"]
        removed = await image.remove()
        assert {"Untagged": name} in removed
        assert any("Deleted" in one for one in removed)
        assert not await client.images.exists(name)
        with pytest.raises((APIError, WharfingerError)):
            await client.images.import_image(b"this is no archive" * 1000)


@pytest.mark.bad_input("ImagesManager.remove")
async def test_an_image_that_is_in_use(engine: Engine, scope: Scope) -> None:
    name = scope.image("used")
    async with client_of(engine) as client:
        await client.images.import_image(root_folder(), reference=name)
        made = await client.containers.create(name, "true", labels=scope.labels)
        assert made.image == name
        with pytest.raises(Conflict):
            await client.images.remove(name)
