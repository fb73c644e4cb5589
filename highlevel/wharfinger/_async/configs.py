"""Configs of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.config import AsyncConfig, AsyncConfigList
from wharfinger._core.config_options import ConfigOptions, config_body
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import ConfigNotFound

if TYPE_CHECKING:
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._dialects.dialect import Filters


class AsyncConfigsManager:
    """Makes, finds and removes the configs of the swarm that this Docker manages; `client.configs`.

    Every method raises NotSwarmManager on an engine that manages none. What shall not be read belongs into
    `client.secrets`.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def create(self, name: str, data: bytes | str, **options: Unpack[ConfigOptions]) -> AsyncConfig:
        """Has the swarm keep a config.

        Args:
            name: What to call it.
            data: What to keep, less than 1024000 bytes; a string is kept as UTF-8.
            options: See ConfigOptions.

        Raises:
            Conflict: There is one of this name.
            BadRequest: The name is none, or the data is empty or too large.
            NotSwarmManager: This Docker manages no swarm.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        body = config_body(name, data, options)
        return await self.get(await self._engine.call(lambda say: swarm_words(say).configs.create(body)))

    async def get(self, config_id: str) -> AsyncConfig:
        """One config.

        Args:
            config_id: Its id or name, or a unique start of the id.

        Raises:
            ConfigNotFound: There is none.
            NotSwarmManager: This Docker manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).configs.inspect(config_id))
        return AsyncConfig(self._engine, found)

    async def exists(self, key: str) -> bool:
        """Whether there is one of this id or name.

        Args:
            key: The id or name, or a unique start of the id.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        try:
            await self.get(key)
        except ConfigNotFound:
            return False
        return True

    async def list(self, filters: Filters | None = None) -> AsyncConfigList:
        """Configs, by one request.

        Args:
            filters: By id, name, names and label, such as {"label": ["app=web"]}.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This Docker manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).configs.list(filters))
        return [AsyncConfig(self._engine, attrs) for attrs in found]

    async def remove(self, config_id: str | AsyncConfig) -> None:
        """Removes a config.

        Args:
            config_id: Its id or name, or the config.

        Raises:
            ConfigNotFound: There is none.
            BadRequest: A service uses it.
            NotSwarmManager: This Docker manages no swarm.
        """
        which = config_id if isinstance(config_id, str) else config_id.id
        await self._engine.call(lambda say: swarm_words(say).configs.remove(which))
