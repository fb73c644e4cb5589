# Derived from highlevel/wharfinger/_async/client_podman.py
# by `python -m codegen.unasync`: change that file, not this one.
"""The nouns that only Podman has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wharfinger._sync.artifacts import ArtifactsManager
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.keyring import Keyring
    from wharfinger._sync.kube import KubeManager
    from wharfinger._sync.manifests import ManifestsManager
    from wharfinger._sync.pods import PodsManager
    from wharfinger._sync.quadlets import QuadletsManager


class PodmanNouns:
    """What only clients of a Podman offer.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: EngineSession

    if TYPE_CHECKING:

        @property
        def _keyring(self) -> Keyring: ...

    @cached_property
    def kube(self) -> KubeManager:
        """Kubernetes' YAML: play, down, generate, apply."""
        from wharfinger._sync.kube import KubeManager

        return KubeManager(self._engine)

    @cached_property
    def pods(self) -> PodsManager:
        """Pods: create, get, list, exists, stats, remove, prune."""
        from wharfinger._sync.pods import PodsManager

        return PodsManager(self._engine)

    @cached_property
    def manifests(self) -> ManifestsManager:
        """Manifest lists: create, get, list, exists, inspect, remove."""
        from wharfinger._sync.manifests import ManifestsManager

        return ManifestsManager(self._engine, self._keyring)

    @cached_property
    def artifacts(self) -> ArtifactsManager:
        """Artifacts: add, get, list, exists, pull, push, remove (Podman API 5.6.2)."""
        from wharfinger._sync.artifacts import ArtifactsManager

        return ArtifactsManager(self._engine, self._keyring)

    @cached_property
    def quadlets(self) -> QuadletsManager:
        """Quadlets: install, get, list, exists, get_contents, remove (Podman API 5.8.2)."""
        from wharfinger._sync.quadlets import QuadletsManager

        return QuadletsManager(self._engine)
