"""The seam between what is asked of an engine and the transport that carries it."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NotRequired, Protocol, TypeAlias, TypedDict, TypeVar

import attrs

T = TypeVar("T")


class BinaryFile(Protocol):
    """Something to read bytes from: an open file, a pipe, a BytesIO."""

    def read(self, size: int, /) -> bytes:
        """Give at most that many bytes, b"" at the end."""
        ...


Content: TypeAlias = (
    bytes | bytearray | memoryview | str | Iterable[bytes] | AsyncIterable[bytes] | BinaryFile
)
Scalar: TypeAlias = str | int | float | bool
Param: TypeAlias = Scalar | Sequence[Scalar]


class RequestKwargs(TypedDict):
    """One request, as the generated request builders give it.

    Attributes:
        method: HTTP method in upper case.
        url: Path without the version prefix, percent-encoded.
        params: Query; a sequence repeats its key.
        headers: Further headers; a sequence repeats its name.
        json: A value to send as application/json.
        content: A body to send as it is; its Content-Type is among the headers.
    """

    method: str
    url: str
    params: NotRequired[Mapping[str, Param]]
    headers: NotRequired[Mapping[str, str | Sequence[str]]]
    json: NotRequired[Any]
    content: NotRequired[Content]


class Reply(Protocol):
    """A reply whose body was read."""

    @property
    def status_code(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers; names may be asked for in any case."""
        ...

    @property
    def content(self) -> bytes:
        """The whole body."""
        ...


def _without_secrets(request: RequestKwargs) -> str:
    # Headers, queries and bodies may hold credentials.
    return f"{request['method']} {request['url'].partition('?')[0]}"


@attrs.frozen
class Operation(Generic[T]):
    """A request, and how its reply is read.

    Attributes:
        request: What to send.
        parse: Called with the reply whatever its status; raises the typed error for a bad one.
    """

    request: RequestKwargs = attrs.field(repr=_without_secrets)
    parse: Callable[[Reply], T]
