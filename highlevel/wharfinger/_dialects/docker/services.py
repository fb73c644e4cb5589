"""Services of a swarm, and their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.docker.images import auth_header
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.service import (
    service_create,
    service_delete,
    service_inspect,
    service_list,
    service_logs,
    service_update,
)
from wharfinger_api.docker.api.task import task_inspect, task_list, task_logs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.log_query import LogQuery
    from wharfinger._core.operation import Operation
    from wharfinger._core.service_parts import Parts
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names, RawConfig

# Objects of a service's spec that schemas of their own describe, by the key that engines give them.
_SCHEMAS = {"TaskTemplate": "TaskSpec", "Healthcheck": "HealthConfig", "Mounts": "Mount"}


@attrs.frozen
class DockerServices:
    """See ServiceOperations."""

    api: EngineAPI

    def check(self, parts: Parts) -> None:
        """Refuses what this version lacks, which the engine would leave out without a word.

        Raises:
            NotSupported: This version lacks a part.
        """
        for path, part in parts.items():
            told: Any = part
            for key in reversed(path):
                told = {key: told}
            for schema, name in _named("ServiceSpec", "", told):
                self.api.require(f"services({name})", schema, name)

    def create(self, spec: RawConfig, auth: Credentials | None) -> Operation[str]:
        request = service_create.request_kwargs(body=spec, x_registry_auth=auth_header(auth))
        return converted(self.api.operation(service_create.OPERATION, request), lambda made: str(made.id))

    def inspect(self, id: str, *, insert_defaults: bool = False) -> Operation[Attrs]:
        request = service_inspect.request_kwargs(id, insert_defaults=insert_defaults or None)
        op = self.api.operation(service_inspect.OPERATION, request, kind="service")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None, *, status: bool) -> Operation[AttrsList]:
        request = service_list.request_kwargs(filters=filter_lists(filters), status=status or None)
        op = self.api.operation(service_list.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def update(
        self, id: str, version: int, spec: RawConfig, auth: Credentials | None, *, rollback: bool = False
    ) -> Operation[Names]:
        request = service_update.request_kwargs(
            id,
            version=version,
            body=spec,
            # With what it was, its credentials of then.
            registry_auth_from=cast("Any", "previous-spec") if rollback else None,
            rollback="previous" if rollback else None,
            x_registry_auth=auth_header(auth),
        )
        op = self.api.operation(service_update.OPERATION, request, kind="service")
        return converted(op, lambda told: [*(told.to_dict().get("Warnings") or ())])

    def remove(self, id: str) -> Operation[None]:
        return self.api.operation(service_delete.OPERATION, service_delete.request_kwargs(id), kind="service")

    def logs(self, id: str, query: LogQuery) -> Operation[bytes]:
        request = service_logs.request_kwargs(id, **query.arguments())
        return self.api.operation(service_logs.OPERATION, request, kind="service")


@attrs.frozen
class DockerTasks:
    """See TaskOperations."""

    api: EngineAPI

    def inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(task_inspect.OPERATION, task_inspect.request_kwargs(id), kind="task")
        return converted(op, lambda found: found.to_dict())

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        op = self.api.operation(task_list.OPERATION, task_list.request_kwargs(filters=filter_lists(filters)))
        return converted(op, lambda found: [one.to_dict() for one in found])

    def logs(self, id: str, query: LogQuery) -> Operation[bytes]:
        request = task_logs.request_kwargs(id, **query.arguments())
        return self.api.operation(task_logs.OPERATION, request, kind="task")


def _named(schema: str, above: str, part: object) -> Iterator[tuple[str, str]]:
    """The names of all that is in a part, each with the schema that describes it."""
    if isinstance(part, list):
        for one in cast("list[object]", part):
            yield from _named(schema, above, one)
    elif isinstance(part, dict):
        for key, inner in cast("Mapping[str, object]", part).items():
            place = f"{above}.{key}" if above else key
            yield schema, place
            own = _SCHEMAS.get(key)
            yield from _named(own, "", inner) if own else _named(schema, place, inner)
