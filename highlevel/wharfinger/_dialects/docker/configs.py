"""Configs of the swarm that a Docker manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.config import (
    config_create,
    config_delete,
    config_inspect,
    config_list,
    config_update,
)

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig


@attrs.frozen
class DockerConfigs:
    """See ConfigOperations."""

    api: EngineAPI

    def create(self, body: RawConfig) -> Operation[str]:
        request = config_create.request_kwargs(body=body)
        op = self.api.operation(config_create.OPERATION, request, body={"": "ConfigCreateRequest"})
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(config_inspect.OPERATION, config_inspect.request_kwargs(id), kind="config")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = config_list.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(config_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def update(self, id: str, version: int, spec: RawConfig) -> Operation[None]:
        request = config_update.request_kwargs(id, version=version, body=spec)
        return self.api.operation(config_update.OPERATION, request, kind="config")

    def remove(self, id: str) -> Operation[None]:
        return self.api.operation(config_delete.OPERATION, config_delete.request_kwargs(id), kind="config")
