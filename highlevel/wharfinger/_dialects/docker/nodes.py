"""The nodes of the swarm that a Docker manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.node import node_delete, node_inspect, node_list, node_update

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig


@attrs.frozen
class DockerNodes:
    """See NodeOperations."""

    api: EngineAPI

    def inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(node_inspect.OPERATION, node_inspect.request_kwargs(id), kind="node")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = node_list.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(node_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def update(self, id: str, version: int, spec: RawConfig) -> Operation[None]:
        request = node_update.request_kwargs(id, version=version, body=spec)
        return self.api.operation(node_update.OPERATION, request, kind="node")

    def remove(self, id: str, *, force: bool) -> Operation[None]:
        request = node_delete.request_kwargs(id, force=force or None)
        return self.api.operation(node_delete.OPERATION, request, kind="node")
