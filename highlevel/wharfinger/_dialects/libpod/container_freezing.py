"""Checkpoints of Podman's containers, and steps before a start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import EngineAPI, told_apart
from wharfinger._dialects.encoding import body_content
from wharfinger.errors import NotFound, UnexpectedReply
from wharfinger_api.libpod.api.containers import (
    container_checkpoint_libpod,
    container_init_libpod,
    container_mount_libpod,
    container_restore_libpod,
    container_unmount_libpod,
)

if TYPE_CHECKING:
    from wharfinger._core.checkpoint_options import CheckpointOptions, ImportOptions
    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Attrs
    from wharfinger_api._support.request import RequestKwargs

# The path needs a name where nothing has one yet; a restore of an archive does not look at it.
_NOBODY = "archive"


class _Restoring(TypedDict, total=False):
    """Arguments of the binding, which spells some otherwise."""

    keep: bool | None
    tcp_established: bool | None
    tcp_close: bool | None
    ignore_static_ip: bool | None
    ignore_static_mac: bool | None
    file_locks: bool | None
    print_stats: bool | None


@attrs.frozen
class LibpodContainerFreezing:
    """See ContainerFreezing."""

    api: EngineAPI

    def checkpoint(self, id: str, options: CheckpointOptions) -> Operation[Attrs]:
        request = _checkpoint(id, options, export=False)
        return _report(self.api.operation(container_checkpoint_libpod.OPERATION, request, kind="container"))

    def checkpoint_archive(self, id: str, options: CheckpointOptions) -> Operation[bytes]:
        request = _checkpoint(id, options, export=True)
        return self.api.operation(container_checkpoint_libpod.OPERATION, request, kind="container")

    def restore(self, id: str, options: ImportOptions) -> Operation[Attrs]:
        request = container_restore_libpod.request_kwargs(id, **_restoring(options))
        return _of_container(
            _report(self.api.operation(container_restore_libpod.OPERATION, request, kind="container"))
        )

    def restore_archive(self, content: Content, options: ImportOptions) -> Operation[Attrs]:
        request = container_restore_libpod.request_kwargs(
            _NOBODY,
            body=body_content(content),
            import_=True,
            name_query=options.get("name"),
            pod=options.get("pod"),
            ignore_root_fs=options.get("ignore_rootfs"),
            ignore_volumes=options.get("ignore_volumes"),
            **_restoring(options),
        )
        return _report(self.api.operation(container_restore_libpod.OPERATION, request))

    def init(self, id: str) -> Operation[bool]:
        request = container_init_libpod.request_kwargs(id)
        return told_apart(self.api.operation(container_init_libpod.OPERATION, request, kind="container"))

    def mount(self, id: str) -> Operation[str]:
        request = container_mount_libpod.request_kwargs(id)
        return self.api.operation(container_mount_libpod.OPERATION, request, kind="container")

    def unmount(self, id: str) -> Operation[None]:
        request = container_unmount_libpod.request_kwargs(id)
        return self.api.operation(container_unmount_libpod.OPERATION, request, kind="container")


def _checkpoint(id: str, options: CheckpointOptions, *, export: bool) -> RequestKwargs:
    return container_checkpoint_libpod.request_kwargs(
        id,
        export=export or None,
        keep=options.get("keep"),
        leave_running=options.get("leave_running"),
        tcp_established=options.get("tcp_established"),
        ignore_root_fs=options.get("ignore_rootfs"),
        ignore_volumes=options.get("ignore_volumes"),
        pre_checkpoint=options.get("pre_checkpoint"),
        with_previous=options.get("with_previous"),
        file_locks=options.get("file_locks"),
        print_stats=options.get("print_stats"),
    )


def _restoring(options: ImportOptions) -> _Restoring:
    return {
        "keep": options.get("keep"),
        "tcp_established": options.get("tcp_established"),
        "tcp_close": options.get("tcp_close"),
        "ignore_static_ip": options.get("ignore_static_ip"),
        "ignore_static_mac": options.get("ignore_static_mac"),
        "file_locks": options.get("file_locks"),
        "print_stats": options.get("print_stats"),
    }


def _of_container(op: Operation[Attrs]) -> Operation[Attrs]:
    """The same Operation, where a 404 is the container's though the words leave it open."""

    def parse(reply: Reply) -> Attrs:
        try:
            return op.parse(reply)
        except NotFound as error:
            url = op.request["url"]
            raise api_error(404, error.message, op.request["method"], url, kind="container") from error

    return Operation(op.request, parse)


def _report(op: Operation[Any]) -> Operation[Attrs]:
    """The same Operation, giving the JSON that its description knows nothing of."""

    def parse(reply: Reply) -> Attrs:
        op.parse(reply)
        try:
            found: object = json.loads(reply.content)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UnexpectedReply("expected a report as a JSON object", reply.content, reply.status_code)
        return {**found}

    return Operation(op.request, parse)
