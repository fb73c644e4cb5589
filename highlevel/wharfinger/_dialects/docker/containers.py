"""Containers of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._core.wait_options import PODMAN_STATES, wait_conditions
from wharfinger._core.when import seconds_text
from wharfinger._dialects.api import converted, told_apart, told_of
from wharfinger._dialects.docker.container_verbs import DockerContainerVerbs
from wharfinger._dialects.encoding import (
    body_content,
    encodable,
    filter_lists,
    path_stat,
    signal_word,
    whole_seconds,
)
from wharfinger.errors import UnexpectedReply
from wharfinger.types import FileStat, WaitResult
from wharfinger_api.docker.api.container import (
    container_archive,
    container_archive_info,
    container_attach,
    container_attach_websocket,
    container_create,
    container_delete,
    container_inspect,
    container_kill,
    container_list,
    container_logs,
    container_start,
    container_stop,
    container_wait,
    put_container_archive,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger_api.docker.models import ContainerWaitCondition, ContainerWaitResponse

_CREATE_BODY = {"": "ContainerCreateRequest", "HostConfig": "HostConfig"}
_CONDITIONS: dict[str, ContainerWaitCondition] = {
    "not-running": "not-running",
    "next-exit": "next-exit",
    "removed": "removed",
}


@attrs.frozen
class DockerContainers(DockerContainerVerbs):
    """See ContainerOperations."""

    @property
    def frames_every_log(self) -> bool:
        """Docker frames nothing that was written to a terminal."""
        return False

    @property
    def tells_health_early(self) -> bool:
        """Docker tells of a health check when its result is known."""
        return False

    def create(self, spec: ContainerSpec) -> Operation[str]:
        from wharfinger._core.container_docker import docker_query, to_docker

        major, minor = (int(part) for part in self.api.version.split(".")[:2])
        request = container_create.request_kwargs(
            body=to_docker(spec, (major, minor)), name=spec.name, platform=docker_query(spec).get("platform")
        )
        # A 404 here is the image's: there is no container yet.
        op = self.api.operation(container_create.OPERATION, request, kind="image", body=_CREATE_BODY)
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str) -> Operation[Attrs]:
        request = container_inspect.request_kwargs(id)
        op = self.api.operation(container_inspect.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def exists(self, id: str) -> Operation[bool]:
        request = container_inspect.request_kwargs(id)
        return told_of(self.api.operation(container_inspect.OPERATION, request, kind="container"))

    def list(
        self, *, all: bool, limit: int | None, size: bool, filters: Filters | None
    ) -> Operation[AttrsList]:
        request = container_list.request_kwargs(
            all_=all or None, limit=limit, size=size or None, filters=filter_lists(filters)
        )
        op = self.api.operation(container_list.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def start(self, id: str, detach_keys: str | None = None) -> Operation[bool]:
        request = container_start.request_kwargs(id, detach_keys=detach_keys)
        return told_apart(self.api.operation(container_start.OPERATION, request, kind="container"))

    def stop(self, id: str, timeout: int | None, signal: str | int | None = None) -> Operation[bool]:
        request = container_stop.request_kwargs(id, t=whole_seconds(timeout), signal=signal_word(signal))
        return told_apart(self.api.operation(container_stop.OPERATION, request, kind="container"))

    def kill(self, id: str, signal: str | int | None) -> Operation[None]:
        request = container_kill.request_kwargs(id, signal=signal_word(signal))
        return self.api.operation(container_kill.OPERATION, request, kind="container")

    def wait(
        self, id: str, condition: str | Sequence[str] | None, interval: float | str | timedelta | None
    ) -> Operation[WaitResult]:
        wanted = wait_conditions(condition)
        for one in wanted:
            if one in PODMAN_STATES:
                raise self.api.lacking(f"wait(condition={one!r})", "Podman")
            if one not in _CONDITIONS:
                raise ValueError(f"condition={one!r}: Docker waits for one of {', '.join(_CONDITIONS)}")
        if len(wanted) > 1:
            raise self.api.lacking(f"wait(condition={list(wanted)!r})", "Podman")
        if interval is not None:
            raise self.api.lacking(f"wait(interval={interval!r})", "Podman")
        request = container_wait.request_kwargs(id, condition=_CONDITIONS[wanted[0]] if wanted else None)
        return converted(
            self.api.operation(container_wait.OPERATION, request, kind="container"), _wait_result
        )

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
        for name, value in (("depend", depend), ("ignore", ignore), ("timeout", timeout is not None)):
            if value:
                raise self.api.lacking(f"remove({name}=…)", "Podman")
        request = container_delete.request_kwargs(
            id, v=volumes or None, force=force or None, link=link or None
        )
        return self.api.operation(container_delete.OPERATION, request, kind="container")

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
        request = container_logs.request_kwargs(
            id,
            stdout=stdout,
            stderr=stderr,
            follow=follow or None,
            timestamps=timestamps or None,
            tail=None if tail is None else str(tail),
            since=seconds_text(since),
            until=seconds_text(until),
        )
        return self.api.operation(container_logs.OPERATION, request, kind="container")

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
            return self._attach_websocket(id, (stdin, stdout, stderr), logs=logs, detach_keys=detach_keys)
        request = container_attach.request_kwargs(
            id,
            stream=True,
            stdin=stdin or None,
            stdout=stdout,
            stderr=stderr,
            logs=logs or None,
            detach_keys=detach_keys,
        )
        return self.api.operation(container_attach.OPERATION, request, kind="container")

    def _attach_websocket(
        self, id: str, wanted: tuple[bool, bool, bool], *, logs: bool, detach_keys: str | None
    ) -> Operation[bytes]:
        # Until then it takes all three streams, whatever it is asked for, and newer ones none unless asked.
        untold = all(wanted) and version_key(self.api.version) < (1, 42)
        stdin, stdout, stderr = (None, None, None) if untold else wanted
        request = container_attach_websocket.request_kwargs(
            id,
            stream=True,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            logs=logs or None,
            detach_keys=detach_keys,
        )
        return self.api.operation(container_attach_websocket.OPERATION, request, kind="container")

    def get_archive(self, id: str, path: str, *, encode: bool = False) -> Operation[bytes]:
        request = encodable(container_archive.request_kwargs(id, path=path), encode=encode)
        return self.api.operation(container_archive.OPERATION, request, kind="container")

    def archive_stat(self, id: str, path: str) -> Operation[FileStat]:
        request = container_archive_info.request_kwargs(id, path=path)
        op = self.api.operation(container_archive_info.OPERATION, request, kind="container")

        def parse(reply: Reply) -> FileStat:
            op.parse(reply)
            return path_stat(reply)

        return Operation(op.request, parse)

    @property
    def makes_folders(self) -> bool:
        return False

    @property
    def follows_links(self) -> bool:
        return False

    def put_archive(
        self, id: str, path: str, content: Content, *, keep_kinds: bool = False
    ) -> Operation[None]:
        request = put_container_archive.request_kwargs(
            id,
            path=path,
            body=body_content(content),
            no_overwrite_dir_non_dir="1" if keep_kinds else None,
        )
        return self.api.operation(put_container_archive.OPERATION, request, kind="container")


def _wait_result(reply: ContainerWaitResponse) -> WaitResult:
    raw = reply.to_dict()
    if "StatusCode" not in raw:
        raise UnexpectedReply(f"a container's end was told without an exit code: {raw}")
    fault = reply.error.message if reply.error else None
    return WaitResult(int(raw["StatusCode"]), fault or None)
