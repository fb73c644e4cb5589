"""One quadlet of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._dialects.podman import podman
from wharfinger.errors import NotFound

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession


class AsyncQuadlet:
    """A quadlet: a file that systemd runs containers, pods, volumes and more by.

    Its properties tell what the engine told last, and ask nothing. Two are equal when they have the same name.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncQuadlet) and other.name == self.name

    def __hash__(self) -> int:
        return hash((AsyncQuadlet, self.name))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def name(self) -> str:
        """The file's name, such as "web.container"."""
        return str(self._attrs.get("Name") or "")

    @property
    def unit_name(self) -> str:
        """What systemd calls it, such as "web.service"."""
        return str(self._attrs.get("UnitName") or "")

    @property
    def path(self) -> str:
        """Where the file is on the engine's machine."""
        return str(self._attrs.get("Path") or "")

    @property
    def status(self) -> str:
        """What systemd says of it, such as "active/running", or "Not loaded"."""
        return str(self._attrs.get("Status") or "")

    @property
    def application(self) -> str | None:
        """The application that it was installed as a part of; None where there is none."""
        return self._attrs.get("App") or None

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NotFound: It is gone.
            ServerError: The engine cannot ask systemd.
        """
        self._attrs = await quadlet_facts(self._engine, self.name)

    async def get_contents(self) -> str:
        """What is in the file.

        Raises:
            NotFound: It is gone.
            NotSupported: This engine is older than API 5.8.2; nothing was sent.
        """
        return await self._engine.call(podman(lambda say: say.quadlets.contents(self.name)))

    async def remove(
        self, *, force: bool = False, ignore: bool = False, reload_systemd: bool = True
    ) -> list[str]:
        """Removes it; see `client.quadlets.remove`.

        Args:
            force: Stop it where it runs.
            ignore: Be content where it is gone.
            reload_systemd: Have systemd read its units anew.

        Returns:
            The names of what was removed.

        Raises:
            NotFound: It is gone.
            APIError: It runs, or the engine cannot ask systemd.
        """
        return await self._engine.call_slowly(
            podman(
                lambda say: say.quadlets.remove(
                    self.name, force=force, ignore=ignore, reload_systemd=reload_systemd
                )
            )
        )


# Beside a method called list, that name no longer means the type.
AsyncQuadletList: TypeAlias = list[AsyncQuadlet]


async def quadlet_facts(engine: AsyncEngineSession, name: str) -> dict[str, Any]:
    """What the engine's list says of a quadlet; there is no other place that tells.

    Raises:
        NotFound: There is none.
    """
    found = await engine.call(podman(lambda say: say.quadlets.list(None)))
    for attrs in found:
        if attrs.get("Name") == name:
            return attrs
    raise NotFound(404, f"no such quadlet: {name}", "GET", "/libpod/quadlets/json")
