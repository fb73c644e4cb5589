"""How a container, a service, a build or a transfer came to nothing; `wharfinger.errors` has them all."""

# ruff: noqa: N818 - as in the package

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger.errors import EngineTimeout, WharfingerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wharfinger.types import BuildEvent

_SHOWN_LINES = 5
_SHOWN_BYTES = 500


class ContainerError(WharfingerError):
    """A container that was run ended with an exit code other than 0.

    Attributes:
        container: Its ID or name.
        exit_code: Its exit code.
        command: What it ran; not part of the message, for it may hold secrets.
        image: What it was made from.
        stdout: What it wrote.
        stderr: What it wrote there; the message shows its end.
    """

    def __init__(
        self,
        container: str,
        exit_code: int,
        command: str | Iterable[str] | None = None,
        image: str = "",
        stdout: bytes = b"",
        stderr: bytes = b"",
    ) -> None:
        self.container = container
        self.exit_code = exit_code
        self.command = command if command is None or isinstance(command, str) else tuple(command)
        self.image = image
        self.stdout = stdout
        self.stderr = stderr
        origin = f" of image {image}" if image else ""
        said = stderr[-500:].decode("utf-8", "replace").strip()
        super().__init__(
            f"container {container}{origin} ended with exit code {exit_code}" + (f": {said}" if said else "")
        )


class ContainerNotReady(WharfingerError):
    """What was waited for in a container cannot happen any more: it has ended, was removed, or is unhealthy.

    Attributes:
        container: Its name.
        reason: What was waited for, and what happened instead.
        health_log: The engine's latest health checks, the newest last: mappings with "Start", "End", "ExitCode"
            and "Output".
        last_log_lines: The last lines that it wrote; the message shows some.
    """

    def __init__(
        self,
        container: str,
        reason: str,
        health_log: Iterable[Mapping[str, Any]] = (),
        last_log_lines: Iterable[str] = (),
    ) -> None:
        self.container = container
        self.reason = reason
        self.health_log = tuple(dict(one) for one in health_log)
        self.last_log_lines = tuple(last_log_lines)
        # Not super(): that would be EngineTimeout, with words of its own, for the class that is both.
        WharfingerError.__init__(
            self, "\n".join([f"container {container} is not ready: {reason}", *self._shown()])
        )

    def _shown(self) -> list[str]:
        shown: list[str] = []
        if self.health_log:
            latest = self.health_log[-1]
            said = str(latest.get("Output") or "").strip()[-_SHOWN_BYTES:]
            shown.append(f"the last health check ended with {latest.get('ExitCode')}: {said}")
        if self.last_log_lines:
            shown.append("the last lines that it wrote:")
            shown += [f"  {line[:_SHOWN_BYTES]}" for line in self.last_log_lines[-_SHOWN_LINES:]]
        return shown


class NotReadyInTime(ContainerNotReady, EngineTimeout):
    """What was waited for in a container did not happen within the time given.

    Attributes:
        phase: "ready".
        seconds: The time that was given.
    """

    def __init__(
        self,
        container: str,
        reason: str,
        health_log: Iterable[Mapping[str, Any]] = (),
        last_log_lines: Iterable[str] = (),
        seconds: float | None = None,
    ) -> None:
        self.phase = "ready"
        self.seconds = seconds
        ContainerNotReady.__init__(self, container, reason, health_log, last_log_lines)


class ServiceNotConverged(WharfingerError):
    """A service did not come to what was asked of it, and will not by itself.

    Attributes:
        service: Its name.
        reason: What happened instead.
        task_messages: What went wrong with its tasks, the newest last; the message shows some.
    """

    def __init__(self, service: str, reason: str, task_messages: Iterable[str] = ()) -> None:
        self.service = service
        self.reason = reason
        self.task_messages = tuple(task_messages)
        shown = [f"  {one[:_SHOWN_BYTES]}" for one in self.task_messages[-_SHOWN_LINES:]]
        WharfingerError.__init__(self, "\n".join([f"service {service} has not converged: {reason}", *shown]))


class NotConvergedInTime(ServiceNotConverged, EngineTimeout):
    """A service did not come to what was asked of it within the time given; it may do so yet.

    Attributes:
        phase: "converged".
        seconds: The time that was given.
    """

    def __init__(
        self, service: str, reason: str, task_messages: Iterable[str] = (), seconds: float | None = None
    ) -> None:
        self.phase = "converged"
        self.seconds = seconds
        ServiceNotConverged.__init__(self, service, reason, task_messages)


class StreamError(WharfingerError):
    """The engine told of an error inside a stream that had begun with a good status.

    Attributes:
        message: The engine's own words.
        code: The engine's error code, where it gave one.
        log: What the stream had told before, where it was kept.
    """

    def __init__(self, message: str, code: int | None = None, log: Iterable[str] = ()) -> None:
        self.message = message
        self.code = code
        self.log = tuple(log)
        super().__init__(message)


class BuildError(StreamError):
    """A build failed.

    Attributes:
        build_log: All events of the build, each a BuildEvent.
        exit_code: That of the step that failed, where one did.
    """

    def __init__(
        self,
        message: str,
        code: int | None = None,
        build_log: Iterable[BuildEvent] = (),
        exit_code: int | None = None,
    ) -> None:
        self.build_log = tuple(build_log)
        self.exit_code = exit_code
        texts = (event.stream or event.status for event in self.build_log)
        super().__init__(message, code, [text for text in texts if text])

    @property
    def msg(self) -> str:
        """The engine's own words, as docker-py calls them."""
        return self.message


class PullError(StreamError):
    """A pull failed."""


class PushError(StreamError):
    """A push failed."""
