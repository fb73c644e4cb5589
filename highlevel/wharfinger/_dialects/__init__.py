"""Intent to Operation, reply to value, for each engine. The only importers of wharfinger_api.

A dialect is loaded when an engine that speaks it has been met: a program seldom needs both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wharfinger._dialects.dialect import Dialect
    from wharfinger.address import Engine


class Known(NamedTuple):
    """The oldest and the newest version of an API that bindings are generated from."""

    oldest: str
    newest: str


def known_versions(engine: Engine) -> Known:
    """The range for one engine."""
    if engine == "docker":
        from wharfinger_api.docker.availability import AVAILABILITY
    else:
        from wharfinger_api.libpod.availability import AVAILABILITY
    return Known(AVAILABILITY.oldest, AVAILABILITY.newest)


def docker_dialect(version: str) -> Dialect:
    """The dialect for a version of the Docker Engine API, such as "1.51"."""
    from wharfinger._dialects.docker import DockerDialect

    return DockerDialect(version)


def libpod_dialect(version: str) -> Dialect:
    """The dialect for a version of Podman's native API, such as "5.4.2"."""
    from wharfinger._dialects.libpod import LibpodDialect

    return LibpodDialect(version)
