"""Commands in containers of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import filter_lists
from wharfinger_api.docker.api.exec_ import container_exec, exec_inspect, exec_resize, exec_start
from wharfinger_api.docker.api.system import system_events

if TYPE_CHECKING:
    from wharfinger._core.exec_spec import ExecSpec
    from wharfinger._core.operation import Operation
    from wharfinger._dialects.dialect import Attrs


@attrs.frozen
class DockerExecs:
    """See ExecOperations."""

    api: EngineAPI

    @property
    def heeds_farewell(self) -> bool:
        """At a terminal, Docker ends its side when ours has ended, and the command goes on.

        Of one whose reader is gone while it writes Docker would note that it failed, though it goes on all the same.
        """
        return True

    @property
    def detaches_by_leaving(self) -> bool:
        """Docker notes the end of every command at once."""
        return False

    def create(self, id: str, spec: ExecSpec) -> Operation[str]:
        request = container_exec.request_kwargs(id, body=spec.body())
        op = self.api.operation(container_exec.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def start(self, id: str, *, detach: bool, tty: bool) -> Operation[bytes]:
        request = exec_start.request_kwargs(id, body={"Detach": detach, "Tty": tty})
        return self.api.operation(exec_start.OPERATION, request)

    def inspect(self, id: str) -> Operation[Attrs]:
        op = self.api.operation(exec_inspect.OPERATION, exec_inspect.request_kwargs(id))
        return converted(op, lambda found: found.to_dict())

    def resize(self, id: str, height: int, width: int) -> Operation[None]:
        request = exec_resize.request_kwargs(id, h=height, w=width)
        return self.api.operation(exec_resize.OPERATION, request)

    def endings(self, container: str, since: str | None) -> Operation[Any]:
        wanted = {"container": [container], "event": ["exec_die", "die", "destroy"]}
        request = system_events.request_kwargs(since=since, filters=filter_lists(wanted))
        return self.api.operation(system_events.OPERATION, request)
