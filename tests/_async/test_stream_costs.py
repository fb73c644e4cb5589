"""What streams take of memory, where nothing else is at work."""

import tracemalloc

from tests._async.test_stream_faults import Engine, container_of, frame
from tests.fake_engine import FakeEngine, chunked
from wharfinger import AsyncDockerClient

MIB = 1024 * 1024


async def test_a_whole_log_takes_its_memory_once() -> None:
    piece = b"x" * (16 * 1024 - 1) + b"\n"
    with FakeEngine(Engine(chunked(*[frame(1, piece)] * 512))) as engine:
        async with AsyncDockerClient(engine.address.url, version="1.41") as client:
            container = await container_of(client)
            tracemalloc.start()
            try:
                whole = await container.logs()
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
    assert whole == piece * 512
    # It, room to grow by an eighth, and what is being read: pieces that are joined at the end would be 16 MiB.
    assert peak < 11 * MIB
