"""Calls operations through the bindings over a plain httpx transport, and keeps what came back."""

import contextlib
import secrets
import time
from collections.abc import Callable, Generator, Mapping
from types import TracebackType
from typing import Any, Literal, Self

import attrs
import httpx

from tests.engines.harness import Engine
from tests.engines.recorder.catalogue import BoundOperation, PackageName, operations
from wharfinger_api.docker.client import Client

Service = Literal["docker", "podman-compat", "podman"]
SERVICES: tuple[Service, ...] = ("docker", "podman-compat", "podman")

_PATIENCE = 30.0


@attrs.frozen
class Exchange:
    """One reply, and the operation that it answers. It is what `parse_response` takes."""

    service: Service
    operation: BoundOperation
    status_code: int
    headers: Mapping[str, str]
    content: bytes = attrs.field(repr=False)

    @property
    def succeeded(self) -> bool:
        """Whether the engine did what was asked."""
        return self.status_code < 300


class Recorder:
    """One package of bindings, bound to one engine below one version prefix.

    Args:
        service: What the replies are kept as.
        package: The bindings to use.
        base_url: Address and version prefix.
        engine: Who answers.
    """

    def __init__(self, service: Service, package: PackageName, base_url: str, engine: Engine) -> None:
        self.service: Service = service
        self.engine = engine
        self.exchanges: list[Exchange] = []
        self.client = Client(
            base_url,
            timeout=_PATIENCE,
            transport=httpx.HTTPTransport(uds=str(engine.socket)),
            async_transport=httpx.AsyncHTTPTransport(uds=str(engine.socket)),
        )
        self._operations = operations(package)
        self._token = secrets.token_hex(3)

    @classmethod
    def of(cls, service: Service, engine: Engine) -> Self:
        """The recorder of a service, spoken to in the version it prefers."""
        if service == "podman":
            return cls(service, "libpod", f"http://engine/v{engine.libpod_version}", engine)
        return cls(service, "docker", f"http://engine/v{engine.api_version}", engine)

    def name(self, what: str) -> str:
        """A name that no other run has."""
        return f"rec-{self._token}-{what}"

    @property
    def subnet(self) -> str:
        """The first three numbers of a network that hardly any other run has."""
        return f"10.{int(self._token[:2], 16) % 90 + 100}.{int(self._token[2:4], 16)}"

    def record(self, operation: str, /, *arguments: object, **named: object) -> Exchange:
        """The reply of an operation, whatever its status."""
        bound = self._operations[operation]
        reply = self.client.get_httpx_client().request(**bound.request_kwargs(*arguments, **named))
        found = Exchange(self.service, bound, reply.status_code, reply.headers, reply.content)
        self.exchanges.append(found)
        return found

    def call(self, operation: str, /, *arguments: object, **named: object) -> Any:
        """The success value of an operation, or its typed error raised."""
        found = self.record(operation, *arguments, **named)
        return found.operation.parse_response(found)

    def open(
        self, operation: str, /, *arguments: object, **named: object
    ) -> contextlib.AbstractContextManager[Any]:
        """The stream of an operation."""
        return self._operations[operation].stream(*arguments, client=self.client, **named)

    def aopen(
        self, operation: str, /, *arguments: object, **named: object
    ) -> contextlib.AbstractAsyncContextManager[Any]:
        """The stream of an operation, for `async with`; the client must be closed with `aclose`."""
        return self._operations[operation].astream(*arguments, client=self.client, **named)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def until(what: str, condition: Callable[[], bool]) -> None:
    """Wait for an engine to come to a state by itself; an error that says what was waited for."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come about within {_PATIENCE:.0f} s")
        time.sleep(0.05)


@contextlib.contextmanager
def taken_down(recorder: Recorder) -> Generator[Callable[..., None]]:
    """A function that notes an operation to call at the end; the last noted is called first."""
    with contextlib.ExitStack() as stack:

        def note(operation: str, /, *arguments: object, **named: object) -> None:
            stack.callback(_undo, recorder, operation, *arguments, **named)

        yield note


def _undo(recorder: Recorder, operation: str, /, *arguments: object, **named: object) -> None:
    """Call until it succeeds, or nothing is left: engines refuse while a container is just restarting, say."""

    def done() -> bool:
        reply = recorder.record(operation, *arguments, **named)
        return reply.succeeded or reply.status_code in (304, 404)

    until(f"{operation}{arguments}", done)
