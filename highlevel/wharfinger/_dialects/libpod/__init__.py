"""Podman, by its native API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._dialects.api import EngineAPI
from wharfinger_api.libpod.availability import AVAILABILITY

if TYPE_CHECKING:
    from wharfinger._dialects.libpod.artifacts import LibpodArtifacts
    from wharfinger._dialects.libpod.builds import LibpodBuilds
    from wharfinger._dialects.libpod.containers import LibpodContainers
    from wharfinger._dialects.libpod.execs import LibpodExecs
    from wharfinger._dialects.libpod.images import LibpodImages
    from wharfinger._dialects.libpod.kube import LibpodKube
    from wharfinger._dialects.libpod.manifests import LibpodManifests
    from wharfinger._dialects.libpod.networks import LibpodNetworks
    from wharfinger._dialects.libpod.pods import LibpodPods
    from wharfinger._dialects.libpod.quadlets import LibpodQuadlets
    from wharfinger._dialects.libpod.secrets import LibpodSecrets
    from wharfinger._dialects.libpod.system import LibpodSystem
    from wharfinger._dialects.libpod.volumes import LibpodVolumes
    from wharfinger.address import Engine


class LibpodDialect:
    """Says everything in the words of one version of Podman's native API.

    Each noun's words are imported when it is first asked for: few programs need many of them.

    Args:
        version: Such as "5.4.2".
    """

    def __init__(self, version: str) -> None:
        self._api = EngineAPI("podman", version, AVAILABILITY)

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "podman"

    @property
    def version(self) -> str:
        """Which version of its API."""
        return self._api.version

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"

    @property
    def system(self) -> LibpodSystem:
        """The engine itself."""
        from wharfinger._dialects.libpod.system import LibpodSystem

        return LibpodSystem(self._api)

    @property
    def containers(self) -> LibpodContainers:
        """Containers."""
        from wharfinger._dialects.libpod.containers import LibpodContainers

        return LibpodContainers(self._api)

    @property
    def execs(self) -> LibpodExecs:
        """Commands in containers."""
        from wharfinger._dialects.libpod.execs import LibpodExecs

        return LibpodExecs(self._api)

    @property
    def images(self) -> LibpodImages:
        """Images."""
        from wharfinger._dialects.libpod.images import LibpodImages

        return LibpodImages(self._api)

    @property
    def volumes(self) -> LibpodVolumes:
        """Volumes."""
        from wharfinger._dialects.libpod.volumes import LibpodVolumes

        return LibpodVolumes(self._api)

    @property
    def networks(self) -> LibpodNetworks:
        """Networks."""
        from wharfinger._dialects.libpod.networks import LibpodNetworks

        return LibpodNetworks(self._api)

    @property
    def secrets(self) -> LibpodSecrets:
        """Secrets."""
        from wharfinger._dialects.libpod.secrets import LibpodSecrets

        return LibpodSecrets(self._api)

    @property
    def builds(self) -> LibpodBuilds:
        """Builds."""
        from wharfinger._dialects.libpod.builds import LibpodBuilds

        return LibpodBuilds(self._api)

    @property
    def pods(self) -> LibpodPods:
        """Pods."""
        from wharfinger._dialects.libpod.pods import LibpodPods

        return LibpodPods(self._api)

    @property
    def kube(self) -> LibpodKube:
        """Kubernetes."""
        from wharfinger._dialects.libpod.kube import LibpodKube

        return LibpodKube(self._api)

    @property
    def manifests(self) -> LibpodManifests:
        """Manifest lists."""
        from wharfinger._dialects.libpod.manifests import LibpodManifests

        return LibpodManifests(self._api)

    @property
    def artifacts(self) -> LibpodArtifacts:
        """Artifacts."""
        from wharfinger._dialects.libpod.artifacts import LibpodArtifacts

        return LibpodArtifacts(self._api)

    @property
    def quadlets(self) -> LibpodQuadlets:
        """Quadlets."""
        from wharfinger._dialects.libpod.quadlets import LibpodQuadlets

        return LibpodQuadlets(self._api)
