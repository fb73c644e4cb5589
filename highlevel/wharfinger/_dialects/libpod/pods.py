"""Pods of Podman."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._core.pod_options import libpod_pod
from wharfinger._dialects.api import EngineAPI, converted, is_there, told_apart
from wharfinger._dialects.encoding import filter_lists, signal_word, undescribed, whole_seconds
from wharfinger._dialects.libpod.container_verbs import answered
from wharfinger.types import PodStats
from wharfinger_api.libpod.api.pods import (
    pod_create_libpod,
    pod_delete_libpod,
    pod_exists_libpod,
    pod_inspect_libpod,
    pod_kill_libpod,
    pod_list_libpod,
    pod_pause_libpod,
    pod_prune_libpod,
    pod_restart_libpod,
    pod_start_libpod,
    pod_stats_all_libpod,
    pod_stop_libpod,
    pod_top_libpod,
    pod_unpause_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Reply
    from wharfinger._core.pod_options import PodSpec
    from wharfinger._core.reports import PodsPruneReport
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger._dialects.pod_dialect import Readings

T = TypeVar("T")


@attrs.frozen
class LibpodPods:
    """See PodOperations."""

    api: EngineAPI

    def create(self, spec: PodSpec) -> Operation[str]:
        body = libpod_pod(spec, version_key(self.api.version))
        request = pod_create_libpod.request_kwargs(body=body)
        op = self.api.operation(pod_create_libpod.OPERATION, request, body={"": "PodSpecGenerator"})
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str) -> Operation[Attrs]:
        request = pod_inspect_libpod.request_kwargs(id)
        op = self.api.operation(pod_inspect_libpod.OPERATION, request, kind="pod")
        return converted(op, lambda found: found.to_dict())

    def exists(self, id: str) -> Operation[bool]:
        request = pod_exists_libpod.request_kwargs(id)
        return is_there(self.api.operation(pod_exists_libpod.OPERATION, request, kind="pod"))

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = pod_list_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(pod_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def start(self, id: str) -> Operation[bool]:
        request = pod_start_libpod.request_kwargs(id)
        op = self.api.operation(pod_start_libpod.OPERATION, request, kind="pod")
        return told_apart(_of_each(op, "started"))

    def stop(self, id: str, timeout: int | None) -> Operation[bool]:
        request = pod_stop_libpod.request_kwargs(id, t=whole_seconds(timeout))
        op = self.api.operation(pod_stop_libpod.OPERATION, request, kind="pod")
        return told_apart(_of_each(op, "stopped"))

    def restart(self, id: str) -> Operation[None]:
        request = pod_restart_libpod.request_kwargs(id)
        op = self.api.operation(pod_restart_libpod.OPERATION, request, kind="pod")
        return converted(_of_each(op, "restarted"), _nothing)

    def kill(self, id: str, signal: str | int | None) -> Operation[None]:
        request = pod_kill_libpod.request_kwargs(id, signal=signal_word(signal))
        op = self.api.operation(pod_kill_libpod.OPERATION, request, kind="pod")
        return converted(_of_each(op, "killed"), _nothing)

    def pause(self, id: str) -> Operation[None]:
        request = pod_pause_libpod.request_kwargs(id)
        op = self.api.operation(pod_pause_libpod.OPERATION, request, kind="pod")
        return converted(_of_each(op, "paused"), _nothing)

    def unpause(self, id: str) -> Operation[None]:
        request = pod_unpause_libpod.request_kwargs(id)
        op = self.api.operation(pod_unpause_libpod.OPERATION, request, kind="pod")
        return converted(_of_each(op, "unpaused"), _nothing)

    def top(
        self, id: str, ps_args: Sequence[str], *, stream: bool = False, delay: int | None = None
    ) -> Operation[Attrs]:
        # One text, which the service takes apart at the commas.
        request = pod_top_libpod.request_kwargs(
            id, stream=stream, delay=delay, ps_args=",".join(ps_args) or None
        )
        op = self.api.operation(pod_top_libpod.OPERATION, request, kind="pod")
        reason = "the pod is not running" + (f", or its ps refuses {[*ps_args]}" if ps_args else "")
        return converted(answered(op, reason), lambda found: found.to_dict())

    def stats(self, ids: Sequence[str], *, all: bool, stream: bool) -> Operation[Readings]:
        request = pod_stats_all_libpod.request_kwargs(all_=all or None, names_or_ids=ids or None)
        op = self.api.operation(pod_stats_all_libpod.OPERATION, request, kind="pod")
        # The handler reads `stream`, of which the description says nothing.
        op = undescribed(op, {"stream": True if stream else None}, {})

        def parse(reply: Reply) -> Readings:
            first = self.sent_first(reply.headers)
            return [PodStats(one.to_dict(), sent_first=first) for one in op.parse(reply)]

        return Operation(op.request, parse)

    def sent_first(self, headers: Mapping[str, str]) -> bool:
        # The engine's own version counts, whichever is spoken. From 4.4 on it tells what was received first.
        told = headers.get("Libpod-Api-Version") or self.api.version
        return version_key(told) < (4, 4)

    def remove(self, id: str, *, force: bool, timeout: int | None) -> Operation[None]:
        if timeout is not None and not force:
            raise ValueError(f"timeout={timeout} is given without force=True, which ends what runs")
        request = pod_delete_libpod.request_kwargs(id, force=force or None)
        op = self.api.operation(pod_delete_libpod.OPERATION, request, kind="pod")
        # The handler reads `timeout`, of which the description says nothing.
        op = undescribed(op, {"timeout": whole_seconds(timeout)}, {})
        return converted(op, lambda report: _removed(report.to_dict(), op))

    def prune(self, filters: Filters | None) -> Operation[PodsPruneReport]:
        if filters:
            raise self.api.lacking("pods.prune(filters=…)", "list() with filters and remove()")
        # One pod is described, and a list is sent.
        op = self.api.operation(pod_prune_libpod.OPERATION, pod_prune_libpod.request_kwargs())
        return Operation(op.request, lambda reply: _pruned(op, reply))


def _nothing(_report: object) -> None:
    return None


def _of_each(op: Operation[T], done: str) -> Operation[T]:
    """The same Operation, with what went wrong with some of its containers in the error."""

    def parse(reply: Reply) -> T:
        if reply.status_code in (200, 409):
            faults = _faults(reply.content)
            if faults:
                message = f"not all containers of the pod were {done}: {'; '.join(faults)}"
                raise api_error(409, message, op.request["method"], op.request["url"])
        return op.parse(reply)

    return Operation(op.request, parse)


def _faults(content: bytes) -> list[str]:
    try:
        report: object = json.loads(content)
    except ValueError:
        return []
    found: list[object] = cast("dict[str, Any]", report).get("Errs") or [] if isinstance(report, dict) else []
    return [str(one) for one in found]


def _removed(report: dict[str, Any], op: Operation[Any]) -> None:
    containers: Mapping[str, object] = report.get("RemovedCtrs") or {}
    faults = [f"container {id}: {fault}" for id, fault in containers.items() if fault]
    faults += [str(report["Err"])] if report.get("Err") else []
    if faults:
        message = f"pod {report.get('Id')} was not wholly removed: {'; '.join(faults)}"
        raise api_error(500, message, op.request["method"], op.request["url"])


def _pruned(op: Operation[Any], reply: Reply) -> PodsPruneReport:
    nothing = reply.status_code == 200 and reply.content.strip() == b"null"
    reports: list[dict[str, Any]] = [] if nothing else op.parse(reply)
    faults = [f"{report.get('Id')}: {report['Err']}" for report in reports if report.get("Err")]
    if faults:
        raise api_error(500, f"pods were not removed: {'; '.join(faults)}", "POST", "/libpod/pods/prune")
    return {"PodsDeleted": [str(report.get("Id")) for report in reports]}
