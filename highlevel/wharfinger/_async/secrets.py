"""Secrets of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.secret import AsyncSecret, AsyncSecretList
from wharfinger._core.secret_options import SecretOptions, secret_spec
from wharfinger.errors import SecretNotFound

if TYPE_CHECKING:
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._dialects.dialect import Filters


class AsyncSecretsManager:
    """Makes, finds and removes secrets; `client.secrets`.

    Podman keeps them by itself; those of Docker are its swarm's, and every method raises NotSwarmManager on an engine
    that manages none. What is kept is in no repr and no error of this library.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def create(self, name: str, data: bytes | str, **options: Unpack[SecretOptions]) -> AsyncSecret:
        """Has the engine keep a secret.

        Args:
            name: What to call it.
            data: What to keep, less than 512000 bytes; a string is kept as UTF-8.
            options: See SecretOptions.

        Raises:
            Conflict: There is one of this name.
            BadRequest: The name is none, or the data is empty or too large.
            NotSwarmManager: This Docker manages no swarm.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        spec = secret_spec(name, data, options)
        return await self.get(await self._engine.call(lambda say: say.secrets.create(spec)))

    async def get(self, secret_id: str, *, show_secret: bool = False) -> AsyncSecret:
        """One secret.

        Args:
            secret_id: Its id or name, or a unique start of the id.
            show_secret: Tell what is kept too: `data` of the secret (Podman API 4.9.5).

        Raises:
            SecretNotFound: There is none.
            NotSwarmManager: This Docker manages no swarm.
            NotSupported: show_secret where the engine does not tell; nothing was sent.
        """
        found = await self._engine.call(lambda say: say.secrets.inspect(secret_id, show_secret=show_secret))
        return AsyncSecret(self._engine, found)

    async def exists(self, key: str) -> bool:
        """Whether there is one of this id or name.

        Args:
            key: The id or name, or a unique start of the id.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        try:
            await self.get(key)
        except SecretNotFound:
            return False
        return True

    async def list(self, filters: Filters | None = None) -> AsyncSecretList:
        """Secrets, by one request.

        Args:
            filters: Such as {"name": "pass"}; on Docker {"label": ["app=web"]} too.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This Docker manages no swarm.
        """
        found = await self._engine.call(lambda say: say.secrets.list(filters))
        return [AsyncSecret(self._engine, attrs) for attrs in found]

    async def remove(self, secret_id: str | AsyncSecret) -> None:
        """Removes a secret.

        Args:
            secret_id: Its id or name, or the secret.

        Raises:
            SecretNotFound: There is none.
            BadRequest: A service uses it (Docker).
            NotSwarmManager: This Docker manages no swarm.
        """
        which = secret_id if isinstance(secret_id, str) else secret_id.id
        await self._engine.call(lambda say: say.secrets.remove(which))
