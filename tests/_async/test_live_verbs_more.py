"""Verbs and keywords that one engine has, or that are asked for now and then; the engines' own programs tell."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, old_client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, seen_by, shell
from wharfinger import AsyncDockerClient
from wharfinger.errors import Conflict, ContainerNotFound, ImageNotFound, NotFound, NotSupported, ServerError


def contents(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as read:
        return {one.name: file.read() for one in read if one.isfile() and (file := read.extractfile(one))}


@pytest.mark.bad_input("Container.init")
async def test_ready_to_start(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, "sleep 300", labels=scope.labels)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.init()
            return
        assert await container.init() is True
        assert scope.inspect(container.id)["State"]["Status"] == "initialized"
        assert await container.init() is False
        assert await container.start(detach_keys="ctrl-x,x") is True
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.init()


@pytest.mark.bad_input("Container.mount", "Container.unmount")
async def test_mounted_on_the_engines_machine(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, "true", labels=scope.labels)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.mount()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.unmount()
            return
        place = seen_by(engine, await container.mount())
        (place / "tmp" / "from-outside").write_text("tide")
        await container.unmount()
        assert not (place / "tmp").exists()
        stream, _ = await container.get_archive("/tmp/from-outside")
        assert contents(b"".join([chunk async for chunk in stream])) == {"from-outside": b"tide"}
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.mount()
        with pytest.raises(ContainerNotFound):
            await container.unmount()


@pytest.mark.bad_input("Container.checkpoint", "Container.restore", "ContainersManager.restore")
async def test_checkpoints_are_made_or_refused(engine: Engine, scope: Scope) -> None:
    """No CRIU works on the machines of these tests: what is told of that is an error, and the container runs on."""
    async with client_of(engine) as client:
        container = await started(client, scope)
        if engine.name == "docker":
            for verb in (container.checkpoint, container.restore):
                with pytest.raises(NotSupported, match="needs Podman"):
                    await verb()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.checkpoint(export=True)
            with pytest.raises(NotSupported, match="needs Podman"):
                await client.containers.restore(b"")
            return
        with pytest.raises(Conflict, match="cannot restore"):
            await container.restore()
        async with old_client_of(engine) as old:
            with pytest.raises(NotSupported, match=r"4\.9\.5"):
                await old.containers.container(container.id).checkpoint(file_locks=True)
        with pytest.raises(ServerError, match="checkpoint"):
            await client.containers.restore(b"this is no archive", name=scope.name())
        await container.kill()
        await container.wait()
        with pytest.raises(Conflict):
            await container.checkpoint()
        with pytest.raises(Conflict):
            await container.checkpoint(export=True)
        scope.discard(container.id)
        for verb in (container.checkpoint, container.restore):
            with pytest.raises(ContainerNotFound):
                await verb()


async def test_signals_to_stop_are_not_in_every_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with old_client_of(engine, relay.url) as client:
            container = await started(client, scope)
            sent = len(relay.requests)
            for verb in (container.stop, container.restart):
                with pytest.raises(NotSupported, match="signal"):
                    await verb(signal="SIGINT")
                with pytest.raises(ValueError, match="timeout is -2"):
                    await verb(timeout=-2)
                wrong: Any = "soon"
                with pytest.raises(TypeError, match="timeout is 'soon'"):
                    await verb(timeout=wrong)
            assert len(relay.requests) == sent


async def test_removed_with_what_depends_on_it(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        first = await started(client, scope, name=scope.name())
        if engine.name == "docker":
            for options in ({"depend": True}, {"ignore": True}, {"timeout": 1}):
                wrong: Any = options
                with pytest.raises(NotSupported, match="needs Podman"):
                    await first.remove(**wrong)
            return
        await client.containers.create(
            image, "true", labels=scope.labels, network_mode=f"container:{scope.name()}"
        )
        with pytest.raises((Conflict, ServerError), match="dependent"):
            await first.remove(force=True)
        await first.remove(force=True, depend=True, timeout=0)
        assert scope.containers() == []
        await first.remove(ignore=True)
        with pytest.raises(ContainerNotFound):
            await first.remove()


@pytest.mark.bad_input("ContainersManager.remove")
async def test_removed_by_the_manager(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        await started(client, scope, name=scope.name())
        with pytest.raises(Conflict):
            await client.containers.remove(scope.name())
        await client.containers.remove(scope.name(), v=True, force=True)
        assert scope.containers() == []
        with pytest.raises(ContainerNotFound):
            await client.containers.remove(scope.name())
        with pytest.raises(ValueError, match="container_id=''"):
            await client.containers.remove("")


async def test_in_chunks_of_one_size(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        assert (await container.exec_run("dd if=/dev/urandom of=/tmp/noise bs=1000 count=333")).exit_code == 0
        _, whole = await container.exec_run("cat /tmp/noise")
        stream, _ = await container.get_archive("/tmp/noise", chunk_size=4096)
        chunks = [chunk async for chunk in stream]
        assert {len(chunk) for chunk in chunks[:-1]} == {4096}
        assert contents(b"".join(chunks)) == {"noise": whole}
        files = [chunk async for chunk in await container.export(chunk_size=100_000)]
        assert {len(chunk) for chunk in files[:-1]} == {100_000}
        assert contents(b"".join(files))["tmp/noise"] == whole
        with pytest.raises(ValueError, match="chunk_size=0"):
            await container.get_archive("/tmp", chunk_size=0)
        with pytest.raises(ValueError, match="chunk_size=0"):
            await container.export(chunk_size=0)
        assert (await container.exec_run("rm /tmp/noise")).exit_code == 0


async def test_compressed_on_its_way(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        assert (await container.exec_run(shell("yes tide | head -c 300000 > /tmp/much"))).exit_code == 0
        for encode in (True, False):
            stream, stat = await container.get_archive("/tmp/much", encode_stream=encode)
            found = contents(b"".join([chunk async for chunk in stream]))
            assert len(found["much"]) == stat.size == 300_000
        query = {"path": "/tmp/much"}
        raw = client.open(
            "GET", f"/containers/{box}/archive", params=query, headers={"Accept-Encoding": "gzip"}
        )
        # What is on the wire: only Docker does as it is asked.
        async with await raw as body:
            sent = await body.read()
        if isinstance(client, AsyncDockerClient):
            assert len(sent) < 10_000
            assert contents(gzip.decompress(sent)) == found
        assert (await container.exec_run("rm /tmp/much")).exit_code == 0


async def test_from_here_to_the_same_place(engine: Engine, image: str, scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("tide")
    (tmp_path / "alone").write_text("quay")
    inside = shell(f"cd {tmp_path}; cat alone folder/file; stat -c %u alone")
    async with client_of(engine) as client:
        container = await client.containers.create(image, inside, labels=scope.labels)
        # No folders are made.
        with pytest.raises(NotFound):
            await container.put_archive(str(tmp_path / "alone"))
        await client.containers.remove(container.id)
        container = await client.containers.create(
            image, inside, labels=scope.labels, tmpfs=[], volumes=[str(tmp_path)]
        )
        assert await container.put_archive(str(tmp_path / "alone")) is True
        await container.put_archive(str(tmp_path / "folder"))
        await container.start()
        assert (await container.wait()).exit_code == 0
        assert await container.logs() == b"quaytide0\n"
        with pytest.raises(FileNotFoundError):
            await container.put_archive(str(tmp_path / "nothing"))
        for path in ("relative", "/", "/tmp/../etc"):
            with pytest.raises(ValueError, match="the absolute path of a file or folder here"):
                await container.put_archive(path)


@pytest.mark.bad_input("Container.get_image")
async def test_its_image(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        told = json.loads(engine.cli("image", "inspect", image).stdout)[0]["Id"].removeprefix("sha256:")
        container = await client.containers.create(image, "true", labels=scope.labels)
        assert container.image == image
        assert container.image_id.removeprefix("sha256:") == told
        (listed,) = await client.containers.list(all=True, filters={"id": container.id})
        assert listed.image_id == container.image_id
        assert (await listed.get_image()).id == container.image_id
        handle = client.containers.container(container.id)
        assert handle.image_id == ""
        assert (await handle.get_image()).id == container.image_id
        nobody = client.containers.container(scope.name("nobody"))
        with pytest.raises(ContainerNotFound):
            await nobody.get_image()
        committed = await container.commit()
        second = await client.containers.create(committed.id, "true", labels=scope.labels)
        await client.containers.remove(second.id)
        await client.images.remove(committed.id)
        with pytest.raises(ImageNotFound):
            await second.get_image()


async def test_a_health_check_in_parts(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        options: Any = {} if engine.name == "docker" else {"health_on_failure": "restart"}
        container = await client.containers.create(
            image,
            "true",
            labels=scope.labels,
            health_cmd="true || false",
            health_interval="7s",
            health_retries=2,
            health_timeout=3,
            **options,
        )
        config = scope.inspect(container.id)["Config"]
        check = config["Healthcheck"]
        assert check["Test"] == ["CMD-SHELL", "true || false"]
        assert (check["Interval"], check["Timeout"], check["Retries"]) == (7 * 10**9, 3 * 10**9, 2)
        assert config.get("HealthcheckOnFailureAction") == options.get("health_on_failure")
        lacking: Any = (
            {"health_startup_cmd": "true"} if engine.name == "podman" else {"health_on_failure": "kill"}
        )
    async with old_client_of(engine) as client:
        with pytest.raises(NotSupported):
            await client.containers.create(image, "true", labels=scope.labels, **lacking)
        assert scope.containers() == [container.id]


async def test_limits_in_the_words_of_the_runtime(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="'pids'"):
                await container.update(pids={"limit": 71})
            return
        await container.update(pids={"limit": 71}, cpu={"shares": 300})
        found = await container.exec_run(
            shell("cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true")
        )
        assert found == (0, b"71\n")
    async with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"5\.4\.2"):
            await client.containers.container(container.id).update(health_cmd="true")
