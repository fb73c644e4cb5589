"""A client that is closed leaves nothing open, whatever was left half-read."""

import gc
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope, shell
from wharfinger.errors import ClosedError


def open_files() -> set[str]:
    gc.collect()
    found = sorted(Path("/proc/self/fd").iterdir())
    return {f"{one.name} {one.readlink()}" for one in found if one.is_symlink()}


async def test_streams_left_half_read(engine: Engine, scope: Scope) -> None:
    before = open_files()
    async with client_of(engine) as client:
        container = await started(client, scope, shell("yes | head -n 50000; sleep 300"))
        streams = [await container.logs(stream=True) for _ in range(3)]
        lines = await container.logs(stream=True, lines=True, timestamps=True)
        archive, _ = await container.get_archive("/bin/busybox")
        raw = await client.open("GET", "/events")
        for stream in (*streams, archive):
            assert await stream.__anext__()
        assert (await lines.__anext__()).data == b"y\n"
        assert await client.ping()
    left: list[Any] = [*streams, archive, lines, raw]
    for stream in left:
        with pytest.raises(ClosedError):
            [value async for value in stream]
    assert open_files() == before


async def test_a_client_that_failed(engine: Engine, scope: Scope) -> None:
    before = open_files()
    async with client_of(engine) as client:
        await started(client, scope)
        with pytest.raises(LookupError):
            async with await (await client.containers.get(scope.containers()[0])).logs(
                stream=True, follow=False
            ):
                raise LookupError
    with pytest.raises(ClosedError):
        await client.ping()
    assert open_files() == before
