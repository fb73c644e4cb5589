# Derived from highlevel/wharfinger/_async/httpx_door.py
# by `python -m codegen.unasync`: change that file, not this one.
"""The same transport, offered to httpx: for the generated client and for users' own httpx.Client.

The only module that imports httpx. Errors stay this library's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import httpx

from wharfinger._core.timeouts import Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wharfinger._core.operation import RequestKwargs
    from wharfinger._sync.raw_streams import ByteStream

# Said by the transport itself, or about the connection, which is none of httpx's here.
_OURS = frozenset({"host", "connection", "keep-alive", "user-agent", "transfer-encoding"})


class Sender(Protocol):
    """Something that sends a request and gives its reply unread: a transport, or a client's engine."""

    def send(self, kwargs: RequestKwargs, *, timeout: Timeout | None = None) -> ByteStream:
        """Send it."""
        ...


class HTTPXTransport(httpx.BaseTransport):
    """Carries httpx's requests over an engine's connections; the host of their URLs means nothing.

    Args:
        transport: Whose connections to use; stays open when the httpx client is closed.
    """

    def __init__(self, transport: Sender) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and give its response with the body unread."""
        stream = self._transport.send(_kwargs(request), timeout=_timeout(request))
        return httpx.Response(
            stream.status_code, headers=stream.raw_headers, stream=_Body(stream), request=request
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


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
