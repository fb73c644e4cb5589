"""Secrets of Docker, which are its swarm's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.secret_options import docker_secret
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.secret import (
    secret_create,
    secret_delete,
    secret_inspect,
    secret_list,
    secret_update,
)

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._core.secret_options import SecretSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig


@attrs.frozen
class DockerSecrets:
    """See SecretOperations."""

    api: EngineAPI

    def create(self, spec: SecretSpec) -> Operation[str]:
        request = secret_create.request_kwargs(body=docker_secret(spec))
        op = self.api.operation(secret_create.OPERATION, request, body={"": "SecretCreateRequest"})
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str, *, show_secret: bool) -> Operation[Attrs]:
        if show_secret:
            raise self.api.lacking("secrets.get(show_secret=True)", "Podman API 4.9.5 or newer")
        op = self.api.operation(secret_inspect.OPERATION, secret_inspect.request_kwargs(id), kind="secret")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = secret_list.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(secret_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def remove(self, id: str) -> Operation[None]:
        return self.api.operation(secret_delete.OPERATION, secret_delete.request_kwargs(id), kind="secret")

    def update(self, id: str, version: int, spec: RawConfig) -> Operation[None]:
        request = secret_update.request_kwargs(id, version=version, body=spec)
        return self.api.operation(secret_update.OPERATION, request, kind="secret")
