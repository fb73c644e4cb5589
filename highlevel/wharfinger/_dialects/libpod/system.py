"""The Podman engine itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.disk_usage import libpod_usage
from wharfinger._core.engine_facts import libpod_info, libpod_version
from wharfinger._core.events import libpod_filters
from wharfinger._core.operation import Operation, Reply
from wharfinger._core.raw_request import RawReply, error_text, raw_request
from wharfinger._core.when import date_text
from wharfinger._dialects.api import EngineAPI, converted, meaning, told_event
from wharfinger._dialects.libpod.containers import LibpodContainers
from wharfinger._dialects.libpod.images import LibpodImages
from wharfinger._dialects.libpod.networks import LibpodNetworks
from wharfinger._dialects.libpod.pods import LibpodPods
from wharfinger._dialects.libpod.volumes import LibpodVolumes
from wharfinger.errors import APIError, UnexpectedReply
from wharfinger_api.libpod.api.images import image_search_libpod
from wharfinger_api.libpod.api.system import (
    system_data_usage_libpod,
    system_events_libpod,
    system_info_libpod,
    system_version_libpod,
)

if TYPE_CHECKING:
    from wharfinger._core.events import EventQuery
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger._dialects.dialect import Filters
    from wharfinger.types import DiskUsage, EngineInfo, EngineVersion


_AUTH = "/auth"
_PROBE = "wharfinger/login"
_WITHOUT_TLS = "server gave HTTP response to HTTPS client"
_NO_REPOSITORY = ("404 (not found)", "name unknown", "name_unknown", "repository name not known")


@attrs.frozen
class LibpodSystem:
    """See SystemOperations."""

    api: EngineAPI

    def version(self) -> Operation[EngineVersion]:
        request = system_version_libpod.request_kwargs()
        op = self.api.operation(system_version_libpod.OPERATION, request)
        return converted(op, lambda reply: libpod_version(reply.to_dict()))

    def info(self) -> Operation[EngineInfo]:
        op = self.api.operation(system_info_libpod.OPERATION, system_info_libpod.request_kwargs())
        return converted(op, lambda reply: libpod_info(reply.to_dict()))

    def login(self, registry: str, auth: RegistryAuth, email: str | None) -> Operation[dict[str, Any]]:
        # Podman has this among its Docker-compatible paths only, and takes it under either version.
        body = {"username": auth.username, "password": auth.password, "serveraddress": registry}
        body |= {"email": email} if email else {}
        request = raw_request("POST", _AUTH, params=None, headers=None, json=body, content=None)
        return Operation(request, _login)

    def login_beside(
        self, registry: str, auth: RegistryAuth, error: APIError
    ) -> Operation[dict[str, Any]] | None:
        """Asks by a search, which unlike the login heeds registries.conf, where a registry has no TLS."""
        if _WITHOUT_TLS not in error.message:
            return None
        request = image_search_libpod.request_kwargs(
            term=f"{registry}/{_PROBE}", list_tags=True, x_registry_auth=auth.header_for(registry)
        )
        op = self.api.operation(image_search_libpod.OPERATION, request)

        def parse(reply: Reply) -> dict[str, Any]:
            try:
                op.parse(reply)
            except APIError as fault:
                # Only who was let in is told that a repository is not there.
                if not any(words in fault.message.lower() for words in _NO_REPOSITORY):
                    raise
            return {"IdentityToken": "", "Status": "Login Succeeded"}

        return Operation(op.request, parse)

    def events(self, query: EventQuery) -> Operation[Any]:
        request = system_events_libpod.request_kwargs(
            since=date_text(query.since),
            # Podman 4.3 tells nothing at all where the end lies in the past.
            until=date_text(query.until) if query.live else None,
            filters=libpod_filters(query.filters),
            stream=query.live,
        )
        return self.api.operation(system_events_libpod.OPERATION, request)

    # Asked for each event: a method of its own would be one step more.
    event = staticmethod(told_event)

    def df(self) -> Operation[DiskUsage]:
        op = self.api.operation(system_data_usage_libpod.OPERATION, system_data_usage_libpod.request_kwargs())
        return converted(op, lambda told: libpod_usage(told.to_dict()))

    def prune(
        self, *, all: bool, volumes: bool, build_cache: bool | None, filters: Filters | None
    ) -> list[Operation[Any]]:
        # The service's own system/prune heeds no filter for pods, and its reports leave out what each of these tells.
        if build_cache:
            raise self.api.lacking(
                "prune(build_cache=True)", "Docker; all=True takes what builds keep as images"
            )
        return [
            # Pods have no filters.
            *([] if filters else [LibpodPods(self.api).prune(None)]),
            LibpodContainers(self.api).prune(filters),
            LibpodNetworks(self.api).prune(filters),
            *([LibpodVolumes(self.api).prune(all=None, filters=filters)] if volumes else []),
            LibpodImages(self.api).prune(all=all, external=False, filters=filters),
        ]


def _login(reply: Reply) -> dict[str, Any]:
    if reply.status_code >= 400:
        text = error_text(RawReply(reply.status_code, reply.headers, reply.content))
        raise api_error(meaning(reply.status_code, text, None)[0], text, "POST", _AUTH)
    try:
        told: object = json.loads(reply.content or b"{}")
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise UnexpectedReply("the answer to a login is no JSON object", reply.content, reply.status_code)
    return cast("dict[str, Any]", told)
