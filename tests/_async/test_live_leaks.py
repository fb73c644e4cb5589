"""A client that is closed leaves nothing open, whatever was left half-read."""

import gc
import os

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope
from wharfinger.errors import ClosedError


def open_files() -> set[str]:
    gc.collect()
    folder = "/proc/self/fd"
    return {
        f"{fd} {os.readlink(f'{folder}/{fd}')}"
        for fd in os.listdir(folder)
        if os.path.islink(f"{folder}/{fd}")
    }


async def test_streams_left_half_read(engine: Engine, scope: Scope) -> None:
    before = open_files()
    async with client_of(engine) as client:
        container = await started(client, scope, "yes")
        streams = [await container.logs(stream=True) for _ in range(3)]
        lines = await container.logs(stream=True, lines=True, timestamps=True)
        archive, _ = await container.get_archive("/bin/busybox")
        raw = await client.open("GET", "/events")
        for stream in (*streams, archive):
            assert await stream.__anext__()
        assert (await lines.__anext__()).data == b"y\n"
        assert await client.ping()
    for stream in (*streams, archive, lines, raw):
        with pytest.raises(ClosedError):
            while True:
                await stream.__anext__()
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
