"""What a type checker knows of copies; see public_types.py."""

import io
from pathlib import Path
from typing import assert_type

from wharfinger import AsyncContainer, AsyncStream, Container, FileStat, Stream, extract_archive


def copied(container: Container, other: Container) -> None:
    assert_type(container.copy_to("a", "/a"), None)
    container.copy_to(Path("a"), "/a", follow_link=True, archive=True)
    container.copy_to(io.BytesIO(), "/a")
    container.copy_to([b"a"], "/a")
    container.copy_to((other, "/a"), "/a")
    container.copy_to(1, "/a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(container.copy_from("/a", "a"), None)
    container.copy_from("/a", Path("a"), unsafe_links=True, max_bytes=1, max_members=1)
    container.copy_from("/a", io.BytesIO())
    container.copy_from("/a", (other, "/a"), archive=True)
    container.copy_from("/a", b"a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(container.read_file("/a"), bytes)
    assert_type(container.write_file("/a", "text", mode=0o600, uid=1, gid=1), None)
    container.write_file("/a", 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(container.put_archive("/a", Path("a.tar")), bool)
    stream, found = container.get_archive("/a")
    assert_type(stream, Stream[bytes])
    assert_type(found, FileStat)
    assert_type(found.is_file, bool)
    assert_type(found.link_target, str)
    assert_type(extract_archive(stream, "a", archive=True), int)


async def copied_async(container: AsyncContainer, other: AsyncContainer) -> None:
    assert_type(await container.copy_to("a", "/a"), None)
    await container.copy_to((other, "/a"), "/a", follow_link=True, archive=True)
    await container.copy_to(1, "/a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(await container.copy_from("/a", "a"), None)
    await container.copy_from("/a", (other, "/a"), archive=True)
    await container.copy_from("/a", b"a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(await container.read_file("/a"), bytes)
    assert_type(await container.write_file("/a", b"a"), None)
    stream, found = await container.get_archive("/a")
    assert_type(found, FileStat)
    assert_type(stream, AsyncStream[bytes])
