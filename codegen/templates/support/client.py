"""The client that operations are called with: a base URL and httpx clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import httpx

if TYPE_CHECKING:
    from types import TracebackType


class Client:
    """An engine to call operations on, synchronously or not.

    Args:
        base_url: Address and version prefix, such as "http://localhost/v1.51".
        timeout: For requests, in seconds or as httpx has it; None is no limit.
        transport: What carries synchronous requests; `httpx.HTTPTransport(uds="/run/docker.sock")`, say.
        async_transport: What carries asynchronous ones.

    httpx clients are made when they are first needed and closed with this one.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float | httpx.Timeout | None = 60.0,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url
        self.timeout = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout)
        # A stream may be silent for as long as it likes.
        self.stream_timeout = httpx.Timeout(
            connect=self.timeout.connect, read=None, write=self.timeout.write, pool=self.timeout.pool
        )
        self._transport = transport
        self._async_transport = async_transport
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client beneath the synchronous calls."""
        if self._client is None:
            self._client = httpx.Client(
                base_url=self.base_url, timeout=self.timeout, transport=self._transport, trust_env=False
            )
        return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client beneath the asynchronous calls."""
        if self._async_client is None:
            self._async_client = httpx.AsyncClient(
                base_url=self.base_url, timeout=self.timeout, transport=self._async_transport, trust_env=False
            )
        return self._async_client

    def close(self) -> None:
        """Closes the synchronous httpx client."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def aclose(self) -> None:
        """Closes the asynchronous httpx client."""
        if self._async_client is not None:
            await self._async_client.aclose()
            self._async_client = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
