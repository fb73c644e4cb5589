"""Networks of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.libpod_places import network_settings
from wharfinger._core.network_options import libpod_network
from wharfinger._dialects.api import EngineAPI, converted, is_there
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.libpod.api.containers import container_list_libpod
from wharfinger_api.libpod.api.networks import (
    network_connect_libpod,
    network_create_libpod,
    network_delete_libpod,
    network_disconnect_libpod,
    network_exists_libpod,
    network_inspect_libpod,
    network_list_libpod,
    network_prune_libpod,
    network_update_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.network_options import NetworkSpec
    from wharfinger._core.operation import Operation
    from wharfinger._core.reports import NetworksPruneReport
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters
    from wharfinger.types import NetworkAttachment


@attrs.frozen
class LibpodNetworks:
    """See NetworkOperations."""

    api: EngineAPI

    def create(self, spec: NetworkSpec) -> Operation[str]:
        request = network_create_libpod.request_kwargs(body=libpod_network(spec))
        op = self.api.operation(network_create_libpod.OPERATION, request, body={"": "networkCreateLibpod"})
        return converted(op, lambda made: str(made.id))

    def inspect(self, id: str, *, verbose: bool | None, scope: str | None) -> Operation[Attrs]:
        for name, value in (("verbose", verbose), ("scope", scope)):
            if value is not None:
                raise self.api.lacking(f"the option {name!r} of networks.get()", "Docker")
        request = network_inspect_libpod.request_kwargs(id)
        op = self.api.operation(network_inspect_libpod.OPERATION, request, kind="network")
        return converted(op, lambda found: found.to_dict())

    def members(self, name: str) -> Operation[AttrsList] | None:
        table = self.api.availability
        if table.has(table.property("NetworkInspectReport", "containers"), self.api.version):
            return None
        # Older ones tell it of the containers only.
        request = container_list_libpod.request_kwargs(filters={"network": [name]})
        op = self.api.operation(container_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def exists(self, id: str) -> Operation[bool]:
        request = network_exists_libpod.request_kwargs(id)
        return is_there(self.api.operation(network_exists_libpod.OPERATION, request, kind="network"))

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = network_list_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(network_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    @property
    def removes_by_name(self) -> bool:
        # By an id the service removes a network under the containers that are on it.
        return True

    def remove(self, id: str, *, name: str, force: bool) -> Operation[None]:  # noqa: ARG002 - Docker uses it
        request = network_delete_libpod.request_kwargs(name, force=force or None)
        op = self.api.operation(network_delete_libpod.OPERATION, request, kind="network")
        return converted(op, lambda reports: _check("DELETE", [one.to_dict() for one in reports], "Err"))

    def prune(self, filters: Filters | None) -> Operation[NetworksPruneReport]:
        request = network_prune_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(network_prune_libpod.OPERATION, request)
        return converted(op, lambda reports: _pruned([one.to_dict() for one in reports]))

    def connect(self, id: str, container: str, attachment: NetworkAttachment) -> Operation[None]:
        settings = network_settings(attachment)
        request = network_connect_libpod.request_kwargs(id, body={"container": container, **settings})
        return self.api.operation(
            network_connect_libpod.OPERATION, request, kind="network", body={"": "NetworkConnectOptions"}
        )

    def disconnect(self, id: str, container: str, *, force: bool) -> Operation[None]:
        request = network_disconnect_libpod.request_kwargs(id, body={"Container": container, "Force": force})
        return self.api.operation(network_disconnect_libpod.OPERATION, request, kind="network")

    def update(self, id: str, *, add_dns: Sequence[str], remove_dns: Sequence[str]) -> Operation[None]:
        body = {"adddnsservers": list(add_dns), "removednsservers": list(remove_dns)}
        request = network_update_libpod.request_kwargs(
            id, body={key: value for key, value in body.items() if value}
        )
        return self.api.operation(network_update_libpod.OPERATION, request, kind="network")


def _check(method: str, reports: Sequence[dict[str, Any]], key: str) -> None:
    faults = [f"{report.get('Name')}: {report[key]}" for report in reports if report.get(key)]
    if faults:
        raise api_error(500, f"networks were not removed: {'; '.join(faults)}", method, "/libpod/networks")


def _pruned(reports: Sequence[dict[str, Any]]) -> NetworksPruneReport:
    _check("POST", reports, "Error")
    return {"NetworksDeleted": [str(report.get("Name")) for report in reports]}
