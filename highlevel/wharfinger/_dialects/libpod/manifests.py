"""Manifest lists of Podman."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar, cast

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.multipart import multipart
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import EngineAPI, converted, meaning, told_of
from wharfinger._dialects.encoding import auth_header, filter_lists, undescribed
from wharfinger_api.libpod.api.images import image_list_libpod
from wharfinger_api.libpod.api.manifests import (
    manifest_create_libpod,
    manifest_delete_libpod,
    manifest_exists_libpod,
    manifest_inspect_libpod,
    manifest_modify_libpod,
    manifest_push_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.manifest_options import PushSpec
    from wharfinger._core.multipart import PartContent
    from wharfinger._core.operation import Reply, RequestKwargs
    from wharfinger._dialects.dialect import Attrs, AttrsList

T = TypeVar("T")


@attrs.frozen
class LibpodManifests:
    """See ManifestOperations.

    A list is an image of the engine's, and one that is missing a missing image.
    """

    api: EngineAPI

    def create(self, name: str, *, amend: bool) -> Operation[str]:
        request = manifest_create_libpod.request_kwargs(name, amend=amend or None)
        op = self.api.operation(manifest_create_libpod.OPERATION, request)
        return converted(op, lambda made: str(made.id))

    def exists(self, name: str) -> Operation[bool]:
        request = manifest_exists_libpod.request_kwargs(name)
        return told_of(self.api.operation(manifest_exists_libpod.OPERATION, request, kind="image"))

    def summaries(self, name: str | None) -> Operation[AttrsList]:
        wanted: dict[str, str | bool] = {"manifest": True}
        if name is not None:
            wanted["reference"] = name
        request = image_list_libpod.request_kwargs(filters=filter_lists(wanted))
        op = self.api.operation(image_list_libpod.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def inspect(self, name: str, *, tls_verify: bool | None, auth: Credentials | None) -> Operation[Attrs]:
        request = manifest_inspect_libpod.request_kwargs(
            name, tls_verify=tls_verify, x_registry_auth=auth_header(auth)
        )
        op = self.api.operation(manifest_inspect_libpod.OPERATION, request, kind="image")
        return converted(op, lambda found: found.to_dict())

    def modify(
        self,
        id: str,
        operation: str,
        body: Mapping[str, Any],
        *,
        tls_verify: bool | None = None,
        auth: Credentials | None = None,
    ) -> Operation[None]:
        request = manifest_modify_libpod.request_kwargs(
            id,
            body={"operation": operation, **body},
            tls_verify=tls_verify,
            x_registry_auth=auth_header(auth),
        )
        op = self.api.operation(
            manifest_modify_libpod.OPERATION, request, kind="image", body={"": "ManifestModifyOptions"}
        )
        return converted(_told(op), lambda _: None)

    def add_files(
        self, id: str, body: Mapping[str, Any], files: Mapping[str, PartContent]
    ) -> Operation[None]:
        # Under artifact_files the engine would look for files of its own machine, without a word where there are none.
        op = self.modify(id, "update", {**body, "artifact_files": []})
        options = json.dumps({"operation": "update", **body}).encode()
        parts = multipart({"options": ("application/json", options)}, files)
        request: RequestKwargs = {**op.request, "content": parts.content}
        request.pop("json", None)
        request["headers"] = {**op.request.get("headers", {}), "Content-Type": parts.media_type}
        return Operation(request, op.parse)

    def push(self, id: str, spec: PushSpec, auth: Credentials | None) -> Operation[Any]:
        request = manifest_push_libpod.request_kwargs(
            id,
            spec.destination,
            all_=spec.all,
            add_compression=spec.add_compression,
            force_compression_format=spec.force_compression_format,
            tls_verify=spec.tls_verify,
            quiet=False,
            x_registry_auth=auth_header(auth),
        )
        op = self.api.operation(manifest_push_libpod.OPERATION, request, kind="image")
        removing = None if spec.remove_signatures is None else str(spec.remove_signatures).lower()
        return undescribed(op, {"format": spec.format, "removeSignatures": removing}, {})

    def remove(self, name: str, *, ignore: bool) -> Operation[None]:
        request = manifest_delete_libpod.request_kwargs(name, ignore=ignore or None)
        op = self.api.operation(manifest_delete_libpod.OPERATION, request, kind="image")
        return converted(op, lambda _: None)


def _told(op: Operation[T]) -> Operation[T]:
    """The same Operation, with the words of a report of errors, which has another form than the engine's errors."""

    def parse(reply: Reply) -> T:
        told = _errors(reply.content) if reply.status_code >= 400 else ()
        if told:
            message = "; ".join(told)
            status, kind = meaning(reply.status_code, message, "image")
            raise api_error(status, message, op.request["method"], op.request["url"], kind=kind)
        return op.parse(reply)

    return Operation(op.request, parse)


def _errors(content: bytes) -> tuple[str, ...]:
    try:
        report: object = json.loads(content)
    except ValueError:
        return ()
    if not isinstance(report, dict):
        return ()
    told: object = cast("dict[str, Any]", report).get("errors")
    return tuple(map(str, cast("list[object]", told))) if isinstance(told, list) else ()
