"""Docker Engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from wharfinger._dialects.api import EngineAPI
from wharfinger_api.docker.availability import AVAILABILITY

if TYPE_CHECKING:
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
    from wharfinger.address import Engine


class DockerDialect:
    """Says everything in the words of one version of the Docker Engine API.

    Each noun's words are imported when it is first asked for: few programs need many of them.

    Args:
        version: Such as "1.51".
    """

    def __init__(self, version: str) -> None:
        self._api = EngineAPI("docker", version, AVAILABILITY)

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "docker"

    @property
    def version(self) -> str:
        """Which version of its API."""
        return self._api.version

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"

    @property
    def system(self) -> DockerSystem:
        """The engine itself."""
        from wharfinger._dialects.docker.system import DockerSystem

        return DockerSystem(self._api)

    @property
    def containers(self) -> DockerContainers:
        """Containers."""
        from wharfinger._dialects.docker.containers import DockerContainers

        return DockerContainers(self._api)

    @property
    def execs(self) -> DockerExecs:
        """Commands in containers."""
        from wharfinger._dialects.docker.execs import DockerExecs

        return DockerExecs(self._api)

    @property
    def images(self) -> DockerImages:
        """Images."""
        from wharfinger._dialects.docker.images import DockerImages

        return DockerImages(self._api)

    @property
    def volumes(self) -> DockerVolumes:
        """Volumes."""
        from wharfinger._dialects.docker.volumes import DockerVolumes

        return DockerVolumes(self._api)

    @property
    def networks(self) -> DockerNetworks:
        """Networks."""
        from wharfinger._dialects.docker.networks import DockerNetworks

        return DockerNetworks(self._api)

    @property
    def secrets(self) -> DockerSecrets:
        """Secrets."""
        from wharfinger._dialects.docker.secrets import DockerSecrets

        return DockerSecrets(self._api)

    @property
    def builds(self) -> DockerBuilds:
        """Builds."""
        from wharfinger._dialects.docker.builds import DockerBuilds

        return DockerBuilds(self._api)

    @property
    def kube(self) -> DockerKube:
        """Kubernetes."""
        from wharfinger._dialects.docker.kube import DockerKube

        return DockerKube(self._api)

    @property
    def services(self) -> DockerServices:
        """Services of a swarm."""
        from wharfinger._dialects.docker.services import DockerServices

        return DockerServices(self._api)

    @property
    def tasks(self) -> DockerTasks:
        """Tasks of a swarm."""
        from wharfinger._dialects.docker.services import DockerTasks

        return DockerTasks(self._api)

    @property
    def plugins(self) -> DockerPlugins:
        """Plugins."""
        from wharfinger._dialects.docker.plugins import DockerPlugins

        return DockerPlugins(self._api)

    @property
    def swarm(self) -> DockerSwarm:
        """The swarm."""
        from wharfinger._dialects.docker.swarm import DockerSwarm

        return DockerSwarm(self._api)

    @property
    def nodes(self) -> DockerNodes:
        """Nodes of a swarm."""
        from wharfinger._dialects.docker.nodes import DockerNodes

        return DockerNodes(self._api)

    @property
    def configs(self) -> DockerConfigs:
        """Configs."""
        from wharfinger._dialects.docker.configs import DockerConfigs

        return DockerConfigs(self._api)

    @property
    def pods(self) -> NoReturn:
        """What Docker does not have."""
        raise self._api.lacking("pods", "Podman")
