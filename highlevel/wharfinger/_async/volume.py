"""One volume of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from wharfinger._async.streams import AsyncStream
from wharfinger._core.container_facts import section
from wharfinger._core.lines import parse_time
from wharfinger._core.stream_decoders import Chunks

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.operation import Content

Availability: TypeAlias = Literal["active", "pause", "drain"]


class AsyncVolume:
    """A volume on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same name.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncVolume) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncVolume, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """Its name: volumes have no other id."""
        return self.name

    @property
    def short_id(self) -> str:
        """The first 12 characters of its name."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name: 64 hexadecimal digits where the engine made it up."""
        return str(self._attrs.get("Name") or "")

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return {**(self._attrs.get("Labels") or {})}

    @property
    def driver(self) -> str:
        """Who keeps it, such as "local"."""
        return str(self._attrs.get("Driver") or "")

    @property
    def options(self) -> dict[str, str]:
        """The driver's options that it was made with."""
        return {**(self._attrs.get("Options") or {})}

    @property
    def scope(self) -> str:
        """local, or global where a swarm has it."""
        return str(self._attrs.get("Scope") or "")

    @property
    def mountpoint(self) -> str:
        """Where it is on the engine's host; empty where its driver does not tell."""
        return str(self._attrs.get("Mountpoint") or "")

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC; None where its driver does not tell."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            VolumeNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: say.volumes.inspect(self.name))

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            VolumeNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def remove(self, *, force: bool = False) -> None:
        """Removes it; see AsyncVolumesManager.remove."""
        await self._engine.call(lambda say: say.volumes.remove(self.name, force=force))

    async def update(self, *, availability: Availability) -> None:
        """Changes whether a swarm's tasks may use a cluster volume (Docker API 1.42).

        What `attrs` tell has to be the newest: call `reload` before.

        Args:
            availability: "active": they may; "pause": no more of them; "drain": none, and they lose it.

        Raises:
            VolumeNotFound: It is gone.
            ValueError: It is no cluster volume, or availability is none of the three; nothing was sent.
            NotSupported: Podman has no such volumes.
        """
        if availability not in ("active", "pause", "drain"):
            raise ValueError(f"availability={availability!r}: expected 'active', 'pause' or 'drain'")
        cluster = section(self._attrs, "ClusterVolume")
        version = int(section(cluster, "Version").get("Index") or 0)
        spec = {**section(cluster, "Spec"), "Availability": availability}
        # What the engine lacks is told before what the volume lacks.
        op = (await self._engine.dialect()).volumes.update(str(cluster.get("ID") or self.name), version, spec)
        if not cluster:
            raise ValueError(f"volume {self.name!r} is no cluster volume, and no other can be updated")
        await self._engine.call(lambda _: op)

    async def export_archive(self) -> AsyncStream[bytes]:
        """What is in it, as a tar (Podman API 5.6.2).

        Returns:
            The tar in chunks as they come; close it unless it is read to its end.

        Raises:
            VolumeNotFound: It is gone.
            NotSupported: Docker has nothing like it; `get_archive` of a container that has it does the same.
        """
        return AsyncStream(await self._engine.open(lambda say: say.volumes.export(self.name)), Chunks())

    async def import_archive(self, data: Content) -> None:
        """Unpacks a tar in it (Podman API 5.6.2).

        Args:
            data: The tar, not compressed: bytes, a file, or chunks; sent as it is read.

        Raises:
            VolumeNotFound: It is gone.
            NotSupported: Docker has nothing like it; `put_archive` of a container that has it does the same.
        """
        await self._engine.call_slowly(lambda say: say.volumes.import_archive(self.name, data))


# Beside a method called list, that name no longer means the type.
AsyncVolumeList: TypeAlias = list[AsyncVolume]
