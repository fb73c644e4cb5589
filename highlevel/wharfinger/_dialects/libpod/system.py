"""The Podman engine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import engine_version
from wharfinger_api.libpod.api.system import system_info_libpod

if TYPE_CHECKING:
    from wharfinger._core.operation import Operation
    from wharfinger.types import EngineVersion


@attrs.frozen
class LibpodSystem:
    """See SystemOperations."""

    api: EngineAPI

    def version(self) -> Operation[EngineVersion]:
        return converted(self._info(), lambda raw: engine_version("podman", {**raw, **_platform(raw)}))

    def info(self) -> Operation[dict[str, Any]]:
        return self._info()

    def _info(self) -> Operation[dict[str, Any]]:
        op = self.api.operation(system_info_libpod.OPERATION, system_info_libpod.request_kwargs())
        return converted(op, lambda reply: reply.to_dict())


def _platform(raw: dict[str, Any]) -> dict[str, Any]:
    host: dict[str, Any] = raw.get("host") or {}
    version: dict[str, Any] = raw.get("version") or {}
    return {"version": {**version, "Os": host.get("os", ""), "Arch": host.get("arch", "")}}
