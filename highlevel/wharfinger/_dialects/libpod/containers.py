"""Containers of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs

from wharfinger._core.container_libpod import to_libpod
from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import converted, told_apart
from wharfinger._dialects.encoding import body_content, filter_lists, path_stat
from wharfinger._dialects.libpod.container_verbs import LibpodContainerVerbs
from wharfinger.types import FileStat, WaitResult
from wharfinger_api.libpod.api.containers import (
    container_archive_info_libpod,
    container_archive_libpod,
    container_attach_libpod,
    container_create_libpod,
    container_delete_libpod,
    container_inspect_libpod,
    container_kill_libpod,
    container_list_libpod,
    container_logs_libpod,
    container_start_libpod,
    container_stop_libpod,
    container_wait_libpod,
    put_container_archive_libpod,
)
from wharfinger_api.libpod.api.exec_ import container_exec_libpod, exec_inspect_libpod, exec_start_libpod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.exec_spec import ExecSpec
    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger_api.libpod.models.container_wait_libpod_condition_item import (
        ContainerWaitLibpodConditionItem,
    )

_CREATE_BODY = {"": "SpecGenerator"}
_NOT_RUNNING = ("created", "exited", "initialized", "stopped")
_STATES = ("configured", "created", "exited", "healthy", "initialized", "paused", "removing", "running")
_MORE_STATES = ("stopped", "stopping", "unhealthy", "unknown")


@attrs.frozen
class LibpodContainers(LibpodContainerVerbs):
    """See ContainerOperations."""

    @property
    def frames_every_log(self) -> bool:
        """Podman's native API frames what was written to a terminal, too."""
        return True

    def create(self, spec: ContainerSpec) -> Operation[str]:
        request = container_create_libpod.request_kwargs(body=to_libpod(spec, version_key(self.api.version)))
        # A 404 here is the image's: there is no container yet.
        op = self.api.operation(container_create_libpod.OPERATION, request, kind="image", body=_CREATE_BODY)
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str) -> Operation[Attrs]:
        request = container_inspect_libpod.request_kwargs(id)
        op = self.api.operation(container_inspect_libpod.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def list(
        self, *, all: bool, limit: int | None, size: bool, filters: Filters | None
    ) -> Operation[AttrsList]:
        request = container_list_libpod.request_kwargs(
            all_=all or None, limit=limit, size=size or None, filters=filter_lists(filters)
        )
        op = self.api.operation(container_list_libpod.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def start(self, id: str) -> Operation[bool]:
        request = container_start_libpod.request_kwargs(id)
        return told_apart(self.api.operation(container_start_libpod.OPERATION, request, kind="container"))

    def stop(self, id: str, timeout: int | None) -> Operation[bool]:
        request = container_stop_libpod.request_kwargs(id, timeout=timeout)
        return told_apart(self.api.operation(container_stop_libpod.OPERATION, request, kind="container"))

    def kill(self, id: str, signal: str | int | None) -> Operation[None]:
        request = container_kill_libpod.request_kwargs(id, signal=None if signal is None else str(signal))
        return self.api.operation(container_kill_libpod.OPERATION, request, kind="container")

    def wait(self, id: str, condition: str | None) -> Operation[WaitResult]:
        request = container_wait_libpod.request_kwargs(id, condition=self._states(condition))
        op = self.api.operation(container_wait_libpod.OPERATION, request, kind="container")
        return converted(op, WaitResult)

    def _states(self, condition: str | None) -> Sequence[ContainerWaitLibpodConditionItem]:
        if condition in ("next-exit", "removed"):
            # Of a container that is gone, Podman has forgotten the exit code.
            raise self.api.lacking(f"wait(condition={condition!r})", "Docker")
        known = ("not-running", *_STATES, *_MORE_STATES)
        if condition is not None and condition not in known:
            raise ValueError(f"condition={condition!r}: Podman waits for one of {', '.join(known)}")
        states = _NOT_RUNNING if condition in (None, "not-running") else (condition,)
        return cast("Sequence[ContainerWaitLibpodConditionItem]", states)

    def remove(self, id: str, *, force: bool, volumes: bool, link: bool) -> Operation[None]:
        if link:
            raise self.api.lacking("remove(link=True)", "Docker")
        # Force means at once, as on Docker; by itself Podman would first wait for the stop timeout.
        request = container_delete_libpod.request_kwargs(
            id, volumes=volumes or None, force=force or None, timeout=0 if force else None
        )
        op = self.api.operation(container_delete_libpod.OPERATION, request, kind="container")
        return converted(op, _nothing)

    def logs(
        self,
        id: str,
        *,
        stdout: bool,
        stderr: bool,
        follow: bool,
        timestamps: bool,
        tail: int | None,
        since: float | None,
        until: float | None,
    ) -> Operation[bytes]:
        request = container_logs_libpod.request_kwargs(
            id,
            stdout=stdout,
            stderr=stderr,
            follow=follow or None,
            timestamps=timestamps or None,
            tail=None if tail is None else str(tail),
            since=None if since is None else str(since),
            until=None if until is None else str(until),
        )
        return self.api.operation(container_logs_libpod.OPERATION, request, kind="container")

    def attach(self, id: str, *, stdin: bool, stdout: bool, stderr: bool, logs: bool) -> Operation[bytes]:
        request = container_attach_libpod.request_kwargs(
            id, stream=True, stdin=stdin, stdout=stdout, stderr=stderr, logs=logs or None
        )
        return self.api.operation(container_attach_libpod.OPERATION, request, kind="container")

    def exec_create(self, id: str, spec: ExecSpec) -> Operation[str]:
        request = container_exec_libpod.request_kwargs(id, body=spec.body())
        op = self.api.operation(container_exec_libpod.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def exec_start(self, id: str, *, detach: bool, tty: bool) -> Operation[bytes]:
        request = exec_start_libpod.request_kwargs(id, body={"Detach": detach, "Tty": tty})
        return self.api.operation(exec_start_libpod.OPERATION, request)

    def exec_inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(exec_inspect_libpod.OPERATION, exec_inspect_libpod.request_kwargs(id))
        return converted(op, lambda found: found.to_dict())

    def get_archive(self, id: str, path: str) -> Operation[bytes]:
        request = container_archive_libpod.request_kwargs(id, path=path)
        return self.api.operation(container_archive_libpod.OPERATION, request, kind="container")

    def archive_stat(self, id: str, path: str) -> Operation[FileStat]:
        request = container_archive_info_libpod.request_kwargs(id, path=path)
        op = self.api.operation(container_archive_info_libpod.OPERATION, request, kind="container")

        def parse(reply: Reply) -> FileStat:
            op.parse(reply)
            return path_stat(reply)

        return Operation(op.request, parse)

    def put_archive(self, id: str, path: str, content: Content) -> Operation[None]:
        request = put_container_archive_libpod.request_kwargs(id, path=path, body=body_content(content))
        return self.api.operation(put_container_archive_libpod.OPERATION, request, kind="container")


def _nothing(_value: object) -> None:
    """What a removal's report comes to: its errors came as statuses."""
