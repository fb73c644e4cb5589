"""Clients of real engines, for the tests of this colour."""

import time
from collections.abc import Callable
from typing import Any

from tests._async._primitives import pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope, of_engine
from wharfinger import AsyncContainer, AsyncDockerClient, AsyncPodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger_api.docker.availability import AVAILABILITY as DOCKER
from wharfinger_api.libpod.availability import AVAILABILITY as LIBPOD

AsyncAnyClient = AsyncDockerClient | AsyncPodmanClient


def client_of(engine: Engine, url: str | None = None, *, version: str = "auto") -> AsyncAnyClient:
    """A client of the engine's own class."""
    kind = AsyncDockerClient if engine.name == "docker" else AsyncPodmanClient
    return kind(url or engine.url, version=version)


def old_client_of(engine: Engine, url: str | None = None) -> AsyncAnyClient:
    """A client that speaks the version that Debian 12's engine has, for what that lacks and newer ones have."""
    return client_of(engine, url, version=of_engine(engine, "1.41", "4.3.1"))


def spoken(engine: Engine) -> str:
    """The version of the API that both sides have: the engine's own, or our newest where that is older."""
    newest = DOCKER.newest if engine.name == "docker" else LIBPOD.newest
    return min(engine.libpod_version or engine.api_version, newest, key=version_key)


async def eventually(told: Callable[[], object], timeout: float = 20.0) -> None:
    """Wait for something that the engine does by itself."""
    end = time.monotonic() + timeout
    while not told():
        assert time.monotonic() < end, "it did not happen"
        await pause(0.05)


async def tell_to_end(container: AsyncContainer) -> None:
    """Make the file that a container waits for before it ends."""
    told = await container.exec_run("touch /tmp/go")
    # The container may have ended, and killed the command, before that came to its own end.
    assert told.exit_code in (0, 137)


async def started(
    client: AsyncAnyClient, scope: Scope, command: Any = "sleep 300", **options: Any
) -> AsyncContainer:
    """A running container; without a network, which takes the engines half of their time, unless it is about one."""
    if not {"ports", "network", "networks"} & options.keys():
        options.setdefault("network_mode", "none")
    return await client.containers.run(TEST_IMAGE, command, detach=True, labels=scope.labels, **options)


async def ran(client: AsyncAnyClient, scope: Scope, command: Any, **options: Any) -> bytes:
    """What a container without a network has written; it is gone by then."""
    options = {"network_mode": "none", "remove": True, **options}
    run: Any = client.containers.run
    return bytes(await run(TEST_IMAGE, command, labels=scope.labels, **options))
