"""What containers of Podman can do besides living and dying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import converted, meaning
from wharfinger._dialects.encoding import filter_lists, whole_seconds
from wharfinger._dialects.libpod.container_freezing import LibpodContainerFreezing
from wharfinger_api.libpod.api.containers import (
    container_changes_libpod,
    container_export_libpod,
    container_pause_libpod,
    container_prune_libpod,
    container_rename_libpod,
    container_resize_libpod,
    container_restart_libpod,
    container_stats_libpod,
    container_top_libpod,
    container_unpause_libpod,
    container_update_libpod,
    containers_stats_all_libpod,
    image_commit_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.operation import Reply
    from wharfinger._core.reports import PruneReport
    from wharfinger._core.update_options import UpdateSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig
    from wharfinger_api.libpod.models import ContainersPruneReportLibpod

T = TypeVar("T")


@attrs.frozen
class LibpodContainerVerbs(LibpodContainerFreezing):
    """See ContainerVerbs."""

    @property
    def measures_together(self) -> bool:
        """Podman tells of many containers together."""
        return True

    def pause(self, id: str) -> Operation[None]:
        request = container_pause_libpod.request_kwargs(id)
        return self.api.operation(container_pause_libpod.OPERATION, request, kind="container")

    def unpause(self, id: str) -> Operation[None]:
        request = container_unpause_libpod.request_kwargs(id)
        return self.api.operation(container_unpause_libpod.OPERATION, request, kind="container")

    def restart(self, id: str, timeout: int | None, signal: str | int | None = None) -> Operation[None]:
        if signal is not None:
            raise self.api.lacking("restart(signal=…)", "Docker API 1.42 or newer")
        request = container_restart_libpod.request_kwargs(id, t=whole_seconds(timeout))
        return self.api.operation(container_restart_libpod.OPERATION, request, kind="container")

    def rename(self, id: str, name: str) -> Operation[None]:
        request = container_rename_libpod.request_kwargs(id, name_query=name)
        return self.api.operation(container_rename_libpod.OPERATION, request, kind="container")

    def resize(self, id: str, height: int, width: int) -> Operation[None]:
        request = container_resize_libpod.request_kwargs(id, h=height, w=width)
        return self.api.operation(container_resize_libpod.OPERATION, request, kind="container")

    def top(
        self, id: str, ps_args: Sequence[str], *, stream: bool = False, delay: int | None = None
    ) -> Operation[Attrs]:
        # Unless told otherwise Podman 4 goes on for ever with newer listings.
        request = container_top_libpod.request_kwargs(id, stream=stream, delay=delay, ps_args=ps_args or None)
        op = self.api.operation(container_top_libpod.OPERATION, request, kind="container")
        reason = "the container is not running" + (f", or its ps refuses {[*ps_args]}" if ps_args else "")
        return converted(answered(op, reason), lambda found: found.to_dict())

    def diff(self, id: str) -> Operation[AttrsList]:
        request = container_changes_libpod.request_kwargs(id)
        op = self.api.operation(container_changes_libpod.OPERATION, request, kind="container")
        return converted(op, lambda found: [change.to_dict() for change in found])

    def export(self, id: str) -> Operation[bytes]:
        request = container_export_libpod.request_kwargs(id)
        return self.api.operation(container_export_libpod.OPERATION, request, kind="container")

    def commit(
        self,
        id: str,
        *,
        repository: str | None,
        tag: str | None,
        message: str | None,
        author: str | None,
        changes: Sequence[str],
        pause: bool,
        conf: RawConfig | None,
        format: str | None,
        squash: bool = False,
    ) -> Operation[str]:
        if conf is not None:
            raise self.api.lacking("commit(conf=…)", "Docker")
        if message is not None and format is None:
            # Podman's own format has no place for a message, which it would refuse.
            format = "docker"
        request = image_commit_libpod.request_kwargs(
            container=id,
            repo=repository,
            tag=tag,
            comment=message,
            author=author,
            changes=changes or None,
            pause=pause,
            format_=format,
            squash=squash or None,
        )
        op = self.api.operation(image_commit_libpod.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def update(self, id: str, spec: UpdateSpec) -> Operation[list[str]]:
        from wharfinger._core.update_options import libpod_update

        body, policy, tries = libpod_update(spec, version_key(self.api.version))
        request = container_update_libpod.request_kwargs(
            id, body=body, restart_policy=policy, restart_retries=tries
        )
        op = self.api.operation(container_update_libpod.OPERATION, request, kind="container")
        return converted(op, _no_warnings)

    def stats(self, id: str, *, stream: bool, one_shot: bool) -> Operation[Attrs]:
        if one_shot:
            raise self.api.lacking("stats(one_shot=True)", "Docker")
        request = container_stats_libpod.request_kwargs(id, stream=stream)
        op = self.api.operation(container_stats_libpod.OPERATION, request, kind="container")
        return converted(
            answered(op, "the container is not running"), lambda found: _measured(found.to_dict(), op)
        )

    def stats_together(self, ids: Sequence[str], *, stream: bool, interval: int | None) -> Operation[Attrs]:
        request = containers_stats_all_libpod.request_kwargs(
            containers=ids or None, stream=stream, interval=interval
        )
        op = self.api.operation(containers_stats_all_libpod.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def prune(self, filters: Filters | None) -> Operation[PruneReport]:
        request = container_prune_libpod.request_kwargs(filters=filter_lists(filters))
        return converted(self.api.operation(container_prune_libpod.OPERATION, request), _pruned)


def answered(op: Operation[T], reason: str) -> Operation[T]:
    """The same Operation, where Podman says status 200 and nothing else for what is a conflict."""

    def parse(reply: Reply) -> T:
        if reply.status_code == 200 and not reply.content.strip():
            raise api_error(409, reason, op.request["method"], op.request["url"])
        return op.parse(reply)

    return Operation(op.request, parse)


def _measured(found: Attrs, op: Operation[Any]) -> Attrs:
    # Podman 5 tells an error with status 200 here, where 4.3 says nothing of a container that does not run.
    if "cause" not in found or "response" not in found:
        return found
    message = str(found.get("message"))
    status, kind = meaning(int(found["response"]), message, "container")
    raise api_error(status, message, op.request["method"], op.request["url"], kind=kind)


def _no_warnings(_id: str) -> list[str]:
    return []


def _pruned(found: Sequence[ContainersPruneReportLibpod]) -> PruneReport:
    reports: list[dict[str, Any]] = [report.to_dict() for report in found]
    for report in reports:
        if report.get("Err"):
            raise api_error(500, f"container {report.get('Id')} was not removed: {report['Err']}")
    return {
        "ContainersDeleted": [str(report.get("Id")) for report in reports],
        "SpaceReclaimed": sum(int(report.get("Size") or 0) for report in reports),
    }
