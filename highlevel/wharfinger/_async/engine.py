"""One engine as a client sees it: found, pinged and agreed with on a version at the first use.

What that takes is imported then, too: making a client costs little.
"""

from __future__ import annotations

import os
from threading import Lock as ThreadLock
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from wharfinger._core.timeouts import Timeout
from wharfinger.address import EngineAddress, TLSConfig
from wharfinger.errors import ClosedError, NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger._async._primitives import AsyncLock
    from wharfinger._async.embedded import AsyncEmbeddedPodman
    from wharfinger._async.raw_streams import AsyncByteStream, AsyncDuplexConnection
    from wharfinger._async.transport import AsyncTransport
    from wharfinger._core.discovery import EmbeddedEngine
    from wharfinger._core.negotiation import Ping
    from wharfinger._core.operation import Operation, RequestKwargs
    from wharfinger._dialects.dialect import Dialect
    from wharfinger.address import Engine

T = TypeVar("T")

_LIBPOD = "/libpod/"
_making_locks = ThreadLock()


@attrs.frozen(kw_only=True)
class Settings:
    """What a client was given. Environment variables are the process's own unless others are given."""

    base_url: str | None = None
    version: str | None = None
    timeout: Timeout
    tls: TLSConfig | None = None
    identity: str | None = None
    max_pool_size: int = 64
    variables: Mapping[str, str] | None = attrs.field(default=None, repr=False)


@attrs.frozen
class _Ready:
    """An engine that answered."""

    transport: AsyncTransport
    dialect: Dialect
    ping: Ping | None


class AsyncEngineSession:
    """Runs what a dialect says. Nothing is looked for or connected to before the first use.

    Args:
        settings: What the client was given.
        engine: Which engine it has to be; None takes the one that is found.
    """

    def __init__(self, settings: Settings, engine: Engine | None) -> None:
        self._settings = settings
        self._engine: Engine | None = engine
        self._lock: AsyncLock | None = None
        self._ready: _Ready | None = None
        self._embedded: AsyncEmbeddedPodman | None = None
        self._transport: AsyncTransport | None = None
        self._address: EngineAddress | None = None
        self._closed = False
        if settings.base_url is not None:
            # A given address is checked at once, without a look at the machine.
            self._address = EngineAddress(
                settings.base_url, "argument base_url", engine, settings.tls, settings.identity
            )

    @property
    def address(self) -> EngineAddress | None:
        """Where the engine is and which rule chose it; None before it was looked for."""
        return self._address

    @property
    def version(self) -> str | None:
        """The version of the API that is spoken; None before that was agreed."""
        return self._ready.dialect.version if self._ready else self._settings.version

    @property
    def timeout(self) -> Timeout:
        """Limits of requests that bring none of their own."""
        return self._settings.timeout

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables that settings are read from."""
        return os.environ if self._settings.variables is None else self._settings.variables

    async def ready(self) -> _Ready:
        """Finds the engine and agrees on a version, the first time."""
        if self._ready is not None:
            return self._ready
        async with self._one_lock():
            if self._ready is None:
                self._ready = await self._prepare()
            return self._ready

    def _one_lock(self) -> AsyncLock:
        from wharfinger._async._primitives import AsyncLock

        with _making_locks:
            if self._lock is None:
                self._lock = AsyncLock()
            return self._lock

    async def dialect(self) -> Dialect:
        """The words of this engine's version."""
        return (await self.ready()).dialect

    async def call(self, say: Callable[[Dialect], Operation[T]], *, timeout: Timeout | None = None) -> T:
        """Runs an operation and reads its whole reply."""
        ready = self._ready or await self.ready()
        return await ready.transport.call(say(ready.dialect), prefix=ready.dialect.prefix, timeout=timeout)

    async def call_slowly(
        self, say: Callable[[Dialect], Operation[T]], *, timeout: Timeout | None = None
    ) -> T:
        """Runs an operation whose reply may take any time, without a place that other requests need."""
        from wharfinger._core.raw_request import RawReply

        ready = self._ready or await self.ready()
        op = say(ready.dialect)
        request: RequestKwargs = {**op.request, "url": ready.dialect.prefix + op.request["url"]}
        limits = timeout or self._settings.timeout.for_stream()
        async with await ready.transport.send(request, timeout=limits) as stream:
            return op.parse(RawReply(stream.status_code, stream.headers, await stream.read()))

    async def open(
        self, say: Callable[[Dialect], Operation[Any]], *, timeout: Timeout | None = None
    ) -> AsyncByteStream:
        """Runs an operation and gives the body of its good reply unread."""
        ready = self._ready or await self.ready()
        return await ready.transport.open(say(ready.dialect), prefix=ready.dialect.prefix, timeout=timeout)

    async def upgrade(
        self, say: Callable[[Dialect], Operation[Any]], *, timeout: Timeout | None = None
    ) -> AsyncDuplexConnection:
        """Runs an operation that makes a duplex out of its connection."""
        ready = self._ready or await self.ready()
        return await ready.transport.upgrade(say(ready.dialect), prefix=ready.dialect.prefix, timeout=timeout)

    async def ping(self) -> Ping:
        """Asks the engine what it is."""
        from wharfinger._core.negotiation import ping_operation

        ready = await self.ready()
        return await ready.transport.call(ping_operation())

    async def send(self, kwargs: RequestKwargs, *, timeout: Timeout | None = None) -> AsyncByteStream:
        """Sends a request under the version that fits its path, and gives the reply unread whatever its status."""
        ready = await self.ready()
        request: RequestKwargs = {**kwargs, "url": self._prefix(ready, kwargs["url"]) + kwargs["url"]}
        return await ready.transport.send(request, timeout=timeout)

    async def close(self) -> None:
        """Closes every connection, and ends an embedded engine."""
        self._closed = True
        if self._transport is not None:
            await self._transport.close()
        if self._embedded is not None:
            await self._embedded.close()

    def _prefix(self, ready: _Ready, path: str) -> str:
        if ready.dialect.engine == "docker" or path.startswith(_LIBPOD):
            return ready.dialect.prefix
        # Podman numbers its Docker-compatible paths by Docker's versions.
        return f"/v{ready.ping.api_version}" if ready.ping and ready.ping.api_version else ""

    async def _prepare(self) -> _Ready:
        if self._closed:
            raise ClosedError("the client was closed by this side; make a new one")
        if self._transport is None:
            self._transport = await self._connectable()
        version = self._settings.version
        if version is not None and self._engine == "docker":
            return _Ready(self._transport, _dialect("docker", version), None)
        from wharfinger._core.negotiation import ping_operation

        ping = await self._transport.call(ping_operation())
        self._check(ping)
        return _Ready(self._transport, await self._agreed(self._transport, ping, version), ping)

    async def _connectable(self) -> AsyncTransport:
        from wharfinger._async.transport import AsyncTransport

        settings = self._settings
        if self._address is None:
            from wharfinger._async.discovery import find_engine
            from wharfinger._core.discovery import EmbeddedEngine

            found = find_engine(
                engine=self._engine,
                tls=settings.tls,
                identity=settings.identity,
                variables=settings.variables,
            )
            self._address = await self._start(found) if isinstance(found, EmbeddedEngine) else found
        return AsyncTransport(self._address, timeout=settings.timeout, max_connections=settings.max_pool_size)

    async def _start(self, found: EmbeddedEngine) -> EngineAddress:
        from wharfinger._async.embedded import AsyncEmbeddedPodman

        self._embedded = AsyncEmbeddedPodman(found, variables=self._settings.variables)
        return await self._embedded.start()

    def _check(self, ping: Ping) -> None:
        if self._engine == "podman" and ping.engine == "docker":
            raise NotSupported(
                "Podman's native API",
                f"the engine at {self._address}",
                needs="Podman; DockerClient talks to this one",
                has=f"Docker API {ping.api_version}",
            )

    async def _agreed(self, transport: AsyncTransport, ping: Ping, version: str | None) -> Dialect:
        from wharfinger._core.negotiation import check_minimum, negotiated
        from wharfinger._dialects import known_versions

        if ping.engine == "podman" and self._engine != "docker":
            # Where either engine would do, a version can only have been meant for Docker.
            chosen = version if self._engine == "podman" else None
            return _dialect("podman", chosen or negotiated(ping, *known_versions("podman")))
        chosen = version or negotiated(attrs.evolve(ping, engine="docker"), *known_versions("docker"))
        dialect = _dialect("docker", chosen)
        if chosen != ping.api_version:
            # An engine newer than we are: only then may it have given up what we speak.
            told = await transport.call(dialect.system.version())
            check_minimum(chosen, told.min_api_version)
        return dialect


def _dialect(engine: Engine, version: str) -> Dialect:
    from wharfinger._core.negotiation import check_known
    from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect

    check_known(version, engine, *known_versions(engine))
    return docker_dialect(version) if engine == "docker" else libpod_dialect(version)


def settings_of(
    base_url: str | None,
    version: str,
    timeout: float | Timeout | None,
    tls: TLSConfig | bool | None,
    identity: str | None,
    max_pool_size: int,
    variables: Mapping[str, str] | None,
    engine: Engine | None,
) -> Settings:
    """What a client was given, checked.

    Raises:
        ValueError: The version is none.
    """
    if not isinstance(timeout, Timeout):
        timeout = Timeout(connect=timeout, read=timeout, write=timeout)
    return Settings(
        base_url=base_url,
        version=_version(version, engine, os.environ if variables is None else variables),
        timeout=timeout,
        tls=TLSConfig() if tls is True else tls or None,
        identity=identity,
        max_pool_size=max_pool_size,
        variables=variables,
    )


def _version(version: str, engine: Engine | None, variables: Mapping[str, str]) -> str | None:
    named = variables.get("DOCKER_API_VERSION") if engine != "podman" else None
    if version == "auto" and not named:
        return None
    from wharfinger._core.negotiation import checked_version

    if version != "auto":
        return checked_version(version, engine or "docker")
    return checked_version(named or "", "docker", "DOCKER_API_VERSION")
