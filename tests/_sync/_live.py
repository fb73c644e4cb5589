# Derived from tests/_async/_live.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Clients of real engines, for the tests of this colour."""

import time
from collections.abc import Callable
from typing import Any

from tests._sync._primitives import pause
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope, of_engine
from wharfinger import Container, DockerClient, PodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger_api.docker.availability import AVAILABILITY as DOCKER
from wharfinger_api.libpod.availability import AVAILABILITY as LIBPOD

AnyClient = DockerClient | PodmanClient


def client_of(engine: Engine, url: str | None = None, *, version: str = "auto") -> AnyClient:
    """A client of the engine's own class."""
    kind = DockerClient if engine.name == "docker" else PodmanClient
    return kind(url or engine.url, version=version)


def old_client_of(engine: Engine, url: str | None = None) -> AnyClient:
    """A client that speaks the version that Debian 12's engine has, for what that lacks and newer ones have."""
    return client_of(engine, url, version=of_engine(engine, "1.41", "4.3.1"))


def spoken(engine: Engine) -> str:
    """The version of the API that both sides have: the engine's own, or our newest where that is older."""
    newest = DOCKER.newest if engine.name == "docker" else LIBPOD.newest
    return min(engine.libpod_version or engine.api_version, newest, key=version_key)


def eventually(told: Callable[[], object], timeout: float = 20.0) -> None:
    """Wait for something that the engine does by itself."""
    end = time.monotonic() + timeout
    while not told():
        assert time.monotonic() < end, "it did not happen"
        pause(0.05)


def tell_to_end(container: Container) -> None:
    """Make the file that a container waits for before it ends."""
    told = container.exec_run("touch /tmp/go")
    # The container may have ended, and killed the command, before that came to its own end.
    assert told.exit_code in (0, 137)


def started(client: AnyClient, scope: Scope, command: Any = "sleep 300", **options: Any) -> Container:
    """A running container; without a network, which takes the engines half of their time, unless it is about one."""
    if not {"ports", "network", "networks"} & options.keys():
        options.setdefault("network_mode", "none")
    return client.containers.run(TEST_IMAGE, command, detach=True, labels=scope.labels, **options)


def ran(client: AnyClient, scope: Scope, command: Any, **options: Any) -> bytes:
    """What a container without a network has written; it is gone by then."""
    options = {"network_mode": "none", "remove": True, **options}
    run: Any = client.containers.run
    return bytes(run(TEST_IMAGE, command, labels=scope.labels, **options))
