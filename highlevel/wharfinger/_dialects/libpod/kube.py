"""Kubernetes' YAML and systemd's units of Podman's containers and pods, and their health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.container_facts import section
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import body_content, undescribed
from wharfinger.types import KubePod, KubeReport
from wharfinger_api.libpod.api.containers import (
    container_healthcheck_libpod,
    generate_kube_libpod,
    generate_systemd_libpod,
    kube_apply_libpod,
    play_kube_down_libpod,
    play_kube_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.operation import Content, Operation
    from wharfinger.errors import NotFoundKind

_PLAYED = "/libpod/play/kube"


@attrs.frozen
class LibpodKube:
    """See KubeOperations."""

    api: EngineAPI

    def play(
        self, content: Content, options: Mapping[str, Any], auth: Credentials | None
    ) -> Operation[KubeReport]:
        request = play_kube_libpod.request_kwargs(
            body=body_content(content), x_registry_auth=auth.auth.header() if auth else None, **options
        )
        op = self.api.operation(play_kube_libpod.OPERATION, request)
        # Podman 5.8 takes it and answers at once all the same: who asked waits, and takes down.
        asked = {key: value for key, value in op.request.get("params", {}).items() if key != "wait"}
        op = attrs.evolve(op, request={**op.request, "params": asked})
        played = converted(op, lambda report: _played(report.to_dict()))
        return undescribed(
            played, {}, {"Content-Type": "application/x-tar" if options.get("build") else None}
        )

    def down(self, content: bytes, *, force: bool) -> Operation[KubeReport]:
        request = play_kube_down_libpod.request_kwargs(body=content, force=force or None)
        op = self.api.operation(play_kube_down_libpod.OPERATION, request, kind="pod")
        return converted(op, lambda report: _taken_down(report.to_dict()))

    def apply(
        self,
        content: bytes,
        *,
        kubeconfig: str,
        ca_cert_file: str | None,
        namespace: str | None,
    ) -> Operation[None]:
        request = kube_apply_libpod.request_kwargs(
            body=content, kube_config=kubeconfig, ca_cert_file=ca_cert_file, namespace=namespace
        )
        return converted(self.api.operation(kube_apply_libpod.OPERATION, request), lambda _told: None)

    def generate(
        self, names: Sequence[str], options: Mapping[str, Any], kind: NotFoundKind | None
    ) -> Operation[str]:
        request = generate_kube_libpod.request_kwargs(names=list(names), **options)
        op = self.api.operation(generate_kube_libpod.OPERATION, request, kind=kind)
        return converted(op, lambda text: text.decode())

    def systemd(self, name: str, options: Mapping[str, Any], kind: NotFoundKind) -> Operation[dict[str, str]]:
        request = generate_systemd_libpod.request_kwargs(name, **options)
        return self.api.operation(generate_systemd_libpod.OPERATION, request, kind=kind)

    def healthcheck(self, id: str) -> Operation[str]:
        request = container_healthcheck_libpod.request_kwargs(id)
        op = self.api.operation(container_healthcheck_libpod.OPERATION, request, kind="container")
        # The reply has places for the rest of what inspect tells, and leaves them empty.
        return converted(op, lambda found: str(found.status))


def _played(report: dict[str, Any]) -> KubeReport:
    pods = _entries(report, "Pods")
    faults = [str(fault) for pod in pods for fault in pod.get("ContainerErrors") or ()]
    if faults:
        ids = ", ".join(str(pod.get("ID")) for pod in pods)
        message = f"not all containers were started, of the pods that were made ({ids}): {'; '.join(faults)}"
        raise api_error(409, message, "POST", _PLAYED)
    return _report(report)


def _taken_down(report: dict[str, Any]) -> KubeReport:
    kinds = ("StopReport", "RmReport", "VolumeRmReport", "SecretRmReport")
    faults = [fault for kind in kinds for one in _entries(report, kind) for fault in _faults(one)]
    if faults:
        raise api_error(500, f"not everything was taken down: {'; '.join(faults)}", "DELETE", _PLAYED)
    return _report(report)


def _faults(entry: Mapping[str, Any]) -> list[str]:
    errors: list[object] = entry.get("Errs") or []
    containers: dict[str, object] = entry.get("RemovedCtrs") or {}
    which = entry.get("Id") or entry.get("ID")
    return [f"{which}: {fault}" for fault in (*errors, entry.get("Err"), *containers.values()) if fault]


def _entries(report: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report.get(kind) or []
    return found


def _report(report: dict[str, Any]) -> KubeReport:
    return KubeReport(
        pods=tuple(_pod(one) for one in _entries(report, "Pods")),
        volumes=_each(report, "Volumes", "Name"),
        secrets=tuple(str(section(one, "CreateReport").get("ID")) for one in _entries(report, "Secrets")),
        stopped=_each(report, "StopReport", "Id"),
        removed=_each(report, "RmReport", "Id"),
        removed_volumes=_each(report, "VolumeRmReport", "Id"),
        removed_secrets=_each(report, "SecretRmReport", "ID"),
        service_container=report.get("ServiceContainerID") or None,
        attrs=report,
    )


def _each(report: Mapping[str, Any], kind: str, key: str) -> tuple[str, ...]:
    return tuple(str(one.get(key)) for one in _entries(report, kind))


def _pod(told: Mapping[str, Any]) -> KubePod:
    return KubePod(
        id=str(told.get("ID")),
        containers=tuple(told.get("Containers") or ()),
        init_containers=tuple(told.get("InitContainers") or ()),
        logs=tuple(told.get("Logs") or ()),
    )
