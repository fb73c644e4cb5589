"""How each kind of address is reached."""

# Two imports wait until they are needed: ssl and subprocess take longer than all else here, and plain sockets
# need neither.

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.channel import dial_tcp, dial_unix
from wharfinger._async.connection import AsyncConnection
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from wharfinger._async.channel import AsyncChannel
    from wharfinger._async.ssh import AsyncSSHLogin
    from wharfinger._async.tls import AsyncTLSDialler
    from wharfinger._core.timeouts import Limits
    from wharfinger.address import EngineAddress


class AsyncDialler:
    """Makes connections to one address, and keeps what they share: TLS material, an ssh login."""

    def __init__(self, address: EngineAddress) -> None:
        if address.scheme == "npipe":
            raise NotSupported(
                f"the named pipe {address.url}",
                "this library",
                "an engine at unix://, tcp:// or ssh://, such as Docker Desktop's tcp://localhost:2375",
            )
        self._address = address
        self._tls: AsyncTLSDialler | None = None
        self._ssh: AsyncSSHLogin | None = None
        if address.secure:
            from wharfinger._async.tls import AsyncTLSDialler

            self._tls = AsyncTLSDialler(address)
        elif address.scheme == "ssh":
            from wharfinger._async.ssh import AsyncSSHLogin

            self._ssh = AsyncSSHLogin(address)

    async def dial(self, limits: Limits) -> AsyncConnection:
        """Connect.

        Raises:
            EngineUnreachable: It cannot be.
            EngineTimeout: It took too long.
        """
        return AsyncConnection(await self._channel(limits), str(self._address))

    async def _channel(self, limits: Limits) -> AsyncChannel:
        if self._ssh is not None:
            return await self._ssh.dial(limits)
        if self._tls is not None:
            return await self._tls.dial(limits)
        if self._address.scheme == "unix":
            return await dial_unix(self._address, limits)
        return await dial_tcp(self._address, limits)

    async def close(self) -> None:
        """Let go of what connections share."""
        if self._ssh is not None:
            await self._ssh.close()
