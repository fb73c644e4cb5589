"""Quadlets of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wharfinger._async.quadlet import AsyncQuadlet, AsyncQuadletList, quadlet_facts
from wharfinger._core.quadlet_options import QuadletFiles, quadlet_files, unit_name
from wharfinger._core.tar import tar_files
from wharfinger._dialects.podman import podman

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._dialects.dialect import Filters

Removed: TypeAlias = list[str]


class AsyncQuadletsManager:
    """Installs, finds and removes quadlets; `client.quadlets` of a Podman client (Podman API 5.8.2).

    The engine asks systemd of nearly everything, and answers with a ServerError on a machine without it; `exists` and
    `get_contents` need none.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def install(
        self, files: QuadletFiles, *, replace: bool = False, reload_systemd: bool = True
    ) -> Mapping[str, str]:
        """Puts a quadlet, and files that belong to it, where systemd finds them.

        Args:
            files: One quadlet and whatever belongs to it: paths of local files, or names with their texts, as a
                pair, a list of either, or a mapping {"web.container": "[Container]…"}.
            replace: Write over files that are there.
            reload_systemd: Have systemd read its units anew, which makes a unit of it.

        Returns:
            By their names, where the files are on the engine's machine.

        Raises:
            Conflict: There are files of these names, without replace.
            ServerError: The engine cannot ask systemd.
            NotSupported: This engine is older; nothing was sent.
            OSError: A file cannot be read.
            TypeError, ValueError: They are no files, or not one quadlet; nothing was sent.
        """
        content = tar_files(quadlet_files(files))
        return await self._engine.call_slowly(
            podman(lambda say: say.quadlets.install(content, replace=replace, reload_systemd=reload_systemd))
        )

    async def get(self, name: str) -> AsyncQuadlet:
        """One quadlet.

        Args:
            name: Its file's name, such as "web.container".

        Raises:
            NotFound: There is none.
            ServerError: The engine cannot ask systemd.
            NotSupported: This engine is older than API 5.7.1; nothing was sent.
            ValueError: It is no quadlet's name; nothing was sent.
        """
        return AsyncQuadlet(self._engine, await quadlet_facts(self._engine, unit_name(name)))

    async def exists(self, key: str) -> bool:
        """Whether there is one.

        Args:
            key: Its file's name, such as "web.container".

        Raises:
            NotSupported: This engine is older; nothing was sent.
            ValueError: It is no quadlet's name; nothing was sent.
        """
        name = unit_name(key)
        return await self._engine.call(podman(lambda say: say.quadlets.exists(name)))

    async def list(self, filters: Filters | None = None) -> AsyncQuadletList:
        """Quadlets, by one request.

        Args:
            filters: Such as {"name": "web.*"}, a regular expression.

        Raises:
            BadRequest: The engine does not know the filter.
            ServerError: The engine cannot ask systemd.
            NotSupported: This engine is older than API 5.7.1; nothing was sent.
        """
        found = await self._engine.call(podman(lambda say: say.quadlets.list(filters)))
        return [AsyncQuadlet(self._engine, attrs) for attrs in found]

    async def get_contents(self, name: str) -> str:
        """What is in a quadlet's file.

        Args:
            name: The file's name, such as "web.container".

        Raises:
            NotFound: There is none.
            NotSupported: This engine is older; nothing was sent.
            ValueError: It is no quadlet's name; nothing was sent.
        """
        wanted = unit_name(name)
        return await self._engine.call(podman(lambda say: say.quadlets.contents(wanted)))

    async def remove(
        self,
        name: str | AsyncQuadlet | None = None,
        *,
        all: bool = False,
        force: bool = False,
        ignore: bool = False,
        reload_systemd: bool = True,
    ) -> Removed:
        """Removes a quadlet, and what was installed with it.

        Args:
            name: Its file's name, such as "web.container", or the quadlet.
            all: All that there are, instead.
            force: Stop what runs.
            ignore: Be content where there is none.
            reload_systemd: Have systemd read its units anew.

        Returns:
            The names of what was removed.

        Raises:
            NotFound: There is none.
            APIError: It runs, without force; or the engine cannot ask systemd.
            NotSupported: This engine is older; nothing was sent.
            ValueError: Neither name nor all is given, or both, or it is no quadlet's name; nothing was sent.
        """
        which = name.name if isinstance(name, AsyncQuadlet) else name
        if (which is None) is not all:
            raise ValueError(f"name={which!r} and all={all}: expected one of them")
        if which is None:
            return await self._engine.call_slowly(
                podman(
                    lambda say: say.quadlets.remove_all(
                        force=force, ignore=ignore, reload_systemd=reload_systemd
                    )
                )
            )
        one = AsyncQuadlet(self._engine, {"Name": unit_name(which)})
        return await one.remove(force=force, ignore=ignore, reload_systemd=reload_systemd)
