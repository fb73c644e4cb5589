"""The Podman engine itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._core.operation import Operation, Reply
from wharfinger._core.raw_request import RawReply, error_text, raw_request
from wharfinger._dialects.api import EngineAPI, converted, meaning
from wharfinger._dialects.encoding import engine_version
from wharfinger.errors import APIError, UnexpectedReply, api_error
from wharfinger_api.libpod.api.images import image_search_libpod
from wharfinger_api.libpod.api.system import system_info_libpod

if TYPE_CHECKING:
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger.types import EngineVersion


_AUTH = "/auth"
_PROBE = "wharfinger/login"
_WITHOUT_TLS = "server gave HTTP response to HTTPS client"
_NO_REPOSITORY = ("404 (not found)", "name unknown", "name_unknown", "repository name not known")


@attrs.frozen
class LibpodSystem:
    """See SystemOperations."""

    api: EngineAPI

    def version(self) -> Operation[EngineVersion]:
        return converted(self._info(), lambda raw: engine_version("podman", {**raw, **_platform(raw)}))

    def info(self) -> Operation[dict[str, Any]]:
        return self._info()

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

    def _info(self) -> Operation[dict[str, Any]]:
        op = self.api.operation(system_info_libpod.OPERATION, system_info_libpod.request_kwargs())
        return converted(op, lambda reply: reply.to_dict())


def _platform(raw: dict[str, Any]) -> dict[str, Any]:
    host: dict[str, Any] = raw.get("host") or {}
    version: dict[str, Any] = raw.get("version") or {}
    return {"version": {**version, "Os": host.get("os", ""), "Arch": host.get("arch", "")}}


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
