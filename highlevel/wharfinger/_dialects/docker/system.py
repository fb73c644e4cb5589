"""The Docker engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.references import DOCKER_HUB
from wharfinger._core.registry_auth import HUB_SERVER
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import engine_version
from wharfinger_api.docker.api.system import system_auth, system_info, system_version

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger.errors import APIError
    from wharfinger.types import EngineVersion


@attrs.frozen
class DockerSystem:
    """See SystemOperations."""

    api: EngineAPI

    def version(self) -> Operation[EngineVersion]:
        op = self.api.operation(system_version.OPERATION, system_version.request_kwargs())
        return converted(op, lambda reply: engine_version("docker", reply.to_dict()))

    def info(self) -> Operation[dict[str, Any]]:
        op = self.api.operation(system_info.OPERATION, system_info.request_kwargs())
        return converted(op, lambda reply: reply.to_dict())

    def login(self, registry: str, auth: RegistryAuth, email: str | None) -> Operation[dict[str, Any]]:
        server = HUB_SERVER if registry == DOCKER_HUB else registry
        body = {"username": auth.username, "password": auth.password, "serveraddress": server}
        request = system_auth.request_kwargs(body={**body, **({"email": email} if email else {})})
        op = self.api.operation(system_auth.OPERATION, request)
        return converted(op, lambda told: told.to_dict() if told else {})

    def login_beside(self, registry: str, auth: RegistryAuth, error: APIError) -> None:
        """There is no other way."""
