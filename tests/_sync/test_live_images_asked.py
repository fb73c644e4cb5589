# Derived from tests/_async/test_live_images_asked.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
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

from tests._sync._live import client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.live import Relay, Scope
from wharfinger.errors import APIError, BadRequest, ImageNotFound, NotSupported


def test_whether_it_exists_takes_one_small_request(engine: Engine, image: str, box: str) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            client.version()
            for noun, there in ((client.images, image), (client.containers, box)):
                relay.requests.clear()
                assert noun.exists(there) is True
                assert noun.exists("wharfinger-nowhere") is False
                assert noun.exists(there[:12]) is (noun is client.containers)
                assert len(relay.requests) == 3
                end = "/json" if engine.name == "docker" else "/exists"
                assert all(line.endswith(end) for line in relay.requests)
            assert client.images.exists("Not A Name") is False


@pytest.mark.parametrize("wrong", ["", ".", "..", None, 7, b"a"])
def test_what_is_no_name_is_not_sent(engine: Engine, wrong: Any) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            client.version()
            relay.requests.clear()
            images, containers = client.images, client.containers
            actions: list[Any] = [images.get, images.exists, images.remove, images.pull, images.push]
            actions += [images.get_registry_data, images.scp, containers.get, containers.exists]
            if wrong not in (".", ".."):
                actions += [images.search]
                with pytest.raises((ValueError, TypeError), match="expected"):
                    images.save([wrong])
            for action in actions:
                with pytest.raises((ValueError, TypeError), match="expected"):
                    action(wrong)
            with pytest.raises((ValueError, TypeError), match="expected"):
                images.tag(wrong, "a")
            with pytest.raises((ValueError, TypeError), match="expected"):
                images.tag("a", wrong)
            with pytest.raises((ValueError, TypeError), match="expected"):
                images.import_image(b"", reference=wrong or "")
            with pytest.raises(ValueError, match="is empty"):
                images.list("")
            assert relay.requests == []


def test_what_no_image_can_be_called(engine: Engine) -> None:
    with client_of(engine) as client:
        for action in (client.images.get, client.images.remove):
            with pytest.raises((ImageNotFound, BadRequest)):
                action("Not A Name")
        with pytest.raises(ImageNotFound):
            client.images.get("Not A Name")
        with pytest.raises(APIError):
            client.images.list(filters={"no-such-filter": "x"})


def test_taken_for_its_name(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("itself")
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w") as made:
        made.addfile(tarfile.TarInfo(scope.token))
    with client_of(engine) as client:
        found = client.images.import_image(root.getvalue())
        assert (found.os, bool(found.architecture)) == ("linux", True)
        assert client.images.tag(found, name) is True
        (listed,) = client.images.list(name)
        assert listed == found
        assert engine.cli("image", "inspect", name, check=False).returncode == 0
        client.images.remove(listed)
        assert engine.cli("image", "inspect", found.id, check=False).returncode != 0
        built = client.images.get(image)
        assert f'"{built.architecture}"'.encode() in built_image().config


def test_saved_in_pieces_of_one_size(engine: Engine, image: str) -> None:
    with client_of(engine) as client:
        found = client.images.get(image)
        for given in (found.save(chunk_size=65_537), client.images.save(image, chunk_size=65_537)):
            with given as chunks:
                pieces = list(chunks)
            assert {len(piece) for piece in pieces[:-1]} == {65_537}
            assert 0 < len(pieces[-1]) <= 65_537
            with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as opened:
                assert "manifest.json" in opened.getnames()
        for size in (0, -1):
            with pytest.raises(ValueError, match="chunk_size"):
                found.save(chunk_size=size)
            with pytest.raises(ValueError, match="chunk_size"):
                client.images.save(image, chunk_size=size)


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


def test_imported_from_elsewhere(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name = scope.image("elsewhere")
    with tarfile.open(tmp_path / "root.tar", "w") as made:
        made.addfile(tarfile.TarInfo(scope.token))
    with client_of(engine) as client:
        with served(tmp_path) as url:
            made_there = client.images.import_image(
                url=f"{url}/root.tar", reference=name, changes=["LABEL a=b"]
            )
            assert (made_there.tags, made_there.labels) == ([name], {"a": "b"})
            with pytest.raises(APIError):
                client.images.import_image(url=f"{url}/absent.tar", reference=name)
        for given in ({}, {"data": b"", "url": "http://a"}):
            both: Any = given
            with pytest.raises(ValueError, match="expected one of them"):
                client.images.import_image(**both)


@pytest.mark.bad_input("ImagesManager.scp")
def test_copied_to_another_host(engine: Engine, image: str) -> None:
    """As far as one host goes: what cannot be copied, and who says so."""
    with client_of(engine) as client:
        for dest in (None, "elsewhere"):
            with pytest.raises(ValueError, match="expected 'connection::' in one of them"):
                client.images.scp(image, dest)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="Podman"):
                client.images.scp(image, "there::")
            return
        for source, dest in ((image, "nobody@localhost::"), (f"nowhere::{image}", None)):
            with pytest.raises(APIError):
                client.images.scp(source, dest, quiet=True)


def test_data_of_a_registry_that_changes(
    engine: Engine, registry: Registry, scope: Scope, image: str
) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/changes:1")
    with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="get_registry_data"):
                client.images.get_registry_data(name)
            return
        client.images.tag(image, name)
        client.images.push(name)
        known = client.images.get_registry_data(name)
        same = client.images.get_registry_data(name)
        assert (known == same, known.image_name) == (True, name)
        assert hash(known) == hash(same)
        assert (known.pull(platform="linux/amd64")).id == built_image().id
        other = io.BytesIO()
        with tarfile.open(fileobj=other, mode="w") as made:
            made.addfile(tarfile.TarInfo(scope.token))
        client.images.import_image(other.getvalue(), reference=name)
        client.images.push(name)
        known.reload()
        assert known != same
        wrong: Any = None
        with pytest.raises(TypeError, match="linux/amd64"):
            known.has_platform(wrong)
