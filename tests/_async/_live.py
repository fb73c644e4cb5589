"""Clients of real engines, for the tests of this colour."""

import time
from collections.abc import Callable
from typing import Any

from tests._async._primitives import pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncPodmanClient

AsyncAnyClient = AsyncDockerClient | AsyncPodmanClient


def client_of(engine: Engine, url: str | None = None) -> AsyncAnyClient:
    """A client of the engine's own class."""
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    return kind(url or engine.url)


async def eventually(told: Callable[[], object], timeout: float = 20.0) -> None:
    """Wait for something that the engine does by itself."""
    end = time.monotonic() + timeout
    while not told():
        assert time.monotonic() < end, "it did not happen"
        await pause(0.05)


async def started(
    client: AsyncAnyClient, scope: Scope, command: Any = "sleep 300", **options: Any
) -> AsyncContainer:
    """A running container; without a network, which takes the engines half of their time, unless it has ports."""
    if "ports" not in options:
        options.setdefault("network_mode", "none")
    return await client.containers.run(TEST_IMAGE, command, detach=True, labels=scope.labels, **options)


async def ran(client: AsyncAnyClient, scope: Scope, command: Any, **options: Any) -> bytes:
    """What a container without a network has written; it is gone by then."""
    options = {"network_mode": "none", "remove": True, **options}
    run: Any = client.containers.run
    return bytes(await run(TEST_IMAGE, command, labels=scope.labels, **options))
