"""Which engine to talk to: the rules, in their order. The first that applies wins, and its name is kept.

A rule that applies and cannot be followed is an error that names it; no later rule is asked. Only within the
well-known sockets is a dead one passed over, since nobody chose it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs

from wharfinger._core.discovery_docker import docker_context, docker_host
from wharfinger._core.discovery_podman import container_connection, container_host, default_connection
from wharfinger._core.discovery_search import Environment, Search
from wharfinger._core.discovery_sockets import docker_sockets, podman_sockets
from wharfinger.address import Engine, EngineAddress, TLSConfig
from wharfinger.errors import EngineUnreachable


@attrs.frozen
class EmbeddedEngine:
    """The last rule's answer: no engine runs, but this podman can be started.

    Attributes:
        binary: The podman program.
        rule: What EngineAddress.rule is to say of it.
    """

    binary: str
    rule: str = "embedded engine"


Found: TypeAlias = EngineAddress | EmbeddedEngine
Rule: TypeAlias = Callable[[Search], Found | None]


def choose(
    environment: Environment,
    *,
    engine: Engine | None = None,
    tls: TLSConfig | None = None,
    identity: str | None = None,
) -> Found:
    """The engine that the rules choose where no URL is given as an argument.

    Args:
        environment: The machine.
        engine: Only this engine's rules; None for both engines'.
        tls: Used instead of the TLS material that a rule names.
        identity: Used instead of the ssh key that a rule names.

    Raises:
        EngineUnreachable: No rule applies, or the one that does cannot be followed.
    """
    search = Search(environment, engine, tls)
    for rule in _RULES[engine]:
        found = rule(search)
        if isinstance(found, EngineAddress):
            return attrs.evolve(found, tls=tls or found.tls, identity=identity or found.identity)
        if found is not None:
            return found
    raise EngineUnreachable(search.tried, _next_step(search))


def embedded(search: Search) -> EmbeddedEngine | None:
    """A podman of our own, where one can be started: elsewhere than on Linux it needs a machine."""
    if search.environment.system != "linux":
        search.passed_over("embedded engine", "only podman on Linux can be one")
        return None
    binary = search.environment.which("podman")
    if binary is None:
        search.passed_over("embedded engine", "no podman in PATH")
        return None
    return EmbeddedEngine(binary)


_RULES: Mapping[Engine | None, Sequence[Rule]] = {
    "docker": (docker_host, docker_context, docker_sockets),
    "podman": (container_host, container_connection, default_connection, podman_sockets, embedded),
    None: (
        docker_host,
        container_host,
        container_connection,
        docker_context,
        default_connection,
        docker_sockets,
        podman_sockets,
        embedded,
    ),
}

_START_DOCKER = "start Docker (systemctl start docker, or Docker Desktop)"
_START_PODMAN = "install podman or start it (systemctl --user start podman.socket, or podman machine start)"
_NAME_DOCKER = "base_url='unix:///run/docker.sock' or DOCKER_HOST"
_NAME_PODMAN = "base_url='unix:///run/podman/podman.sock' or CONTAINER_HOST"


def _next_step(search: Search) -> str:
    start, name = {
        "docker": (_START_DOCKER, _NAME_DOCKER),
        "podman": (_START_PODMAN, _NAME_PODMAN),
        None: (f"{_START_DOCKER}, {_START_PODMAN}", f"{_NAME_DOCKER} or CONTAINER_HOST"),
    }[search.engine]
    allow = "get the right to use the socket that denies permission (its group, or sudo), "
    denied = any("permission denied" in why.lower() for _, why in search.tried)
    step = f"{allow if denied else ''}{start}, or name the engine: {name}."
    return step[0].upper() + step[1:]
