"""Images on real engines and a real registry: sent, got whole, looked up, looked for."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from tests._async._live import client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.engines.harness.registry import put_image
from tests.live import Scope
from wharfinger.errors import (
    APIError,
    ImageNotFound,
    NotSupported,
    PullError,
    PushError,
    ServerError,
    Unauthorized,
)
from wharfinger.types import PushProgress

_ACCEPT = {
    "Accept": "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
}


def config_digest(registry: Registry, repository: str, tag: str) -> str:
    """The id of the image that the registry has by this name, as itself says."""
    status, _, body = registry.request("GET", f"/v2/{repository}/manifests/{tag}", headers=_ACCEPT)
    assert status == 200, body
    return str(json.loads(body)["config"]["digest"])


async def test_pushed(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    repository = f"{scope.token}/sent"
    name = f"{registry.host}/{repository}"
    async with client_of(engine) as client:
        for tag in ("1", "latest"):
            assert await client.images.tag(image, name, tag) is True
            scope.also_remove(f"{name}:{tag}")
        told = await client.images.push(name, "1")
        assert all(isinstance(event, PushProgress) for event in told)
        assert any(event.status for event in told)
        assert config_digest(registry, repository, "1") == built_image().id
        if engine.name == "docker":
            # Older Podmans do not tell the digest.
            _, headers, _ = registry.request("HEAD", f"/v2/{repository}/manifests/1", headers=_ACCEPT)
            assert headers["Docker-Content-Digest"] in [event.digest for event in told]
        assert registry.request("HEAD", f"/v2/{repository}/manifests/latest", headers=_ACCEPT)[0] == 404
        # Without a tag it is "latest" that is sent.
        async with await client.images.push(name, stream=True) as progress:
            events = [event async for event in progress]
        assert events
        assert config_digest(registry, repository, "latest") == built_image().id


@pytest.mark.bad_input("ImagesManager.push")
async def test_what_cannot_be_pushed(
    engine: Engine, registry: Registry, login_registry: Registry, image: str, scope: Scope
) -> None:
    async with client_of(engine) as client:
        absent = f"{registry.host}/{scope.token}/absent:1"
        with pytest.raises(PushError, match=r"not known|does not exist"):
            await client.images.push(absent)
        closed = scope.also_remove(f"{login_registry.host}/{scope.token}/closed:1")
        await client.images.tag(image, closed.removesuffix(":1"), "1")
        for auth in (None, {"username": "nobody", "password": "not-the-pass-word"}):
            with pytest.raises(PushError) as caught:
                await client.images.push(closed, auth_config=auth)
            assert "not-the-pass-word" not in f"{caught.value!r}"
        with pytest.raises(PushError):
            async with await client.images.push(closed, stream=True) as progress:
                [event async for event in progress]
        target = f"/v2/{scope.token}/closed/manifests/1"
        assert login_registry.request("HEAD", target, headers=_ACCEPT)[0] == 404
        with pytest.raises(ValueError, match="digest"):
            await client.images.push(f"{registry.host}/a@sha256:{'0' * 64}")
        with pytest.raises(TypeError, match="'pasword'"):
            await client.images.push(absent, auth_config={"pasword": "x"})
        good = {"username": str(login_registry.username), "password": str(login_registry.password)}
        await client.images.push(closed, auth_config=good)
        assert config_digest(login_registry, f"{scope.token}/closed", "1") == built_image().id


async def test_pushed_by_another_name(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    destination = f"{registry.host}/{scope.token}/other:2"
    async with client_of(engine) as client:
        if engine.name == "docker":
            with pytest.raises(NotSupported, match=r"tag\(\)"):
                await client.images.push(image, destination=destination)
            return
        await client.images.push(image, destination=destination)
        assert config_digest(registry, f"{scope.token}/other", "2") == built_image().id


async def test_all_tags(engine: Engine, registry: Registry, scope: Scope) -> None:
    repository = f"{scope.token}/many"
    for tag in ("1", "2"):
        put_image(registry, repository, tag, built_image())
    name = f"{registry.host}/{repository}"
    wanted = {scope.also_remove(f"{name}:{tag}") for tag in ("1", "2")}
    async with client_of(engine) as client:
        found = await client.images.pull(name, all_tags=True)
        assert wanted <= {tag for one in found for tag in one.tags}
        for reference in wanted:
            assert engine.cli("image", "inspect", reference, check=False).returncode == 0
        for given in ((f"{name}:1",), (name, "1")):
            with pytest.raises(ValueError, match="without tag"):
                await client.images.pull(*given, all_tags=True)
        with pytest.raises(PullError):
            await client.images.pull(f"{registry.host}/{scope.token}/none", all_tags=True)


@pytest.mark.bad_input("ImagesManager.get_registry_data", "RegistryData.has_platform")
async def test_data_of_a_registry(
    engine: Engine, registry: Registry, login_registry: Registry, scope: Scope
) -> None:
    repository = f"{scope.token}/known"
    digest = put_image(registry, repository, "1", built_image())
    name = f"{registry.host}/{repository}:1"
    async with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported, match="Docker"):
                await client.images.get_registry_data(name)
            return
        found = await client.images.get_registry_data(name)
        assert (found.id, found.short_id) == (digest, digest[7:19])
        assert found.attrs["Descriptor"]["digest"] == digest
        assert found.has_platform("linux/amd64")
        assert found.has_platform({"os": "linux", "architecture": "amd64"})
        assert not found.has_platform("linux/amd64/v9")
        for wrong in (
            "linux",
            "a/b/c/d",
            {"os": "linux"},
            {"os": "linux", "architecture": "amd64", "x": "y"},
        ):
            with pytest.raises(ValueError, match="linux/amd64"):
                found.has_platform(wrong)
        pulled = await found.pull()
        assert pulled.id == built_image().id
        assert f"{registry.host}/{repository}@{digest}" in pulled.digests
        await client.images.remove(f"{registry.host}/{repository}@{digest}")
        with pytest.raises(ImageNotFound):
            await client.images.get_registry_data(f"{registry.host}/{repository}:none")
        with pytest.raises(APIError):
            await client.images.get_registry_data(login_registry.image)
        good = {"username": str(login_registry.username), "password": str(login_registry.password)}
        known = await client.images.get_registry_data(login_registry.image, good)
        await known.reload()
        assert known.id.startswith("sha256:")
        assert str(login_registry.password) not in repr(known)


class _Index(BaseHTTPRequestHandler):
    """A registry of the old kind, the only one that Docker searches: those of today cannot be."""

    asked: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if not url.path.startswith("/v1/"):
            self._answer(404, b"{}")
            return
        if url.path == "/v1/search":
            self.asked.append(parse_qs(url.query))
        result = {"name": "boats/tug", "description": "small", "star_count": 7, "is_official": False}
        self._answer(200, json.dumps({"num_results": 1, "query": "tug", "results": [result]}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def index() -> Generator[str, None, None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Index) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.bad_input("ImagesManager.search")
async def test_searched(engine: Engine, registry: Registry, login_registry: Registry, scope: Scope) -> None:
    async with client_of(engine) as client:
        if engine.name == "docker":
            _Index.asked.clear()
            with index() as host:
                found = await client.images.search(f"{host}/tug", limit=3, filters={"stars": 5})
                assert [one["name"].rpartition("boats/")[2] for one in found] == ["tug"]
                assert (found[0]["star_count"], found[0]["is_official"]) == (7, False)
                assert _Index.asked == [{"q": ["tug"], "n": ["3"]}]
                assert await client.images.search(f"{host}/tug", filters={"stars": 8}) == []
            with pytest.raises(NotSupported, match="Podman"):
                await client.images.search("tug", list_tags=True)
            with pytest.raises(APIError):
                await client.images.search(f"{registry.host}/tug")
            return
        for tag in ("1", "2"):
            put_image(registry, f"{scope.token}/found", tag, built_image())
        name = f"{registry.host}/{scope.token}/found"
        (one,) = await client.images.search(name, limit=10)
        assert (one["name"], one["index"], one["is_official"]) == (name, registry.host, False)
        tags = await client.images.search(name, list_tags=True)
        assert sorted(one["tag"] for one in tags) == ["1", "2"]
        good = {"username": str(login_registry.username), "password": str(login_registry.password)}
        closed = f"{login_registry.host}/wharfinger"
        assert await client.images.search(closed, auth_config=good)
        for auth in ({}, {**good, "password": "not-the-pass-word"}):
            with pytest.raises((Unauthorized, ServerError)) as caught:
                await client.images.search(closed, auth_config=auth)
            assert "not-the-pass-word" not in f"{caught.value!r}"
