"""Containers of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._core.wait_options import (
    HEALTH_SINCE,
    HEALTH_STATES,
    NOT_RUNNING,
    PODMAN_STATES,
    wait_conditions,
    wait_interval,
)
from wharfinger._core.when import date_text
from wharfinger._dialects.api import converted, told_apart, told_of
from wharfinger._dialects.encoding import (
    PATH_STAT,
    body_content,
    encodable,
    filter_lists,
    path_stat,
    signal_word,
    undescribed,
    whole_seconds,
)
from wharfinger._dialects.libpod.container_verbs import LibpodContainerVerbs
from wharfinger.types import FileStat, WaitResult
from wharfinger_api.libpod.api.containers import (
    container_archive_info_libpod,
    container_archive_libpod,
    container_attach_libpod,
    container_create_libpod,
    container_delete_libpod,
    container_exists_libpod,
    container_inspect_libpod,
    container_kill_libpod,
    container_list_libpod,
    container_logs_libpod,
    container_start_libpod,
    container_stop_libpod,
    container_wait_libpod,
    put_container_archive_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger_api.libpod.models import LibpodContainersRmReport
    from wharfinger_api.libpod.models.container_wait_libpod_condition_item import (
        ContainerWaitLibpodConditionItem,
    )

_CREATE_BODY = {"": "SpecGenerator"}


@attrs.frozen
class LibpodContainers(LibpodContainerVerbs):
    """See ContainerOperations."""

    @property
    def frames_every_log(self) -> bool:
        """Podman's native API frames what was written to a terminal, too."""
        return True

    @property
    def tells_health_early(self) -> bool:
        """Podman 4.3 tells of a health check when it begins, and nothing when its result is known."""
        return True

    def create(self, spec: ContainerSpec) -> Operation[str]:
        from wharfinger._core.container_libpod import to_libpod

        request = container_create_libpod.request_kwargs(body=to_libpod(spec, version_key(self.api.version)))
        # A 404 here is the image's: there is no container yet.
        op = self.api.operation(container_create_libpod.OPERATION, request, kind="image", body=_CREATE_BODY)
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str) -> Operation[Attrs]:
        request = container_inspect_libpod.request_kwargs(id)
        op = self.api.operation(container_inspect_libpod.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def exists(self, id: str) -> Operation[bool]:
        request = container_exists_libpod.request_kwargs(id)
        return told_of(self.api.operation(container_exists_libpod.OPERATION, request, kind="container"))

    def list(
        self, *, all: bool, limit: int | None, size: bool, filters: Filters | None
    ) -> Operation[AttrsList]:
        request = container_list_libpod.request_kwargs(
            all_=all or None, limit=limit, size=size or None, filters=filter_lists(filters)
        )
        op = self.api.operation(container_list_libpod.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def start(self, id: str, detach_keys: str | None = None) -> Operation[bool]:
        request = container_start_libpod.request_kwargs(id, detach_keys=detach_keys)
        return told_apart(self.api.operation(container_start_libpod.OPERATION, request, kind="container"))

    def stop(self, id: str, timeout: int | None, signal: str | int | None = None) -> Operation[bool]:
        if signal is not None:
            raise self.api.lacking("stop(signal=…)", "Docker API 1.42 or newer")
        request = container_stop_libpod.request_kwargs(id, timeout=whole_seconds(timeout))
        return told_apart(self.api.operation(container_stop_libpod.OPERATION, request, kind="container"))

    def kill(self, id: str, signal: str | int | None) -> Operation[None]:
        request = container_kill_libpod.request_kwargs(id, signal=signal_word(signal))
        return self.api.operation(container_kill_libpod.OPERATION, request, kind="container")

    def wait(
        self, id: str, condition: str | Sequence[str] | None, interval: float | str | timedelta | None
    ) -> Operation[WaitResult]:
        wanted = wait_conditions(condition) or ("not-running",)
        states = [state for one in wanted for state in self._states(one)]
        request = container_wait_libpod.request_kwargs(
            id,
            condition=cast("Sequence[ContainerWaitLibpodConditionItem]", list(dict.fromkeys(states))),
            interval=wait_interval(interval),
        )
        op = self.api.operation(container_wait_libpod.OPERATION, request, kind="container")
        return converted(op, WaitResult)

    def _states(self, condition: str) -> Sequence[str]:
        if condition in ("next-exit", "removed"):
            # Of a container that is gone, Podman has forgotten the exit code.
            raise self.api.lacking(f"wait(condition={condition!r})", "Docker")
        if condition == "not-running":
            return NOT_RUNNING
        if condition not in PODMAN_STATES:
            known = ", ".join(("not-running", *sorted(PODMAN_STATES)))
            raise ValueError(f"condition={condition!r}: Podman waits for one of {known}")
        if condition in HEALTH_STATES and version_key(self.api.version) < version_key(HEALTH_SINCE):
            raise self.api.lacking(f"wait(condition={condition!r})", f"Podman API {HEALTH_SINCE} or newer")
        return (condition,)

    def remove(
        self,
        id: str,
        *,
        force: bool,
        volumes: bool,
        link: bool,
        depend: bool = False,
        ignore: bool = False,
        timeout: int | None = None,
    ) -> Operation[None]:
        if link:
            raise self.api.lacking("remove(link=True)", "Docker")
        # Force means at once, as on Docker; by itself Podman would first wait for the stop timeout.
        request = container_delete_libpod.request_kwargs(
            id,
            volumes=volumes or None,
            force=force or None,
            depend=depend or None,
            ignore=ignore or None,
            timeout=0 if force and timeout is None else whole_seconds(timeout),
        )
        op = self.api.operation(container_delete_libpod.OPERATION, request, kind="container")
        return converted(op, _removed)

    def logs(
        self,
        id: str,
        *,
        stdout: bool,
        stderr: bool,
        follow: bool,
        timestamps: bool,
        tail: int | None,
        since: int | None,
        until: int | None,
    ) -> Operation[bytes]:
        request = container_logs_libpod.request_kwargs(
            id,
            stdout=stdout,
            stderr=stderr,
            follow=follow or None,
            timestamps=timestamps or None,
            tail=None if tail is None else str(tail),
            since=date_text(since),
            until=date_text(until),
        )
        return self.api.operation(container_logs_libpod.OPERATION, request, kind="container")

    def attach(
        self,
        id: str,
        *,
        stdin: bool,
        stdout: bool,
        stderr: bool,
        logs: bool,
        detach_keys: str | None = None,
        websocket: bool = False,
    ) -> Operation[bytes]:
        if websocket:
            raise self.api.lacking("attach by websocket", "Docker")
        if logs and stdin:
            # It would tell them with wrong lengths, so that nothing after them could be read.
            raise self.api.lacking("attach(stdin=True, logs=True)", "Docker")
        # Without any keys it would take its own ones out of bytes that are meant for no terminal.
        request = container_attach_libpod.request_kwargs(
            id,
            stream=True,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            logs=logs or None,
            detach_keys=detach_keys or "",
        )
        return self.api.operation(container_attach_libpod.OPERATION, request, kind="container")

    def get_archive(self, id: str, path: str, *, encode: bool = False) -> Operation[bytes]:
        request = encodable(container_archive_libpod.request_kwargs(id, path=path), encode=encode)
        return self.api.operation(container_archive_libpod.OPERATION, request, kind="container")

    def archive_stat(self, id: str, path: str) -> Operation[FileStat]:
        request = container_archive_info_libpod.request_kwargs(id, path=path)
        op = self.api.operation(container_archive_info_libpod.OPERATION, request, kind="container")

        def parse(reply: Reply) -> FileStat:
            # Of a link that leads nowhere Podman tells what it is, and that its end is not found.
            if reply.status_code != 404 or PATH_STAT not in reply.headers:
                op.parse(reply)
            return path_stat(reply)

        return Operation(op.request, parse)

    @property
    def makes_folders(self) -> bool:
        return True

    @property
    def follows_links(self) -> bool:
        return True

    def put_archive(
        self, id: str, path: str, content: Content, *, keep_kinds: bool = False
    ) -> Operation[None]:
        request = put_container_archive_libpod.request_kwargs(id, path=path, body=body_content(content))
        op = self.api.operation(put_container_archive_libpod.OPERATION, request, kind="container")
        # Unless told otherwise it gives everything to the container's user.
        kinds = {"noOverwriteDirNonDir": "true" if keep_kinds else None}
        return undescribed(op, {"copyUIDGID": "false", **kinds}, {})


def _removed(found: Sequence[LibpodContainersRmReport] | None) -> None:
    """Of the container itself an error came as a status; those of others that depend on it are told inside."""
    for report in found or ():
        if report.err:
            raise api_error(500, f"container {report.id} was not removed: {report.err}")
