"""How much of the disk an engine uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs


@attrs.frozen
class DiskUsagePart:
    """What one kind of thing uses.

    Attributes:
        count: How many there are.
        active: How many of them are in use: images and volumes by containers, containers that run.
        size: Bytes of all of them.
        reclaimable: Bytes of those that are not in use.
    """

    count: int = 0
    active: int = 0
    size: int = 0
    reclaimable: int = 0


@attrs.frozen(eq=False)
class DiskUsage(Mapping[str, Any]):
    """What an engine uses; as a mapping it is the engine's own JSON, which docker-py gives.

    Attributes:
        images: Images. Podman before API 4.9.5 counts layers that images share once for each.
        containers: What containers wrote, without their volumes.
        volumes: Volumes.
        build_cache: What builds keep; nothing on Podman, where it is among the images.
        attrs: The engine's own JSON.
    """

    images: DiskUsagePart
    containers: DiskUsagePart
    volumes: DiskUsagePart
    build_cache: DiskUsagePart
    attrs: Mapping[str, Any] = attrs.field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of everything."""
        return sum(part.size for part in self._parts)

    @property
    def reclaimable(self) -> int:
        """Bytes of everything that is not in use."""
        return sum(part.reclaimable for part in self._parts)

    @property
    def _parts(self) -> tuple[DiskUsagePart, ...]:
        return self.images, self.containers, self.volumes, self.build_cache

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the engine's JSON holds
        return self.attrs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.attrs)

    def __len__(self) -> int:
        return len(self.attrs)
