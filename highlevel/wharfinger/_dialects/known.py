"""Which versions of the engines' APIs this library knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wharfinger_api.docker.availability import AVAILABILITY as DOCKER
from wharfinger_api.libpod.availability import AVAILABILITY as LIBPOD

if TYPE_CHECKING:
    from wharfinger.address import Engine


class Known(NamedTuple):
    """The oldest and the newest version that bindings are generated from."""

    oldest: str
    newest: str


def known_versions(engine: Engine) -> Known:
    """The range for one engine."""
    table = DOCKER if engine == "docker" else LIBPOD
    return Known(table.oldest, table.newest)
