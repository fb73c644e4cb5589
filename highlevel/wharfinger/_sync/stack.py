# Derived from highlevel/wharfinger/_async/stack.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One stack of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger._sync.config import Config
from wharfinger._sync.network import Network
from wharfinger._sync.secret import Secret
from wharfinger._sync.task import Task
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._sync.config import ConfigList
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.network import NetworkList
    from wharfinger._sync.secret import SecretList
    from wharfinger._sync.service import ServiceList
    from wharfinger._sync.services import ServicesManager
    from wharfinger._sync.task import TaskList

# The label that `docker stack deploy` gives to all that it makes.
NAMESPACE = "com.docker.stack.namespace"


class Stack:
    """All of a swarm that has one label: "com.docker.stack.namespace" with the stack's name (Docker).

    `docker stack deploy` gives it to what it makes, and so can `labels`. Two are equal when they have the same name.

    Attributes:
        name: The stack's name.
    """

    def __init__(self, engine: EngineSession, services: ServicesManager, name: str) -> None:
        self._engine = engine
        self._services = services
        self.name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stack) and other.name == self.name

    def __hash__(self) -> int:
        return hash((Stack, self.name))

    def services(self, *, status: bool = False) -> ServiceList:
        """Its services.

        Args:
            status: Have their `attrs` tell how many tasks run: "ServiceStatus".

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        return self._services.list(self._filters, status=status)

    def tasks(self) -> TaskList:
        """The tasks of its services.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = self._engine.call(lambda say: swarm_words(say).tasks.list(self._filters))
        return [Task(self._engine, attrs) for attrs in found]

    def networks(self) -> NetworkList:
        """Its networks."""
        found = self._engine.call(lambda say: say.networks.list(self._filters))
        return [Network(self._engine, attrs) for attrs in found]

    def secrets(self) -> SecretList:
        """Its secrets.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = self._engine.call(lambda say: say.secrets.list(self._filters))
        return [Secret(self._engine, attrs) for attrs in found]

    def configs(self) -> ConfigList:
        """Its configs.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        found = self._engine.call(lambda say: swarm_words(say).configs.list(self._filters))
        return [Config(self._engine, attrs) for attrs in found]

    def remove(self) -> None:
        """Removes its services, then its secrets, configs and networks; their volumes stay. Its tasks end afterwards.

        Raises:
            NotFound: There is nothing of it; or another removed a part of it meanwhile.
            APIError: The engine could not remove a part; what came before it is gone.
            NotSwarmManager: This engine manages no swarm.
        """
        services, secrets = self.services(), self.secrets()
        configs, networks = self.configs(), self.networks()
        if not (services or secrets or configs or networks):
            raise NotFound(404, f"no such stack: {self.name!r}", "GET", "/services")
        for service in services:
            service.remove()
        for secret in secrets:
            secret.remove()
        for config in configs:
            config.remove()
        for network in networks:
            network.remove()

    @property
    def _filters(self) -> dict[str, str]:
        return {"label": f"{NAMESPACE}={self.name}"}


# Beside a method called list, that name no longer means the type.
StackList: TypeAlias = list[Stack]
