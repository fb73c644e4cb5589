"""Manifest lists on a real Podman and a real registry."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, spoken
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.engines.harness.registry import put_image
from tests.live import Relay, Scope
from wharfinger import AsyncPodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    ImageNotFound,
    NotSupported,
    PushError,
)
from wharfinger.types import ManifestEntry, PushProgress

INDEX = "application/vnd.oci.image.index.v1+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
ACCEPT = {"Accept": f"{INDEX}, {LIST}"}
IMAGE = {
    "Accept": "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
}


@pytest.fixture
def engine(podman_engine: Engine) -> Engine:
    """Docker has no such lists."""
    return podman_engine


def podman(engine: Engine, url: str | None = None) -> AsyncPodmanClient:
    return AsyncPodmanClient(url or engine.url)


def at_least(engine: Engine, version: str) -> bool:
    return version_key(spoken(engine)) >= version_key(version)


def shown(engine: Engine, name: str) -> list[dict[str, Any]]:
    """The entries of a list as Podman's own program shows them."""
    found: dict[str, Any] = json.loads(engine.cli("manifest", "inspect", name).stdout)
    entries: list[dict[str, Any]] = found["manifests"] or []
    return entries


def kept(registry: Registry, repository: str, tag: str) -> tuple[str, dict[str, Any]]:
    """What kind of list the registry has by this name, and the list."""
    status, headers, body = registry.request("GET", f"/v2/{repository}/manifests/{tag}", headers=ACCEPT)
    assert status == 200, body
    return str(headers["Content-Type"]), json.loads(body)


async def test_made_and_found(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    name = scope.manifest("list")
    async with podman(engine) as client:
        empty = await client.manifests.create(name)
        assert (empty.entries, empty.version) == ((), 2)
        assert empty.media_type in (INDEX, LIST)
        assert shown(engine, name) == []
        again = await client.manifests.create(name, [f"docker://{registry.image}"], amend=True)
        assert again == empty
        digests = [entry["digest"] for entry in shown(engine, name)]
        assert [entry.digest for entry in again.entries] == digests
        assert len(digests) == 1
        for entry in again.entries:
            assert isinstance(entry, ManifestEntry)
            assert (entry.platform, entry.artifact_type, entry.os_version) == ("linux/amd64", None, None)
            assert entry.size > 100
        for key in (name, again.id, again.id[:12], name.removeprefix("localhost/")):
            found = await client.manifests.get(key)
            assert (found, found.names, found.name) == (again, [name], name)
            assert found.short_id == again.id[:12]
            assert repr(found).endswith(f"Manifest {name}>")
        assert again in await client.manifests.list()
        assert await client.manifests.exists(name)
        assert not await client.manifests.exists(scope.name("other"))
        assert (await client.manifests.inspect(name))["manifests"] == again.attrs["manifests"]
        await client.manifests.remove(name)
        assert engine.cli("manifest", "exists", name, check=False).returncode == 1
        assert engine.cli("image", "exists", image, check=False).returncode == 0


async def test_an_image_of_the_engine(engine: Engine, image: str, scope: Scope) -> None:
    """By its name, its id and itself; no registry has it."""
    async with podman(engine) as client:
        own = await client.images.get(image)
        ways: list[Any] = [image, own, [own, image], own.id]
        for given in ways:
            made = await client.manifests.create(scope.manifest("own"), given)
            (entry,) = shown(engine, made.name)
            # One image may have several digests, by how its layers are compressed.
            assert entry["digest"] in {name.partition("@")[2] for name in own.digests}
            await made.remove()


@pytest.mark.bad_input("ManifestsManager.create", "Manifest.add")
async def test_nothing_is_left_half_made(engine: Engine, image: str, scope: Scope) -> None:
    absent = scope.name("absent") + "/none:1"
    async with podman(engine) as client:
        with pytest.raises(APIError, match="none"):
            await client.manifests.create(scope.manifest("new"), [image, f"localhost/{absent}"])
        assert not await client.manifests.exists(scope.manifest("new"))
        old = await client.manifests.create(scope.manifest("old"), image)
        with pytest.raises(APIError, match="none"):
            await client.manifests.create(old.name, f"localhost/{absent}", amend=True)
        with pytest.raises(APIError, match="none"):
            await old.add(f"localhost/{absent}")
        assert len(shown(engine, old.name)) == 1
        with pytest.raises(Conflict, match="already"):
            await client.manifests.create(old.name)
        with Relay(engine) as relay:
            other = podman(engine, relay.url)
            async with other:
                before = len(relay.requests)
                manifests: Any = other.manifests
                for wrong, fault, words in (
                    ({"name": "Bad Name"}, ValueError, "small letters"),
                    ({"name": ""}, ValueError, "empty"),
                    ({"name": 1}, TypeError, "expected a str"),
                ):
                    with pytest.raises(fault, match=words):
                        await manifests.create(**wrong)
                assert len(relay.requests) == before


@pytest.mark.bad_input("Manifest.add", "Manifest.annotate", "Manifest.remove", "Manifest.reload")
async def test_entries_are_changed(engine: Engine, image: str, scope: Scope) -> None:
    async with podman(engine) as client:
        made = await client.manifests.create(scope.manifest("list"))
        await made.add(
            image, os="windows", arch="arm64", variant="v8", os_version="10.0", annotation={"a": "b=c"}
        )
        (entry,) = made.entries
        assert (entry.platform, entry.os_version) == ("windows/arm64/v8", "10.0")
        (told,) = shown(engine, made.name)
        assert told["platform"] == {
            "architecture": "arm64",
            "os": "windows",
            "os.version": "10.0",
            "variant": "v8",
        }
        await made.annotate(entry.digest, arch="arm", variant="v7", annotation=["d=e"])
        (changed,) = made.entries
        assert changed.platform == "windows/arm/v7"
        # Podman 4.3 does not tell them; test_pushed sees them in the registry.
        assert changed.annotations == ({"a": "b=c", "d": "e"} if at_least(engine, "5.0.0") else {})
        absent = f"sha256:{'0' * 64}"
        for wrong, fault, words in (
            ({"digest": absent, "os": "linux"}, APIError, "0000"),
            ({"digest": "none", "os": "linux"}, BadRequest, "none"),
            ({"digest": entry.digest}, ValueError, "without an option"),
            ({"digest": entry.digest, "ach": "arm"}, TypeError, "did you mean 'arch'"),
            ({"digest": entry.digest, "annotation": "a=b"}, TypeError, "annotation is a str"),
            ({"digest": "", "os": "linux"}, ValueError, "empty"),
        ):
            anything: Any = made
            with pytest.raises(fault, match=words):
                await anything.annotate(**wrong)
        with pytest.raises(TypeError, match="images is 1"):
            await made.add(1)  # type: ignore[arg-type]  # what a checker refuses
        with pytest.raises(ImageNotFound, match="0000"):
            await made.remove(absent)
        await made.remove(entry.digest)
        assert shown(engine, made.name) == []
        assert made.entries == ()
        await made.remove()
        assert not await client.manifests.exists(made.id)
        with pytest.raises(ImageNotFound):
            await made.remove()
        with pytest.raises(ImageNotFound):
            await made.reload()


async def test_pushed(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    repository = f"{scope.token}/list"
    name = f"{registry.host}/{repository}"
    async with podman(engine) as client:
        made = await client.manifests.create(scope.manifest("list", host=registry.host))
        await made.add(image, arch="arm64", annotation={"a": "b"})
        told: list[PushProgress] = []
        events = await made.push(progress=told.append)
        assert [*events] == told
        kind, index = kept(registry, repository, "1")
        assert kind == INDEX
        (entry,) = index["manifests"]
        assert (entry["platform"], entry["annotations"]) == (
            {"architecture": "arm64", "os": "linux"},
            {"a": "b"},
        )
        # The image of it, too.
        assert (
            registry.request("HEAD", f"/v2/{repository}/manifests/{entry['digest']}", headers=IMAGE)[0] == 200
        )
        _, headers, _ = registry.request("HEAD", f"/v2/{repository}/manifests/1", headers=ACCEPT)
        assert events[-1].digest == headers["Docker-Content-Digest"]
        async with await made.push(f"docker://{name}:2", format="v2s2", stream=True) as stream:
            assert [event async for event in stream][-1].digest
        assert kept(registry, repository, "2")[0] == LIST
        await client.manifests.remove(made)
        # Now only the registry has it.
        assert (await client.manifests.inspect(f"{name}:1"))["manifests"][0]["digest"] == entry["digest"]
        # In Docker's format, which has no annotations, there is a word for what the machine has to have.
        plain = await client.manifests.create(scope.manifest("plain"))
        await plain.add(image, features=["sse4"])
        await plain.push(f"{name}:4", format="v2s2")
        assert kept(registry, repository, "4")[1]["manifests"][0]["platform"]["features"] == ["sse4"]
        everything = await client.manifests.create(
            scope.manifest("all", host=registry.host), f"{name}:1", all=True
        )
        assert [one.digest for one in everything.entries] == [entry["digest"]]


@pytest.mark.bad_input("Manifest.push")
async def test_what_cannot_be_pushed(
    engine: Engine, registry: Registry, login_registry: Registry, image: str, scope: Scope
) -> None:
    closed = f"{login_registry.host}/{scope.token}/closed:1"
    async with podman(engine) as client:
        made = await client.manifests.create(scope.manifest("list"), image)
        for auth in (None, {"username": "nobody", "password": "not-the-pass-word"}):
            with pytest.raises(PushError) as caught:
                await made.push(closed, auth_config=auth)
            assert "not-the-pass-word" not in repr(caught.value)
        # The registry has not its image.
        with pytest.raises(PushError, match="blob unknown"):
            await made.push(f"{registry.host}/{scope.token}/bare:1", all=False)
        anything: Any = made
        for wrong, fault, words in (
            ({"destination": "Bad Name"}, ValueError, "small letters"),
            ({"destination": 1}, TypeError, "destination is 1"),
            ({"destination": f"a@sha256:{'0' * 64}"}, ValueError, "without a digest"),
            ({"format": "v2s1"}, ValueError, "'oci', 'v2s2'"),
            ({"stream": True, "progress": print}, ValueError, "one of them"),
            ({"auth_config": {"pasword": "x"}}, TypeError, "pasword"),
        ):
            with pytest.raises(fault, match=words):
                await anything.push(**wrong)
        good = {"username": str(login_registry.username), "password": str(login_registry.password)}
        await made.push(closed, auth_config=good)
        assert kept(login_registry, f"{scope.token}/closed", "1")[1]["manifests"]
        await made.remove()
        with pytest.raises(PushError, match="not known"):
            await made.push(closed, auth_config=good)


@pytest.mark.bad_input(
    "Manifest.add_artifact", "Manifest.annotate_index", "Manifest.push", "ManifestsManager.remove"
)
async def test_what_is_newer(
    engine: Engine, registry: Registry, image: str, scope: Scope, tmp_path: Path
) -> None:
    """Files and facts of the list itself are known since 5.0."""
    repository = f"{scope.token}/files"
    (tmp_path / "large.bin").write_bytes(bytes(300_000))
    files: dict[str, Any] = {
        "notes.txt": "hello",
        'b"c': b"\0\r\n--",
        "large.bin": tmp_path / "large.bin",
    }
    with Relay(engine) as relay:
        async with podman(engine, relay.url) as client:
            made = await client.manifests.create(scope.manifest("list"), image)
            before = len(relay.requests)
            if not at_least(engine, "5.0.3"):
                with pytest.raises(NotSupported, match=r"5\.0\.3"):
                    await made.add_artifact(files, type="application/x-test")
                with pytest.raises(NotSupported, match=r"5\.0\.3"):
                    await made.annotate_index({"a": "b"})
                with pytest.raises(NotSupported, match=r"4\.9\.5"):
                    await made.push(f"{registry.host}/{repository}:1", add_compression=["zstd"])
                with pytest.raises(NotSupported, match=r"5\.4\.2"):
                    await client.manifests.remove(made, ignore=True)
                assert len(relay.requests) == before
                return
            anything: Any = made
            nothing: dict[str, Any] = {"files": dict[str, bytes]()}
            for wrong, fault, words in (
                (nothing, ValueError, "empty"),
                ({"files": {"a/b": ""}}, ValueError, "without a folder"),
                ({"files": {"a": 1}}, TypeError, r"files\['a'\]"),
                ({"files": {"a": ""}, "typ": "x"}, TypeError, "did you mean 'type'"),
            ):
                with pytest.raises(fault, match=words):
                    await anything.add_artifact(**wrong)
            with pytest.raises(ValueError, match="neither"):
                await made.annotate_index()
            assert len(relay.requests) == before
            with pytest.raises(FileNotFoundError):
                await made.add_artifact({"gone": tmp_path / "gone"})
            assert len(shown(engine, made.name)) == 1
            await made.add_artifact(
                files, type="application/x-test", layer_type="text/x-test", annotation={"a": "b"}
            )
            assert made.entries[-1].artifact_type == "application/x-test"
            await made.annotate_index({"c": "d"}, subject=image)
            assert made.annotations == {"c": "d"}
            await made.push(f"{registry.host}/{repository}:1")
            _, index = kept(registry, repository, "1")
            assert (index["annotations"], index["subject"]["digest"]) == ({"c": "d"}, made.entries[0].digest)
            _, artifact = kept_image(registry, repository, index["manifests"][-1]["digest"])
            assert artifact["annotations"] == {"a": "b"}
            titles = {
                layer["annotations"]["org.opencontainers.image.title"]: layer for layer in artifact["layers"]
            }
            assert {name: layer["size"] for name, layer in titles.items()} == {
                "notes.txt": 5,
                'b"c': 5,
                "large.bin": 300_000,
            }
            assert {layer["mediaType"] for layer in titles.values()} == {"text/x-test"}
            await client.manifests.remove(made, ignore=True)
            await client.manifests.remove(made, ignore=True)


def kept_image(registry: Registry, repository: str, digest: str) -> tuple[str, dict[str, Any]]:
    """What kind of manifest the registry has by this digest, and the manifest."""
    status, headers, body = registry.request("GET", f"/v2/{repository}/manifests/{digest}", headers=IMAGE)
    assert status == 200, body
    return str(headers["Content-Type"]), json.loads(body)


@pytest.mark.bad_input(
    "ManifestsManager.exists",
    "ManifestsManager.get",
    "ManifestsManager.inspect",
    "ManifestsManager.remove",
)
async def test_what_is_none(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    put_image(registry, f"{scope.token}/single", "1", built_image())
    async with podman(engine) as client:
        for absent in (scope.name("absent"), image, "0" * 64):
            with pytest.raises(ImageNotFound, match=absent):
                await client.manifests.get(absent)
            with pytest.raises(ImageNotFound, match=absent):
                await client.manifests.remove(absent)
            assert not await client.manifests.exists(absent)
        with pytest.raises(ImageNotFound):
            await client.manifests.inspect(f"{registry.host}/{scope.token}/absent:1")
        assert not (await client.manifests.inspect(f"{registry.host}/{scope.token}/single:1"))["manifests"]
        with pytest.raises(ValueError, match="empty"):
            await client.manifests.get("")
        with pytest.raises(ValueError, match="empty"):
            await client.manifests.remove("")
        with pytest.raises(ValueError, match="empty"):
            await client.manifests.exists("")
        with pytest.raises(ValueError, match="small letters"):
            await client.manifests.inspect("Bad Name")


@pytest.mark.bad_input("ManifestsManager.list")
async def test_only_podman_has_them(docker_engine: Engine) -> None:
    """A type checker knows it, too."""
    async with client_of(docker_engine) as client:
        anything: Any = client
        for noun in ("manifests", "artifacts", "quadlets"):
            with pytest.raises(AttributeError, match=noun):
                getattr(anything, noun)
        with pytest.raises(AttributeError):
            await anything.manifests.list()
