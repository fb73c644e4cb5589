# Derived from highlevel/wharfinger/_async/container_life.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One container: how it comes to run, rests, changes and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from wharfinger._core.references import container_name
from wharfinger._core.timeouts import Timeout
from wharfinger._core.update_options import UpdateOptions, update_spec
from wharfinger._sync.container_state import ContainerState

if TYPE_CHECKING:
    from wharfinger.types import WaitResult


class ContainerLife(ContainerState):
    """The verbs that change what a container is or does."""

    def start(self) -> bool:
        """Starts it; False when it was running already.

        Raises:
            ContainerNotFound: It is gone.
            APIError: Its command cannot be run, a port is taken, …
        """
        return self._engine.call(lambda say: say.containers.start(self.id))

    def stop(self, *, timeout: int | None = None) -> bool:
        """Asks its main process to end, and ends it by force when that takes too long; False when it was not running.

        Args:
            timeout: Seconds until force is used; the container's own setting, or 10, unless given.

        Raises:
            ContainerNotFound: It is gone.
        """
        # The engine answers when the container has ended, however long it was given.
        return self._engine.call_slowly(lambda say: say.containers.stop(self.id, timeout))

    def kill(self, signal: str | int | None = None) -> None:
        """Sends its main process a signal.

        Args:
            signal: A name or number; SIGKILL unless given.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
        """
        self._engine.call(lambda say: say.containers.kill(self.id, signal))

    def wait(self, *, timeout: float | None = None, condition: str | None = None) -> WaitResult:
        """Waits until it ends.

        Args:
            timeout: Seconds; no limit unless given.
            condition: "not-running" (the default); "next-exit" or "removed" (Docker); or one of Podman's states.

        Returns:
            The exit code, and what went wrong while waiting.

        Raises:
            ContainerNotFound: It is gone.
            EngineTimeout: It did not end in time.
            NotSupported: The engine does not know the condition.
            ValueError: No engine does.
        """
        limits = Timeout(read=None, total=timeout)
        return self._engine.call_slowly(lambda say: say.containers.wait(self.id, condition), timeout=limits)

    def remove(self, *, v: bool = False, link: bool = False, force: bool = False) -> None:
        """Removes it.

        Args:
            v: Its anonymous volumes too.
            link: Only the link of this name (Docker).
            force: Even while it runs.

        Raises:
            ContainerNotFound: It is gone already.
            Conflict: It is running.
        """
        self._engine.call_slowly(
            lambda say: say.containers.remove(self.id, force=force, volumes=v, link=link)
        )

    def restart(self, *, timeout: int | None = None) -> None:
        """Stops it where it runs, and starts it.

        Args:
            timeout: Seconds until force is used to stop it; the container's own setting, or 10, unless given.

        Raises:
            ContainerNotFound: It is gone.
            APIError: Its command cannot be run, a port is taken, …
        """
        self._engine.call_slowly(lambda say: say.containers.restart(self.id, timeout))

    def pause(self) -> None:
        """Freezes all of its processes.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is paused already, or does not run.
        """
        self._engine.call(lambda say: say.containers.pause(self.id))

    def unpause(self) -> None:
        """Lets its processes go on.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not paused.
        """
        self._engine.call(lambda say: say.containers.unpause(self.id))

    def rename(self, name: str) -> None:
        """Gives it another name; `reload` shows it.

        Args:
            name: Two or more letters, digits, "_", "." and "-".

        Raises:
            ContainerNotFound: It is gone.
            Conflict: Another container has the name.
            ValueError: No engine takes such a name; nothing was sent.
        """
        wanted = container_name(name)
        self._engine.call(lambda say: say.containers.rename(self.id, wanted))

    def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal.

        Args:
            height: Lines.
            width: Characters in each.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            ValueError: A size is negative; nothing was sent.
        """
        if height < 0 or width < 0:
            raise ValueError(f"height={height}, width={width}: expected numbers of lines and characters")
        self._engine.call(lambda say: say.containers.resize(self.id, height, width))

    def update(self, **options: Unpack[UpdateOptions]) -> dict[str, Any]:
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
        spec = update_spec(options)
        return {"Warnings": self._engine.call(lambda say: say.containers.update(self.id, spec))}
