"""Volumes of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.streams import AsyncStream
from wharfinger._async.volume import AsyncVolume, AsyncVolumeList
from wharfinger._core.stream_decoders import Chunks
from wharfinger._core.volume_options import VolumeOptions, volume_spec

if TYPE_CHECKING:
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.operation import Content
    from wharfinger._core.reports import VolumesPruneReport
    from wharfinger._dialects.dialect import Filters


class AsyncVolumesManager:
    """Makes, finds and removes volumes; `client.volumes`."""

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def create(self, name: str | None = None, **options: Unpack[VolumeOptions]) -> AsyncVolume:
        """Makes a volume.

        Args:
            name: What to call it; the engine makes a name up unless given. Where there is one of this name, Docker
                gives that one, and Podman refuses unless ignore_if_exists says otherwise.
            options: See VolumeOptions.

        Raises:
            Conflict: There is one of this name (Podman).
            NotFound: There is no such driver.
            BadRequest: The name is none, or the driver does not take its options; some are told as ServerError.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError: An option is unknown, or has the wrong type; nothing was sent.
        """
        spec = volume_spec(name, options)
        return AsyncVolume(self._engine, await self._engine.call(lambda say: say.volumes.create(spec)))

    async def get(self, volume_id: str) -> AsyncVolume:
        """One volume.

        Args:
            volume_id: Its name; Podman takes a unique start of it too.

        Raises:
            VolumeNotFound: There is none.
        """
        return AsyncVolume(self._engine, await self._engine.call(lambda say: say.volumes.inspect(volume_id)))

    async def exists(self, key: str) -> bool:
        """Whether there is one of exactly this name.

        Args:
            key: The name.
        """
        return await self._engine.call(lambda say: say.volumes.exists(key))

    async def list(self, filters: Filters | None = None) -> AsyncVolumeList:
        """Volumes, by one request.

        Docker leaves out those of a driver that does not answer.

        Args:
            filters: Such as {"label": ["app=web"]}, {"name": "data"}, {"driver": "local"} or {"dangling": True}.

        Raises:
            BadRequest: The engine does not know a filter.
        """
        found = await self._engine.call(lambda say: say.volumes.list(filters))
        return [AsyncVolume(self._engine, attrs) for attrs in found]

    async def remove(self, name: str | AsyncVolume, *, force: bool = False) -> None:
        """Removes a volume and what is in it.

        Args:
            name: Its name, or the volume.
            force: Docker: even where its driver does not know it any more. Podman: with the containers that use it.

        Raises:
            VolumeNotFound: There is none.
            Conflict: A container uses it.
        """
        wanted = name if isinstance(name, str) else name.name
        await self._engine.call(lambda say: say.volumes.remove(wanted, force=force))

    async def prune(self, filters: Filters | None = None, *, all: bool | None = None) -> VolumesPruneReport:
        """Removes volumes that no container uses, and what is in them.

        Args:
            filters: Only some of them: {"label": ["app=web"]}, {"label!": ["keep"]}; on Podman {"until": "24h"} too.
            all: Those that were given a name too. Unless given, what the engine does: Podman and Docker before API
                1.42 remove them, newer Dockers do not. False is refused where the engine cannot leave them.

        Returns:
            {"VolumesDeleted": [names], "SpaceReclaimed": bytes}

        Raises:
            BadRequest: The engine does not know a filter.
            NotSupported: It cannot leave those with a name; nothing was sent.
        """
        return await self._engine.call_slowly(lambda say: say.volumes.prune(all=all, filters=filters))

    async def export_archive(self, name: str) -> AsyncStream[bytes]:
        """What is in a volume, as a tar (Podman API 5.6.2).

        Args:
            name: The volume's.

        Returns:
            The tar in chunks as they come; close it unless it is read to its end.

        Raises:
            VolumeNotFound: There is none.
            NotSupported: Docker has nothing like it; `get_archive` of a container that has it does the same.
        """
        return AsyncStream(await self._engine.open(lambda say: say.volumes.export(name)), Chunks())

    async def import_archive(self, name: str, data: Content) -> None:
        """Unpacks a tar in a volume (Podman API 5.6.2).

        Args:
            name: The volume's.
            data: The tar, not compressed: bytes, a file, or chunks; sent as it is read.

        Raises:
            VolumeNotFound: There is none.
            NotSupported: Docker has nothing like it; `put_archive` of a container that has it does the same.
        """
        await self._engine.call_slowly(lambda say: say.volumes.import_archive(name, data))
