"""The clients: one class for each engine, and `connect_async` for whichever is there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from wharfinger._async.client_events import AsyncClientEvents
from wharfinger._async.client_nouns import AsyncClientNouns
from wharfinger._async.client_podman import AsyncPodmanNouns
from wharfinger._async.client_swarm import AsyncClientSwarm
from wharfinger._async.engine import AsyncEngineSession, settings_of
from wharfinger._core.timeouts import Timeout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from wharfinger._async.containers import AsyncContainersManager
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.operation import Content, Param
    from wharfinger._core.raw_request import RawReply
    from wharfinger.address import EngineAddress, TLSConfig
    from wharfinger.types import EngineInfo, EngineVersion
    from wharfinger_api.docker import Client as DockerAPI
    from wharfinger_api.libpod import Client as LibpodAPI

_BASE = "http://engine"


class AsyncClientBase(AsyncClientNouns, AsyncClientEvents):
    """What the clients of both engines share.

    What it offers is imported when it is first asked for: making a client costs little.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        super().__init__(engine)
        self._docker: DockerAPI | None = None
        self._libpod: LibpodAPI | None = None

    @classmethod
    def on(cls, engine: AsyncEngineSession) -> Self:
        """A client on a session that is there already; for this library's own use."""
        client = cls.__new__(cls)
        AsyncClientBase.__init__(client, engine)
        return client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address or 'not connected yet'}>"

    @property
    def _keyring(self) -> AsyncKeyring:
        from wharfinger._async.keyring import AsyncKeyring

        # Of those that threads make at once, the first is everybody's: it remembers logins.
        keyring: AsyncKeyring = self.__dict__.setdefault("_keys", AsyncKeyring(self._engine))
        return keyring

    @cached_property
    def containers(self) -> AsyncContainersManager:
        """Containers: run, create, get, list, prune."""
        from wharfinger._async.containers import AsyncContainersManager

        return AsyncContainersManager(self._engine, lambda: self.images)

    @cached_property
    def images(self) -> AsyncImagesManager:
        """Images: get, list, pull, push, search, load, save, tag, remove, prune."""
        from wharfinger._async.images import AsyncImagesManager

        return AsyncImagesManager(self._engine, self._keyring)

    @property
    def address(self) -> EngineAddress | None:
        """Where the engine is and which rule chose it; None before the first call where no base_url was given."""
        return self._engine.address

    @property
    def api_version(self) -> str | None:
        """The version of the engine's API that is spoken; None before the first call where none was given."""
        return self._engine.version

    async def ping(self) -> bool:
        """Whether the engine answers; raises where it does not.

        Raises:
            EngineUnreachable: It does not answer, or none was found.
        """
        await self._engine.ping()
        return True

    async def version(self) -> EngineVersion:
        """Which engine answers, and what it speaks; as a mapping it is the engine's own JSON."""
        return await self._engine.call(lambda say: say.system.version())

    async def info(self) -> EngineInfo:
        """The engine and its host; as a mapping it is the engine's own JSON."""
        return await self._engine.call(lambda say: say.system.info())

    async def login(
        self,
        username: str,
        password: str,
        email: str | None = None,
        registry: str | None = None,
        *,
        reauth: bool = False,
    ) -> dict[str, Any]:
        """Has the engine check credentials, and keeps them in memory for this client's pulls, pushes and searches.

        Args:
            username: The account's name.
            password: Its password or access token.
            email: For registries that still ask for it.
            registry: Such as "quay.io"; Docker Hub unless given.
            reauth: Check again what was checked before.

        Returns:
            The engine's answer, with "Status" and "IdentityToken".

        Raises:
            Unauthorized: The registry does not take them.
            APIError: The engine could not ask the registry.
        """
        from wharfinger._core.registry_auth import RegistryAuth

        auth = RegistryAuth(username=username, password=password, serveraddress=registry)
        return await self._keyring.login(auth, email=email, reauth=reauth)

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,  # noqa: ANN401 - whatever JSON can say
        content: Content | None = None,
        timeout: float | None = None,
    ) -> RawReply:
        """Sends any request to the engine and reads its whole reply: for what this library has no method for.

        Args:
            method: Such as "GET".
            path: Without the version, such as "/containers/json" or, on Podman, "/libpod/info"; it is put before it.
            params: The query; a list repeats its key.
            headers: Further headers.
            json: A body to send as JSON.
            content: A body to send as it is: bytes, a file, or chunks.
            timeout: Seconds for the whole of it; the client's own limits unless given.

        Raises:
            APIError: The engine answered with an error status.
        """
        from wharfinger._core.raw_request import RawReply, raw_operation

        stream = await self._send(method, path, params, headers, json, content, timeout)
        async with stream:
            reply = RawReply(stream.status_code, stream.headers, await stream.read())
        return raw_operation(method, path).parse(reply)

    async def open(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,  # noqa: ANN401 - whatever JSON can say
        content: Content | None = None,
    ) -> AsyncByteStream:
        """As `request`, with the body of the reply unread: iterate over its chunks, and close it.

        Raises:
            APIError: The engine answered with an error status.
        """
        from wharfinger._core.raw_request import RawReply, raw_operation

        stream = await self._send(method, path, params, headers, json, content, None, flowing=True)
        if stream.status_code < 400:
            return stream
        async with stream:
            reply = RawReply(stream.status_code, stream.headers, await stream.read())
        raw_operation(method, path).parse(reply)
        return stream

    async def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, Param] | None,
        headers: Mapping[str, str] | None,
        json: Any,  # noqa: ANN401 - whatever JSON can say
        content: Content | None,
        timeout: float | None,
        *,
        flowing: bool = False,
    ) -> AsyncByteStream:
        from wharfinger._core.raw_request import raw_request

        request = raw_request(method, path, params=params, headers=headers, json=json, content=content)
        limits = self._engine.timeout.for_stream() if flowing else None
        return await self._engine.send(request, timeout=limits if timeout is None else Timeout(total=timeout))

    def _docker_api(self) -> DockerAPI:
        if self._docker is None:
            # httpx comes with these, and only with these.
            from wharfinger._async.httpx_door import AsyncHTTPXTransport
            from wharfinger_api.docker import Client

            self._docker = Client(_BASE, async_transport=AsyncHTTPXTransport(self._engine))
        return self._docker

    def _libpod_api(self) -> LibpodAPI:
        if self._libpod is None:
            from wharfinger._async.httpx_door import AsyncHTTPXTransport
            from wharfinger_api.libpod import Client

            self._libpod = Client(_BASE, async_transport=AsyncHTTPXTransport(self._engine))
        return self._libpod

    async def close(self) -> None:
        """Closes every connection; an embedded engine ends. Containers go on."""
        for api in (self._docker, self._libpod):
            if api is not None:
                await api.aclose()
        await self._engine.close()

    async def __aenter__(self) -> Self:
        try:
            await self._engine.ready()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class AsyncDockerClient(AsyncClientBase, AsyncClientSwarm):
    """A Docker Engine, or another engine's Docker-compatible API.

    Nothing is connected to before the first call or `async with`.

    Args:
        base_url: Such as "unix:///run/docker.sock", "tcp://host:2376" or "ssh://user@host". Unless given:
            DOCKER_HOST, the docker context, then the well-known sockets.
        version: Of the API, such as "1.51"; "auto" agrees with the engine on the newest that both have, unless
            DOCKER_API_VERSION names one.
        timeout: Seconds that the engine may be silent in the middle of a request; None is no limit. Streams have none.
        tls: TLS material of a tcp:// address; True takes the system's certificates.
        max_pool_size: How many requests may wait for the engine at once; streams come on top.

    Raises:
        ValueError: base_url or version is none.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        version: str = "auto",
        timeout: float | Timeout | None = 60,
        tls: TLSConfig | bool | None = None,
        max_pool_size: int = 64,
    ) -> None:
        settings = settings_of(base_url, version, timeout, tls, None, max_pool_size, None, "docker")
        super().__init__(AsyncEngineSession(settings, "docker"))

    @classmethod
    def from_env(
        cls,
        *,
        version: str = "auto",
        timeout: float | Timeout | None = 60,
        max_pool_size: int = 64,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """A client of the engine that the environment names.

        Args:
            version: See the class.
            timeout: See the class.
            max_pool_size: See the class.
            environment: Read instead of the process's environment variables.
        """
        settings = settings_of(None, version, timeout, None, None, max_pool_size, environment, "docker")
        return cls.on(AsyncEngineSession(settings, "docker"))

    @property
    def api(self) -> DockerAPI:
        """The generated client on the same connections and version: pass it to operations of wharfinger_api.docker."""
        return self._docker_api()


class AsyncPodmanClient(AsyncClientBase, AsyncPodmanNouns):
    """A Podman engine, by its native API.

    Nothing is connected to, and no embedded engine started, before the first call or `async with`.

    Args:
        base_url: Such as "unix:///run/podman/podman.sock" or "ssh://user@host/run/podman/podman.sock". Unless
            given: CONTAINER_HOST, CONTAINER_CONNECTION, Podman's default connection, the well-known sockets, and
            last an embedded engine.
        version: Of the native API, such as "5.4.2"; "auto" agrees with the engine.
        timeout: Seconds that the engine may be silent in the middle of a request; None is no limit. Streams have none.
        tls: TLS material of a tcp:// address; True takes the system's certificates.
        identity: Private key file for ssh://.
        max_pool_size: How many requests may wait for the engine at once; streams come on top.

    Raises:
        ValueError: base_url or version is none.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        version: str = "auto",
        timeout: float | Timeout | None = 60,
        tls: TLSConfig | bool | None = None,
        identity: str | None = None,
        max_pool_size: int = 64,
    ) -> None:
        settings = settings_of(base_url, version, timeout, tls, identity, max_pool_size, None, "podman")
        super().__init__(AsyncEngineSession(settings, "podman"))

    @classmethod
    def from_env(
        cls,
        *,
        version: str = "auto",
        timeout: float | Timeout | None = 60,
        max_pool_size: int = 64,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """A client of the engine that the environment names.

        Args:
            version: See the class.
            timeout: See the class.
            max_pool_size: See the class.
            environment: Read instead of the process's environment variables.
        """
        settings = settings_of(None, version, timeout, None, None, max_pool_size, environment, "podman")
        return cls.on(AsyncEngineSession(settings, "podman"))

    @property
    def api(self) -> LibpodAPI:
        """The generated client on the same connections and version: pass it to operations of wharfinger_api.libpod."""
        return self._libpod_api()

    @property
    def compat_api(self) -> DockerAPI:
        """Podman's Docker-compatible API: pass it to operations of wharfinger_api.docker."""
        return self._docker_api()


async def connect_async(
    base_url: str | None = None,
    *,
    timeout: float | Timeout | None = 60,
    tls: TLSConfig | bool | None = None,
    identity: str | None = None,
) -> AsyncDockerClient | AsyncPodmanClient:
    """Finds an engine, asks it what it is, and gives a client of the fitting class.

    The first that applies of: base_url; DOCKER_HOST; CONTAINER_HOST; CONTAINER_CONNECTION; the docker context
    (DOCKER_CONTEXT, config.json); Podman's default connection; the well-known sockets of both; an embedded engine,
    which is a private `podman system service` that ends with the client. `client.address.rule` says which it was.

    Args:
        base_url: See the clients.
        timeout: See the clients.
        tls: See the clients.
        identity: See AsyncPodmanClient.

    Raises:
        EngineUnreachable: None was found, or the one that a rule names does not answer; lists what was tried.
        ValueError: base_url is none.
    """
    settings = settings_of(base_url, "auto", timeout, tls, identity, 64, None, None)
    engine = AsyncEngineSession(settings, None)
    try:
        dialect = await engine.dialect()
    except BaseException:
        await engine.close()
        raise
    if dialect.engine == "docker":
        return AsyncDockerClient.on(engine)
    return AsyncPodmanClient.on(engine)
