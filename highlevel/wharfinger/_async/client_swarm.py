"""What only a client of Docker offers: its swarm and what belongs to that, and plugins."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wharfinger._async.configs import AsyncConfigsManager
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.nodes import AsyncNodesManager
    from wharfinger._async.plugins import AsyncPluginsManager
    from wharfinger._async.services import AsyncServicesManager
    from wharfinger._async.stacks import AsyncStacksManager
    from wharfinger._async.swarm import AsyncSwarm
    from wharfinger._async.tasks import AsyncTasksManager


class AsyncClientSwarm:
    """The nouns of swarms, and plugins.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: AsyncEngineSession

    if TYPE_CHECKING:

        @property
        def _keyring(self) -> AsyncKeyring: ...

    @cached_property
    def swarm(self) -> AsyncSwarm:
        """The swarm that this Docker is in: init, join, leave, update, reload, unlock."""
        from wharfinger._async.swarm import AsyncSwarm

        return AsyncSwarm(self._engine)

    @cached_property
    def nodes(self) -> AsyncNodesManager:
        """Nodes of its swarm: get, list, exists, remove."""
        from wharfinger._async.nodes import AsyncNodesManager

        return AsyncNodesManager(self._engine)

    @cached_property
    def configs(self) -> AsyncConfigsManager:
        """Configs of its swarm: create, get, list, exists, remove."""
        from wharfinger._async.configs import AsyncConfigsManager

        return AsyncConfigsManager(self._engine)

    @cached_property
    def services(self) -> AsyncServicesManager:
        """Services of its swarm: create, get, list, exists, remove."""
        from wharfinger._async.services import AsyncServicesManager

        return AsyncServicesManager(self._engine, self._keyring)

    @cached_property
    def tasks(self) -> AsyncTasksManager:
        """Tasks of its swarm's services: get, list."""
        from wharfinger._async.tasks import AsyncTasksManager

        return AsyncTasksManager(self._engine)

    @cached_property
    def stacks(self) -> AsyncStacksManager:
        """Stacks of its swarm, which are told by a label: get, list, exists."""
        from wharfinger._async.stacks import AsyncStacksManager

        return AsyncStacksManager(self._engine, self.services)

    @cached_property
    def plugins(self) -> AsyncPluginsManager:
        """Plugins: install, create, get, list, exists, remove."""
        from wharfinger._async.plugins import AsyncPluginsManager

        return AsyncPluginsManager(self._engine, self._keyring)
