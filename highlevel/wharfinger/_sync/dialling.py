# Derived from highlevel/wharfinger/_async/dialling.py
# by `python -m codegen.unasync`: change that file, not this one.
"""How each kind of address is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._sync.channel import Channel, dial_tcp, dial_unix
from wharfinger._sync.connection import Connection
from wharfinger._sync.ssh import SSHLogin
from wharfinger._sync.tls import TLSDialler
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from wharfinger._core.timeouts import Limits
    from wharfinger.address import EngineAddress


class Dialler:
    """Makes connections to one address, and keeps what they share: TLS material, an ssh login."""

    def __init__(self, address: EngineAddress) -> None:
        if address.scheme == "npipe":
            raise NotSupported(
                f"the named pipe {address.url}",
                "this library",
                "an engine at unix://, tcp:// or ssh://, such as Docker Desktop's tcp://localhost:2375",
            )
        self._address = address
        self._tls = TLSDialler(address) if address.secure else None
        self._ssh = SSHLogin(address) if address.scheme == "ssh" else None

    def dial(self, limits: Limits) -> Connection:
        """Connect.

        Raises:
            EngineUnreachable: It cannot be.
            EngineTimeout: It took too long.
        """
        return Connection(self._channel(limits), str(self._address))

    def _channel(self, limits: Limits) -> Channel:
        if self._ssh is not None:
            return self._ssh.dial(limits)
        if self._tls is not None:
            return self._tls.dial(limits)
        if self._address.scheme == "unix":
            return dial_unix(self._address, limits)
        return dial_tcp(self._address, limits)

    def close(self) -> None:
        """Let go of what connections share."""
        if self._ssh is not None:
            self._ssh.close()
