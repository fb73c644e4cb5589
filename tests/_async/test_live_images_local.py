"""Images on real engines without a registry: saved, told of, untagged, cleared up."""

import io
import json
import tarfile
from datetime import UTC, datetime
from typing import Any

import pytest

from tests._async._live import client_of
from tests.engines.harness import Engine
from tests.live import Scope
from wharfinger.errors import APIError, ImageNotFound, NotSupported


def names_in(archive: bytes) -> list[str]:
    """The names that an archive of images keeps."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        listed = opened.extractfile("manifest.json")
        assert listed is not None
        found: list[dict[str, Any]] = json.load(listed)
    listed_names: list[list[str] | None] = [one["RepoTags"] for one in found]
    return sorted(name for names in listed_names for name in names or ())


def layer(scope: Scope, part: str) -> bytes:
    """A root file system that no other test has."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as made:
        content = scope.name(part).encode()
        entry = tarfile.TarInfo("file")
        entry.size = len(content)
        made.addfile(entry, io.BytesIO(content))
    return data.getvalue()


@pytest.mark.bad_input("Image.save")
async def test_saved(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("saved")
    async with client_of(engine) as client:
        found = await client.images.get(image)
        await found.tag(name.removesuffix(":1"), "1")
        await found.reload()
        async with await found.save() as chunks:
            nameless = b"".join([chunk async for chunk in chunks])
        assert names_in(nameless) == []
        async with await found.save(named=name) as chunks:
            named = b"".join([chunk async for chunk in chunks])
        assert names_in(named) == [name]
        async with await found.save(named=True) as chunks:
            assert names_in(b"".join([chunk async for chunk in chunks])) == [found.tags[0]]
        await client.images.remove(name)
        engine.cli("load", stdin=named)
        assert name in (await client.images.get(found.id)).tags
        with pytest.raises(ValueError, match="has the names"):
            await found.save(named="localhost/another:1")


@pytest.mark.bad_input("ImagesManager.save")
async def test_many_saved_in_one_archive(engine: Engine, scope: Scope) -> None:
    names = sorted([scope.image("first"), scope.image("second")])
    async with client_of(engine) as client:
        for name in names:
            await client.images.import_image(layer(scope, name[-8:-2]), reference=name)
        async with await client.images.save(names) as chunks:
            archive = b"".join([chunk async for chunk in chunks])
        assert names_in(archive) == names
        for name in names:
            await client.images.remove(name)
        loaded = await client.images.load(archive)
        assert sorted(tag for one in loaded for tag in one.tags) == names
        async with await client.images.save(names[0]) as chunks:
            assert names_in(b"".join([chunk async for chunk in chunks])) == names[:1]
        with pytest.raises(ImageNotFound, match=scope.token):
            await client.images.save([names[0], scope.image("absent")])
        with pytest.raises(ValueError, match="names is empty"):
            await client.images.save([])


async def test_facts(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        found = await client.images.get(image)
        shown: dict[str, Any] = json.loads(engine.cli("image", "inspect", image).stdout)[0]
        assert found.size == shown["Size"] > 0
        assert found.created == datetime(2024, 1, 1, tzinfo=UTC)
        assert sorted(found.digests) == sorted(shown["RepoDigests"] or [])
        (listed,) = await client.images.list(image)
        assert (listed.size, listed.created) == (found.size, found.created)


@pytest.mark.bad_input("Image.history")
async def test_history(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("told")
    async with client_of(engine) as client:
        made = await client.images.import_image(layer(scope, "told"), reference=name, message="by a test")
        (one,) = await made.history()
        assert one["Comment"] == "by a test"
        assert one["Size"] > 0
        (built,) = await (await client.images.get(image)).history()
        assert built["Created"] == int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
        await made.remove()
        with pytest.raises(ImageNotFound):
            await made.history()
        with pytest.raises(ImageNotFound):
            await made.save()


@pytest.mark.bad_input("ImagesManager.tag")
async def test_named_by_the_manager(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("tagged")
    async with client_of(engine) as client:
        assert await client.images.tag(image, name.removesuffix(":1"), "1") is True
        shown = json.loads(engine.cli("image", "inspect", name).stdout)[0]
        assert name in shown["RepoTags"]
        with pytest.raises(ImageNotFound):
            await client.images.tag(scope.image("absent"), name.removesuffix(":1"), "2")
        for repository, tag in (
            ("Not A Name", "1"),
            ("", None),
            ("a:1", "2"),
            (f"a@sha256:{'0' * 64}", None),
        ):
            with pytest.raises(ValueError, match="expected a"):
                await client.images.tag(image, repository, tag)


@pytest.mark.bad_input("Image.untag")
async def test_untagged(engine: Engine, scope: Scope) -> None:
    first, second, third = (scope.image(part) for part in ("first", "second", "third"))
    async with client_of(engine) as client:
        made = await client.images.import_image(layer(scope, "untagged"), reference=first)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match=r"remove\(name\)"):
                await made.untag()
            await made.reload()
            assert made.tags == [first]
            return
        for name in (second, third):
            await made.tag(name.removesuffix(":1"), "1")
        await made.untag(first)
        await made.reload()
        assert sorted(made.tags) == sorted([second, third])
        await made.untag(second.removesuffix(":1"), "1")
        assert not await client.images.exists(second)
        with pytest.raises(APIError):
            await made.untag(second)
        with pytest.raises(ValueError, match="without a repository"):
            await made.untag(tag="1")
        await made.untag()
        shown = json.loads(engine.cli("image", "inspect", made.id).stdout)[0]
        assert not shown["RepoTags"]
        await made.remove(force=True)
        with pytest.raises(ImageNotFound):
            await made.untag()


@pytest.mark.bad_input("ImagesManager.prune")
async def test_cleared_up(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("kept")
    mine = {"label": f"org.wharfinger.prune={scope.token}"}
    async with client_of(engine) as client:
        change = [f"LABEL org.wharfinger.prune={scope.token}"]
        nameless = await client.images.import_image(layer(scope, "nameless"), changes=change)
        named = await client.images.import_image(layer(scope, "named"), reference=name, changes=change)
        told = await client.images.prune({"label": "org.wharfinger.prune=another"})
        assert told == {"ImagesDeleted": [], "SpaceReclaimed": 0}
        told = await client.images.prune(mine)
        assert nameless.id in [one.get("Deleted") for one in told["ImagesDeleted"]]
        assert told["SpaceReclaimed"] > 0
        assert not await client.images.exists(nameless.id)
        assert await client.images.exists(named.id)
        await client.images.prune({**mine, "dangling": False})
        assert engine.cli("image", "inspect", named.id, check=False).returncode != 0
        again = await client.images.import_image(layer(scope, "named"), reference=name, changes=change)
        await client.images.prune(mine, all=True)
        assert not await client.images.exists(again.id)
        assert await client.images.exists(image)
        with pytest.raises(APIError):
            await client.images.prune({"no-such-filter": "x"})
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="external"):
                await client.images.prune(external=True)
