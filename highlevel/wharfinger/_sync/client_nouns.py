# Derived from highlevel/wharfinger/_async/client_nouns.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What a client offers beside containers and images, and what is about all of it together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._core.operation import Operation
    from wharfinger._core.reports import SystemPruneReport
    from wharfinger._dialects.dialect import Dialect, Filters
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.networks import NetworksManager
    from wharfinger._sync.secrets import SecretsManager
    from wharfinger._sync.volumes import VolumesManager
    from wharfinger.types import DiskUsage


class ClientNouns:
    """The smaller nouns of a client.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: EngineSession

    @cached_property
    def networks(self) -> NetworksManager:
        """Networks: create, get, list, exists, remove, prune."""
        from wharfinger._sync.networks import NetworksManager

        return NetworksManager(self._engine)

    @cached_property
    def secrets(self) -> SecretsManager:
        """Secrets: create, get, list, exists, remove. Those of Docker are its swarm's."""
        from wharfinger._sync.secrets import SecretsManager

        return SecretsManager(self._engine)

    @cached_property
    def volumes(self) -> VolumesManager:
        """Volumes: create, get, list, exists, remove, prune."""
        from wharfinger._sync.volumes import VolumesManager

        return VolumesManager(self._engine)

    def df(self) -> DiskUsage:
        """How much of the disk images, containers, volumes and the build cache use.

        Returns:
            What each of them uses, in bytes; as a mapping it is the engine's own JSON.
        """
        return self._engine.call_slowly(lambda say: say.system.df())

    def prune(
        self,
        *,
        all: bool = False,
        volumes: bool = False,
        build_cache: bool | None = None,
        filters: Filters | None = None,
    ) -> SystemPruneReport:
        """Removes what nothing uses: stopped containers, networks and images; one kind after the other.

        On Podman stopped pods too, where there are no filters, which pods do not have.

        Args:
            all: Images with a name too.
            volumes: Volumes too, with and without a name, and what is in them.
            build_cache: What builds keep (Docker); so unless it is False, or a filter is by label, which that does
                not have.
            filters: Only some of them: {"label": ["app=web"]}, {"label!": ["keep"]}, {"until": "24h"}.

        Returns:
            All that was removed, and how many bytes are free again.

        Raises:
            BadRequest: The engine does not know a filter.
            APIError: Something could not be removed; what came before it is gone.
            NotSupported: This engine cannot do it so; nothing was sent.
        """
        from wharfinger._core.reports import summed_up

        steps = (self._engine.dialect()).system.prune(
            all=all, volumes=volumes, build_cache=build_cache, filters=filters
        )
        reports = [self._engine.call_slowly(_said(step)) for step in steps]
        return summed_up(reports)


def _said(step: Operation[Any]) -> Callable[[Dialect], Operation[Any]]:
    return lambda _: step
