"""Everything that this library raises, and nothing of any library beneath it.

    WharfingerError
    ├─ EngineUnreachable        no engine answered: what was tried, why not, what to do
    ├─ EngineTimeout            a limit of time was reached, and in which phase
    ├─ ClosedError              this side closed the client, stream or connection that is being used
    ├─ NotSupported             this engine, or its API version, lacks the feature; nothing was sent
    ├─ APIError                 the engine said no: status_code, message, method, path
    │  ├─ BadRequest            400
    │  ├─ Unauthorized          401
    │  ├─ Forbidden             403
    │  ├─ NotFound              404
    │  │  ├─ ContainerNotFound
    │  │  ├─ ImageNotFound
    │  │  ├─ NetworkNotFound
    │  │  ├─ VolumeNotFound
    │  │  ├─ PodNotFound
    │  │  ├─ SecretNotFound
    │  │  ├─ ServiceNotFound
    │  │  ├─ TaskNotFound
    │  │  ├─ PluginNotFound
    │  │  ├─ ConfigNotFound
    │  │  └─ NodeNotFound
    │  ├─ Conflict              409
    │  └─ ServerError           5xx
    │     └─ NotSwarmManager    what only a manager of a swarm can do was asked of another engine
    ├─ UnexpectedReply          an undocumented status or an unreadable body; keeps the raw bytes
    ├─ ProtocolError            what came is not the protocol, or was cut short
    ├─ FileChangedError         a local file changed its size while it was sent; the archive was broken off
    ├─ UnsafeArchiveError       an archive wants something written outside its folder, or exceeds a limit
    ├─ CredentialsError         credentials for a registry could not be read: names the file or the helper
    ├─ ContainerError           run(): the container ended with a code other than 0
    ├─ ContainerNotReady        wait_healthy(), wait_for_log(), wait_for_port(): it cannot become ready any more
    │  └─ NotReadyInTime        … or did not within the time given; an EngineTimeout, too
    ├─ ServiceNotConverged      wait_converged(): its change was paused, went back, or its job failed
    │  └─ NotConvergedInTime    … or it did not within the time given; an EngineTimeout, too
    └─ StreamError              an error told inside a stream that began well
       ├─ BuildError
       ├─ PullError
       └─ PushError

All of them survive pickling with every attribute, and none shows a secret.
"""
# ruff: noqa: N818 - users read `except ContainerNotFound`; the word Error would be said twice at each of them

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wharfinger.errors.outcomes import BuildError as BuildError
    from wharfinger.errors.outcomes import ContainerError as ContainerError
    from wharfinger.errors.outcomes import ContainerNotReady as ContainerNotReady
    from wharfinger.errors.outcomes import NotConvergedInTime as NotConvergedInTime
    from wharfinger.errors.outcomes import NotReadyInTime as NotReadyInTime
    from wharfinger.errors.outcomes import PullError as PullError
    from wharfinger.errors.outcomes import PushError as PushError
    from wharfinger.errors.outcomes import ServiceNotConverged as ServiceNotConverged
    from wharfinger.errors.outcomes import StreamError as StreamError
else:
    _OUTCOMES = (
        "BuildError",
        "ContainerError",
        "ContainerNotReady",
        "NotConvergedInTime",
        "NotReadyInTime",
        "PullError",
        "PushError",
        "ServiceNotConverged",
        "StreamError",
    )

    def __getattr__(name: str) -> type[WharfingerError]:
        if name not in _OUTCOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # Loaded when one of them is first named: making a client needs none.
        from wharfinger.errors import outcomes

        return getattr(outcomes, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_OUTCOMES})


NotFoundKind: TypeAlias = Literal[
    "container", "image", "network", "volume", "pod", "secret", "service", "task", "plugin", "config", "node"
]


def _rebuild(kind: type[WharfingerError], args: tuple[Any, ...], state: dict[str, Any]) -> WharfingerError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class WharfingerError(Exception):
    """Any fault that this library raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the constructor with the message alone.
        return _rebuild, (type(self), self.args, self.__dict__.copy())


class EngineUnreachable(WharfingerError):
    """No engine answered.

    Attributes:
        tried: What was tried, and why each failed, in order.
        hint: The next step for a person; may be empty.
    """

    def __init__(self, tried: Iterable[tuple[str, str]], hint: str = "") -> None:
        self.tried = tuple(tried)
        self.hint = hint
        super().__init__(self._message())

    def _message(self) -> str:
        if not self.tried:
            return self.hint or "no container engine answered"
        if len(self.tried) == 1:
            what, why = self.tried[0]
            return ". ".join(filter(None, (f"no engine answered at {what}: {why.rstrip('.')}", self.hint)))
        lines = [f"no container engine answered; {len(self.tried)} places were tried:"]
        lines += [f"  {what}: {why}" for what, why in self.tried]
        return "\n".join([*lines, self.hint] if self.hint else lines)


class EngineTimeout(WharfingerError):
    """The engine took longer than it was given.

    Attributes:
        phase: "connect", "read", "write", "pool" (waiting for a free connection) or "total"; others may be
            used for longer actions.
        seconds: The limit that was reached.
    """

    def __init__(self, phase: str, seconds: float | None = None, detail: str = "") -> None:
        self.phase = phase
        self.seconds = seconds
        limit = "" if seconds is None else f" of {seconds:g} s"
        super().__init__(f"the {phase} timeout{limit} was reached" + (f": {detail}" if detail else ""))


class ClosedError(WharfingerError):
    """The client, stream or connection was closed on this side, while it was used or before."""


class NotSupported(WharfingerError):
    """This engine, or the API version it speaks, lacks a feature; nothing was sent.

    Attributes:
        feature: What was asked for.
        engine: Which engine was asked.
        needs: What has the feature, such as "Docker API 1.48".
        has: What is there, such as "Docker API 1.41".
    """

    def __init__(self, feature: str, engine: str = "", needs: str = "", has: str = "") -> None:
        self.feature = feature
        self.engine = engine
        self.needs = needs
        self.has = has
        text = f"{feature} is not supported" + (f" by {engine}" if engine else "")
        bounds = [f"it needs {needs}" if needs else "", f"this is {has}" if has else ""]
        super().__init__(": ".join(filter(None, (text, ", ".join(filter(None, bounds))))))


class APIError(WharfingerError):
    """The engine understood the request and answered with an error.

    Attributes:
        status_code: HTTP status.
        message: The engine's own words.
        method: HTTP method of the request.
        path: Path of the request, without its query.
    """

    def __init__(self, status_code: int, message: str, method: str = "", path: str = "") -> None:
        self.status_code = status_code
        self.message = message
        self.method = method
        # A query may hold what nobody should read in a log, such as the token of a remote build context.
        self.path = path.partition("?")[0]
        request = f" ({method} {self.path})" if method or path else ""
        super().__init__(f"{message or 'no reason was given'} [{status_code}{request}]")


class BadRequest(APIError):
    """Status 400: a parameter is wrong."""


class Unauthorized(APIError):
    """Status 401: credentials are missing or wrong."""


class Forbidden(APIError):
    """Status 403: not allowed."""


class NotFound(APIError):
    """Status 404: there is no such thing."""


class ContainerNotFound(NotFound):
    """There is no such container."""


class ImageNotFound(NotFound):
    """There is no such image."""


class NetworkNotFound(NotFound):
    """There is no such network."""


class VolumeNotFound(NotFound):
    """There is no such volume."""


class PodNotFound(NotFound):
    """There is no such pod."""


class SecretNotFound(NotFound):
    """There is no such secret."""


class ServiceNotFound(NotFound):
    """There is no such service."""


class TaskNotFound(NotFound):
    """There is no such task."""


class PluginNotFound(NotFound):
    """There is no such plugin."""


class ConfigNotFound(NotFound):
    """There is no such config."""


class NodeNotFound(NotFound):
    """There is no such node in the swarm."""


class Conflict(APIError):
    """Status 409: the thing is in a state, or has a name, that forbids it."""


class ServerError(APIError):
    """Status 5xx: the engine itself failed."""


class NotSwarmManager(ServerError):
    """Status 503: this Docker is in no swarm, or not one of its managers, and what was asked needs one.

    `docker swarm init` makes it the manager of a swarm of its own.
    """


class UnexpectedReply(WharfingerError):
    """The engine's reply is none that it documents, or cannot be read.

    Attributes:
        raw: The bytes of the body as far as they were read.
        status_code: HTTP status, where there was one.
    """

    def __init__(self, message: str, raw: bytes = b"", status_code: int | None = None) -> None:
        self.raw = raw
        self.status_code = status_code
        super().__init__(message)


class ProtocolError(WharfingerError):
    """What came from the engine is not the protocol, exceeds its bounds, or was cut short."""


class FileChangedError(WharfingerError, OSError):
    """A local file changed its size while it was sent; the archive was broken off, so that the engine refuses it."""


class UnsafeArchiveError(WharfingerError, ValueError):
    """An archive wants something written outside its folder, has what is no plain file, or exceeds a limit."""


class CredentialsError(WharfingerError):
    """Credentials for a registry are kept somewhere, and could not be read; nothing was sent.

    Attributes:
        source: The file, or the helper program.
    """

    def __init__(self, message: str, source: str = "") -> None:
        self.source = source
        super().__init__(message)
