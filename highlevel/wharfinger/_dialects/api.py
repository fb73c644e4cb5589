"""One engine's API at one version: makes Operations out of generated bindings, and refuses what the version lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import attrs

from wharfinger._core.operation import Operation, Reply, RequestKwargs
from wharfinger.errors import NotSupported, UnexpectedReply, api_error
from wharfinger_api._support.errors import StatusError
from wharfinger_api._support.errors import UnexpectedReply as UnreadableReply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger.address import Engine
    from wharfinger.errors import NotFoundKind
    from wharfinger_api._support.availability import Availability, Window
    from wharfinger_api._support.request import RequestKwargs as GeneratedKwargs

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

_NAMES = {"docker": "Docker", "podman": "Podman"}
_UNTOLD = (400, 500)
# Both engines say 500, and Podman 400, to much of what has a status of its own elsewhere; the cause stands last in
# their words.
_CAUSES = {
    "container state improper": 409,
    "is not paused": 409,
    "is an invalid filter": 400,
    "that name is already in use": 409,
    "please force removal": 409,
    "no such container": 404,
    "image not known": 404,
    "401 unauthorized": 401,
    "unauthorized: authentication required": 401,
    "unauthorized: incorrect username or password": 401,
}


class Binding(Protocol[T_co]):
    """The part of a generated operation that is used here: its name, and how it reads a reply."""

    @property
    def name(self) -> str:
        """The operation's id."""
        ...

    def parse(self, reply: Reply) -> T_co:
        """The success value, or the bindings' own error raised."""
        ...


@attrs.frozen
class EngineAPI:
    """Makes the Operations of one engine.

    Attributes:
        engine: Which one.
        version: The version of its API that is spoken; Podman's is that of its native API.
        availability: What the vendored descriptions tell of that API's versions.
    """

    engine: Engine
    version: str
    availability: Availability

    def operation(
        self,
        binding: Binding[T],
        request: GeneratedKwargs,
        *,
        kind: NotFoundKind | None = None,
        body: Mapping[str, str] | None = None,
    ) -> Operation[T]:
        """An Operation that reads replies as the binding does, and raises this library's errors.

        Args:
            binding: The generated operation.
            request: What its request builder returned.
            kind: What a 404 says is missing.
            body: Where in the JSON body ("" is its top) lies an object of which schema, for what to refuse.

        Raises:
            NotSupported: This version has not the operation, or not one of its parameters or properties.
        """
        self._check(binding.name, request, body or {})
        sent = cast("RequestKwargs", request)

        def parse(reply: Reply) -> T:
            try:
                return binding.parse(reply)
            except StatusError as error:
                status, found = meaning(error.status_code, error.message, kind)
                raise api_error(status, error.message, sent["method"], sent["url"], kind=found) from error
            except UnreadableReply as error:
                raise UnexpectedReply(str(error), error.content, error.status_code) from error

        return Operation(sent, parse)

    def lacking(self, feature: str, needs: str = "") -> NotSupported:
        """The error for what no version of this engine's API has, or only `needs`."""
        name = _NAMES[self.engine]
        return NotSupported(feature, name, needs, f"{name} API {self.version}")

    def _check(self, name: str, request: GeneratedKwargs, body: Mapping[str, str]) -> None:
        table = self.availability
        self._within(name, table.operation(name))
        for key in request.get("params", {}):
            self._within(f"{name}({key})", table.parameter(name, key))
        for place, schema in body.items():
            content: Any = request.get("json")
            found: dict[str, Any] | None = content.get(place) if place else content
            for key in found or ():
                self._within(f"{name}({place or 'body'}.{key})", table.property(schema, key))

    def _within(self, feature: str, window: Window) -> None:
        if self.availability.has(window, self.version):
            return
        name = _NAMES[self.engine]
        until = f" to {window.until}" if window.until else " or newer"
        raise self.lacking(feature, f"{name} API {window.since}{until}")


def meaning(status: int, message: str, kind: NotFoundKind | None) -> tuple[int, NotFoundKind | None]:
    """The status that fits the engine's words, and what they say is missing."""
    words = message.lower().rstrip()
    if status in _UNTOLD:
        status = next((meant for cause, meant in _CAUSES.items() if words.endswith(cause)), status)
    if status == 500 and (words.startswith("no such container") or words.endswith("layer not known")):
        # The first is Docker's of a filter, the second Podman's of a container's changes.
        return 404, "container"
    if "no such container" in words:
        return status, "container"
    if "no such image" in words or "image not known" in words:
        return status, "image"
    # A path in the container, a network to start it in, …
    return status, None if kind == "container" and message else kind


def converted(op: Operation[T], convert: Callable[[T], U]) -> Operation[U]:
    """The same Operation, its success value turned into another."""
    return Operation(op.request, lambda reply: convert(op.parse(reply)))


def told_apart(op: Operation[Any]) -> Operation[bool]:
    """The same Operation, giving False where the engine says that it was so already (304)."""

    def parse(reply: Reply) -> bool:
        op.parse(reply)
        return reply.status_code != 304

    return Operation(op.request, parse)
