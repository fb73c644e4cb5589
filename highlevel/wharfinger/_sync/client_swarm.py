# Derived from highlevel/wharfinger/_async/client_swarm.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What only a client of Docker offers: its swarm and what belongs to that, and plugins."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wharfinger._sync.configs import ConfigsManager
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.keyring import Keyring
    from wharfinger._sync.nodes import NodesManager
    from wharfinger._sync.plugins import PluginsManager
    from wharfinger._sync.services import ServicesManager
    from wharfinger._sync.stacks import StacksManager
    from wharfinger._sync.swarm import Swarm
    from wharfinger._sync.tasks import TasksManager


class ClientSwarm:
    """The nouns of swarms, and plugins.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    _engine: EngineSession

    if TYPE_CHECKING:

        @property
        def _keyring(self) -> Keyring: ...

    @cached_property
    def swarm(self) -> Swarm:
        """The swarm that this Docker is in: init, join, leave, update, reload, unlock."""
        from wharfinger._sync.swarm import Swarm

        return Swarm(self._engine)

    @cached_property
    def nodes(self) -> NodesManager:
        """Nodes of its swarm: get, list, exists, remove."""
        from wharfinger._sync.nodes import NodesManager

        return NodesManager(self._engine)

    @cached_property
    def configs(self) -> ConfigsManager:
        """Configs of its swarm: create, get, list, exists, remove."""
        from wharfinger._sync.configs import ConfigsManager

        return ConfigsManager(self._engine)

    @cached_property
    def services(self) -> ServicesManager:
        """Services of its swarm: create, get, list, exists, remove."""
        from wharfinger._sync.services import ServicesManager

        return ServicesManager(self._engine, self._keyring)

    @cached_property
    def tasks(self) -> TasksManager:
        """Tasks of its swarm's services: get, list."""
        from wharfinger._sync.tasks import TasksManager

        return TasksManager(self._engine)

    @cached_property
    def stacks(self) -> StacksManager:
        """Stacks of its swarm, which are told by a label: get, list, exists."""
        from wharfinger._sync.stacks import StacksManager

        return StacksManager(self._engine, self.services)

    @cached_property
    def plugins(self) -> PluginsManager:
        """Plugins: install, create, get, list, exists, remove."""
        from wharfinger._sync.plugins import PluginsManager

        return PluginsManager(self._engine, self._keyring)
