# Derived from highlevel/wharfinger/_async/dialling.py
# by `python -m codegen.unasync`: change that file, not this one.
"""How each kind of address is reached."""

# Two imports wait until they are needed: ssl and subprocess take longer than all else here, and plain sockets
# need neither.

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._sync.channel import dial_tcp, dial_unix
from wharfinger._sync.connection import Connection
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from wharfinger._core.timeouts import Limits
    from wharfinger._sync.channel import Channel
    from wharfinger._sync.ssh import SSHLogin
    from wharfinger._sync.tls import TLSDialler
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
        self._tls: TLSDialler | None = None
        self._ssh: SSHLogin | None = None
        if address.secure:
            from wharfinger._sync.tls import TLSDialler

            self._tls = TLSDialler(address)
        elif address.scheme == "ssh":
            from wharfinger._sync.ssh import SSHLogin

            self._ssh = SSHLogin(address)

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
