"""The Docker engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.disk_usage import docker_usage
from wharfinger._core.engine_facts import docker_info, docker_version
from wharfinger._core.events import PODMAN_FILTERS, docker_filters
from wharfinger._core.references import DOCKER_HUB
from wharfinger._core.registry_auth import HUB_SERVER
from wharfinger._core.when import seconds_text
from wharfinger._dialects.api import EngineAPI, converted, told_event
from wharfinger._dialects.docker.containers import DockerContainers
from wharfinger._dialects.docker.images import DockerImages
from wharfinger._dialects.docker.networks import DockerNetworks
from wharfinger._dialects.docker.volumes import DockerVolumes
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.image import build_prune
from wharfinger_api.docker.api.system import (
    system_auth,
    system_data_usage,
    system_events,
    system_info,
    system_version,
)

if TYPE_CHECKING:
    from wharfinger._core.events import EventQuery
    from wharfinger._core.operation import Operation
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger._dialects.dialect import Filters
    from wharfinger.errors import APIError
    from wharfinger.types import DiskUsage, EngineInfo, EngineVersion
    from wharfinger_api.docker.models import BuildPruneResponse


@attrs.frozen
class DockerSystem:
    """See SystemOperations."""

    api: EngineAPI

    def version(self) -> Operation[EngineVersion]:
        op = self.api.operation(system_version.OPERATION, system_version.request_kwargs())
        return converted(op, lambda reply: docker_version(reply.to_dict()))

    def info(self) -> Operation[EngineInfo]:
        op = self.api.operation(system_info.OPERATION, system_info.request_kwargs())
        return converted(op, lambda reply: docker_info(reply.to_dict()))

    def login(self, registry: str, auth: RegistryAuth, email: str | None) -> Operation[dict[str, Any]]:
        server = HUB_SERVER if registry == DOCKER_HUB else registry
        body = {"username": auth.username, "password": auth.password, "serveraddress": server}
        request = system_auth.request_kwargs(body={**body, **({"email": email} if email else {})})
        op = self.api.operation(system_auth.OPERATION, request)
        return converted(op, lambda told: told.to_dict() if told else {})

    def login_beside(self, registry: str, auth: RegistryAuth, error: APIError) -> None:
        """There is no other way."""

    def events(self, query: EventQuery) -> Operation[Any]:
        if query.filters and (only := query.filters.keys() & PODMAN_FILTERS):
            raise self.api.lacking(f"events(filters={{{min(only)!r}: …}})", "Podman")
        request = system_events.request_kwargs(
            since=seconds_text(query.since),
            until=seconds_text(query.until),
            filters=docker_filters(query.filters),
        )
        return self.api.operation(system_events.OPERATION, request)

    # Asked for each event: a method of its own would be one step more.
    event = staticmethod(told_event)

    def df(self) -> Operation[DiskUsage]:
        # Newer ones tell only sums unless they are asked.
        verbose = True if tuple(map(int, self.api.version.split("."))) >= (1, 52) else None
        request = system_data_usage.request_kwargs(verbose=verbose)
        op = self.api.operation(system_data_usage.OPERATION, request)
        return converted(op, lambda told: docker_usage(told.to_dict()))

    def prune(
        self, *, all: bool, volumes: bool, build_cache: bool | None, filters: Filters | None
    ) -> list[Operation[Any]]:
        given = filters or {}
        labelled = any(name.startswith("label") for name in given)
        if volumes and "until" in given:
            raise self.api.lacking("prune(volumes=True) with the filter 'until'", "Podman")
        if build_cache and labelled:
            raise self.api.lacking("prune(build_cache=True) with a filter by label", "no such filter")
        steps: list[Operation[Any]] = [
            DockerContainers(self.api).prune(filters),
            DockerNetworks(self.api).prune(filters),
            *([DockerVolumes(self.api).prune(all=True, filters=filters)] if volumes else []),
            DockerImages(self.api).prune(all=all, external=False, filters=filters),
        ]
        # What builds keep has no labels.
        wanted = not labelled if build_cache is None else build_cache
        return [*steps, self._prune_build_cache(all=all, filters=filters)] if wanted else steps

    def _prune_build_cache(self, *, all: bool, filters: Filters | None) -> Operation[dict[str, Any]]:
        request = build_prune.request_kwargs(all_=all or None, filters=filter_lists(filters))
        return converted(self.api.operation(build_prune.OPERATION, request), _caches)


def _caches(report: BuildPruneResponse) -> dict[str, Any]:
    raw: dict[str, Any] = report.to_dict()
    return {
        "CachesDeleted": list(raw.get("CachesDeleted") or ()),
        "SpaceReclaimed": int(raw.get("SpaceReclaimed") or 0),
    }
