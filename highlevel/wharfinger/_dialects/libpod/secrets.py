"""Secrets of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.secret_options import libpod_secret
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.libpod.api.secrets import (
    secret_create_libpod,
    secret_delete_libpod,
    secret_inspect_libpod,
    secret_list_libpod,
)

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._core.secret_options import SecretSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig


@attrs.frozen
class LibpodSecrets:
    """See SecretOperations."""

    api: EngineAPI

    def create(self, spec: SecretSpec) -> Operation[str]:
        request = secret_create_libpod.request_kwargs(body=spec.data, **libpod_secret(spec))
        op = self.api.operation(secret_create_libpod.OPERATION, request)
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str, *, show_secret: bool) -> Operation[Attrs]:
        request = secret_inspect_libpod.request_kwargs(id, showsecret=show_secret or None)
        op = self.api.operation(secret_inspect_libpod.OPERATION, request, kind="secret")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = secret_list_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(secret_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def remove(self, id: str) -> Operation[None]:
        request = secret_delete_libpod.request_kwargs(id)
        return self.api.operation(secret_delete_libpod.OPERATION, request, kind="secret")

    def update(self, id: str, version: int, spec: RawConfig) -> Operation[None]:  # noqa: ARG002 - Docker uses them
        raise self.api.lacking("updating a secret", "Docker; remove it and make it anew")
