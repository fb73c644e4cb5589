"""Podman, by its native API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI
from wharfinger._dialects.libpod.containers import LibpodContainers
from wharfinger._dialects.libpod.images import LibpodImages
from wharfinger._dialects.libpod.system import LibpodSystem
from wharfinger_api.libpod.availability import AVAILABILITY

if TYPE_CHECKING:
    from wharfinger.address import Engine


@attrs.frozen
class LibpodDialect:
    """Says everything in the words of one version of Podman's native API."""

    version: str
    system: LibpodSystem
    containers: LibpodContainers
    images: LibpodImages

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "podman"

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"


def libpod_dialect(version: str) -> LibpodDialect:
    """The dialect for a version of the API, such as "5.4.2"."""
    api = EngineAPI("podman", version, AVAILABILITY)
    return LibpodDialect(version, LibpodSystem(api), LibpodContainers(api), LibpodImages(api))
