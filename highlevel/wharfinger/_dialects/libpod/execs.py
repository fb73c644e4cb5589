"""Commands in containers of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.libpod.api.exec_ import (
    container_exec_libpod,
    exec_inspect_libpod,
    exec_resize_libpod,
    exec_start_libpod,
)
from wharfinger_api.libpod.api.system import system_events_libpod

if TYPE_CHECKING:
    from wharfinger._core.exec_spec import ExecSpec
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Attrs


@attrs.frozen
class LibpodExecs:
    """See ExecOperations."""

    api: EngineAPI

    @property
    def heeds_farewell(self) -> bool:
        """Podman takes the end of our side for the end of the command's input."""
        return False

    @property
    def detaches_by_leaving(self) -> bool:
        """Podman notes the end of a command that it detaches itself five minutes late."""
        return True

    def create(self, id: str, spec: ExecSpec) -> Operation[str]:
        request = container_exec_libpod.request_kwargs(id, body=spec.body())
        op = self.api.operation(container_exec_libpod.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def start(self, id: str, *, detach: bool, tty: bool) -> Operation[bytes]:
        request = exec_start_libpod.request_kwargs(id, body={"Detach": detach, "Tty": tty})
        return self.api.operation(exec_start_libpod.OPERATION, request)

    def inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(exec_inspect_libpod.OPERATION, exec_inspect_libpod.request_kwargs(id))
        return converted(op, lambda found: found.to_dict())

    def resize(self, id: str, height: int, width: int) -> Operation[None]:
        request = exec_resize_libpod.request_kwargs(id, h=height, w=width)
        return self.api.operation(exec_resize_libpod.OPERATION, request)

    def endings(self, container: str, since: str | None) -> Operation[Any]:
        wanted = {"container": [container], "event": ["exec_died", "died", "remove"]}
        request = system_events_libpod.request_kwargs(since=since, filters=filter_lists(wanted), stream=True)
        return self.api.operation(system_events_libpod.OPERATION, request)
