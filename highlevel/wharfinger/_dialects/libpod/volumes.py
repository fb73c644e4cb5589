"""Volumes of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.volume_options import libpod_volume
from wharfinger._dialects.api import EngineAPI, converted, is_there
from wharfinger._dialects.encoding import body_content, filter_lists
from wharfinger_api.libpod.api.volumes import (
    volume_create_libpod,
    volume_delete_libpod,
    volume_exists_libpod,
    volume_export_libpod,
    volume_import_libpod,
    volume_inspect_libpod,
    volume_list_libpod,
    volume_prune_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.operation import Content, Operation
    from wharfinger._core.reports import VolumesPruneReport
    from wharfinger._core.volume_options import VolumeSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig
    from wharfinger_api.libpod.models import PruneReport


@attrs.frozen
class LibpodVolumes:
    """See VolumeOperations."""

    api: EngineAPI

    def create(self, spec: VolumeSpec) -> Operation[Attrs]:
        request = volume_create_libpod.request_kwargs(body=libpod_volume(spec))
        op = self.api.operation(volume_create_libpod.OPERATION, request, body={"": "VolumeCreateOptions"})
        return converted(op, lambda made: made.to_dict())

    def inspect(self, name: str) -> Operation[Attrs]:
        request = volume_inspect_libpod.request_kwargs(name)
        op = self.api.operation(volume_inspect_libpod.OPERATION, request, kind="volume")
        return converted(op, lambda found: found.to_dict())

    def exists(self, name: str) -> Operation[bool]:
        # Unlike inspect, this takes no beginning of a name for the name.
        request = volume_exists_libpod.request_kwargs(name)
        return is_there(self.api.operation(volume_exists_libpod.OPERATION, request, kind="volume"))

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = volume_list_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(volume_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def remove(self, name: str, *, force: bool) -> Operation[None]:
        request = volume_delete_libpod.request_kwargs(name, force=force or None)
        return self.api.operation(volume_delete_libpod.OPERATION, request, kind="volume")

    def prune(self, *, all: bool | None, filters: Filters | None) -> Operation[VolumesPruneReport]:
        if all is False:
            raise self.api.lacking("volumes.prune(all=False)", "Docker API 1.42 or newer")
        request = volume_prune_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(volume_prune_libpod.OPERATION, request)
        return converted(op, _pruned)

    def update(self, name: str, version: int, spec: RawConfig) -> Operation[None]:  # noqa: ARG002 - Docker uses them
        raise self.api.lacking("updating a volume", "Docker API 1.42 or newer")

    def export(self, name: str) -> Operation[bytes]:
        request = volume_export_libpod.request_kwargs(name)
        return self.api.operation(volume_export_libpod.OPERATION, request, kind="volume")

    def import_archive(self, name: str, content: Content) -> Operation[None]:
        request = volume_import_libpod.request_kwargs(name, body=body_content(content))
        return self.api.operation(volume_import_libpod.OPERATION, request, kind="volume")


def _pruned(found: Sequence[PruneReport]) -> VolumesPruneReport:
    reports: list[dict[str, Any]] = [report.to_dict() for report in found]
    faults = [f"{report.get('Id')}: {report['Err']}" for report in reports if report.get("Err")]
    if faults:
        raise api_error(
            500, f"volumes were not removed: {'; '.join(faults)}", "POST", "/libpod/volumes/prune"
        )
    return {
        "VolumesDeleted": [str(report.get("Id")) for report in reports],
        "SpaceReclaimed": sum(int(report.get("Size") or 0) for report in reports),
    }
