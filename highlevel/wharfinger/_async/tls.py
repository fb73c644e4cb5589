"""TLS over memory buffers, so that our side can end (close_notify) while the engine's goes on."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING, cast

from wharfinger._async._primitives import AsyncLock, StateLock
from wharfinger._async.channel import AsyncPlainChannel, dial_tcp, unreachable
from wharfinger.address import EngineAddress, TLSConfig
from wharfinger.errors import ClosedError, EngineUnreachable

if TYPE_CHECKING:
    from wharfinger._core.timeouts import Limits

_RAW_BYTES = 256 * 1024
# Cut here, so that encrypted copies of what is sent stay small.
_SEND_PIECE = 256 * 1024


class AsyncTLSChannel:
    """A socket with TLS on it.

    The TLS object must not be used by two threads at once, so each use of it is guarded; waiting for the
    socket is not, or a reader would keep a writer out. Records have to leave in the order in which they were
    made, hence the lock around making and sending them.
    """

    def __init__(self, raw: AsyncPlainChannel, context: ssl.SSLContext, name: str | None) -> None:
        self._raw = raw
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._guard = StateLock()
        self._sending = AsyncLock()
        self._buffer = memoryview(bytearray(_RAW_BYTES))
        self._ahead = b""
        self._unsent = b""
        self._ended = False

    @property
    def closed(self) -> bool:
        """Whether this side closed it."""
        return self._raw.closed

    def fileno(self) -> int:
        """The descriptor beneath; -1 when it is closed."""
        return self._raw.fileno()

    async def handshake(self, limits: Limits) -> None:
        """Agree on keys, and check the engine's certificate.

        Raises:
            OSError: They do not agree; ssl.SSLError is one.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush(limits.connect())
                await self._fetch(limits.connect())
            except ssl.SSLError:
                # The alert that says why.
                with contextlib.suppress(OSError):
                    await self._flush(limits.connect())
                raise
            else:
                await self._flush(limits.connect())
                return

    def is_readable(self) -> bool:
        """Whether anything has come already, be it the end or a record without content, such as a ticket."""
        return bool(self._ahead or self._ended or self._incoming.pending or self._raw.is_readable())

    async def receive(self, limit: int, timeout: float | None) -> bytes:
        """Read at most that many bytes; b"" at the end."""
        buffer = memoryview(bytearray(min(limit, _RAW_BYTES)))
        return bytes(buffer[: await self.receive_into(buffer, timeout)])

    async def receive_into(self, buffer: memoryview, timeout: float | None) -> int:
        """Read what is there, or wait for it; 0 at the end."""
        while True:
            if self._raw.closed:
                raise ClosedError("it was closed by this side")
            with self._guard:
                count = self._decrypt_into(buffer)
                owed = bool(self._unsent or self._outgoing.pending)
            if count or self._ended:
                return count
            if owed:
                # A peer that hears nothing more may still have something to say.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    await self._flush(timeout)
            await self._fetch(timeout)

    def _decrypt_into(self, buffer: memoryview) -> int:
        """Give as many bytes as are there; a record is at most 16 KiB of them. The guard must be held."""
        if self._ahead:
            count = min(len(self._ahead), len(buffer))
            buffer[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
            return count
        count = 0
        while count < len(buffer) and not self._ended:
            try:
                got = cast("int", self._tls.read(len(buffer) - count, buffer[count:]))
            except ssl.SSLWantReadError:
                break
            except ssl.SSLZeroReturnError:
                got = 0
            except ssl.SSLError:
                if count:
                    break
                raise
            self._ended = not got
            count += got
        return count

    async def _fetch(self, timeout: float | None) -> None:
        count = await self._raw.receive_into(self._buffer, timeout)
        with self._guard:
            if count:
                self._incoming.write(self._buffer[:count])
            else:
                # Without a close_notify before it, this is an error of the next read: somebody cut the line.
                self._incoming.write_eof()

    async def _flush(self, timeout: float | None) -> None:
        async with self._sending:
            await self._send_records(self._records(), timeout)

    def _records(self, data: memoryview | None = None) -> bytes:
        """Encrypt, and give whatever has to be sent now."""
        with self._guard:
            if data is not None:
                self._tls.write(data)
            records = self._unsent + self._outgoing.read()
            self._unsent = b""
        return records

    async def _send_records(self, records: bytes, timeout: float | None) -> None:
        if records:
            await self._raw.send_all(records, timeout)

    async def send_all(self, data: bytes | memoryview, timeout: float | None) -> None:
        """Send it all."""
        view = memoryview(data)
        async with self._sending:
            for start in range(0, len(view), _SEND_PIECE):
                await self._send_records(self._records(view[start : start + _SEND_PIECE]), timeout)

    async def send_watching(self, data: bytes | memoryview, timeout: float | None) -> int:
        """Send until all is sent or something comes in; give how much was sent."""
        view = memoryview(data)
        async with self._sending:
            for start in range(0, len(view), _SEND_PIECE):
                if await self._has_come(timeout):
                    return start
                piece = view[start : start + _SEND_PIECE]
                if not await self._send_records_watching(self._records(piece), timeout):
                    return start + len(piece)
        return len(view)

    async def _send_records_watching(self, records: bytes, timeout: float | None) -> bool:
        view = memoryview(records)
        sent = 0
        while sent < len(view):
            sent += await self._raw.send_watching(view[sent:], timeout)
            if sent < len(view) and await self._has_come(timeout):
                # Encrypted bytes cannot be taken back: they go first, should anything more be sent.
                self._unsent = bytes(view[sent:])
                return False
        return True

    async def _has_come(self, timeout: float | None) -> bool:
        """Whether content has come; session tickets and the like are no content."""
        while not self._ahead and not self._ended and self._raw.is_readable():
            await self._fetch(timeout)
            with self._guard:
                self._read_ahead()
        return bool(self._ahead or self._ended)

    def _read_ahead(self) -> None:
        """Keep what can be decrypted now for later reads. The guard must be held."""
        buffer = memoryview(bytearray(_RAW_BYTES))
        kept = [self._ahead]
        self._ahead = b""
        while count := self._decrypt_into(buffer):
            kept.append(bytes(buffer[:count]))
        self._ahead = b"".join(kept)

    async def finish_sending(self, timeout: float | None) -> None:
        """Tell the engine that nothing more will be sent (close_notify), and keep reading."""
        async with self._sending:
            with self._guard:
                # unwrap() throws away what was received and not yet read.
                self._read_ahead()
                # It would like the other side's close_notify at once, which may be long in coming.
                with contextlib.suppress(ssl.SSLWantReadError):
                    self._tls.unwrap()
            await self._send_records(self._records(), timeout)

    async def explain(self) -> str:
        """Say nothing: the faults of TLS come as errors."""
        return ""

    def close(self) -> None:
        """Close at once; who waits for it gets a ClosedError."""
        self._raw.close()

    def abandon(self) -> None:
        """Let go of it without a word to the other side."""
        self._raw.abandon()


class AsyncTLSDialler:
    """Connects with TLS; reads certificates and keys once, at the first connection."""

    def __init__(self, address: EngineAddress) -> None:
        self._address = address
        self._config = address.tls or TLSConfig()
        self._context: ssl.SSLContext | None = None

    async def dial(self, limits: Limits) -> AsyncTLSChannel:
        """Connect, agree on keys and check the engine's certificate.

        Raises:
            EngineUnreachable: It cannot be.
            EngineTimeout: It took too long.
        """
        if self._context is None:
            self._context = self._load()
        raw = await dial_tcp(self._address, limits)
        try:
            channel = AsyncTLSChannel(raw, self._context, self._name())
            await channel.handshake(limits)
        except BaseException as fault:
            raw.close()
            if isinstance(fault, TimeoutError):
                raise limits.expired("connect", f"TLS with {self._address}") from fault
            if isinstance(fault, OSError):
                raise self._failed(fault) from fault
            raise
        return channel

    def _name(self) -> str | None:
        wanted = self._config.assert_hostname
        return wanted if isinstance(wanted, str) else self._address.host

    def _load(self) -> ssl.SSLContext:
        config = self._config
        try:
            context = ssl.create_default_context(cafile=config.ca_cert)
            # Newer Pythons demand extensions that certificates of a home-made authority often lack.
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
            if not config.verify or config.assert_hostname is False:
                context.check_hostname = False
            if not config.verify:
                context.verify_mode = ssl.CERT_NONE
            if config.client_cert is not None:
                # Without this answer an encrypted key would ask at the terminal.
                context.load_cert_chain(config.client_cert, config.client_key, password="")
        except (OSError, ValueError) as fault:
            files = ", ".join(filter(None, (config.ca_cert, config.client_cert, config.client_key)))
            raise EngineUnreachable(
                [(str(self._address), f"the TLS material cannot be used ({files}): {fault}")],
                "Expected PEM files that can be read, the key without a passphrase",
            ) from fault
        return context

    def _failed(self, fault: OSError) -> EngineUnreachable:
        if isinstance(fault, ssl.SSLCertVerificationError):
            why = f"its certificate was not accepted: {fault.verify_message}"
            hint = "Give the authority that signed it as TLSConfig.ca_cert, and check the host name"
        elif isinstance(fault, ssl.SSLError):
            why = f"TLS failed: {fault.reason or fault}"
            hint = "Check that TLS is spoken at this port, and which client certificate it wants"
        else:
            return unreachable(self._address, fault)
        return EngineUnreachable([(str(self._address), why)], hint)
