"""The errors of the low-level bindings.

StatusError                 the engine answered with an error status
├─ BadRequest 400  Unauthorized 401  Forbidden 403  NotFound 404  NotAcceptable 406  Conflict 409
└─ ServerError 5xx
UnexpectedReply             a success that cannot be read as what is documented; keeps the raw bytes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .model import Model

_EXCERPT = 200


class BindingError(Exception):
    """The base of both."""

    def __init__(self, operation: str, status_code: int, content: bytes) -> None:
        super().__init__(operation, status_code, content)
        self.operation = operation
        self.status_code = status_code
        self.content = content


class StatusError(BindingError):
    """The engine refused or failed: `status_code`, `reply` (its error, parsed), `content` (its raw bytes)."""

    def __init__(self, operation: str, status_code: int, content: bytes, reply: Model | None = None) -> None:
        super().__init__(operation, status_code, content)
        self.reply = reply

    @property
    def message(self) -> str:
        """The engine's own words, or the start of the reply where it is no JSON error."""
        raw: dict[str, Any] = self.reply.to_dict() if self.reply is not None else {}
        said = raw.get("message") or raw.get("cause") or raw.get("error")
        return str(said) if said else self.content[:_EXCERPT].decode("utf-8", "replace").strip()

    def __str__(self) -> str:
        return f"{self.operation}: the engine answered {self.status_code}: {self.message or '(no text)'}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.operation, self.status_code, self.content, self.reply))


class BadRequest(StatusError):
    """400: a parameter or the body is wrong."""


class Unauthorized(StatusError):
    """401: credentials are missing or wrong."""


class Forbidden(StatusError):
    """403: not allowed on this engine, or in its present state."""


class NotFound(StatusError):
    """404: no such object, or no such operation on this engine."""


class NotAcceptable(StatusError):
    """406: the engine cannot do this in its present role."""


class Conflict(StatusError):
    """409: the state or the name stands against it."""


class ServerError(StatusError):
    """5xx: the engine failed."""


class UnexpectedReply(BindingError):
    """A success whose body is not what is documented; `content` has its bytes."""

    def __init__(self, operation: str, status_code: int, content: bytes, expected: str) -> None:
        super().__init__(operation, status_code, content)
        self.expected = expected

    def __str__(self) -> str:
        start = self.content[:_EXCERPT].decode("utf-8", "replace")
        return f"{self.operation}: expected {self.expected} with status {self.status_code}, got {start!r}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.operation, self.status_code, self.content, self.expected))


_CLASSES = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    406: NotAcceptable,
    409: Conflict,
}


def status_error(operation: str, status_code: int, content: bytes, reply: Model | None) -> StatusError:
    """The error of the class that fits the status."""
    default = ServerError if status_code >= 500 else StatusError
    return _CLASSES.get(status_code, default)(operation, status_code, content, reply)
