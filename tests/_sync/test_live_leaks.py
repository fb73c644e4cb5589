# Derived from tests/_async/test_live_leaks.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""A client that is closed leaves nothing open, whatever was left half-read."""

import gc
from pathlib import Path
from typing import Any

import pytest

from tests._sync._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope, shell
from wharfinger.errors import ClosedError


def open_files() -> set[str]:
    gc.collect()
    found = sorted(Path("/proc/self/fd").iterdir())
    return {f"{one.name} {one.readlink()}" for one in found if one.is_symlink()}


def test_streams_left_half_read(engine: Engine, scope: Scope) -> None:
    before = open_files()
    with client_of(engine) as client:
        container = started(client, scope, shell("yes | head -n 50000; sleep 300"))
        streams = [container.logs(stream=True) for _ in range(3)]
        lines = container.logs(stream=True, lines=True, timestamps=True)
        archive, _ = container.get_archive("/bin/busybox")
        raw = client.open("GET", "/events")
        for stream in (*streams, archive):
            assert stream.__next__()
        assert (lines.__next__()).data == b"y\n"
        assert client.ping()
    left: list[Any] = [*streams, archive, lines, raw]
    for stream in left:
        with pytest.raises(ClosedError):
            list(stream)
    assert open_files() == before


def test_a_client_that_failed(engine: Engine, scope: Scope) -> None:
    before = open_files()
    with client_of(engine) as client:
        started(client, scope)
        with pytest.raises(LookupError):
            with (client.containers.get(scope.containers()[0])).logs(stream=True, follow=False):
                raise LookupError
    with pytest.raises(ClosedError):
        client.ping()
    assert open_files() == before
