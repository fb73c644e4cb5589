"""Docker Engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import attrs

from wharfinger._dialects.api import EngineAPI
from wharfinger._dialects.docker.builds import DockerBuilds
from wharfinger._dialects.docker.configs import DockerConfigs
from wharfinger._dialects.docker.containers import DockerContainers
from wharfinger._dialects.docker.execs import DockerExecs
from wharfinger._dialects.docker.images import DockerImages
from wharfinger._dialects.docker.kube import DockerKube
from wharfinger._dialects.docker.networks import DockerNetworks
from wharfinger._dialects.docker.nodes import DockerNodes
from wharfinger._dialects.docker.plugins import DockerPlugins
from wharfinger._dialects.docker.secrets import DockerSecrets
from wharfinger._dialects.docker.services import DockerServices, DockerTasks
from wharfinger._dialects.docker.swarm import DockerSwarm
from wharfinger._dialects.docker.system import DockerSystem
from wharfinger._dialects.docker.volumes import DockerVolumes
from wharfinger_api.docker.availability import AVAILABILITY

if TYPE_CHECKING:
    from wharfinger.address import Engine


@attrs.frozen
class DockerDialect:
    """Says everything in the words of one version of the Docker Engine API."""

    version: str
    system: DockerSystem
    containers: DockerContainers
    execs: DockerExecs
    images: DockerImages
    volumes: DockerVolumes
    networks: DockerNetworks
    secrets: DockerSecrets
    builds: DockerBuilds
    kube: DockerKube
    services: DockerServices
    tasks: DockerTasks
    plugins: DockerPlugins
    swarm: DockerSwarm
    nodes: DockerNodes
    configs: DockerConfigs

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "docker"

    @property
    def pods(self) -> NoReturn:
        """What Docker does not have."""
        raise self.kube.api.lacking("pods", "Podman")

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"


def docker_dialect(version: str) -> DockerDialect:
    """The dialect for a version of the API, such as "1.51"."""
    api = EngineAPI("docker", version, AVAILABILITY)
    return DockerDialect(
        version,
        DockerSystem(api),
        DockerContainers(api),
        DockerExecs(api),
        DockerImages(api),
        DockerVolumes(api),
        DockerNetworks(api),
        DockerSecrets(api),
        DockerBuilds(api),
        DockerKube(api),
        DockerServices(api),
        DockerTasks(api),
        DockerPlugins(api),
        DockerSwarm(api),
        DockerNodes(api),
        DockerConfigs(api),
    )
