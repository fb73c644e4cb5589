"""Files in and out of containers of real engines."""

import io
import tarfile
from collections.abc import Iterator

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope
from wharfinger.errors import APIError, ContainerNotFound, NotFound


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(data), 0o640, 1_700_000_000
            made.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as read:
        members = [one for one in read.getmembers() if one.isfile()]
        return {one.name: file.read() for one in members if (file := read.extractfile(one))}


def in_parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]


async def test_there_and_back(engine: Engine, box: str) -> None:
    files = {"small": b"a\n", "folder/large": bytes(range(256)) * 1024, "empty": b"", "umläut ☃": b"x"}
    tar = archive(files)
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        for given in (tar, io.BytesIO(tar), in_parts(tar)):
            assert (await container.exec_run("mkdir -p /tmp/in")).exit_code == 0
            assert await container.put_archive("/tmp/in", given) is True
            stream, stat = await container.get_archive("/tmp/in")
            async with stream:
                found = contents(b"".join([chunk async for chunk in stream]))
            assert found == {f"in/{name}": data for name, data in files.items()}
            assert (stat.name, stat.is_dir) == ("in", True)
            assert (await container.exec_run("rm -r /tmp/in")).exit_code == 0


async def test_one_file_and_its_facts(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        await container.put_archive("/tmp", archive({"a file": b"12345"}))
        assert await container.exec_run(["ln", "-s", "a file", "/tmp/link"]) == (0, b"")
        stream, stat = await container.get_archive("/tmp/a file")
        async with stream:
            assert contents(b"".join([chunk async for chunk in stream])) == {"a file": b"12345"}
        assert (stat.name, stat.size, stat.permissions, stat.is_dir) == ("a file", 5, 0o640, False)
        assert stat.mtime.startswith("2023-11-14T22:13:20")


async def test_into_a_container_that_does_not_run(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, "cat /tmp/file", labels=scope.labels)
        await container.put_archive("/tmp", archive({"file": b"before the start"}))
        await container.start()
        assert (await container.wait()).exit_code == 0
        assert await container.logs() == b"before the start"


@pytest.mark.bad_input("Container.get_archive", "Container.put_archive")
async def test_what_is_not_there(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.raises(NotFound) as caught:
            await container.get_archive("/nowhere")
        # It is the path that is missing.
        assert not isinstance(caught.value, ContainerNotFound)
        with pytest.raises(NotFound) as caught:
            await container.put_archive("/nowhere", archive({"file": b"x"}))
        assert not isinstance(caught.value, ContainerNotFound)
        with pytest.raises(APIError):
            await container.put_archive("/tmp", b"this is no archive" * 100)
        await container.remove(force=True)
        with pytest.raises(ContainerNotFound):
            await container.get_archive("/tmp")
