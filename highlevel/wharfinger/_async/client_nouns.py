"""What a client offers beside containers and images, and what is about all of it together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.networks import AsyncNetworksManager
    from wharfinger._async.secrets import AsyncSecretsManager
    from wharfinger._async.volumes import AsyncVolumesManager
    from wharfinger._core.operation import Operation
    from wharfinger._core.reports import SystemPruneReport
    from wharfinger._dialects.dialect import Dialect, Filters
    from wharfinger.types import DiskUsage


class AsyncClientNouns:
    """The smaller nouns of a client.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: AsyncEngineSession

    @cached_property
    def networks(self) -> AsyncNetworksManager:
        """Networks: create, get, list, exists, remove, prune."""
        from wharfinger._async.networks import AsyncNetworksManager

        return AsyncNetworksManager(self._engine)

    @cached_property
    def secrets(self) -> AsyncSecretsManager:
        """Secrets: create, get, list, exists, remove. Those of Docker are its swarm's."""
        from wharfinger._async.secrets import AsyncSecretsManager

        return AsyncSecretsManager(self._engine)

    @cached_property
    def volumes(self) -> AsyncVolumesManager:
        """Volumes: create, get, list, exists, remove, prune."""
        from wharfinger._async.volumes import AsyncVolumesManager

        return AsyncVolumesManager(self._engine)

    async def df(self) -> DiskUsage:
        """How much of the disk images, containers, volumes and the build cache use.

        Returns:
            What each of them uses, in bytes; as a mapping it is the engine's own JSON.
        """
        return await self._engine.call_slowly(lambda say: say.system.df())

    async def prune(
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

        steps = (await self._engine.dialect()).system.prune(
            all=all, volumes=volumes, build_cache=build_cache, filters=filters
        )
        reports = [await self._engine.call_slowly(_said(step)) for step in steps]
        return summed_up(reports)


def _said(step: Operation[Any]) -> Callable[[Dialect], Operation[Any]]:
    return lambda _: step
