"""Networks of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core.container_docker import endpoint
from wharfinger._core.network_options import docker_network
from wharfinger._dialects.api import EngineAPI, converted, is_there
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.network import (
    network_connect,
    network_create,
    network_delete,
    network_disconnect,
    network_inspect,
    network_list,
    network_prune,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.network_options import NetworkSpec
    from wharfinger._core.operation import Operation
    from wharfinger._core.reports import NetworksPruneReport
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger.types import NetworkAttachment


@attrs.frozen
class DockerNetworks:
    """See NetworkOperations."""

    api: EngineAPI

    def create(self, spec: NetworkSpec) -> Operation[str]:
        body = docker_network(spec, always_checked=self._version() >= (1, 44))
        request = network_create.request_kwargs(body=body)
        op = self.api.operation(network_create.OPERATION, request, body={"": "NetworkCreateRequest"})
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str, *, verbose: bool | None, scope: str | None) -> Operation[Attrs]:
        request = network_inspect.request_kwargs(id, verbose=verbose, scope=scope)
        op = self.api.operation(network_inspect.OPERATION, request, kind="network")
        return converted(op, lambda found: found.to_dict())

    def members(self, name: str) -> None:
        """The network itself tells them."""

    def exists(self, id: str) -> Operation[bool]:
        return is_there(self.inspect(id, verbose=None, scope=None))

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = network_list.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(network_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    @property
    def removes_by_name(self) -> bool:
        return False

    def remove(self, id: str, *, name: str, force: bool) -> Operation[None]:  # noqa: ARG002 - Podman uses it
        if force:
            raise self.api.lacking(
                "removing a network with force=True",
                "Podman; disconnect() what is on it, or remove that first",
            )
        return self.api.operation(network_delete.OPERATION, network_delete.request_kwargs(id), kind="network")

    def prune(self, filters: Filters | None) -> Operation[NetworksPruneReport]:
        request = network_prune.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(network_prune.OPERATION, request)
        return converted(op, lambda report: {"NetworksDeleted": list(report.networks_deleted or ())})

    def connect(self, id: str, container: str, attachment: NetworkAttachment) -> Operation[None]:
        if attachment.gw_priority is not None and self._version() < (1, 48):
            raise self.api.lacking("gw_priority of a network", "Docker API 1.48 or newer")
        if attachment.mac_address is not None and self._version() < (1, 44):
            # Older ones take it, and give another one.
            raise self.api.lacking("connect(mac_address=…)", "Docker API 1.44 or newer")
        settings = endpoint(attachment)
        request = network_connect.request_kwargs(
            id, body={"Container": container, **({"EndpointConfig": settings} if settings else {})}
        )
        return self.api.operation(network_connect.OPERATION, request, kind="network")

    def disconnect(self, id: str, container: str, *, force: bool) -> Operation[None]:
        request = network_disconnect.request_kwargs(id, body={"Container": container, "Force": force})
        return self.api.operation(network_disconnect.OPERATION, request, kind="network")

    def update(self, id: str, *, add_dns: Sequence[str], remove_dns: Sequence[str]) -> Operation[None]:  # noqa: ARG002 - Podman uses them
        raise self.api.lacking("updating a network", "Podman API 4.9.5 or newer")

    def _version(self) -> tuple[int, ...]:
        return tuple(map(int, self.api.version.split(".")))
