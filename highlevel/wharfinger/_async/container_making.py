"""Making containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Unpack, cast

from wharfinger._async._primitives import complete
from wharfinger._async.container import AsyncContainer
from wharfinger._async.proxies import with_proxies
from wharfinger._async.run_output import discard
from wharfinger._core.checkpoint_options import checked_import
from wharfinger.errors import Conflict, ContainerNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._core.checkpoint_options import ImportOptions
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.operation import Content


# Beside a method called list, that name no longer means the type.
AsyncContainerList: TypeAlias = list[AsyncContainer]


class AsyncContainerMaking:
    """What client.containers does to make containers."""

    def __init__(self, engine: AsyncEngineSession, images: Callable[[], AsyncImagesManager]) -> None:
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
        return await self._made(spec_of(image, command, options))

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
        spec = spec_of(image, command, {**options, "name": name})
        try:
            return await self._made(spec)
        except Conflict:
            await self._remove_named(str(spec.name))
        return await self._made(spec)

    async def _remove_named(self, name: str) -> None:
        try:
            other = await self.get(name)
            # What has this name may have gone meanwhile, and an id may begin like it.
            if other.name == name:
                await other.remove(force=True)
        except ContainerNotFound:
            return

    async def restore(self, data: Content, **options: Unpack[ImportOptions]) -> AsyncContainer:
        """Makes a container out of the archive of a checkpoint, and lets it go on from there (Podman).

        Args:
            data: What `checkpoint(export=True)` gave: bytes, a file, or chunks; sent as it is read.
            **options: See ImportOptions.

        Raises:
            Conflict: The name is taken.
            NotSupported: The engine is Docker, or lacks an option; nothing was sent.
            TypeError: An option is unknown or wrong; nothing was sent.
            APIError: It is no such archive, CRIU is missing, or cannot do it.
        """
        given = checked_import(options)
        report = await self._engine.call_slowly(lambda say: say.containers.restore_archive(data, given))
        return await self.get(str(report.get("Id") or ""))

    async def _made(self, spec: ContainerSpec) -> AsyncContainer:
        """Makes a container and asks for its facts; interrupted, it leaves none."""
        made: AsyncContainerList = []
        try:
            container = await self._create_noting(spec, made)
            await container.reload()
        except BaseException:
            await discard(made)
            raise
        return container

    async def _create_noting(self, spec: ContainerSpec, made: AsyncContainerList) -> AsyncContainer:
        """Makes a container; when this is interrupted, what the engine has made by then is in `made` too."""

        async def create() -> AsyncContainer:
            made.append(await self._create(spec))
            return made[0]

        return await complete(create)

    async def _create(self, spec: ContainerSpec) -> AsyncContainer:
        spec = await with_proxies(self._engine, spec)
        id = await self._engine.call(lambda say: say.containers.create(spec))
        known: dict[str, Any] = {
            "Id": id,
            "Name": spec.name or "",
            "State": {"Status": "created"},
            "Config": {"Image": spec.image, "Tty": bool(spec.tty), "Labels": dict(spec.labels or {})},
        }
        return AsyncContainer(self._engine, known, summary=True)


def spec_of(image: str, command: str | Sequence[str] | None, options: Mapping[str, object]) -> ContainerSpec:
    from wharfinger._core.options import container_spec

    return container_spec(image, cast("ContainerOptions", {**options, "command": command}))
