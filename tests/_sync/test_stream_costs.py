# Derived from tests/_async/test_stream_costs.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What streams take of memory, where nothing else is at work."""

import tracemalloc

from tests._sync.test_stream_faults import Engine, container_of, frame
from tests.fake_engine import FakeEngine, chunked
from wharfinger import DockerClient

MIB = 1024 * 1024


def test_a_whole_log_takes_its_memory_once() -> None:
    piece = b"x" * (16 * 1024 - 1) + b"\n"
    with FakeEngine(Engine(chunked(*[frame(1, piece)] * 512))) as engine:
        with DockerClient(engine.address.url, version="1.41") as client:
            container = container_of(client)
            tracemalloc.start()
            try:
                whole = container.logs()
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
    assert whole == piece * 512
    # It, room to grow by an eighth, and what is being read: pieces that are joined at the end would be 16 MiB.
    assert peak < 11 * MIB
