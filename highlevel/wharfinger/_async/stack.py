"""One stack of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wharfinger._async.config import AsyncConfig
from wharfinger._async.network import AsyncNetwork
from wharfinger._async.secret import AsyncSecret
from wharfinger._async.task import AsyncTask
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._async.config import AsyncConfigList
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.network import AsyncNetworkList
    from wharfinger._async.secret import AsyncSecretList
    from wharfinger._async.service import AsyncServiceList
    from wharfinger._async.services import AsyncServicesManager
    from wharfinger._async.task import AsyncTaskList

# The label that `docker stack deploy` gives to all that it makes.
NAMESPACE = "com.docker.stack.namespace"


class AsyncStack:
    """All of a swarm that has one label: "com.docker.stack.namespace" with the stack's name (Docker).

    `docker stack deploy` gives it to what it makes, and so can `labels`. Two are equal when they have the same name.

    Attributes:
        name: The stack's name.
    """

    def __init__(self, engine: AsyncEngineSession, services: AsyncServicesManager, name: str) -> None:
        self._engine = engine
        self._services = services
        self.name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncStack) and other.name == self.name

    def __hash__(self) -> int:
        return hash((AsyncStack, self.name))

    async def services(self, *, status: bool = False) -> AsyncServiceList:
        """Its services.

        Args:
            status: Have their `attrs` tell how many tasks run: "ServiceStatus".

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        return await self._services.list(self._filters, status=status)

    async def tasks(self) -> AsyncTaskList:
        """The tasks of its services.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).tasks.list(self._filters))
        return [AsyncTask(self._engine, attrs) for attrs in found]

    async def networks(self) -> AsyncNetworkList:
        """Its networks."""
        found = await self._engine.call(lambda say: say.networks.list(self._filters))
        return [AsyncNetwork(self._engine, attrs) for attrs in found]

    async def secrets(self) -> AsyncSecretList:
        """Its secrets.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(lambda say: say.secrets.list(self._filters))
        return [AsyncSecret(self._engine, attrs) for attrs in found]

    async def configs(self) -> AsyncConfigList:
        """Its configs.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).configs.list(self._filters))
        return [AsyncConfig(self._engine, attrs) for attrs in found]

    async def remove(self) -> None:
        """Removes its services, then its secrets, configs and networks; their volumes stay. Its tasks end afterwards.

        Raises:
            NotFound: There is nothing of it; or another removed a part of it meanwhile.
            APIError: The engine could not remove a part; what came before it is gone.
            NotSwarmManager: This engine manages no swarm.
        """
        services, secrets = await self.services(), await self.secrets()
        configs, networks = await self.configs(), await self.networks()
        if not (services or secrets or configs or networks):
            raise NotFound(404, f"no such stack: {self.name!r}", "GET", "/services")
        for service in services:
            await service.remove()
        for secret in secrets:
            await secret.remove()
        for config in configs:
            await config.remove()
        for network in networks:
            await network.remove()

    @property
    def _filters(self) -> dict[str, str]:
        return {"label": f"{NAMESPACE}={self.name}"}


# Beside a method called list, that name no longer means the type.
AsyncStackList: TypeAlias = list[AsyncStack]
