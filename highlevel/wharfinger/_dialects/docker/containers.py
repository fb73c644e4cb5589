"""Containers of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.container_docker import docker_query, to_docker
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import converted, told_apart
from wharfinger._dialects.docker.container_verbs import DockerContainerVerbs
from wharfinger._dialects.encoding import body_content, filter_lists, path_stat
from wharfinger.errors import UnexpectedReply
from wharfinger.types import FileStat, WaitResult
from wharfinger_api.docker.api.container import (
    container_archive,
    container_archive_info,
    container_attach,
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
from wharfinger_api.docker.api.exec_ import container_exec, exec_inspect, exec_start

if TYPE_CHECKING:
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.exec_spec import ExecSpec
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

    def create(self, spec: ContainerSpec) -> Operation[str]:
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

    def list(
        self, *, all: bool, limit: int | None, size: bool, filters: Filters | None
    ) -> Operation[AttrsList]:
        request = container_list.request_kwargs(
            all_=all or None, limit=limit, size=size or None, filters=filter_lists(filters)
        )
        op = self.api.operation(container_list.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def start(self, id: str) -> Operation[bool]:
        request = container_start.request_kwargs(id)
        return told_apart(self.api.operation(container_start.OPERATION, request, kind="container"))

    def stop(self, id: str, timeout: int | None) -> Operation[bool]:
        request = container_stop.request_kwargs(id, t=timeout)
        return told_apart(self.api.operation(container_stop.OPERATION, request, kind="container"))

    def kill(self, id: str, signal: str | int | None) -> Operation[None]:
        request = container_kill.request_kwargs(id, signal=None if signal is None else str(signal))
        return self.api.operation(container_kill.OPERATION, request, kind="container")

    def wait(self, id: str, condition: str | None) -> Operation[WaitResult]:
        if condition is not None and condition not in _CONDITIONS:
            raise ValueError(f"condition={condition!r}: Docker waits for one of {', '.join(_CONDITIONS)}")
        request = container_wait.request_kwargs(id, condition=_CONDITIONS[condition] if condition else None)
        return converted(
            self.api.operation(container_wait.OPERATION, request, kind="container"), _wait_result
        )

    def remove(self, id: str, *, force: bool, volumes: bool, link: bool) -> Operation[None]:
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
        since: float | None,
        until: float | None,
    ) -> Operation[bytes]:
        request = container_logs.request_kwargs(
            id,
            stdout=stdout,
            stderr=stderr,
            follow=follow or None,
            timestamps=timestamps or None,
            tail=None if tail is None else str(tail),
            since=None if since is None else int(since),
            until=None if until is None else int(until),
        )
        return self.api.operation(container_logs.OPERATION, request, kind="container")

    def attach(self, id: str, *, stdin: bool, stdout: bool, stderr: bool, logs: bool) -> Operation[bytes]:
        request = container_attach.request_kwargs(
            id, stream=True, stdin=stdin or None, stdout=stdout, stderr=stderr, logs=logs or None
        )
        return self.api.operation(container_attach.OPERATION, request, kind="container")

    def exec_create(self, id: str, spec: ExecSpec) -> Operation[str]:
        request = container_exec.request_kwargs(id, body=spec.body())
        op = self.api.operation(container_exec.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def exec_start(self, id: str, *, detach: bool, tty: bool) -> Operation[bytes]:
        request = exec_start.request_kwargs(id, body={"Detach": detach, "Tty": tty})
        return self.api.operation(exec_start.OPERATION, request)

    def exec_inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(exec_inspect.OPERATION, exec_inspect.request_kwargs(id))
        return converted(op, lambda found: found.to_dict())

    def get_archive(self, id: str, path: str) -> Operation[bytes]:
        request = container_archive.request_kwargs(id, path=path)
        return self.api.operation(container_archive.OPERATION, request, kind="container")

    def archive_stat(self, id: str, path: str) -> Operation[FileStat]:
        request = container_archive_info.request_kwargs(id, path=path)
        op = self.api.operation(container_archive_info.OPERATION, request, kind="container")

        def parse(reply: Reply) -> FileStat:
            op.parse(reply)
            return path_stat(reply)

        return Operation(op.request, parse)

    def put_archive(self, id: str, path: str, content: Content) -> Operation[None]:
        request = put_container_archive.request_kwargs(id, path=path, body=body_content(content))
        return self.api.operation(put_container_archive.OPERATION, request, kind="container")


def _wait_result(reply: ContainerWaitResponse) -> WaitResult:
    raw = reply.to_dict()
    if "StatusCode" not in raw:
        raise UnexpectedReply(f"a container's end was told without an exit code: {raw}")
    fault = reply.error.message if reply.error else None
    return WaitResult(int(raw["StatusCode"]), fault or None)
