"""What copies keep, refuse and leave behind, on real engines."""

import io
import os
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import Engine
from tests.live import Scope, of_engine, shell
from wharfinger import AsyncContainer
from wharfinger.errors import (
    ContainerNotFound,
    FileChangedError,
    NotFound,
    UnsafeArchiveError,
)

MIB = 1024 * 1024
LONG = "ü" * 100


def told(engine: Engine, container: AsyncContainer, *lines: str) -> str:
    """What the engine's own program says that a shell in the container says."""
    return engine.cli("exec", container.id, *shell(*lines)).stdout.strip()


def tar_of(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        entry = tarfile.TarInfo(name)
        entry.size, entry.uid, entry.gid = len(data), 55, 66
        made.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def link_at(path: Path) -> str:
    return str(path.readlink())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def content_of(tar: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as read:
        return {one.name: file.read() for one in read if (file := read.extractfile(one))}


async def test_tars_in_and_out(
    engine: Engine, scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tar_of("file", b"x" * 5000)
    (tmp_path / "tar").write_bytes(data)
    stdout = io.TextIOWrapper(io.BytesIO())
    async with client_of(engine) as client:
        container = await started(client, scope)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        parts: Iterator[bytes] = (data[start : start + 700] for start in range(0, len(data), 700))
        for given in (data, io.BytesIO(data), parts, "-"):
            told(engine, container, "rm -rf /in; mkdir /in")
            await container.copy_to(given, "/in")
            assert told(engine, container, "stat -c %u:%g:%s /in/file") == "55:66:5000"
        await container.put_archive("/in", tmp_path / "tar")
        assert told(engine, container, "stat -c %u:%g /in/file") == "55:66"
        file = io.BytesIO()
        await container.copy_from("/in", file)
        assert content_of(file.getvalue()) == {"in/file": b"x" * 5000}
        monkeypatch.setattr(sys, "stdout", stdout)
        await container.copy_from("/in/.", "-")
    stdout.flush()
    found: Any = stdout.buffer
    assert {name.removeprefix("./") for name in content_of(found.getvalue())} == {"file"}


async def test_owners_and_permissions(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("x")
    os.chown(file, 55, 66)
    file.chmod(0o666)
    out = tmp_path / "out"
    async with client_of(engine) as client:
        container = await started(client, scope)
        await container.copy_to(file, "/tmp/root")
        await container.copy_to(str(file), "/tmp/kept", archive=True)
        assert told(engine, container, "stat -c %u:%g:%a /tmp/root /tmp/kept") == "0:0:666\n55:66:666"
        await container.copy_from("/tmp/kept", out)
        assert (out.stat().st_uid, out.stat().st_mode & 0o777) == (os.getuid(), 0o644)
        await container.copy_from("/tmp/kept", out, archive=True)
        # Podman tells the container's user as the owner of everything.
        assert (out.stat().st_uid, out.stat().st_mode & 0o777) == (of_engine(engine, 55, 0), 0o666)


async def test_what_a_copy_keeps(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    tree = tmp_path / LONG / LONG
    tree.mkdir(parents=True)
    (tree / LONG).write_text("deep")
    os.link(tree / LONG, tree / "twin")
    os.mkfifo(tree / "pipe")
    os.mknod(tree / "null", 0o644 | 0o020000, os.makedev(1, 3))
    with (tree / "holes").open("wb") as file:
        file.write(b"begin")
        file.truncate(64 * MIB)
    (tree / "program").write_bytes(b"x")
    capability = bytes.fromhex("0100000200040000000000000000000000000000")
    os.setxattr(tree / "program", "security.capability", capability)
    async with client_of(engine) as client:
        container = await started(client, scope)
        await container.copy_to(tmp_path / LONG, "/tmp/t")
        lines = (f"cd /tmp/t/{LONG}", f"stat -c '%h %F' {LONG} pipe null", "stat -c %s holes", "cat twin")
        kinds = ["2 regular file", "1 fifo", "1 character special file", str(64 * MIB), "deep"]
        assert told(engine, container, *lines).splitlines() == kinds
        with pytest.raises(UnsafeArchiveError, match="device or a pipe"):
            await container.copy_from("/tmp/t", tmp_path / "refused")
        told(engine, container, f"cd /tmp/t/{LONG}", "rm pipe null")
        await container.copy_from("/tmp/t/.", tmp_path / "out")
        stream, _ = await container.get_archive(f"/tmp/t/{LONG}/program")
        async with stream:
            tar = b"".join([chunk async for chunk in stream])
    again = tmp_path / "out" / LONG
    assert (again / LONG).samefile(again / "twin")
    assert (again / "holes").stat().st_size == 64 * MIB
    assert (again / "holes").stat().st_blocks * 512 < MIB
    with tarfile.open(fileobj=io.BytesIO(tar)) as read:
        (member,) = read
    kept = member.pax_headers["SCHILY.xattr.security.capability"]
    assert kept.encode("utf-8", "surrogateescape") == capability


@pytest.mark.bad_input("Container.read_file", "Container.write_file")
async def test_one_file_as_a_value(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        told(engine, container, "mkdir /d /d/sub; mkfifo /d/pipe; ln -s file /d/link; ln -s none /d/dangling")
        await container.write_file("/d/file", "text ü", mode=0o640, uid=7, gid=8)
        assert told(engine, container, "stat -c %a:%u:%g /d/file") == "640:7:8"
        assert await container.read_file("/d/link") == "text ü".encode()
        await container.write_file("/d/link", bytearray(b"through the link"))
        await container.write_file("d/dangling", memoryview(b"new"))
        assert told(engine, container, "cat /d/file /d/none; readlink /d/link") == "through the linknewfile"
        assert told(engine, container, "stat -c %a:%u /d/file") == "644:0"
        for path in ("/d", "/d/"):
            with pytest.raises(IsADirectoryError):
                await container.read_file(path)
            with pytest.raises(IsADirectoryError):
                await container.write_file(path, b"")
        for path in ("/none/file", "/d/sub/x/file"):
            with pytest.raises(NotFound) as caught:
                await container.write_file(path, b"x")
            assert not isinstance(caught.value, ContainerNotFound)
            with pytest.raises(NotFound):
                await container.read_file(path)
        with pytest.raises(NotADirectoryError):
            await container.write_file("/d/file/below", b"x")
        with pytest.raises(OSError, match="device or a pipe"):
            await container.read_file("/d/pipe")
        wrong: Any = 5
        with pytest.raises(TypeError, match="data is of type int"):
            await container.write_file("/d/file", wrong)
        with pytest.raises(ValueError, match="mode is -1"):
            await container.write_file("/d/file", b"", mode=-1)
        with pytest.raises(ValueError, match="path is ''"):
            await container.read_file("")
        await container.remove(force=True)
        with pytest.raises(ContainerNotFound):
            await container.read_file("/d/file")


async def test_from_one_container_to_another(
    engine: Engine, docker_engine: Engine, podman_engine: Engine
) -> None:
    with Scope(docker_engine) as near, Scope(podman_engine) as far:
        async with client_of(docker_engine) as one, client_of(podman_engine) as two:
            ours = await started(*of_engine(engine, (one, near), (two, far)))
            # On the same engine and on the other.
            others = [await started(*of_engine(engine, (one, near), (two, far)))]
            others.append(await started(*of_engine(engine, (two, far), (one, near))))
            told(
                engine, ours, "mkdir -p /d/sub; head -c 3000000 /dev/zero >/d/sub/big", "chown 5:6 /d/sub/big"
            )
            told(engine, ours, "ln -s sub /d/link; ln /d/sub/big /d/twin", f"echo x >/d/{LONG}")
            sums = told(engine, ours, "cd /d; find . -type f | sort | xargs md5sum")
            for other in others:
                await other.copy_to((ours, "/d"), "/tmp")
                await ours.copy_from("/d/.", (other, "/tmp/new"), archive=True)
                there = engine if other == others[0] else of_engine(engine, podman_engine, docker_engine)
                lines = ("find . -type f | sort | xargs md5sum", "readlink link; stat -c %h:%u sub/big")
                for folder, owner in (("/tmp/d", 0), ("/tmp/new", of_engine(engine, 5, 0))):
                    assert told(there, other, f"cd {folder}", *lines) == f"{sums}\nsub\n2:{owner}"
            with pytest.raises(NotFound):
                await others[0].copy_to((ours, "/none"), "/tmp")
            with pytest.raises(ValueError, match="the same container"):
                await ours.copy_to((ours, "/d"), "/tmp")


@pytest.mark.bad_input("Container.copy_to", "Container.copy_from")
async def test_what_cannot_be_copied(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.raises(FileNotFoundError):
            await container.copy_to(tmp_path / "none", "/tmp")
        with pytest.raises(ValueError, match="with a tar"):
            await container.copy_to(b"", "/tmp", archive=True)
        with pytest.raises(ValueError, match="path is ''"):
            await container.copy_to(tmp_path, "")
        with pytest.raises(NotADirectoryError):
            await container.copy_to(b"", "/etc/passwd")
        with pytest.raises(ValueError, match="leave them out"):
            await container.copy_from("/tmp", io.BytesIO(), max_bytes=1)
        with pytest.raises(TypeError, match="dst is a int"):
            await container.copy_from("/tmp", 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(FileNotFoundError):
            await container.copy_from("/etc/passwd", tmp_path / "no" / "folder")
        with pytest.raises(NotFound):
            await container.copy_from("/none", tmp_path)
        assert names_in(tmp_path) == []
        told(engine, container, "mkdir /d; echo 12345 >/d/a; echo 12345 >/d/b; ln -s /etc/passwd /d/link")
        with pytest.raises(UnsafeArchiveError, match="unsafe_links=True"):
            await container.copy_from("/d/link", tmp_path / "link", follow_link=False)
        await container.copy_from("/d", tmp_path, unsafe_links=True)
        assert link_at(tmp_path / "d" / "link") == "/etc/passwd"
        for most, members in ((11, None), (None, 2)):
            with pytest.raises(UnsafeArchiveError, match="more than the allowed"):
                await container.copy_from(
                    "/d", tmp_path / "limited", unsafe_links=True, max_bytes=most, max_members=members
                )
        assert "b" not in names_in(tmp_path / "limited")
        await container.remove(force=True)
        with pytest.raises(ContainerNotFound):
            await container.copy_to(tmp_path, "/tmp")
        with pytest.raises(ContainerNotFound):
            await container.copy_from("/tmp", tmp_path)


async def test_a_missing_folder_is_told_whatever_the_size(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        for content in (tar_of("f", b""), tar_of("f", bytes(20 * MIB)), (bytes(MIB) for _ in range(20))):
            with pytest.raises(NotFound) as caught:
                await container.put_archive("/no/such", content)
            assert not isinstance(caught.value, ContainerNotFound)
        assert told(engine, container, "ls -d /no 2>&1 || true").startswith("ls: /no")


async def test_a_file_that_changes_while_it_is_sent(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a" * MIB)
    (tmp_path / "b").write_bytes(b"b" * 9 * MIB)

    read = os.fstat

    def grow(file: int) -> os.stat_result:
        found = read(file)
        if found.st_size == 9 * MIB:
            with (tmp_path / "b").open("ab") as more:
                more.write(b"more")
        return found

    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fstat", grow)
            with pytest.raises(FileChangedError, match="grew while it was read"):
                await container.copy_to(tmp_path, "/tmp/t")
        # The engine was not told of an end, and the client goes on.
        assert await container.read_file("/tmp/t/a") == b"a" * MIB
        assert told(engine, container, "head -c 3 /tmp/t/b") == "bbb"


async def test_a_copy_that_is_interrupted(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        told(engine, container, "head -c 60000000 /dev/zero >/tmp/big")
        interruption = AsyncInterruption()
        written: list[int] = []

        class Stopping:
            def write(self, data: bytes) -> None:
                written.append(len(data))
                interruption.now()

        await interruption.during(lambda: container.copy_from("/tmp/big", Stopping()))
        assert sum(written) < 60_000_000
        assert await container.read_file("/tmp/big") == bytes(60_000_000)
