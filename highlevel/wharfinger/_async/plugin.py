"""One plugin of a Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.progress import AsyncWatch, events_of
from wharfinger._core.container_facts import section
from wharfinger._core.human import is_mapping, parse_pairs, parse_words
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import APIError, PluginNotFound, PullError, PushError
from wharfinger.types import PullProgress, PushProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring


class AsyncPlugin:
    """A plugin that an engine has, on or off (Docker).

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncPlugin) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncPlugin, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id."""
        return str(self._attrs.get("Id") or "")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name, with its tag."""
        return str(self._attrs.get("Name") or "")

    @property
    def enabled(self) -> bool:
        """Whether it is on."""
        return bool(self._attrs.get("Enabled"))

    @property
    def settings(self) -> dict[str, Any]:
        """Its settings as the engine tells them: "Env", "Args", "Mounts", "Devices"."""
        return section(self._attrs, "Settings")

    @property
    def plugin_reference(self) -> str:
        """Where it came from in a registry."""
        return str(self._attrs.get("PluginReference") or "")

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            PluginNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).plugins.inspect(self.name))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            PluginNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def enable(self, timeout: int = 0) -> None:
        """Turns it on.

        Args:
            timeout: Seconds that the engine waits for it to answer; 0 is the engine's own limit.

        Raises:
            PluginNotFound: It is gone.
            Conflict: It is on.
            ServerError: It did not start, or does not answer.
        """
        await self._engine.call_slowly(lambda say: swarm_words(say).plugins.enable(self.name, timeout))
        await self.reload()

    async def disable(self, *, force: bool = False) -> None:
        """Turns it off.

        Args:
            force: Even where it is in use.

        Raises:
            PluginNotFound: It is gone.
            Conflict: It is off, or in use.
        """
        await self._engine.call_slowly(lambda say: swarm_words(say).plugins.disable(self.name, force=force))
        await self.reload()

    async def configure(self, options: Mapping[str, str] | Sequence[str]) -> None:
        """Changes settings of it while it is off.

        Args:
            options: {"NAME": "value"} or ["NAME=value"].

        Raises:
            PluginNotFound: It is gone.
            Conflict: It is on.
            BadRequest: It has no such setting.
        """
        if is_mapping(options):
            settings = [f"{name}={value}" for name, value in parse_pairs("options", options).items()]
        else:
            settings = [*parse_words("options", options)]
        await self._engine.call(lambda say: swarm_words(say).plugins.configure(self.name, settings))
        await self.reload()

    async def upgrade(
        self,
        remote: str | None = None,
        *,
        privileges: Sequence[Mapping[str, Any]] | None = None,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PullProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PullProgress, ...]:
        """Gets another version of it from a registry, while it is off; its settings stay.

        Args:
            remote: The version's name in the registry; that which it came from unless given.
            privileges: What it may do; all that it asks for unless given: see PluginsManager.privileges.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            progress: Called with each PullProgress, as client.images.pull does.
            progress_bar: Show the progress, as client.images.pull does.

        Returns:
            The progress.

        Raises:
            PluginNotFound: It is gone.
            PullError: It could not be got, is on, or asks for other privileges.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        wanted = remote or self.plugin_reference or self.name
        watch = AsyncWatch(progress, bar=progress_bar)
        auth = await self._keyring.of_image(wanted, auth_config)
        try:
            granted = privileges
            if granted is None:
                granted = await self._engine.call(
                    lambda say: swarm_words(say).plugins.privileges(wanted, auth)
                )
            rights = [dict(one) for one in granted]
            source = await self._engine.open(
                lambda say: swarm_words(say).plugins.upgrade(self.name, wanted, rights, auth)
            )
        except PluginNotFound:
            raise
        except APIError as error:
            raise PullError(error.message, error.status_code) from error
        told = await watch.follow(events_of(source, None, PullProgress, PullError))
        await self.reload()
        return tuple(told)

    async def push(
        self,
        *,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PushProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PushProgress, ...]:
        """Sends it to the registry that its name tells.

        Args:
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            progress: Called with each PushProgress, as client.images.push does.
            progress_bar: Show the progress, as client.images.push does.

        Returns:
            The progress.

        Raises:
            PluginNotFound: It is gone.
            PushError: It could not be sent.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        watch = AsyncWatch(progress, bar=progress_bar)
        auth = await self._keyring.of_image(self.name, auth_config)
        try:
            source = await self._engine.open(lambda say: swarm_words(say).plugins.push(self.name, auth))
        except PluginNotFound:
            raise
        except APIError as error:
            raise PushError(error.message, error.status_code) from error
        return tuple(await watch.follow(events_of(source, None, PushProgress, PushError)))

    async def remove(self, *, force: bool = False) -> None:
        """Removes it.

        Args:
            force: Even where it is on.

        Raises:
            PluginNotFound: It is gone.
            Conflict: It is on.
        """
        await self._engine.call_slowly(lambda say: swarm_words(say).plugins.remove(self.name, force=force))


# Beside a method called list, that name no longer means the type.
AsyncPluginList: TypeAlias = list[AsyncPlugin]
