"""Stacks of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.stack import NAMESPACE, AsyncStack, AsyncStackList
from wharfinger._core.container_facts import section
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.services import AsyncServicesManager


class AsyncStacksManager:
    """Finds stacks; `client.stacks` (Docker).

    A stack is all that has one label; no file is read, and none is made here. Every method raises NotSwarmManager on an
    engine that manages no swarm.
    """

    def __init__(self, engine: AsyncEngineSession, services: AsyncServicesManager) -> None:
        self._engine = engine
        self._services = services

    async def get(self, name: str) -> AsyncStack:
        """One stack.

        Args:
            name: Its name.

        Raises:
            NotFound: There is nothing of it.
            NotSwarmManager: This engine manages no swarm.
        """
        for stack in await self.list():
            if stack.name == name:
                return stack
        raise NotFound(404, f"no such stack: {name!r}", "GET", "/services")

    async def exists(self, name: str) -> bool:
        """Whether there is anything of this stack.

        Args:
            name: Its name.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        return any(stack.name == name for stack in await self.list())

    async def list(self) -> AsyncStackList:
        """All stacks of which there is a service, secret, config or network, by name.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        labelled = {"label": NAMESPACE}
        kept = [
            *await self._engine.call(lambda say: swarm_words(say).services.list(labelled, status=False)),
            *await self._engine.call(lambda say: say.secrets.list(labelled)),
            *await self._engine.call(lambda say: swarm_words(say).configs.list(labelled)),
        ]
        names = {section(one, "Spec", "Labels").get(NAMESPACE) for one in kept}
        networks = await self._engine.call(lambda say: say.networks.list(labelled))
        names |= {section(one, "Labels").get(NAMESPACE) for one in networks}
        return [AsyncStack(self._engine, self._services, name) for name in sorted(filter(None, names))]
