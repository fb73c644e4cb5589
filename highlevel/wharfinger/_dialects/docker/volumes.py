"""Volumes of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.volume_options import docker_volume
from wharfinger._dialects.api import EngineAPI, converted, is_there
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.volume import (
    volume_create,
    volume_delete,
    volume_inspect,
    volume_list,
    volume_prune,
    volume_update,
)

if TYPE_CHECKING:
    from wharfinger._core.operation import Content, Operation
    from wharfinger._core.reports import VolumesPruneReport
    from wharfinger._core.volume_options import VolumeSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig
    from wharfinger_api.docker.models import VolumePruneResponse


@attrs.frozen
class DockerVolumes:
    """See VolumeOperations."""

    api: EngineAPI

    def create(self, spec: VolumeSpec) -> Operation[Attrs]:
        request = volume_create.request_kwargs(body=docker_volume(spec))
        op = self.api.operation(volume_create.OPERATION, request, body={"": "VolumeCreateRequest"})
        return converted(op, lambda made: made.to_dict())

    def inspect(self, name: str) -> Operation[Attrs]:
        op = self.api.operation(volume_inspect.OPERATION, volume_inspect.request_kwargs(name), kind="volume")
        return converted(op, lambda found: found.to_dict())

    def exists(self, name: str) -> Operation[bool]:
        return is_there(self.inspect(name))

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = volume_list.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(volume_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found.volumes or ()])

    def remove(self, name: str, *, force: bool) -> Operation[None]:
        request = volume_delete.request_kwargs(name, force=force or None)
        return self.api.operation(volume_delete.OPERATION, request, kind="volume")

    def prune(self, *, all: bool | None, filters: Filters | None) -> Operation[VolumesPruneReport]:
        wanted = dict(filters or {})
        if tuple(map(int, self.api.version.split("."))) >= (1, 42):
            wanted |= {"all": all} if all is not None else {}
        elif all is False:
            # Older ones remove those with a name too, and know no filter for it.
            raise self.api.lacking("volumes.prune(all=False)", "Docker API 1.42 or newer")
        op = self.api.operation(
            volume_prune.OPERATION, volume_prune.request_kwargs(filters=filter_lists(wanted))
        )
        return converted(op, _pruned)

    def update(self, name: str, version: int, spec: RawConfig) -> Operation[None]:
        request = volume_update.request_kwargs(name, version=version, body={"Spec": spec})
        return self.api.operation(volume_update.OPERATION, request, kind="volume")

    def export(self, name: str) -> Operation[bytes]:  # noqa: ARG002 - Podman uses it
        raise self.api.lacking("exporting a volume", "Podman API 5.6.2 or newer")

    def import_archive(self, name: str, content: Content) -> Operation[None]:  # noqa: ARG002 - Podman uses them
        raise self.api.lacking("importing into a volume", "Podman API 5.6.2 or newer")


def _pruned(report: VolumePruneResponse) -> VolumesPruneReport:
    return {
        "VolumesDeleted": list(report.volumes_deleted or ()),
        "SpaceReclaimed": int(report.space_reclaimed or 0),
    }
