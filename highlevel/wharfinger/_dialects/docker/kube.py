"""What Docker's API lacks: Kubernetes' YAML, systemd's units, and health checks on demand."""
# ruff: noqa: ARG002 - Podman uses these arguments

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.api import EngineAPI
    from wharfinger.errors import NotFoundKind
    from wharfinger.types import KubeReport


@attrs.frozen
class DockerKube:
    """See KubeOperations."""

    api: EngineAPI

    def play(
        self, content: Content, options: Mapping[str, Any], auth: Credentials | None
    ) -> Operation[KubeReport]:
        raise self.api.lacking("kube.play()", "Podman")

    def down(self, content: bytes, *, force: bool) -> Operation[KubeReport]:
        raise self.api.lacking("kube.down()", "Podman")

    def apply(
        self,
        content: bytes,
        *,
        kubeconfig: str,
        ca_cert_file: str | None,
        namespace: str | None,
    ) -> Operation[None]:
        raise self.api.lacking("kube.apply()", "Podman")

    def generate(
        self, names: Sequence[str], options: Mapping[str, Any], kind: NotFoundKind | None
    ) -> Operation[str]:
        raise self.api.lacking("generate_kube()", "Podman")

    def systemd(self, name: str, options: Mapping[str, Any], kind: NotFoundKind) -> Operation[dict[str, str]]:
        raise self.api.lacking("generate_systemd()", "Podman")

    def healthcheck(self, id: str) -> Operation[str]:
        raise self.api.lacking("run_healthcheck()", "Podman")
