"""Artifacts of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import auth_header, body_content
from wharfinger_api.libpod.api.artifacts import (
    artifact_add_libpod,
    artifact_delete_all_libpod,
    artifact_delete_libpod,
    artifact_extract_libpod,
    artifact_inspect_libpod,
    artifact_list_libpod,
    artifact_pull_libpod,
    artifact_push_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.artifact_options import ArtifactSpec, TransferOptions
    from wharfinger._core.credentials import Credentials
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Names


@attrs.frozen
class LibpodArtifacts:
    """See ArtifactOperations."""

    api: EngineAPI

    def add(self, content: Content, spec: ArtifactSpec) -> Operation[str]:
        request = artifact_add_libpod.request_kwargs(
            name=spec.name,
            file_name=spec.file_name,
            body=body_content(content),
            file_mime_type=spec.file_type,
            annotations=[f"{name}={value}" for name, value in spec.annotations.items()] or None,
            artifact_mime_type=spec.type,
            append=spec.append or None,
            replace=spec.replace or None,
        )
        op = self.api.operation(artifact_add_libpod.OPERATION, request)
        return converted(op, lambda report: str(report.artifact_digest))

    def inspect(self, name: str) -> Operation[Attrs]:
        # A digest is known by its digits alone.
        request = artifact_inspect_libpod.request_kwargs(name.removeprefix("sha256:"))
        op = self.api.operation(artifact_inspect_libpod.OPERATION, request)
        return converted(op, lambda found: found.to_dict())

    def list(self) -> Operation[AttrsList]:
        op = self.api.operation(artifact_list_libpod.OPERATION, artifact_list_libpod.request_kwargs())
        return converted(op, lambda found: [one.to_dict() for one in found])

    def extract(
        self, name: str, *, title: str | None, digest: str | None, exclude_title: bool
    ) -> Operation[Any]:
        request = artifact_extract_libpod.request_kwargs(
            name, title=title, digest=digest, exclude_title=exclude_title or None
        )
        return self.api.operation(artifact_extract_libpod.OPERATION, request)

    def pull(self, name: str, options: TransferOptions, auth: Credentials | None) -> Operation[str]:
        request = artifact_pull_libpod.request_kwargs(
            name=name,
            retry=options.retry,
            retry_delay=options.retry_delay,
            tls_verify=options.tls_verify,
            x_registry_auth=auth_header(auth),
        )
        op = self.api.operation(artifact_pull_libpod.OPERATION, request)
        return converted(op, lambda report: str(report.artifact_digest))

    def push(self, name: str, options: TransferOptions, auth: Credentials | None) -> Operation[str]:
        request = artifact_push_libpod.request_kwargs(
            name,
            retry=options.retry,
            retry_delay=options.retry_delay,
            tls_verify=options.tls_verify,
            x_registry_auth=auth_header(auth),
        )
        op = self.api.operation(artifact_push_libpod.OPERATION, request)
        return converted(op, lambda report: str(report.artifact_digest))

    def remove(self, name: str) -> Operation[Names]:
        request = artifact_delete_libpod.request_kwargs(name.removeprefix("sha256:"))
        op = self.api.operation(artifact_delete_libpod.OPERATION, request)
        return converted(op, lambda report: [*(report.artifact_digests or ())])

    def remove_many(self, names: Sequence[str], *, all: bool, ignore: bool) -> Operation[Names]:
        request = artifact_delete_all_libpod.request_kwargs(
            artifacts=[name.removeprefix("sha256:") for name in names] or None,
            all_=all or None,
            ignore=ignore or None,
        )
        op = self.api.operation(artifact_delete_all_libpod.OPERATION, request)
        return converted(op, lambda report: [*(report.artifact_digests or ())])
