"""What is asked of real engines about images: by how few requests, and what is never sent."""

import io
import tarfile
from collections.abc import Generator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests._async._live import client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.live import Relay, Scope
from wharfinger.errors import APIError, BadRequest, ImageNotFound, NotSupported


async def test_whether_it_exists_takes_one_small_request(engine: Engine, image: str, box: str) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            await client.version()
            for noun, there in ((client.images, image), (client.containers, box)):
                relay.requests.clear()
                assert await noun.exists(there) is True
                assert await noun.exists("wharfinger-nowhere") is False
                assert await noun.exists(there[:12]) is (noun is client.containers)
                assert len(relay.requests) == 3
                end = "/json" if engine.name == "docker" else "/exists"
                assert all(line.endswith(end) for line in relay.requests)
            assert await client.images.exists("Not A Name") is False


@pytest.mark.parametrize("wrong", ["", ".", "..", None, 7, b"a"])
async def test_what_is_no_name_is_not_sent(engine: Engine, wrong: Any) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            await client.version()
            relay.requests.clear()
            images, containers = client.images, client.containers
            actions: list[Any] = [images.get, images.exists, images.remove, images.pull, images.push]
            actions += [images.get_registry_data, images.scp, containers.get, containers.exists]
            if wrong not in (".", ".."):
                actions += [images.search]
                with pytest.raises((ValueError, TypeError), match="expected"):
                    await images.save([wrong])
            for action in actions:
                with pytest.raises((ValueError, TypeError), match="expected"):
                    await action(wrong)
            with pytest.raises((ValueError, TypeError), match="expected"):
                await images.tag(wrong, "a")
            with pytest.raises((ValueError, TypeError), match="expected"):
                await images.tag("a", wrong)
            with pytest.raises((ValueError, TypeError), match="expected"):
                await images.import_image(b"", reference=wrong or "")
            with pytest.raises(ValueError, match="is empty"):
                await images.list("")
            assert relay.requests == []


async def test_what_no_image_can_be_called(engine: Engine) -> None:
    async with client_of(engine) as client:
        for action in (client.images.get, client.images.remove):
            with pytest.raises((ImageNotFound, BadRequest)):
                await action("Not A Name")
        with pytest.raises(ImageNotFound):
            await client.images.get("Not A Name")
        with pytest.raises(APIError):
            await client.images.list(filters={"no-such-filter": "x"})


async def test_taken_for_its_name(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("itself")
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w") as made:
        made.addfile(tarfile.TarInfo(scope.token))
    async with client_of(engine) as client:
        found = await client.images.import_image(root.getvalue())
        assert (found.os, bool(found.architecture)) == ("linux", True)
        assert await client.images.tag(found, name) is True
        (listed,) = await client.images.list(name)
        assert listed == found
        assert engine.cli("image", "inspect", name, check=False).returncode == 0
        await client.images.remove(listed)
        assert engine.cli("image", "inspect", found.id, check=False).returncode != 0
        built = await client.images.get(image)
        assert f'"{built.architecture}"'.encode() in built_image().config


async def test_saved_in_pieces_of_one_size(engine: Engine, image: str) -> None:
    async with client_of(engine) as client:
        found = await client.images.get(image)
        for given in (found.save(chunk_size=65_537), client.images.save(image, chunk_size=65_537)):
            async with await given as chunks:
                pieces = [chunk async for chunk in chunks]
            assert {len(piece) for piece in pieces[:-1]} == {65_537}
            assert 0 < len(pieces[-1]) <= 65_537
            with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as opened:
                assert "manifest.json" in opened.getnames()
        for size in (0, -1):
            with pytest.raises(ValueError, match="chunk_size"):
                await found.save(chunk_size=size)
            with pytest.raises(ValueError, match="chunk_size"):
                await client.images.save(image, chunk_size=size)


@contextmanager
def served(folder: Path) -> Generator[str, None, None]:
    """The address of a folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


async def test_imported_from_elsewhere(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name = scope.image("elsewhere")
    with tarfile.open(tmp_path / "root.tar", "w") as made:
        made.addfile(tarfile.TarInfo(scope.token))
    async with client_of(engine) as client:
        with served(tmp_path) as url:
            made_there = await client.images.import_image(
                url=f"{url}/root.tar", reference=name, changes=["LABEL a=b"]
            )
            assert (made_there.tags, made_there.labels) == ([name], {"a": "b"})
            with pytest.raises(APIError):
                await client.images.import_image(url=f"{url}/absent.tar", reference=name)
        for given in ({}, {"data": b"", "url": "http://a"}):
            both: Any = given
            with pytest.raises(ValueError, match="expected one of them"):
                await client.images.import_image(**both)


@pytest.mark.bad_input("ImagesManager.scp")
async def test_copied_to_another_host(engine: Engine, image: str) -> None:
    """As far as one host goes: what cannot be copied, and who says so."""
    async with client_of(engine) as client:
        for dest in (None, "elsewhere"):
            with pytest.raises(ValueError, match="expected 'connection::' in one of them"):
                await client.images.scp(image, dest)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="Podman"):
                await client.images.scp(image, "there::")
            return
        for source, dest in ((image, "nobody@localhost::"), (f"nowhere::{image}", None)):
            with pytest.raises(APIError):
                await client.images.scp(source, dest, quiet=True)


async def test_data_of_a_registry_that_changes(
    engine: Engine, registry: Registry, scope: Scope, image: str
) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/changes:1")
    async with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="get_registry_data"):
                await client.images.get_registry_data(name)
            return
        await client.images.tag(image, name)
        await client.images.push(name)
        known = await client.images.get_registry_data(name)
        same = await client.images.get_registry_data(name)
        assert (known == same, known.image_name) == (True, name)
        assert hash(known) == hash(same)
        assert (await known.pull(platform="linux/amd64")).id == built_image().id
        other = io.BytesIO()
        with tarfile.open(fileobj=other, mode="w") as made:
            made.addfile(tarfile.TarInfo(scope.token))
        await client.images.import_image(other.getvalue(), reference=name)
        await client.images.push(name)
        await known.reload()
        assert known != same
        wrong: Any = None
        with pytest.raises(TypeError, match="linux/amd64"):
            known.has_platform(wrong)
