"""One engine's API at one version: makes Operations out of generated bindings, and refuses what the version lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation, Reply, RequestKwargs
from wharfinger.errors import NotFound, NotSupported, ProtocolError, UnexpectedReply
from wharfinger.types.events import event_of
from wharfinger_api._support.errors import StatusError
from wharfinger_api._support.errors import UnexpectedReply as UnreadableReply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger.address import Engine
    from wharfinger.errors import NotFoundKind
    from wharfinger.types import Event
    from wharfinger_api._support.availability import Availability, Window
    from wharfinger_api._support.request import RequestKwargs as GeneratedKwargs

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

_NAMES = {"docker": "Docker", "podman": "Podman"}
_UNTOLD = (400, 403, 500, 503)
# Both engines say 500, Podman 400 and Docker 403, or 503 about swarms, to much of what has a status of its own
# elsewhere; the cause stands last in their words.
_CAUSES = {
    "container state improper": 409,
    "exec session state improper": 409,
    "timeout waiting for exec session ready": 409,
    "is not paused": 409,
    "is an invalid filter": 400,
    "is not a valid filter": 400,
    "invalid reference format": 400,
    "that name is already in use": 409,
    "unique constraint failed: containerconfig.name": 409,
    "can only be used on running containers": 409,
    "container is stopped": 409,
    "is an invalid volume filter": 400,
    "names must match [a-za-z0-9][a-za-z0-9_.-]*: invalid argument": 400,
    "volume already exists": 409,
    "pod already exists": 409,
    "dependency exists": 409,
    "no such pod": 404,
    # What ps has no such column for; Podman 4 then says nothing at all.
    ": unknown descriptor": 409,
    "secret name in use": 409,
    "update out of sequence": 409,
    "network is already connected": 409,
    "network is being used": 409,
    "has active endpoints": 409,
    "invalid network mode": 400,
    "invalid secret name": 400,
    "invalid driver": 400,
    "invalid join token": 400,
    "secret data must be larger than 0 and less than 512000 bytes": 400,
    "please force removal": 409,
    "service does not have a previous spec": 409,
    "cannot set on an active plugin, disable plugin before setting": 409,
    "already exists, refusing to overwrite": 409,
    "artifact already exists": 409,
    "file already exists in artifact": 409,
    "image is not a manifest list": 404,
    "found in manifest list: file does not exist": 404,
    "no such container": 404,
    "image not known": 404,
    "required plugin missing": 404,
    "401 unauthorized": 401,
    "authentication required": 401,
    "unauthorized: incorrect username or password": 401,
}
_NO_NETWORK = re.compile(r"^network \S+ not found$")
# Those whose cause has a name in it.
_PHRASES = (
    # containerd's, of a process that has ended, or is just being removed; Docker 28 leaves out the last word.
    (re.compile(r"cannot [a-z ]+ a (stopped|deleted) (container|process|state)(: unknown)?$"), 409),
    (re.compile(r"already exists in network \S+$"), 409),
    (re.compile(r" is not connected to (the )?network "), 409),
    # Docker 28 lists them; older ones end before that.
    (re.compile(r" has active endpoints \(name:"), 409),
    (re.compile(r"pool overlaps with other one on this address space"), 409),
    (re.compile(r"^subnet \S+ is already used "), 409),
    (re.compile(r"port '\d+' is already in use by service '"), 409),
    (re.compile(r"desc = constraint expected "), 400),
    (re.compile(r"invalid reference format: "), 400),
    (re.compile(r'^setting ".*" not found in the plugin configuration$'), 400),
    (re.compile(r"^(no rootfs found|failed to read from tar): "), 400),
    (re.compile(r"^content sha256:[0-9a-f]+: already exists$"), 409),
    (_NO_NETWORK, 404),
    # Of what swarms are asked: a node that is not down, the last manager, …
    (re.compile(r"code = failedprecondition desc = "), 409),
    (re.compile(r"^this node is already part of a swarm\."), 409),
    (re.compile(r"^you are attempting to leave the swarm on a node that is participating as a "), 409),
    (re.compile(r'^invalid filter "'), 400),
    (re.compile(r'^generating yaml: name or id ".*" not found$'), 404),
    (re.compile(r"is associated with pod \S+: use generate on the pod itself$"), 409),
    (re.compile(r"^gateway \S+ not in subnet "), 400),
    (re.compile(r"^unsupported driver .*: invalid argument$"), 404),
    # The same of Podman 5.
    (re.compile(r'^failed to find driver or plugin "'), 404),
    (re.compile(r"^no blob with the (title|digest) "), 404),
)


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

    def takes(self, binding: Binding[Any], key: str) -> bool:
        """Whether this version has a parameter, for what can be done without it."""
        return self.availability.has(self.availability.parameter(binding.name, key), self.version)

    def require(self, feature: str, schema: str, name: str) -> None:
        """Refuses a property of a schema that this version lacks, however deep in a body it is.

        Args:
            feature: What to call it.
            schema: Such as "Mount".
            name: By its names on the wire, such as "BindOptions.CreateMountpoint".

        Raises:
            NotSupported: This version lacks it.
        """
        self._within(feature, self.availability.property(schema, name))

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


# What an answer says is missing, which may be another thing than what was asked of.
_MISSING: tuple[tuple[re.Pattern[str], NotFoundKind], ...] = (
    (re.compile("no such container"), "container"),
    (re.compile("no such pod"), "pod"),
    (re.compile("no such image|image not known"), "image"),
)


def meaning(status: int, message: str, kind: NotFoundKind | None) -> tuple[int, NotFoundKind | None]:
    """The status that fits the engine's words, and what they say is missing."""
    words = message.lower().rstrip()
    if status in _UNTOLD:
        causes = (meant for cause, meant in _CAUSES.items() if words.endswith(cause))
        phrases = (meant for phrase, meant in _PHRASES if phrase.search(words))
        status = next(causes, next(phrases, status))
    if status == 500 and (words.startswith("no such container") or words.endswith("layer not known")):
        # The first is Docker's of a filter, the second Podman's of a container's changes.
        return 404, "container"
    if "does not refer to a container or pod" in words or words.startswith("generating yaml: name or id "):
        return status, kind
    if kind in (None, "service") and _NO_NETWORK.search(words):
        # What a service is to join.
        return status, "network"
    named: NotFoundKind | None = next((found for phrase, found in _MISSING if phrase.search(words)), None)
    if named is not None:
        # Docker answers so where no image could have such a name.
        return (404 if status == 400 and words.startswith("no such image") else status), named
    # A path in the container, a network to start it in, …
    return status, None if kind == "container" and message else kind


def converted(op: Operation[T], convert: Callable[[T], U]) -> Operation[U]:
    """The same Operation, its success value turned into another."""
    return Operation(op.request, lambda reply: convert(op.parse(reply)))


def is_there(op: Operation[Any]) -> Operation[bool]:
    """The same Operation, giving False where the engine says that there is no such thing."""

    def parse(reply: Reply) -> bool:
        try:
            op.parse(reply)
        except NotFound:
            return False
        return True

    return Operation(op.request, parse)


# Type checkers would take what is a dict for one of unknowns, and a cast is a call, here for each event.
_OBJECT: Any = dict


def told_event(raw: Any) -> Event:  # noqa: ANN401 - whatever JSON can say
    """An event, or the error that Podman tells instead, with status 200.

    Raises:
        APIError: The engine understood the request and refused it.
        ProtocolError: It is neither.
    """
    told: dict[str, Any] = raw if isinstance(raw, _OBJECT) else {}
    if "Type" in told:
        return event_of(told)
    if "message" not in told:
        raise ProtocolError(f"expected an event, got {raw!r:.100}")
    message = str(told["message"])
    raise api_error(meaning(int(told.get("response") or 500), message, None)[0], message, "GET", "/events")


def told_apart(op: Operation[Any]) -> Operation[bool]:
    """The same Operation, giving False where the engine says that it was so already (304)."""

    def parse(reply: Reply) -> bool:
        op.parse(reply)
        return reply.status_code != 304

    return Operation(op.request, parse)


def told_of(op: Operation[Any]) -> Operation[bool]:
    """The same Operation, giving whether what it asks for is there."""

    def parse(reply: Reply) -> bool:
        try:
            op.parse(reply)
        except NotFound:
            return False
        return True

    return Operation(op.request, parse)
