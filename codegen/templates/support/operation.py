"""What all operations share: reading replies, and the ways of calling."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from .errors import StatusError, UnexpectedReply, status_error
from .json_text import loads
from .model import Decode, Model
from .streams import AsyncItems, AsyncItemsOf, Items, ItemsOf, JSONValues

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Mapping

    from .client import Client
    from .request import RequestKwargs

T = TypeVar("T")


class Reply(Protocol):
    """A whole reply of any HTTP library."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; `get` takes their names in any case."""
        ...

    @property
    def content(self) -> bytes:
        """The whole body."""
        ...


class Response(Generic[T]):
    """A reply with its status and headers: `parsed` is the success value, or `error` the typed error."""

    __slots__ = ("content", "error", "headers", "parsed", "status_code")

    def __init__(self, reply: Reply, parsed: T | None, error: Exception | None) -> None:
        self.status_code = reply.status_code
        self.headers = reply.headers
        self.content = reply.content
        self.parsed = parsed
        self.error = error

    def __repr__(self) -> str:
        return f"Response(status_code={self.status_code}, {len(self.content)} bytes)"


def read_json(decode: Decode | None, empty: Callable[[], Any] | None = None) -> Callable[[bytes], Any]:
    """Reads a JSON body; `empty` makes the value of a null or missing one, where there is a natural one."""

    def read(content: bytes) -> Any:
        value = None if not content or content.isspace() else loads(content)
        if value is None:
            if empty is None:
                raise ValueError("nothing")
            return empty()
        return value if decode is None else decode(value)

    return read


def read_values(decode: Decode | None = None) -> Callable[[bytes], list[Any]]:
    """Reads a stream of JSON values in one piece."""

    def read(content: bytes) -> list[Any]:
        values = JSONValues()
        found = values.feed(content)
        values.finish()
        return found if decode is None else [decode(value) for value in found]

    return read


def read_text(content: bytes) -> str:
    """Reads a text body, without the line end that Podman puts behind every bare text."""
    return content.decode("utf-8", "replace").removesuffix("\n")


def read_bytes(content: bytes) -> bytes:
    """Reads a body of bytes."""
    return content


def read_nothing(content: bytes) -> None:
    """Reads a success that says nothing by its body."""


class Operation(Generic[T]):
    """One operation of an engine: its name, how its replies are read, and how it is called over httpx."""

    __slots__ = ("_error", "_errors", "_replies", "expected", "item", "name")

    def __init__(
        self,
        name: str,
        replies: dict[int, Callable[[bytes], Any]],
        error: Decode,
        *,
        expected: str = "JSON",
        errors: dict[int, Decode] | None = None,
        item: Decode | None = None,
    ) -> None:
        self.name = name
        self.expected = expected
        self.item = item
        self._replies: dict[int, Callable[[bytes], Any]] = replies
        self._error = error
        self._errors = errors or {}

    def parse(self, reply: Reply) -> T:
        """The success value, or the typed error raised."""
        status, content = reply.status_code, reply.content
        if not (200 <= status < 300 or status in {101, 304}):
            raise self.error(status, content)
        try:
            value: T = self._reader(status)(content)
        except ValueError as error:
            raise UnexpectedReply(self.name, status, content, self.expected) from error
        return value

    def _reader(self, status: int) -> Callable[[bytes], Any]:
        reader = read_nothing if status == 304 else self._replies.get(status)
        # Engines answer another success than documented (200 for 201, say): it is read as the documented one.
        return reader or next(iter(self._replies.values()), read_nothing)

    def error(self, status: int, content: bytes) -> StatusError:
        """The typed error of an error reply."""
        try:
            raw = loads(content)
        except ValueError:
            raw = None
        decode = self._errors.get(status, self._error)
        parsed = decode(raw) if isinstance(raw, dict) else None
        return status_error(self.name, status, content, parsed if isinstance(parsed, Model) else None)

    def detailed(self, reply: Reply) -> Response[T]:
        """The reply with its status, parsed as far as it can be; raises for no status."""
        try:
            return Response(reply, self.parse(reply), None)
        except (StatusError, UnexpectedReply) as error:
            return Response(reply, None, error)

    def sync(self, client: Client, request: RequestKwargs) -> T:
        """Calls, and gives the success value or raises the typed error."""
        return self.parse(client.get_httpx_client().request(**request))

    async def asyncio(self, client: Client, request: RequestKwargs) -> T:
        """As `sync`, without blocking."""
        return self.parse(await client.get_async_httpx_client().request(**request))

    def sync_detailed(self, client: Client, request: RequestKwargs) -> Response[T]:
        """Calls, and gives the reply with its status whatever that is."""
        return self.detailed(client.get_httpx_client().request(**request))

    async def asyncio_detailed(self, client: Client, request: RequestKwargs) -> Response[T]:
        """As `sync_detailed`, without blocking."""
        return self.detailed(await client.get_async_httpx_client().request(**request))

    @contextmanager
    def stream(self, client: Client, request: RequestKwargs) -> Generator[Any, None, None]:
        """Calls, and gives the items of the reply as they come."""
        with client.get_httpx_client().stream(**request, timeout=client.stream_timeout) as reply:
            if reply.status_code >= 300:
                raise self.error(reply.status_code, reply.read())
            yield Items(reply) if self.item is None else ItemsOf(reply, self.item)

    @asynccontextmanager
    async def astream(self, client: Client, request: RequestKwargs) -> AsyncGenerator[Any, None]:
        """As `stream`, without blocking."""
        async with client.get_async_httpx_client().stream(**request, timeout=client.stream_timeout) as reply:
            if reply.status_code >= 300:
                raise self.error(reply.status_code, await reply.aread())
            yield AsyncItems(reply) if self.item is None else AsyncItemsOf(reply, self.item)
