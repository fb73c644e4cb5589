"""The same transport, offered to httpx: for the generated client and for users' own httpx.AsyncClient.

The only module that imports httpx. Errors stay this library's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import httpx

from wharfinger._core.timeouts import Timeout

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.operation import RequestKwargs

# Said by the transport itself, or about the connection, which is none of httpx's here.
_OURS = frozenset({"host", "connection", "keep-alive", "user-agent", "transfer-encoding"})


class AsyncSender(Protocol):
    """Something that sends a request and gives its reply unread: a transport, or a client's engine."""

    async def send(self, kwargs: RequestKwargs, *, timeout: Timeout | None = None) -> AsyncByteStream:
        """Send it."""
        ...


class AsyncHTTPXTransport(httpx.AsyncBaseTransport):
    """Carries httpx's requests over an engine's connections; the host of their URLs means nothing.

    Args:
        transport: Whose connections to use; stays open when the httpx client is closed.
    """

    def __init__(self, transport: AsyncSender) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give its response with the body unread."""
        stream = await self._transport.send(_kwargs(request), timeout=_timeout(request))
        return httpx.Response(
            stream.status_code, headers=stream.raw_headers, stream=_Body(stream), request=request
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        await self._stream.close()


def _kwargs(request: httpx.Request) -> RequestKwargs:
    kwargs: RequestKwargs = {
        "method": request.method,
        "url": request.url.raw_path.decode("ascii"),
        "headers": {name: value for name, value in request.headers.items() if name not in _OURS},
    }
    if "content-length" in request.headers or "transfer-encoding" in request.headers:
        # Bytes are sent faster as such than as a stream of one piece.
        whole = isinstance(request.stream, httpx.ByteStream)
        kwargs["content"] = request.content if whole else cast("Any", request.stream)
    return kwargs


def _timeout(request: httpx.Request) -> Timeout | None:
    given: dict[str, float | None] | None = request.extensions.get("timeout")
    if given is None:
        return None
    return Timeout(connect=given.get("connect"), read=given.get("read"), write=given.get("write"))
