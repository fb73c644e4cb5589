"""The swarm that a Docker is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger_api.docker.api.swarm import (
    swarm_init,
    swarm_inspect,
    swarm_join,
    swarm_leave,
    swarm_unlock,
    swarm_unlockkey,
    swarm_update,
)

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Attrs, RawConfig


@attrs.frozen
class DockerSwarm:
    """See SwarmOperations."""

    api: EngineAPI

    def init(self, body: RawConfig) -> Operation[str]:
        return self.api.operation(swarm_init.OPERATION, swarm_init.request_kwargs(body=body))

    def join(self, body: RawConfig) -> Operation[None]:
        return self.api.operation(swarm_join.OPERATION, swarm_join.request_kwargs(body=body))

    def leave(self, *, force: bool) -> Operation[None]:
        request = swarm_leave.request_kwargs(force=force or None)
        return self.api.operation(swarm_leave.OPERATION, request)

    def inspect(self) -> Operation[Attrs]:
        op = self.api.operation(swarm_inspect.OPERATION, swarm_inspect.request_kwargs())
        return converted(op, lambda found: found.to_dict())

    def update(
        self,
        version: int,
        spec: RawConfig,
        *,
        rotate_worker_token: bool,
        rotate_manager_token: bool,
        rotate_manager_unlock_key: bool,
    ) -> Operation[None]:
        request = swarm_update.request_kwargs(
            version=version,
            body=spec,
            rotate_worker_token=rotate_worker_token or None,
            rotate_manager_token=rotate_manager_token or None,
            rotate_manager_unlock_key=rotate_manager_unlock_key or None,
        )
        return self.api.operation(swarm_update.OPERATION, request)

    def unlock(self, key: str) -> Operation[None]:
        request = swarm_unlock.request_kwargs(body={"UnlockKey": key})
        return self.api.operation(swarm_unlock.OPERATION, request)

    def unlock_key(self) -> Operation[dict[str, str]]:
        op = self.api.operation(swarm_unlockkey.OPERATION, swarm_unlockkey.request_kwargs())
        return converted(op, lambda found: {"UnlockKey": str(found.to_dict().get("UnlockKey") or "")})
