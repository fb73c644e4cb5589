"""Docker Engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI
from wharfinger._dialects.docker.containers import DockerContainers
from wharfinger._dialects.docker.images import DockerImages
from wharfinger._dialects.docker.system import DockerSystem
from wharfinger_api.docker.availability import AVAILABILITY

if TYPE_CHECKING:
    from wharfinger.address import Engine


@attrs.frozen
class DockerDialect:
    """Says everything in the words of one version of the Docker Engine API."""

    version: str
    system: DockerSystem
    containers: DockerContainers
    images: DockerImages

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "docker"

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"


def docker_dialect(version: str) -> DockerDialect:
    """The dialect for a version of the API, such as "1.51"."""
    api = EngineAPI("docker", version, AVAILABILITY)
    return DockerDialect(version, DockerSystem(api), DockerContainers(api), DockerImages(api))
