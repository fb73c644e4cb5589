"""The Docker engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import engine_version
from wharfinger_api.docker.api.system import system_info, system_version

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
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
