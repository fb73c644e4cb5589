"""Artifacts on a real Podman and a real registry; Podman has had them in its API since 5.6."""

import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests._async._live import spoken
from tests.engines.harness import Engine, Registry
from tests.engines.harness.engine import request
from tests.live import Relay, Scope
from wharfinger import AsyncPodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger.errors import Conflict, NotFound, NotSupported, PullError, PushError
from wharfinger.types import ArtifactFile

KIND = "application/vnd.wharfinger.test"
ACCEPT = {"Accept": "application/vnd.oci.image.manifest.v1+json"}


@pytest.fixture
def engine(podman_engine: Engine) -> Engine:
    """Docker has no artifacts."""
    return podman_engine


def has_artifacts(engine: Engine) -> bool:
    return version_key(spoken(engine)) >= version_key("5.8.2")


def podman(engine: Engine, url: str | None = None) -> AsyncPodmanClient:
    return AsyncPodmanClient(url or engine.url)


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """An artifact's manifest as the engine tells it, asked without this library."""
    path = f"/v{spoken(engine)}/libpod/artifacts/{quote(name, safe='')}/json"
    found: dict[str, Any] = json.loads(request(engine.socket, "GET", path).body)
    manifest: dict[str, Any] = found["Manifest"]
    return manifest


@pytest.mark.bad_input(
    "ArtifactsManager.add",
    "ArtifactsManager.exists",
    "ArtifactsManager.get",
    "ArtifactsManager.list",
    "ArtifactsManager.pull",
    "ArtifactsManager.push",
    "ArtifactsManager.remove",
)
async def test_what_an_older_one_lacks(engine: Engine) -> None:
    """Whatever the engine, a client that speaks the older API asks nothing of it."""
    with Relay(engine) as relay:
        async with AsyncPodmanClient(relay.url, version="4.3.1") as client:
            artifacts = client.artifacts
            before = len(relay.requests)
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.add("a:1", b"a", file_name="a")
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.get("a:1")
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.exists("a:1")
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.list()
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.pull("localhost/a:1")
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.push("localhost/a:1")
            with pytest.raises(NotSupported, match=r"Podman API 5\.6\.2"):
                await artifacts.remove("a:1")
            with pytest.raises(NotSupported, match=r"Podman API 5\.7\.1"):
                await artifacts.remove(["a:1", "b:1"])
            assert len(relay.requests) == before


async def test_made_and_found(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    if not has_artifacts(engine):
        async with podman(engine) as client:
            with pytest.raises(NotSupported, match=r"5\.6\.2"):
                await client.artifacts.list()
        return
    name = scope.artifact()
    before = datetime.now(UTC) - timedelta(seconds=2)
    (tmp_path / "large.bin").write_bytes(bytes(300_000))
    async with podman(engine) as client:
        made = await client.artifacts.add(
            name,
            b"hello",
            file_name="notes.txt",
            file_type="text/x-test",
            type=KIND,
            annotations={"a": "b=c"},
        )
        assert (made.name, made.type, made.size) == (name, KIND, 5)
        assert made.annotations["a"] == "b=c"
        assert made.created
        assert before < made.created
        (file,) = made.files
        assert isinstance(file, ArtifactFile)
        assert (file.title, file.media_type, file.size, file.annotations) == (
            "notes.txt",
            "text/x-test",
            5,
            {"a": "b=c"},
        )
        assert shown(engine, name)["layers"][0]["digest"] == file.digest
        with io.BytesIO(b"streamed") as source:
            await client.artifacts.add(name, source, file_name="b", append=True)
        more = await client.artifacts.add(name, file_path=tmp_path / "large.bin", append=True)
        assert [file.title for file in more.files] == ["notes.txt", "b", "large.bin"]
        assert more.size == 300_013 == sum(layer["size"] for layer in shown(engine, name)["layers"])
        await made.reload()
        assert made.attrs == more.attrs
        assert made == more
        (listed,) = [one for one in await client.artifacts.list() if one.name == name]
        assert (listed.digest, listed.files) == (None, more.files)
        assert more.digest
        for key in (more.digest, more.digest.removeprefix("sha256:")[:20]):
            assert await client.artifacts.get(key) == more
        assert repr(more).endswith(f"Artifact {name}>")
        assert await client.artifacts.exists(name)
        anew = await client.artifacts.add(name, [b"an", b"ew"], file_name="c", replace=True)
        assert [layer["size"] for layer in shown(engine, name)["layers"]] == [4]
        assert await anew.read() == b"anew"
        await anew.remove()
        assert not await client.artifacts.exists(name)


@pytest.mark.bad_input("Artifact.extract", "Artifact.read")
async def test_got_out(engine: Engine, scope: Scope) -> None:
    if not has_artifacts(engine):
        return
    name = scope.artifact()
    async with podman(engine) as client:
        await client.artifacts.add(name, b"one", file_name="1")
        made = await client.artifacts.add(name, b"two", file_name="2", append=True)
        async with await made.extract(chunk_size=512) as chunks:
            pieces = [piece async for piece in chunks]
        assert {len(piece) for piece in pieces} == {512}
        with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
            assert [(member.name, member.size) for member in archive] == [("1", 3), ("2", 3)]
        assert await made.read(title="2") == b"two"
        assert await made.read(digest=made.files[0].digest) == b"one"
        with pytest.raises(NotFound, match=r"title .3."):
            await made.read(title="3")
        with pytest.raises(NotFound, match="0000"):
            await made.extract(digest=f"sha256:{'0' * 64}")
        with pytest.raises(ValueError, match="has 2 files"):
            await made.read()
        with pytest.raises(ValueError, match="one of them"):
            await made.extract(title="1", digest="2")
        with pytest.raises(ValueError, match="chunk_size"):
            await made.extract(chunk_size=0)


@pytest.mark.bad_input("ArtifactsManager.push", "ArtifactsManager.pull", "Artifact.push")
async def test_sent_and_got(
    engine: Engine, registry: Registry, login_registry: Registry, scope: Scope
) -> None:
    if not has_artifacts(engine):
        return
    name = scope.artifact(host=registry.host)
    closed = scope.artifact("closed", host=login_registry.host)
    good = {"username": str(login_registry.username), "password": str(login_registry.password)}
    async with podman(engine) as client:
        made = await client.artifacts.add(name, b"hello", file_name="notes.txt")
        digest = await made.push()
        target = f"/v2/{name.removeprefix(registry.host + '/').replace(':', '/manifests/')}"
        _, headers, body = registry.request("GET", target, headers=ACCEPT)
        assert headers["Docker-Content-Digest"] == digest == made.digest
        assert json.loads(body)["layers"][0]["size"] == 5
        await client.artifacts.remove(made)
        with pytest.raises(PushError, match="no descriptor"):
            await client.artifacts.push(name)
        with pytest.raises(PushError, match="no descriptor"):
            await made.push()
        got = await client.artifacts.pull(name, retry=0)
        assert (got.digest, await got.read()) == (digest, b"hello")
        with pytest.raises(PullError, match="manifest unknown"):
            await client.artifacts.pull(f"{name}0", retry=1, retry_delay="1ms")
        await client.artifacts.add(closed, b"a", file_name="a")
        for auth in (None, {"username": "nobody", "password": "not-the-pass-word"}):
            with pytest.raises(PushError) as caught:
                await client.artifacts.push(closed, auth_config=auth, retry=0)
            assert "not-the-pass-word" not in repr(caught.value)
        await client.artifacts.push(closed, auth_config=good)
        await client.artifacts.remove(closed)
        with pytest.raises(PullError):
            await client.artifacts.pull(closed, retry=0)
        assert await (await client.artifacts.pull(closed, auth_config=good)).read() == b"a"
        with Relay(engine) as relay:
            async with podman(engine, relay.url) as other:
                artifacts: Any = other.artifacts
                for wrong, fault, words in (
                    ({"retry": -1}, ValueError, "retry is -1"),
                    ({"retry": "1"}, TypeError, "retry is '1'"),
                    ({"retry_delay": "soon"}, ValueError, "retry_delay is 'soon'"),
                    ({"auth_config": {"pasword": "x"}}, TypeError, "pasword"),
                ):
                    with pytest.raises(fault, match=words):
                        await artifacts.push(name, **wrong)
                    with pytest.raises(fault, match=words):
                        await artifacts.pull(name, **wrong)
                with pytest.raises(ValueError, match="small letters"):
                    await artifacts.pull("Bad Name")
                assert [line for line in relay.requests if "artifacts" in line] == []


@pytest.mark.bad_input("ArtifactsManager.add")
async def test_what_cannot_be_added(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    name = scope.artifact()
    with Relay(engine) as relay:
        async with podman(engine, relay.url) as client:
            before = len(relay.requests)
            artifacts: Any = client.artifacts
            for wrong, fault, words in (
                ({}, ValueError, "neither of data and file_path"),
                ({"data": b"", "file_path": "a"}, ValueError, "both"),
                ({"data": b""}, ValueError, "file_name is not given"),
                ({"data": b"", "file_name": "a/b"}, ValueError, "without a folder"),
                ({"data": b"", "file_name": "a", "append": True, "replace": True}, ValueError, "one of them"),
                (
                    {"data": b"", "file_name": "a", "append": True, "type": "b"},
                    ValueError,
                    "its type already",
                ),
                ({"data": b"", "file_name": "a", "annotations": 1}, TypeError, "annotations is a int"),
                ({"data": b"", "file_name": "a", "name": "Bad Name"}, ValueError, "small letters"),
                ({"file_path": tmp_path / "gone"}, FileNotFoundError, "gone"),
            ):
                with pytest.raises(fault, match=words):
                    await artifacts.add(**{"name": name, **wrong})
            assert len(relay.requests) == before
            if not has_artifacts(engine):
                return
            await artifacts.add(name, b"a", file_name="a")
            with pytest.raises(Conflict, match="already exists"):
                await artifacts.add(name, b"a", file_name="a")
            with pytest.raises(Conflict, match="already exists"):
                await artifacts.add(name, b"a", file_name="a", append=True)
            with pytest.raises(NotFound, match="does not exist"):
                await artifacts.add(scope.artifact("other"), b"a", file_name="a", append=True)
            assert len(shown(engine, name)["layers"]) == 1


@pytest.mark.bad_input(
    "Artifact.reload",
    "Artifact.remove",
    "ArtifactsManager.get",
    "ArtifactsManager.remove",
    "Artifact.extract",
)
async def test_removed(engine: Engine, scope: Scope) -> None:
    if not has_artifacts(engine):
        return
    names = [scope.artifact(part) for part in ("1", "2", "3")]
    async with podman(engine) as client:
        made = [await client.artifacts.add(name, name.encode(), file_name="a") for name in names]
        assert await client.artifacts.remove([made[0], names[1]]) == [made[0].digest, made[1].digest]
        assert await client.artifacts.remove(names[2]) == [made[2].digest]
        assert await client.artifacts.remove(names, ignore=True) == []
        with pytest.raises(NotFound, match="does not exist"):
            await made[0].extract()
        with pytest.raises(NotFound):
            await made[0].remove()
        with pytest.raises(NotFound):
            await made[0].reload()
        with pytest.raises(NotFound):
            await client.artifacts.remove(names[0])
        with pytest.raises(NotFound):
            await client.artifacts.get(names[0])
        with pytest.raises(ValueError, match="empty"):
            await client.artifacts.get("")
        artifacts: Any = client.artifacts
        contradictions: list[dict[str, Any]] = [{}, {"artifacts": []}, {"artifacts": "a", "all": True}]
        for wrong in contradictions:
            with pytest.raises(ValueError, match="one of them"):
                await artifacts.remove(**wrong)
