"""Networks of an engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wharfinger._async._primitives import each
from wharfinger._async.network import AsyncNetwork, AsyncNetworkList, members_of
from wharfinger._core.human import parse_words
from wharfinger._core.network_options import NetworkOptions, network_spec
from wharfinger.errors import NetworkNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.reports import NetworksPruneReport
    from wharfinger._dialects.dialect import Filters

# What may be an id, or the beginning of one.
_ID = re.compile("[0-9a-f]{1,64}")
# Requests of one greedy list that go on at the same time.
_AT_ONCE = 8


class AsyncNetworksManager:
    """Makes, finds and removes networks; `client.networks`."""

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def create(self, name: str, **options: Unpack[NetworkOptions]) -> AsyncNetwork:
        """Makes a network.

        Args:
            name: What to call it.
            options: See NetworkOptions.

        Raises:
            Conflict: There is one of this name, or its addresses are in use.
            NotFound: There is no such driver.
            BadRequest: The engine does not take an option; some are told as Forbidden or ServerError.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        spec = network_spec(name, options)
        return await self.get(await self._engine.call(lambda say: say.networks.create(spec)))

    async def get(
        self, network_id: str, *, verbose: bool | None = None, scope: str | None = None
    ) -> AsyncNetwork:
        """One network.

        Args:
            network_id: Its name or id.
            verbose: What tasks of a swarm are on it, too (Docker).
            scope: Only one of this scope: "local", "global" or "swarm" (Docker).

        Raises:
            NetworkNotFound: There is none.
        """
        found = await self._engine.call(
            lambda say: say.networks.inspect(network_id, verbose=verbose, scope=scope)
        )
        return AsyncNetwork(self._engine, found, await members_of(self._engine, found))

    async def exists(self, key: str) -> bool:
        """Whether there is one of this name or id.

        Args:
            key: The name or id.
        """
        return await self._engine.call(lambda say: say.networks.exists(key))

    async def list(
        self,
        names: str | Sequence[str] | None = None,
        ids: str | Sequence[str] | None = None,
        filters: Filters | None = None,
        *,
        greedy: bool = False,
    ) -> AsyncNetworkList:
        """Networks, by one request unless greedy.

        Args:
            names: Only those with one of these in their name.
            ids: Only those with one of these in their id.
            filters: Such as {"label": ["app=web"]} or {"driver": "bridge"}.
            greedy: Inspect each, several at once, so that `containers` are told. One that is removed meanwhile is
                left out.

        Raises:
            BadRequest: The engine does not know a filter.
        """
        near = {"name": names, "id": ids}
        given = {key: parse_words(f"{key}s", value) for key, value in near.items() if value is not None}
        found = await self._engine.call(lambda say: say.networks.list({**(filters or {}), **given}))
        listed = [AsyncNetwork(self._engine, attrs, []) for attrs in found]
        return await _inspected(listed) if greedy else listed

    async def remove(self, name: str | AsyncNetwork, *, force: bool = False) -> None:
        """Removes a network.

        Args:
            name: Its name or id, or the network.
            force: With the containers on it (Podman).

        Raises:
            NetworkNotFound: There is none.
            Conflict: A container is on it.
            Forbidden: It is one of the engine's own (Docker).
            NotSupported: force on Docker; nothing was sent.
        """
        if not isinstance(name, str):
            return await name.remove(force=force)
        if _ID.fullmatch(name) and (await self._engine.dialect()).networks.removes_by_name:
            return await (await self.get(name)).remove(force=force)
        await self._engine.call_slowly(lambda say: say.networks.remove(name, name=name, force=force))
        return None

    async def prune(self, filters: Filters | None = None) -> NetworksPruneReport:
        """Removes networks that no container is on.

        Args:
            filters: Only some of them: {"label": ["app=web"]}, {"label!": ["keep"]}, {"until": "24h"}.

        Returns:
            {"NetworksDeleted": [names]}

        Raises:
            BadRequest: The engine does not know a filter.
        """
        return await self._engine.call_slowly(lambda say: say.networks.prune(filters))


async def _inspected(listed: AsyncNetworkList) -> AsyncNetworkList:
    async def inspect(network: AsyncNetwork) -> bool:
        try:
            await network.reload()
        except NetworkNotFound:
            return False
        return True

    there = await each(inspect, listed, _AT_ONCE)
    return [network for network, still in zip(listed, there, strict=True) if still]
