"""Plugins of a Docker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from wharfinger._async._primitives import run_blocking
from wharfinger._async.plugin import AsyncPlugin, AsyncPluginList
from wharfinger._async.progress import AsyncWatch, events_of
from wharfinger._core.plugin_source import plugin_archive
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import APIError, PluginNotFound, PullError
from wharfinger.types import PullProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._core.operation import Content
    from wharfinger._dialects.dialect import AttrsList, Filters


class AsyncPluginsManager:
    """Installs, makes, finds and removes plugins; `client.plugins` (Docker)."""

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def install(
        self,
        remote_name: str,
        local_name: str | None = None,
        *,
        privileges: Sequence[Mapping[str, Any]] | None = None,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PullProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> AsyncPlugin:
        """Gets a plugin from a registry; it is off until `enable`.

        Args:
            remote_name: Its name in the registry; "latest" where it has no tag.
            local_name: What to call it here; as there unless given.
            privileges: What it may do, as `privileges` tells it. Unless given, all that it asks for.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            progress: Called with each PullProgress, as client.images.pull does.
            progress_bar: Show the progress, as client.images.pull does.

        Raises:
            PullError: It could not be got, is there already, or asks for other privileges than these.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ValueError: It is no plugin's name.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        watch = AsyncWatch(progress, bar=progress_bar)
        auth = await self._keyring.of_image(remote_name, auth_config)
        try:
            granted = privileges
            if granted is None:
                granted = await self._engine.call(
                    lambda say: swarm_words(say).plugins.privileges(remote_name, auth)
                )
            rights = [dict(one) for one in granted]
            source = await self._engine.open(
                lambda say: swarm_words(say).plugins.pull(remote_name, local_name, rights, auth)
            )
        except APIError as error:
            raise PullError(error.message, error.status_code) from error
        await watch.follow(events_of(source, None, PullProgress, PullError))
        return await self.get(local_name or remote_name)

    async def privileges(
        self, remote_name: str, *, auth_config: Mapping[str, str] | None = None
    ) -> AttrsList:
        """What a plugin in a registry asks to be allowed.

        Args:
            remote_name: Its name in the registry.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Returns:
            The engine's own JSON: mappings with "Name", "Description" and "Value"; none where there is no such plugin,
            too, which Docker does not tell apart.

        Raises:
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ValueError: It is no plugin's name.
        """
        auth = await self._keyring.of_image(remote_name, auth_config)
        return await self._engine.call(lambda say: swarm_words(say).plugins.privileges(remote_name, auth))

    async def create(self, name: str, plugin_data_dir: str | PathLike[str] | Content) -> AsyncPlugin:
        """Makes a plugin out of its parts.

        Args:
            name: What to call it.
            plugin_data_dir: A folder with config.json and rootfs; or a plain tar of those: bytes, a file, or chunks.

        Raises:
            Conflict: There is one of this name.
            BadRequest: It is no name, or no plugin.
            FileNotFoundError: The folder lacks one of them; nothing was sent.
        """
        content = await run_blocking(partial(plugin_archive, plugin_data_dir))
        await self._engine.call_slowly(lambda say: swarm_words(say).plugins.create(name, content))
        return await self.get(name)

    async def get(self, name: str) -> AsyncPlugin:
        """One plugin.

        Args:
            name: Its name, or its id; "latest" where the name has no tag.

        Raises:
            PluginNotFound: There is none.
        """
        found = await self._engine.call(lambda say: swarm_words(say).plugins.inspect(name))
        return AsyncPlugin(self._engine, self._keyring, found)

    async def exists(self, key: str) -> bool:
        """Whether there is one of this name or id.

        Args:
            key: The name or id.
        """
        try:
            await self.get(key)
        except PluginNotFound:
            return False
        return True

    async def list(self, filters: Filters | None = None) -> AsyncPluginList:
        """Plugins, by one request.

        Args:
            filters: Such as {"enabled": True} or {"capability": "volumedriver"}.

        Raises:
            BadRequest: The engine does not know a filter.
        """
        found = await self._engine.call(lambda say: swarm_words(say).plugins.list(filters))
        return [AsyncPlugin(self._engine, self._keyring, attrs) for attrs in found]

    async def remove(self, name: str | AsyncPlugin, *, force: bool = False) -> None:
        """Removes a plugin.

        Args:
            name: Its name or id, or the plugin.
            force: Even where it is on.

        Raises:
            PluginNotFound: There is none.
            Conflict: It is on.
        """
        which = name if isinstance(name, str) else name.name
        await self._engine.call_slowly(lambda say: swarm_words(say).plugins.remove(which, force=force))
