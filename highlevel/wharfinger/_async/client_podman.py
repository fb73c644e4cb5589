"""The nouns that only Podman has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wharfinger._async.artifacts import AsyncArtifactsManager
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.kube import AsyncKubeManager
    from wharfinger._async.manifests import AsyncManifestsManager
    from wharfinger._async.pods import AsyncPodsManager
    from wharfinger._async.quadlets import AsyncQuadletsManager


class AsyncPodmanNouns:
    """What only clients of a Podman offer.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: AsyncEngineSession

    if TYPE_CHECKING:

        @property
        def _keyring(self) -> AsyncKeyring: ...

    @cached_property
    def kube(self) -> AsyncKubeManager:
        """Kubernetes' YAML: play, down, generate, apply."""
        from wharfinger._async.kube import AsyncKubeManager

        return AsyncKubeManager(self._engine)

    @cached_property
    def pods(self) -> AsyncPodsManager:
        """Pods: create, get, list, exists, stats, remove, prune."""
        from wharfinger._async.pods import AsyncPodsManager

        return AsyncPodsManager(self._engine)

    @cached_property
    def manifests(self) -> AsyncManifestsManager:
        """Manifest lists: create, get, list, exists, inspect, remove."""
        from wharfinger._async.manifests import AsyncManifestsManager

        return AsyncManifestsManager(self._engine, self._keyring)

    @cached_property
    def artifacts(self) -> AsyncArtifactsManager:
        """Artifacts: add, get, list, exists, pull, push, remove (Podman API 5.6.2)."""
        from wharfinger._async.artifacts import AsyncArtifactsManager

        return AsyncArtifactsManager(self._engine, self._keyring)

    @cached_property
    def quadlets(self) -> AsyncQuadletsManager:
        """Quadlets: install, get, list, exists, get_contents, remove (Podman API 5.8.2)."""
        from wharfinger._async.quadlets import AsyncQuadletsManager

        return AsyncQuadletsManager(self._engine)
