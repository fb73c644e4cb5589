"""All containers of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, cast, overload

import attrs

from wharfinger._async._primitives import complete, each
from wharfinger._async.container import AsyncContainer
from wharfinger._async.output import communicate, joined
from wharfinger._core.options import container_spec
from wharfinger.errors import Conflict, ContainerError, ContainerNotFound, ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.reports import PruneReport
    from wharfinger._dialects.dialect import Filters
    from wharfinger.types import StreamName

PullPolicy: TypeAlias = Literal["missing", "always", "never"]
# Beside a method called list, that name no longer means the type.
AsyncContainerList: TypeAlias = list[AsyncContainer]

_AT_ONCE = 8  # inspections, so that other requests find room beside them


class AsyncContainersManager:
    """Makes, finds and runs containers; `client.containers`."""

    def __init__(self, engine: AsyncEngineSession, images: AsyncImagesManager) -> None:
        self._engine = engine
        self._images = images

    async def get(self, container_id: str) -> AsyncContainer:
        """One container.

        Args:
            container_id: Its id, a unique start of it, or its name.

        Raises:
            ContainerNotFound: There is none.
        """
        attrs = await self._engine.call(lambda say: say.containers.inspect(container_id))
        return AsyncContainer(self._engine, attrs)

    async def exists(self, container_id: str) -> bool:
        """Whether there is one of this id or name."""
        try:
            await self.get(container_id)
        except ContainerNotFound:
            return False
        return True

    def container(self, container_id: str) -> AsyncContainer:
        """A handle for one container, without asking the engine whether it is there.

        Args:
            container_id: Its id, a unique start of it, or its name; the handle's `id` is this until `reload`.

        Raises:
            ValueError: It is empty.
        """
        if not container_id:
            raise ValueError(f"container_id={container_id!r}: expected a container's id or name")
        return AsyncContainer(self._engine, {"Id": container_id}, summary=True)

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

    async def create(
        self, image: str, command: str | Sequence[str] | None = None, **options: Unpack[ContainerOptions]
    ) -> AsyncContainer:
        """Makes a container and does not start it.

        Args:
            image: Name or id of the image, which must be there.
            command: What to run; the image's own unless given.
            **options: See ContainerOptions.

        Raises:
            ImageNotFound: The image is not there.
            Conflict: The name is taken.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        made = await self._create(_spec(image, command, options))
        await made.reload()
        return made

    async def create_or_replace(
        self,
        name: str,
        /,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[ContainerOptions],
    ) -> AsyncContainer:
        """Makes a container of that name and does not start it; another that has the name is removed, even if it runs.

        The other one goes only when the engine would take the new one but for the name.

        Args:
            name: Its name.
            image: Name or id of the image, which must be there.
            command: What to run; the image's own unless given.
            **options: See ContainerOptions; without `name`.

        Raises:
            ImageNotFound: The image is not there.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        if "name" in options:
            raise TypeError("the option 'name' is given twice, expected it as the first argument alone")
        spec = _spec(image, command, {**options, "name": name})
        try:
            made = await self._create(spec)
        except Conflict:
            await self._remove_named(str(spec.name))
            made = await self._create(spec)
        await made.reload()
        return made

    async def _remove_named(self, name: str) -> None:
        try:
            other = await self.get(name)
            # What has this name may have gone meanwhile, and an id may begin like it.
            if other.name == name:
                await other.remove(force=True)
        except ContainerNotFound:
            return

    @overload
    async def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[True],
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> AsyncContainer: ...
    @overload
    async def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[False] = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> bytes: ...
    async def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: bool = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> AsyncContainer | bytes:
        """Makes a container and starts it, as `docker run` does.

        It is attached to before it is started, so that nothing it writes is lost, however soon it ends and wherever
        its logs go.

        Args:
            image: Name or id of the image.
            command: What to run; the image's own unless given.
            detach: Do not wait for its end.
            stdout: Give what it wrote to its standard output.
            stderr: Give what it wrote to its standard error, too.
            remove: Remove it when it has ended or failed, or this call is interrupted. With detach the engine does it.
            pull: Get the image when it is missing, always, or never.
            **options: See ContainerOptions.

        Returns:
            What it wrote; with detach, the container.

        Raises:
            ContainerError: It ended with a code other than 0.
            ImageNotFound: There is no such image, and it may not be pulled.
            PullError: The image could not be pulled.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        spec = _spec(image, command, options)
        # An engine that removes it by itself would do so before its exit code is asked for.
        remove = remove or bool(spec.auto_remove)
        spec = attrs.evolve(spec, auto_remove=(remove and detach) or None)
        made: list[AsyncContainer] = []
        try:
            container = await self._create_pulling(spec, pull, made)
            if detach:
                return await self._started(container, remove=remove)
            found = await self._watched(container, spec, stdout=stdout, stderr=stderr)
        except BaseException:
            if remove:
                await _discard(made)
            raise
        if remove:
            await _discard(made)
        return found

    async def _started(self, made: AsyncContainer, *, remove: bool) -> AsyncContainer:
        await made.start()
        try:
            await made.reload()
        except ContainerNotFound:
            # It ended, and was removed, before we could ask.
            if not remove:
                raise
        return made

    async def _watched(
        self, made: AsyncContainer, spec: ContainerSpec, *, stdout: bool, stderr: bool
    ) -> bytes:
        duplex = await self._engine.upgrade(
            lambda say: say.containers.attach(made.id, stdin=False, stdout=True, stderr=True, logs=False)
        )
        async with duplex:
            await made.start()
            found = await communicate(duplex, tty=bool(spec.tty), input=None)
        ended = await made.wait()
        if ended.exit_code:
            raise ContainerError(
                made.name or made.short_id,
                ended.exit_code,
                spec.command,
                spec.image,
                joined(found, "stdout"),
                joined(found, "stderr"),
            )
        wanted: tuple[StreamName, ...] = (*(("stdout",) if stdout else ()), *(("stderr",) if stderr else ()))
        return joined(found, *wanted)

    async def _create_pulling(
        self, spec: ContainerSpec, pull: PullPolicy, made: AsyncContainerList
    ) -> AsyncContainer:
        if pull not in ("missing", "always", "never"):
            raise ValueError(f"pull={pull!r}: expected 'missing', 'always' or 'never'")
        if pull == "always":
            await self._images.pull(spec.image, platform=spec.platform)
        try:
            return await self._create_noting(spec, made)
        except ImageNotFound:
            if pull != "missing":
                raise
        await self._images.pull(spec.image, platform=spec.platform)
        return await self._create_noting(spec, made)

    async def _create_noting(self, spec: ContainerSpec, made: AsyncContainerList) -> AsyncContainer:
        """Makes a container; when this is interrupted, what the engine has made by then is in `made` too."""

        async def create() -> AsyncContainer:
            made.append(await self._create(spec))
            return made[0]

        return await complete(create)

    async def _create(self, spec: ContainerSpec) -> AsyncContainer:
        id = await self._engine.call(lambda say: say.containers.create(spec))
        known: dict[str, Any] = {
            "Id": id,
            "Name": spec.name or "",
            "State": {"Status": "created"},
            "Config": {"Image": spec.image, "Tty": bool(spec.tty), "Labels": dict(spec.labels or {})},
        }
        return AsyncContainer(self._engine, known, summary=True)


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


async def _discard(made: AsyncContainerList) -> None:
    for container in made:
        try:
            await container.remove(v=True, force=True)
        except ContainerNotFound:
            # The engine, or somebody else, was faster.
            continue


def _spec(image: str, command: str | Sequence[str] | None, options: Mapping[str, object]) -> ContainerSpec:
    return container_spec(image, cast("ContainerOptions", {**options, "command": command}))
