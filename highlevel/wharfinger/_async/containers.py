"""All containers of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from wharfinger._async._primitives import each
from wharfinger._async.container import AsyncContainer
from wharfinger._async.exec import AsyncExec
from wharfinger._core.human import parse_list, parse_text
from wharfinger.errors import ContainerNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._async.container_making import AsyncContainerList
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.reports import PruneReport
    from wharfinger._dialects.dialect import Filters, Names
    from wharfinger.types import ContainerStats

from wharfinger._async.container_running import AsyncContainerRunning

# Beside a method called list, that name no longer means the type.
StatsList: TypeAlias = "list[ContainerStats]"

_AT_ONCE = 8  # inspections, so that other requests find room beside them


class AsyncContainersManager(AsyncContainerRunning):
    """Makes, finds and runs containers; `client.containers`."""

    async def exists(self, container_id: str) -> bool:
        """Whether there is one of this id or name.

        Args:
            container_id: Its id, a unique start of it, or its name.
        """
        return await self._engine.call(lambda say: say.containers.exists(container_id))

    def container(self, container_id: str) -> AsyncContainer:
        """A handle for one container, without asking the engine whether it is there.

        Args:
            container_id: Its id, a unique start of it, or its name; the handle's `id` is this until `reload`.

        Raises:
            TypeError: It is no string.
            ValueError: It is empty.
        """
        if not parse_text("container_id", container_id):
            raise ValueError(f"container_id={container_id!r}: expected a container's id or name")
        return AsyncContainer(self._engine, {"Id": container_id}, summary=True)

    def exec(self, exec_id: str) -> AsyncExec:
        """A handle for a command in a container, without asking the engine whether it is there.

        Args:
            exec_id: Its id, as `exec_create` made it.

        Raises:
            TypeError: It is no string.
            ValueError: It is empty.
        """
        if not parse_text("exec_id", exec_id):
            raise ValueError(f"exec_id={exec_id!r}: expected the id of an exec")
        return AsyncExec(self._engine, {"ID": exec_id})

    async def list(
        self,
        *,
        all: bool = False,
        limit: int | None = None,
        size: bool = False,
        filters: Filters | None = None,
        since: str | None = None,
        before: str | None = None,
        full: bool | None = None,
        sparse: bool | None = None,
        ignore_removed: bool = True,
    ) -> AsyncContainerList:
        """Containers, by one request whatever their number.

        Args:
            all: Those that do not run too.
            limit: At most so many, the newest.
            size: Let the engine measure them, which takes long.
            filters: Such as {"label": ["app=web"], "status": "running"}.
            since: Only those made after this one, named by id or name.
            before: Only those made before this one.
            full: Inspect each, several at once, so that `attrs` tell everything.
            sparse: The opposite of full; True unless given.
            ignore_removed: With full: leave out those that were removed meanwhile, instead of raising.

        Returns:
            Summaries unless full: their `attrs` are entries of the list, and `reload` gets the rest.

        Raises:
            ContainerNotFound: One was removed meanwhile, and ignore_removed is False.
            BadRequest, NotFound, ServerError: The engine does not know a filter, or what it names.
            ValueError: full and sparse contradict each other; nothing was sent.
        """
        if full is not None and full is sparse:
            raise ValueError(f"full={full} is given together with sparse={sparse}, expected one of them")
        near = {name: id for name, id in (("since", since), ("before", before)) if id is not None}
        given = {**(filters or {}), **near}
        found = await self._engine.call(
            lambda say: say.containers.list(all=all, limit=limit, size=size, filters=given)
        )
        listed = [AsyncContainer(self._engine, attrs, summary=True) for attrs in found]
        if full or sparse is False:
            return await _inspected(listed, ignore_removed=ignore_removed)
        return listed

    async def remove(
        self, container_id: str, *, v: bool = False, link: bool = False, force: bool = False
    ) -> None:
        """Removes one container, without asking for it first.

        Args:
            container_id: Its id, a unique start of it, or its name.
            v: Its anonymous volumes too.
            link: Only the link of this name (Docker).
            force: Even while it runs.

        Raises:
            ContainerNotFound: There is none.
            Conflict: It is running.
            NotSupported: The engine lacks `link`; nothing was sent.
            TypeError, ValueError: container_id is no string, or empty; nothing was sent.
        """
        await self.container(container_id).remove(v=v, link=link, force=force)

    async def prune(self, *, filters: Filters | None = None) -> PruneReport:
        """Removes all containers that do not run.

        Args:
            filters: Only some of them: {"label": ["app=web"]}, {"until": "24h"}.

        Returns:
            {"ContainersDeleted": [ids], "SpaceReclaimed": bytes}

        Raises:
            BadRequest: The engine does not know a filter.
        """
        return await self._engine.call_slowly(lambda say: say.containers.prune(filters))

    @overload
    async def stats(
        self,
        containers: Sequence[str | AsyncContainer] | None = None,
        *,
        stream: Literal[True] = True,
        interval: int | None = None,
    ) -> AsyncStream[ContainerStats]: ...

    @overload
    async def stats(
        self, containers: Sequence[str | AsyncContainer] | None = None, *, stream: Literal[False]
    ) -> StatsList: ...

    async def stats(
        self,
        containers: Sequence[str | AsyncContainer] | None = None,
        *,
        stream: bool = True,
        interval: int | None = None,
    ) -> AsyncStream[ContainerStats] | StatsList:
        """What many containers use of processor, memory, networks and disks, in one stream.

        Podman tells of all of them in one reply, whose JSON is not that of one container's stats; the properties
        of the readings are the same.

        Args:
            containers: Which, by id or name; all that run unless given, and with stream those started later too.
            stream: Give readings as they come, until the containers end, instead of one of each.
            interval: With stream: seconds between readings, 5 unless given (Podman); Docker's come every second.

        Raises:
            ContainerNotFound: One of those named is not there. One that goes later just ends.
            NotSupported: interval on Docker; nothing was sent.
            StreamError: Podman cannot measure one of them.
            TypeError: containers is one instead of a list of them, or one of it is none; nothing was sent.
            ValueError: interval without a stream, or below 1; nothing was sent.
        """
        from wharfinger._async import stats as readings

        ids = _names(containers)
        if interval is not None and (not stream or interval < 1):
            raise ValueError(f"interval={interval}, stream={stream}: expected seconds from 1, with a stream")
        together = (await self._engine.dialect()).containers.measures_together or interval is not None
        if ids == [] or not together:
            if stream:
                return await readings.open_each(self._engine, ids)
            known = await readings.running(self._engine) if ids is None else ids
            return await readings.read_each(self._engine, known, ignore_ended=ids is None)
        if stream:
            return await readings.open_together(self._engine, ids or (), interval)
        return await readings.read_together(self._engine, ids or ())


def _names(containers: Sequence[str | AsyncContainer] | None) -> Names | None:
    if containers is None:
        return None
    listed = parse_list("containers", containers, "['web-1', 'web-2']")
    return [
        one.id if isinstance(one, AsyncContainer) else parse_text("one of containers", one) for one in listed
    ]


async def _inspected(listed: AsyncContainerList, *, ignore_removed: bool) -> AsyncContainerList:
    async def inspect(container: AsyncContainer) -> bool:
        try:
            await container.reload()
        except ContainerNotFound:
            if not ignore_removed:
                raise
            return False
        return True

    there = await each(inspect, listed, _AT_ONCE)
    return [container for container, still in zip(listed, there, strict=True) if still]
