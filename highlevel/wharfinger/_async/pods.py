"""Pods of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from wharfinger._async.pod import AsyncPod, AsyncPodList
from wharfinger._async.pod_stats import open_readings
from wharfinger._core.human import parse_list, parse_text
from wharfinger._core.pod_options import PodOptions, pod_spec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.pod import PodStatsList
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.reports import PodsPruneReport
    from wharfinger._dialects.dialect import Filters, Names
    from wharfinger.types import PodStats


class AsyncPodsManager:
    """Makes, finds and removes pods; `client.pods` of a Podman."""

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def create(self, name: str | None = None, **options: Unpack[PodOptions]) -> AsyncPod:
        """Makes a pod; `containers.create(image, pod=name)` makes containers in it, and `start` starts them.

        Args:
            name: What to call it; the engine chooses unless given.
            options: See PodOptions.

        Raises:
            Conflict: There is one of this name.
            BadRequest: The name is none.
            NotSupported: This version lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
            APIError: The engine refuses an option.
        """
        spec = pod_spec(name, options)
        return await self.get(await self._engine.call_slowly(lambda say: say.pods.create(spec)))

    async def get(self, pod_id: str) -> AsyncPod:
        """One pod.

        Args:
            pod_id: Its name or id, or a unique start of the id.

        Raises:
            PodNotFound: There is none.
        """
        return AsyncPod(self._engine, await self._engine.call(lambda say: say.pods.inspect(pod_id)))

    async def exists(self, key: str) -> bool:
        """Whether there is one of this name or id.

        Args:
            key: The name or id, or a unique start of the id.
        """
        return await self._engine.call(lambda say: say.pods.exists(key))

    async def list(self, filters: Filters | None = None) -> AsyncPodList:
        """Pods, by one request.

        Args:
            filters: Such as {"label": ["app=web"], "status": "running"} or {"name": "web"}.

        Raises:
            BadRequest: The engine does not know a filter.
        """
        found = await self._engine.call(lambda say: say.pods.list(filters))
        return [AsyncPod(self._engine, attrs) for attrs in found]

    async def remove(
        self, pod_id: str | AsyncPod, *, force: bool = False, timeout: int | None = None
    ) -> None:
        """Removes a pod, and its containers.

        Args:
            pod_id: Its name or id, or the pod.
            force: Even while they run.
            timeout: With force: seconds that each container gets to end by itself; its own setting unless given.

        Raises:
            PodNotFound: There is none.
            Conflict: A container runs.
            TypeError, ValueError: timeout is none, or given without force; nothing was sent.
        """
        which = pod_id if isinstance(pod_id, str) else pod_id.id
        await self._engine.call_slowly(lambda say: say.pods.remove(which, force=force, timeout=timeout))

    async def prune(self, filters: Filters | None = None) -> PodsPruneReport:
        """Removes the pods of which no container runs.

        Args:
            filters: None: Podman's API has no filters for it.

        Returns:
            {"PodsDeleted": [ids]}

        Raises:
            NotSupported: There are filters; nothing was sent.
            APIError: A pod could not be removed; others may be gone.
        """
        return await self._engine.call_slowly(lambda say: say.pods.prune(filters))

    @overload
    async def stats(
        self,
        name: str | AsyncPod | Sequence[str | AsyncPod] | None = None,
        *,
        all: bool = False,
        stream: Literal[False] = False,
    ) -> PodStatsList: ...

    @overload
    async def stats(
        self,
        name: str | AsyncPod | Sequence[str | AsyncPod] | None = None,
        *,
        all: bool = False,
        stream: Literal[True],
    ) -> AsyncStream[PodStats]: ...

    async def stats(
        self,
        name: str | AsyncPod | Sequence[str | AsyncPod] | None = None,
        *,
        all: bool = False,
        stream: bool = False,
    ) -> PodStatsList | AsyncStream[PodStats]:
        """What the containers of pods use of processor, memory, networks and disks, by one request.

        Args:
            name: Which, one or several: names, ids or pods; all that run unless given.
            all: Those that do not run, too.
            stream: Give readings every five seconds or so, instead of one of each container.

        Raises:
            PodNotFound: One of them is not there.
            TypeError: One of them is no name and no pod; nothing was sent.
            ValueError: all=True is given together with names; nothing was sent.
        """
        ids = _names(name)
        if all and ids is not None:
            raise ValueError(f"all=True is given together with {ids}, expected one of them")
        if ids == [] and not stream:
            return []
        if stream:
            return await open_readings(self._engine, ids or (), all=all)
        return await self._engine.call_slowly(lambda say: say.pods.stats(ids or (), all=all, stream=False))


def _names(given: str | AsyncPod | Sequence[str | AsyncPod] | None) -> Names | None:
    if given is None:
        return None
    listed = [given] if isinstance(given, str | AsyncPod) else parse_list("name", given, "['web', 'db']")
    return [one.id if isinstance(one, AsyncPod) else parse_text("one of name", one) for one in listed]
