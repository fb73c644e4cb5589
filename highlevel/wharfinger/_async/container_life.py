"""One container: how it comes to run, rests, changes and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from wharfinger._async.container_freezing import AsyncContainerFreezing
from wharfinger._core.human import check_terminal_size, parse_text
from wharfinger._core.references import container_name

if TYPE_CHECKING:
    from wharfinger._core.update_options import UpdateOptions


class AsyncContainerLife(AsyncContainerFreezing):
    """The verbs that change what a container is or does."""

    async def init(self) -> bool:
        """Makes everything ready for its start, and does not start it (Podman); False when that was done already.

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine is Docker; nothing was sent.
            APIError: It cannot be made ready.
        """
        return await self._engine.call(lambda say: say.containers.init(self.id))

    async def start(self, *, detach_keys: str | None = None) -> bool:
        """Starts it; False when it was running already.

        Args:
            detach_keys: Keys that detach a terminal from it, such as "ctrl-x,x"; the engine's own unless given.

        Raises:
            ContainerNotFound: It is gone.
            TypeError: detach_keys is no string; nothing was sent.
            APIError: Its command cannot be run, a port is taken, …
        """
        if detach_keys is not None:
            parse_text("detach_keys", detach_keys)
        return await self._engine.call(lambda say: say.containers.start(self.id, detach_keys))

    async def stop(self, *, timeout: int | None = None, signal: str | int | None = None) -> bool:
        """Asks its main process to end, and ends it by force when that takes too long; False when it was not running.

        Args:
            timeout: Seconds until force is used; the container's own setting, or 10, unless given; -1 is no limit
                (Docker).
            signal: What asks it, such as "SIGINT"; the container's own setting, or SIGTERM, unless given (Docker API
                1.42).

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine lacks `signal`; nothing was sent.
            TypeError, ValueError: The timeout or signal is none; nothing was sent.
        """
        # The engine answers when the container has ended, however long it was given.
        return await self._engine.call_slowly(lambda say: say.containers.stop(self.id, timeout, signal))

    async def kill(self, signal: str | int | None = None) -> None:
        """Sends its main process a signal.

        Args:
            signal: A name or number; SIGKILL unless given.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            TypeError, ValueError: There is no such signal; nothing was sent.
        """
        await self._engine.call(lambda say: say.containers.kill(self.id, signal))

    async def remove(
        self,
        *,
        v: bool = False,
        link: bool = False,
        force: bool = False,
        depend: bool = False,
        ignore: bool = False,
        timeout: int | None = None,
    ) -> None:
        """Removes it.

        Args:
            v: Its anonymous volumes too.
            link: Only the link of this name (Docker).
            force: Even while it runs.
            depend: Those that depend on it too (Podman).
            ignore: Be content when it is gone already (Podman).
            timeout: With force: seconds that it gets to end by itself; 0 unless given (Podman).

        Raises:
            ContainerNotFound: It is gone already.
            Conflict: It is running.
            NotSupported: The engine lacks an option; nothing was sent.
        """
        await self._engine.call_slowly(
            lambda say: say.containers.remove(
                self.id, force=force, volumes=v, link=link, depend=depend, ignore=ignore, timeout=timeout
            )
        )

    async def restart(self, *, timeout: int | None = None, signal: str | int | None = None) -> None:
        """Stops it where it runs, and starts it.

        Args:
            timeout: Seconds until force is used to stop it; the container's own setting, or 10, unless given; -1 is
                no limit (Docker).
            signal: What asks it to stop; the container's own setting, or SIGTERM, unless given (Docker API 1.42).

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine lacks `signal`; nothing was sent.
            TypeError, ValueError: The timeout or signal is none; nothing was sent.
            APIError: Its command cannot be run, a port is taken, …
        """
        await self._engine.call_slowly(lambda say: say.containers.restart(self.id, timeout, signal))

    async def pause(self) -> None:
        """Freezes all of its processes.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is paused already, or does not run.
        """
        await self._engine.call(lambda say: say.containers.pause(self.id))

    async def unpause(self) -> None:
        """Lets its processes go on.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not paused.
        """
        await self._engine.call(lambda say: say.containers.unpause(self.id))

    async def rename(self, name: str) -> None:
        """Gives it another name; `reload` shows it.

        Args:
            name: Two or more letters, digits, "_", "." and "-".

        Raises:
            ContainerNotFound: It is gone.
            Conflict: Another container has the name.
            ValueError: No engine takes such a name; nothing was sent.
        """
        wanted = container_name(name)
        await self._engine.call(lambda say: say.containers.rename(self.id, wanted))

    async def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal.

        Args:
            height: Lines.
            width: Characters in each.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            TypeError, ValueError: A size is no number, or negative; nothing was sent.
        """
        check_terminal_size(height, width)
        await self._engine.call(lambda say: say.containers.resize(self.id, height, width))

    async def update(self, **options: Unpack[UpdateOptions]) -> dict[str, Any]:
        """Changes its limits or its restart policy while it may run.

        Args:
            **options: See UpdateOptions; what is not given stays as it is.

        Returns:
            {"Warnings": […]}: what the engine could not do as asked, in its words.

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong, or none is given; nothing was sent.
            APIError: The engine refuses a value.
        """
        from wharfinger._core.update_options import update_spec

        spec = update_spec(options)
        return {"Warnings": await self._engine.call(lambda say: say.containers.update(self.id, spec))}
