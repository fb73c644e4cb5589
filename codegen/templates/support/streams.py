"""Replies that flow: raw chunks, or JSON values decoded as they come, with flat memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from .model import Decode

_MAX_VALUE = 64 * 1024 * 1024
_SPACE = " \t\r\n\x1e"


class JSONValues:
    """Splits bytes into JSON values, wherever the chunks were cut."""

    def __init__(self) -> None:
        self._bytes = b""
        self._decoder = json.JSONDecoder()

    def feed(self, data: bytes) -> list[Any]:
        """The values that are whole now."""
        self._bytes += data
        if b"\n" not in data and b"}" not in data and b"]" not in data:
            self._bound()
            return []
        text, rest = self._text()
        values: list[Any] = []
        at = 0
        while True:
            while at < len(text) and text[at] in _SPACE:
                at += 1
            try:
                value, at = self._decoder.raw_decode(text, at)
            except ValueError:
                break
            values.append(value)
        self._bytes = text[at:].encode() + rest
        self._bound()
        return values

    def _text(self) -> tuple[str, bytes]:
        """What is whole UTF-8, and the bytes of a character cut in two."""
        try:
            return self._bytes.decode(), b""
        except UnicodeDecodeError as error:
            if error.end < len(self._bytes):
                return self._bytes.decode("utf-8", "replace"), b""
            return self._bytes[: error.start].decode(), self._bytes[error.start :]

    def _bound(self) -> None:
        if len(self._bytes) > _MAX_VALUE:
            raise ValueError(f"a JSON value of a stream is longer than {_MAX_VALUE} bytes")

    def finish(self) -> None:
        """Says at the end of the stream whether it was a proper one."""
        left = self._bytes.strip(_SPACE.encode())
        if left:
            raise ValueError(f"the stream ended inside a JSON value: {left[:80]!r}")


class Items(Iterator[bytes]):
    """The chunks of a reply as they come."""

    def __init__(self, reply: httpx.Response) -> None:
        self.status_code = reply.status_code
        self.headers = reply.headers
        self._chunks = reply.iter_raw()

    def __next__(self) -> bytes:
        return next(self._chunks)


class ItemsOf(Iterator[Any]):
    """The JSON values of a reply as they come, decoded."""

    def __init__(self, reply: httpx.Response, decode: Decode) -> None:
        self.status_code = reply.status_code
        self.headers = reply.headers
        self._values = self._decoded(reply, decode)

    def _decoded(self, reply: httpx.Response, decode: Decode) -> Iterator[Any]:
        values = JSONValues()
        for chunk in reply.iter_raw():
            yield from map(decode, values.feed(chunk))
        values.finish()

    def __next__(self) -> Any:
        return next(self._values)


class AsyncItems(AsyncIterator[bytes]):
    """The chunks of a reply as they come."""

    def __init__(self, reply: httpx.Response) -> None:
        self.status_code = reply.status_code
        self.headers = reply.headers
        self._chunks = reply.aiter_raw()

    async def __anext__(self) -> bytes:
        return await anext(self._chunks)


class AsyncItemsOf(AsyncIterator[Any]):
    """The JSON values of a reply as they come, decoded."""

    def __init__(self, reply: httpx.Response, decode: Decode) -> None:
        self.status_code = reply.status_code
        self.headers = reply.headers
        self._values = self._decoded(reply, decode)

    async def _decoded(self, reply: httpx.Response, decode: Decode) -> AsyncIterator[Any]:
        values = JSONValues()
        async for chunk in reply.aiter_raw():
            for value in values.feed(chunk):
                yield decode(value)
        values.finish()

    async def __anext__(self) -> Any:
        return await anext(self._values)
