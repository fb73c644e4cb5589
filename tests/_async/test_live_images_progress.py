"""How pulls, pushes and loads of real engines go on: read, told to a function, shown."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests._async._live import AsyncAnyClient, client_of, old_client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.engines.harness.registry import put_image
from tests.live import Scope
from wharfinger.errors import NotSupported, PullError, PushError, WharfingerError
from wharfinger.types import LoadProgress, Progress, PullProgress, PushProgress

T = TypeVar("T")


def told_to(seen: list[T]) -> Callable[[T], object]:
    """A function in the way of this colour."""

    async def listen(event: T) -> None:
        seen.append(event)

    return listen


def plain_lines(shown: str) -> list[str]:
    """What a log was given, which has nothing in it that moves a cursor."""
    assert shown.endswith("\n")
    lines = shown.splitlines()
    assert all(line.isprintable() for line in lines)
    return lines


async def large(client: AsyncAnyClient, scope: Scope, part: str) -> tuple[str, bytes]:
    """An image of some megabytes that no engine has, and an archive of it."""
    name = scope.image(part)
    root = io.BytesIO()
    with tarfile.open(fileobj=root, mode="w") as made:
        entry = tarfile.TarInfo("file")
        entry.size = 3_000_000
        made.addfile(entry, io.BytesIO(os.urandom(entry.size)))
    await client.images.import_image(root.getvalue(), reference=name)
    async with await client.images.save(name) as chunks:
        archive = b"".join([chunk async for chunk in chunks])
    await client.images.remove(name)
    return name, archive


async def test_pulls_in_three_forms(engine: Engine, registry: Registry, scope: Scope) -> None:
    put_image(registry, f"{scope.token}/forms", "1", built_image())
    name = scope.also_remove(f"{registry.host}/{scope.token}/forms:1")
    async with client_of(engine) as client:
        async with await client.images.pull(name, stream=True) as typed:
            assert all(isinstance(event, PullProgress) for event in [event async for event in typed])
        async with await client.images.pull(name, stream=True, decode=True) as dicts:
            told = [event async for event in dicts]
        async with await client.images.pull(name, stream=True, decode=False) as chunks:
            raw = b"".join([chunk async for chunk in chunks])
        assert [sorted(event) for event in told] == [sorted(json.loads(line)) for line in raw.splitlines()]
        wrong: Any = client.images.pull
        for decode in (True, False):
            with pytest.raises(ValueError, match=f"decode={decode} is given without stream"):
                await wrong(name, decode=decode)


@pytest.mark.parametrize("decode", [None, True, False])
async def test_an_error_is_raised_in_every_form(
    engine: Engine, login_registry: Registry, image: str, scope: Scope, decode: Any
) -> None:
    name = scope.also_remove(f"{login_registry.host}/{scope.token}/closed:1")
    async with client_of(engine) as client:
        # There is an older one here, which does not help.
        await client.images.tag(image, name)
        for verb, fault in ((client.images.pull, PullError), (client.images.push, PushError)):
            given: Any = verb
            with pytest.raises(fault):
                async with await given(name, stream=True, decode=decode, auth_config={}) as events:
                    [event async for event in events]


async def test_told_to_a_function(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/told:1")
    sent: list[PushProgress] = []
    got: list[PullProgress] = []
    async with client_of(engine) as client:
        await client.images.tag(image, name)
        events = await client.images.push(name, progress=told_to(sent))
        assert tuple(sent) == events
        assert all(isinstance(event, PushProgress) for event in sent)
        assert name in (await client.images.pull(name, progress=told_to(got))).tags
        assert any(event.status for event in got)
        again: list[PullProgress] = []
        await client.images.pull(name, progress=again.append)
        assert again
        wrong: Any = client.images.pull
        with pytest.raises(ValueError, match="expected one of them"):
            await wrong(name, stream=True, progress=again.append)
        with pytest.raises(TypeError, match="expected a function"):
            await wrong(name, progress="bar")


async def test_what_a_function_raises(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    def refuse(event: Progress) -> None:
        raise LookupError(event.status)

    async with client_of(engine) as client:
        with pytest.raises(LookupError):
            await client.images.pull(registry.image, progress=refuse)
        with pytest.raises(LookupError, match="Sending"):
            await client.images.load(built_image().archive(scope.image("refused")), progress=refuse)
        # Nothing is left that would be in the way.
        assert await client.images.exists(image)


async def test_shown_in_a_log(
    engine: Engine, registry: Registry, image: str, scope: Scope, capsys: pytest.CaptureFixture[str]
) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/shown:1")
    async with client_of(engine) as client:
        await client.images.tag(image, name)
        await client.images.push(name, progress_bar=True)
        assert len(plain_lines(capsys.readouterr().err)) < 12
        await client.images.pull(name, progress_bar=True)
        lines = plain_lines(capsys.readouterr().err)
        # Podman 5 tells of the layers only.
        begins = ("Pulling from", "Trying to pull", "Already exists")
        assert any(words in line for line in lines for words in begins)
        name, archive = await large(client, scope, "loaded")
        await client.images.load(archive, progress_bar=True)
        lines = plain_lines(capsys.readouterr().err)
        assert lines[0] == "Sending 3.0 MB"
        assert len(lines) < 6
        with pytest.raises(PullError):
            await client.images.pull(f"{registry.host}/{scope.token}/absent:1", progress_bar=True)


async def test_a_load_tells_what_is_sent(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    async with client_of(engine) as client:
        name, archive = await large(client, scope, "sent")
        (file := tmp_path / "archive.tar").write_bytes(archive)
        total = len(archive)
        pieces = (archive[at : at + 100_000] for at in range(0, total, 100_000))
        with file.open("rb") as opened:
            for given, known in (
                ({"data": archive}, total),
                ({"data": opened}, total),
                ({"data": pieces}, None),
                ({"file_path": file}, total),
                ({"file_path": str(file)}, total),
            ):
                seen: list[LoadProgress] = []
                options: dict[str, Any] = {**given, "progress": told_to(seen)}
                (loaded,) = await client.images.load(**options)
                assert loaded.tags == [name]
                sending = [event for event in seen if event.status == "Sending"]
                counts = [event.current or 0 for event in sending]
                assert counts == sorted(counts)
                assert (counts[-1], {event.total for event in sending}) == (total, {known})
                assert len(counts) > 10
                if engine.name == "docker":
                    assert any(event.status == "Loading layer" and event.total for event in seen)
                    assert seen[-1].status == f"Loaded image: {name}\n"
                await client.images.remove(name)


async def test_what_cannot_be_loaded(engine: Engine, tmp_path: Path) -> None:
    wrong: Any
    async with client_of(engine) as client:
        for given in ({}, {"data": b"", "file_path": tmp_path}):
            wrong = given
            with pytest.raises(ValueError, match="expected one of them"):
                await client.images.load(**wrong)
        with pytest.raises(FileNotFoundError):
            await client.images.load(file_path=tmp_path / "absent.tar")
        for wrong in (5, object()):
            with pytest.raises(TypeError, match="expected bytes"):
                await client.images.load(wrong)
            with pytest.raises(TypeError, match="expected bytes"):
                await client.images.load(wrong, progress=print)
        seen: list[LoadProgress] = []
        with pytest.raises(WharfingerError):
            await client.images.load(b"this is no archive" * 1000, progress=seen.append)
        assert [event.status for event in seen[:1]] == ["Sending"]


async def test_when_to_pull(engine: Engine, image: str, scope: Scope) -> None:
    # Nobody listens there.
    name = scope.also_remove(f"127.0.0.1:1/{scope.token}/here:1")
    absent = f"127.0.0.1:1/{scope.token}/absent:1"
    async with client_of(engine) as client:
        pull: Any = client.images.pull
        await client.images.tag(image, name)
        for policy in (None, "always"):
            with pytest.raises(PullError):
                await pull(name, policy=policy)
        for policy in ("missing", "never", "newer"):
            if engine.name == "docker":
                with pytest.raises(NotSupported, match=policy):
                    await pull(name, policy=policy)
                continue
            assert name in (await pull(name, policy=policy)).tags
            with pytest.raises(PullError):
                await pull(absent, policy=policy)
        with pytest.raises(ValueError, match="'missing', 'always', 'never', 'newer'"):
            await pull(name, policy="sometimes")


async def test_whether_a_registry_has_to_prove_itself(
    engine: Engine, registry: Registry, image: str, scope: Scope
) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/plain:1")
    async with client_of(engine) as client:
        await client.images.tag(image, name)
        if engine.name == "docker":
            for action in (client.images.pull, client.images.push):
                with pytest.raises(NotSupported, match="insecure-registries"):
                    await action(name, tls_verify=False)
            return
        with pytest.raises(PushError, match="HTTPS"):
            await client.images.push(name, tls_verify=True)
        await client.images.push(name, tls_verify=False)
        with pytest.raises(PullError, match="HTTPS"):
            await client.images.pull(name, tls_verify=True)
        assert name in (await client.images.pull(name, tls_verify=False)).tags


async def test_kinds_of_manifests(engine: Engine, registry: Registry, image: str, scope: Scope) -> None:
    name = scope.also_remove(f"{registry.host}/{scope.token}/kind:1")
    async with client_of(engine) as client:
        await client.images.tag(image, name)
        wrong: Any = "docker"
        with pytest.raises(ValueError, match="'oci', 'v2s1', 'v2s2'"):
            await client.images.push(name, format=wrong)
    async with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match="format"):
            # Podman's description has it since 5.2.5 only.
            await client.images.push(name, format="oci")
