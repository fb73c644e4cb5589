"""Podman, by its native API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI
from wharfinger._dialects.libpod.builds import LibpodBuilds
from wharfinger._dialects.libpod.containers import LibpodContainers
from wharfinger._dialects.libpod.execs import LibpodExecs
from wharfinger._dialects.libpod.images import LibpodImages
from wharfinger._dialects.libpod.kube import LibpodKube
from wharfinger._dialects.libpod.networks import LibpodNetworks
from wharfinger._dialects.libpod.pods import LibpodPods
from wharfinger._dialects.libpod.secrets import LibpodSecrets
from wharfinger._dialects.libpod.system import LibpodSystem
from wharfinger._dialects.libpod.volumes import LibpodVolumes
from wharfinger_api.libpod.availability import AVAILABILITY

if TYPE_CHECKING:
    from wharfinger._dialects.libpod.artifacts import LibpodArtifacts
    from wharfinger._dialects.libpod.manifests import LibpodManifests
    from wharfinger._dialects.libpod.quadlets import LibpodQuadlets
    from wharfinger.address import Engine


@attrs.frozen
class LibpodDialect:
    """Says everything in the words of one version of Podman's native API.

    What few programs need is imported when it is first asked for.
    """

    version: str
    system: LibpodSystem
    containers: LibpodContainers
    execs: LibpodExecs
    images: LibpodImages
    volumes: LibpodVolumes
    networks: LibpodNetworks
    secrets: LibpodSecrets
    builds: LibpodBuilds
    pods: LibpodPods
    kube: LibpodKube
    api: EngineAPI

    @property
    def engine(self) -> Engine:
        """Which engine this is for."""
        return "podman"

    @property
    def prefix(self) -> str:
        """What goes before every path."""
        return f"/v{self.version}"

    @property
    def manifests(self) -> LibpodManifests:
        """Manifest lists."""
        from wharfinger._dialects.libpod.manifests import LibpodManifests

        return LibpodManifests(self.api)

    @property
    def artifacts(self) -> LibpodArtifacts:
        """Artifacts."""
        from wharfinger._dialects.libpod.artifacts import LibpodArtifacts

        return LibpodArtifacts(self.api)

    @property
    def quadlets(self) -> LibpodQuadlets:
        """Quadlets."""
        from wharfinger._dialects.libpod.quadlets import LibpodQuadlets

        return LibpodQuadlets(self.api)


def libpod_dialect(version: str) -> LibpodDialect:
    """The dialect for a version of the API, such as "5.4.2"."""
    api = EngineAPI("podman", version, AVAILABILITY)
    return LibpodDialect(
        version,
        LibpodSystem(api),
        LibpodContainers(api),
        LibpodExecs(api),
        LibpodImages(api),
        LibpodVolumes(api),
        LibpodNetworks(api),
        LibpodSecrets(api),
        LibpodBuilds(api),
        LibpodPods(api),
        LibpodKube(api),
        api,
    )
