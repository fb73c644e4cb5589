"""Services of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wharfinger._async.service import AsyncService, AsyncServiceList
from wharfinger._async.service_changes import fill_in
from wharfinger._core.container_facts import section
from wharfinger._core.service_parts import TEMPLATE, laid_over, service_parts
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import ServiceNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._core.container_options import Command
    from wharfinger._core.service_options import ServiceOptions
    from wharfinger._dialects.dialect import Filters


class AsyncServicesManager:
    """Makes, finds and removes services; `client.services` (Docker).

    They are the swarm's: every method raises NotSwarmManager on an engine that manages none.
    """

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def create(
        self,
        image: str | None = None,
        command: Command | None = None,
        **options: Unpack[ServiceOptions],
    ) -> AsyncService:
        """Makes a service, whose tasks start afterwards.

        Args:
            image: What to run; may be left out where `task_template` tells it.
            command: Instead of the image's own entrypoint; the image's own command is its arguments unless `args` are
                given.
            options: See ServiceOptions.

        Raises:
            Conflict: There is one of this name, or a port that is published already.
            SecretNotFound, ConfigNotFound, NetworkNotFound: One that is named is not there.
            BadRequest: The engine does not take a value.
            NotSwarmManager: This engine manages no swarm.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong, or there is no image; nothing was sent.
        """
        given: Mapping[str, Any] = {**cast("Mapping[str, Any]", options), "image": image, "command": command}
        parts = service_parts("services.create()", given)
        template = section(laid_over({}, parts), *TEMPLATE)
        runs = str(section(template, "ContainerSpec").get("Image") or "")
        if not runs and "PluginSpec" not in template:
            raise ValueError("services.create() was given no image to run, expected one such as 'nginx:1.27'")
        swarm_words(await self._engine.dialect()).services.check(parts)
        await fill_in(self._engine, parts)
        auth = await self._keyring.of_image(runs, given.get("auth_config")) if runs else None
        body = laid_over({}, parts)
        return await self.get(
            await self._engine.call(lambda say: swarm_words(say).services.create(body, auth))
        )

    async def get(self, service_id: str, *, insert_defaults: bool = False) -> AsyncService:
        """One service.

        Args:
            service_id: Its name or id, or a unique start of the id.
            insert_defaults: Have `attrs` tell the engine's defaults for what was not given.

        Raises:
            ServiceNotFound: There is none.
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(
            lambda say: swarm_words(say).services.inspect(service_id, insert_defaults=insert_defaults)
        )
        return AsyncService(self._engine, self._keyring, found)

    async def exists(self, key: str) -> bool:
        """Whether there is one of this name or id.

        Args:
            key: The name or id, or a unique start of the id.

        Raises:
            NotSwarmManager: This engine manages no swarm.
        """
        try:
            await self.get(key)
        except ServiceNotFound:
            return False
        return True

    async def list(self, filters: Filters | None = None, *, status: bool = False) -> AsyncServiceList:
        """Services, by one request.

        Args:
            filters: Such as {"label": ["app=web"]}, {"name": "web"} or {"mode": "global"}.
            status: Have `attrs` tell how many tasks run: "ServiceStatus".

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This engine manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).services.list(filters, status=status))
        return [AsyncService(self._engine, self._keyring, attrs) for attrs in found]

    async def remove(self, service_id: str | AsyncService) -> None:
        """Removes a service; its tasks end afterwards.

        Args:
            service_id: Its name or id, or the service.

        Raises:
            ServiceNotFound: There is none.
            NotSwarmManager: This engine manages no swarm.
        """
        which = service_id if isinstance(service_id, str) else service_id.id
        await self._engine.call(lambda say: swarm_words(say).services.remove(which))
