"""The engines of a fleet, each connected to when it is first used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from wharfinger._async.client import AsyncDockerClient, AsyncPodmanClient, connect_async
from wharfinger.address import EngineAddress
from wharfinger.errors import ClosedError

if TYPE_CHECKING:
    from wharfinger._core.timeouts import Timeout

AsyncAnyClient: TypeAlias = AsyncDockerClient | AsyncPodmanClient
AsyncTarget: TypeAlias = str | EngineAddress | AsyncDockerClient | AsyncPodmanClient

_ADDRESSES = (str, EngineAddress)
_RULE = "the fleet's list"
_WANTED = "expected addresses by name, such as {'prod-1': 'ssh://user@host'}, or a list of addresses"


class AsyncHost:
    """One engine.

    Args:
        target: Where it is, or a client of it, which stays with whoever gave it.
        timeout: Limits of time for a client that is made here.
    """

    def __init__(self, target: AsyncTarget, timeout: float | Timeout | None) -> None:
        self._target = _address(target) if isinstance(target, str) else target
        self._made: AsyncAnyClient | None = None
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._closed = False

    async def client(self) -> AsyncAnyClient:
        """Its client, connected."""
        self._check()
        if not isinstance(self._target, EngineAddress):
            return self._target
        if self._made is None:
            async with self._lock:
                if self._made is None:
                    self._made = await self._connected(self._target)
        return self._made

    async def _connected(self, address: EngineAddress) -> AsyncAnyClient:
        self._check()
        client = await connect_async(
            address.url, timeout=self._timeout, tls=address.tls, identity=address.identity
        )
        if self._closed:
            await client.close()
            self._check()
        return client

    def _check(self) -> None:
        if self._closed:
            raise ClosedError("the fleet was closed by this side; make a new one")

    async def close(self) -> None:
        """Closes the client that was made here."""
        self._closed = True
        if self._made is not None:
            await self._made.close()


def named(hosts: Mapping[str, AsyncTarget] | Sequence[str | EngineAddress]) -> Mapping[str, AsyncTarget]:
    """The engines by name.

    Raises:
        TypeError: There is something else among them.
        ValueError: An address is there twice.
    """
    if isinstance(hosts, Mapping):
        for name, target in hosts.items():
            _check_target(f"host {name!r}", target, (*_ADDRESSES, AsyncDockerClient, AsyncPodmanClient))
        return hosts
    if isinstance(hosts, str):
        raise TypeError(f"hosts is a string: {_WANTED}")
    found: dict[str, AsyncTarget] = {}
    for target in hosts:
        _check_target("one of hosts", target, _ADDRESSES)
        address = _address(target) if isinstance(target, str) else target
        if address.url in found:
            raise ValueError(f"the address {address.url!r} is there twice: expected each once")
        found[address.url] = address
    return found


def _check_target(what: str, target: object, kinds: tuple[type, ...]) -> None:
    if not isinstance(target, kinds):
        raise TypeError(f"{what} is a {type(target).__name__}: {_WANTED}")


def _address(url: str) -> EngineAddress:
    return EngineAddress(url, _RULE)


def checked_limit(limit: int) -> int:
    """How many engines are asked at once.

    Raises:
        ValueError: None.
    """
    if limit < 1:
        raise ValueError(f"limit={limit}: expected how many engines are asked at once, from 1")
    return limit
