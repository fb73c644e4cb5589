"""Many engines at once. Only this colour has it: a thread for each engine is no way to look after hundreds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, TypeVar

from wharfinger._async._primitives import each
from wharfinger._async.fleet_hosts import AsyncHost, checked_limit, named
from wharfinger._async.fleet_streams import of_containers, of_hosts
from wharfinger._core.human import parse_list
from wharfinger._core.timeouts import Timeout, check_seconds
from wharfinger.errors import EngineTimeout
from wharfinger.types import FleetResults, HostError, HostValue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from types import TracebackType

    from wharfinger._async.client import AsyncDockerClient, AsyncPodmanClient
    from wharfinger._async.container import AsyncContainer
    from wharfinger._async.fleet_hosts import AsyncAnyClient
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.discovery_search import Search
    from wharfinger._dialects.dialect import Filters
    from wharfinger.address import EngineAddress
    from wharfinger.types import ContainerStats, EngineVersion, Event, HostResult, LogFrame

T = TypeVar("T")

When: TypeAlias = "datetime | timedelta | float | None"

_LIMITS = Timeout()
_FOR_EXAMPLE = "['prod-1', 'prod-2']"


class Fleet:
    """Many engines, asked at once; for asyncio alone, which needs no thread for each.

    Nothing is connected to before its first use. An engine that cannot be reached, or fails, is told of beside what the
    others answer; the next call tries it again. Calls of the clients' own go by `map`.

    Args:
        hosts: The engines by names of your choice, each an address (see AsyncDockerClient), or a client, which stays
            yours to close; or a list of addresses, which are their names, too.
        limit: How many engines are asked at the same time, unless a call says otherwise.
        timeout: See the clients; unless given, 10 s for a connection, and 60 s of silence.

    Raises:
        TypeError: hosts is neither, or one of it is no engine.
        ValueError: An address is none, or is there twice; limit is below 1.
    """

    def __init__(
        self,
        hosts: Mapping[str, str | EngineAddress | AsyncDockerClient | AsyncPodmanClient]
        | Sequence[str | EngineAddress],
        *,
        limit: int = 32,
        timeout: float | Timeout | None = _LIMITS,
    ) -> None:
        self._limit = checked_limit(limit)
        self._hosts = {name: AsyncHost(target, timeout) for name, target in named(hosts).items()}

    @classmethod
    def from_contexts(
        cls,
        names: Sequence[str] | None = None,
        *,
        limit: int = 32,
        timeout: float | Timeout | None = _LIMITS,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """The engines of docker contexts, by the contexts' names.

        Args:
            names: Which; all that `docker context create` made unless given. "default" is DOCKER_HOST, or else
                Docker's own socket.
            limit: See the class.
            timeout: See the class.
            environment: Read instead of the process's environment variables.

        Raises:
            EngineUnreachable: There is no such context, or one cannot be read.
        """
        from wharfinger._core.discovery_docker import context_addresses

        return cls(_configured(context_addresses, names, environment), limit=limit, timeout=timeout)

    @classmethod
    def from_connections(
        cls,
        names: Sequence[str] | None = None,
        *,
        limit: int = 32,
        timeout: float | Timeout | None = _LIMITS,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """The engines of Podman's connections, by the connections' names.

        Args:
            names: Which; all that `podman system connection list` shows unless given.
            limit: See the class.
            timeout: See the class.
            environment: Read instead of the process's environment variables.

        Raises:
            EngineUnreachable: There is no such connection, or one cannot be read.
        """
        from wharfinger._core.discovery_podman import connection_addresses

        return cls(_configured(connection_addresses, names, environment), limit=limit, timeout=timeout)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._hosts)}>"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the engines."""
        return tuple(self._hosts)

    async def client(self, host: str) -> AsyncDockerClient | AsyncPodmanClient:
        """The client of one engine, connected; the fleet closes it.

        Args:
            host: The engine's name.

        Raises:
            EngineUnreachable: It does not answer.
            ValueError: The fleet has none of this name.
        """
        (name,) = self._chosen([host])
        return await self._hosts[name].client()

    async def map(
        self,
        work: Callable[[AsyncDockerClient | AsyncPodmanClient], Awaitable[T]],
        *,
        hosts: Sequence[str] | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> FleetResults[T]:
        """Does the same on every engine, on several at once.

        Args:
            work: What to do, given the engine's client: such as `lambda client: client.images.list()`.
            hosts: Only on these.
            limit: On how many at the same time; the fleet's own limit unless given.
            timeout: Seconds for each engine, connecting included; no limit but the clients' own unless given.

        Returns:
            What each gave, or raised: no error of one, whichever it is, stops the others.

        Raises:
            ValueError: The fleet has no engine of a name; limit is below 1, or timeout not above 0.
        """
        check_seconds("timeout", timeout)

        async def on(host: str) -> HostResult[T]:
            given = asyncio.timeout(timeout)
            try:
                async with given:
                    return HostValue(host, await work(await self._hosts[host].client()))
            except TimeoutError as error:
                return HostError(host, EngineTimeout("total", timeout) if given.expired() else error)
            except Exception as error:  # noqa: BLE001 - told beside what the others gave
                return HostError(host, error)

        at_once = self._limit if limit is None else checked_limit(limit)
        return FleetResults(await each(on, self._chosen(hosts), at_once))

    async def ping(
        self, *, hosts: Sequence[str] | None = None, timeout: float | None = None
    ) -> FleetResults[bool]:
        """Which engines answer.

        Args:
            hosts: Only these.
            timeout: See `map`.

        Returns:
            True of each that does, an error of each that does not.

        Raises:
            ValueError: The fleet has no engine of a name.
        """
        return await self.map(lambda client: client.ping(), hosts=hosts, timeout=timeout)

    async def version(
        self, *, hosts: Sequence[str] | None = None, timeout: float | None = None
    ) -> FleetResults[EngineVersion]:
        """Which engines answer, and what they speak.

        Args:
            hosts: Only these.
            timeout: See `map`.

        Raises:
            ValueError: The fleet has no engine of a name.
        """
        return await self.map(lambda client: client.version(), hosts=hosts, timeout=timeout)

    async def containers(
        self,
        *,
        all: bool = False,
        filters: Filters | None = None,
        hosts: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> FleetResults[list[AsyncContainer]]:
        """The containers of every engine.

        Args:
            all: Those that do not run too.
            filters: Such as {"label": ["app=web"], "status": "running"}.
            hosts: Only of these.
            timeout: See `map`.

        Raises:
            ValueError: The fleet has no engine of a name.
        """
        return await self.map(
            lambda client: client.containers.list(all=all, filters=filters), hosts=hosts, timeout=timeout
        )

    async def events(
        self,
        *,
        since: When = None,
        until: When = None,
        filters: Filters | None = None,
        resume: bool = False,
        hosts: Sequence[str] | None = None,
    ) -> AsyncStream[HostResult[Event]]:
        """What happens on every engine, from the moment when each has answered or failed.

        Args:
            since: See `events` of a client.
            until: See there.
            filters: See there.
            resume: See there: an engine's fault is told when it was tried again in vain.
            hosts: Only on these.

        Returns:
            A HostValue for each event, and a HostError for each engine that was not reached or whose stream has ended;
            the others go on.

        Raises:
            ValueError: The fleet has no engine of a name.
        """
        return await self._merged(
            lambda client: client.events(since=since, until=until, filters=filters, resume=resume),
            hosts,
            endless=until is None,
        )

    async def logs(
        self,
        *,
        filters: Filters | None = None,
        all: bool = False,
        stdout: bool = True,
        stderr: bool = True,
        follow: bool = True,
        timestamps: bool = False,
        tail: int | Literal["all"] = "all",
        since: When = None,
        until: When = None,
        resume: bool = False,
        hosts: Sequence[str] | None = None,
    ) -> AsyncStream[HostResult[tuple[AsyncContainer, LogFrame]]]:
        """What the containers of every engine write, line by line; those that there are when this is called.

        Args:
            filters: Only of some containers: {"label": ["app=web"]}.
            all: Of those that do not run too.
            stdout: See `logs` of a container.
            stderr: See there.
            follow: Go on as they write more, until they end.
            timestamps: See there.
            tail: See there.
            since: See there.
            until: See there.
            resume: See there.
            hosts: Only on these.

        Returns:
            A HostValue for each line, with its container; and a HostError for each engine that was not reached or cut
            one of its streams, which ends that engine's part. Once its containers have ended, the engine's part does.

        Raises:
            ValueError: The fleet has no engine of a name; resume=True without following.
        """
        if resume and not follow:
            raise ValueError("resume=True is given with follow=False, expected a log that is followed")

        async def read(container: AsyncContainer) -> AsyncStream[LogFrame]:
            return await container.logs(
                stdout=stdout,
                stderr=stderr,
                stream=True,
                lines=True,
                follow=follow,
                timestamps=timestamps,
                tail=tail,
                since=since,
                until=until,
                resume=resume,
            )

        async def begin(client: AsyncAnyClient) -> AsyncStream[tuple[AsyncContainer, LogFrame]]:
            return of_containers(await client.containers.list(all=all, filters=filters), read)

        return await self._merged(begin, hosts, endless=False)

    async def stats(
        self, *, filters: Filters | None = None, hosts: Sequence[str] | None = None
    ) -> AsyncStream[HostResult[ContainerStats]]:
        """What the containers of every engine use of processor, memory, networks and disks, as it goes on.

        Args:
            filters: Only those that are running now and fit, until they end; unless given, those that start later too.
            hosts: Only on these.

        Returns:
            A HostValue for each reading, and a HostError for each engine that was not reached or whose stream has
            ended; the others go on.

        Raises:
            ValueError: The fleet has no engine of a name.
        """

        async def begin(client: AsyncAnyClient) -> AsyncStream[ContainerStats]:
            if filters is None:
                return await client.containers.stats()
            return await client.containers.stats(await client.containers.list(filters=filters))

        return await self._merged(begin, hosts, endless=filters is None)

    async def close(self) -> None:
        """Closes every connection that it has made, and the streams on them. Containers go on."""
        await asyncio.gather(*[host.close() for host in self._hosts.values()])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _merged(
        self,
        begin: Callable[[AsyncAnyClient], Awaitable[AsyncStream[T]]],
        hosts: Sequence[str] | None,
        *,
        endless: bool,
    ) -> AsyncStream[HostResult[T]]:
        begun: list[AsyncStream[T]] = []

        async def begin_noting(client: AsyncAnyClient) -> AsyncStream[T]:
            begun.append(await begin(client))
            return begun[-1]

        try:
            found = await self.map(begin_noting, hosts=hosts)
        except BaseException:
            for stream in begun:
                await stream.close()
            raise
        return of_hosts(found.values(), endless=endless)

    def _chosen(self, hosts: Sequence[str] | None) -> Sequence[str]:
        if hosts is None:
            return self.hosts
        chosen = parse_list("hosts", hosts, _FOR_EXAMPLE)
        for name in chosen:
            if name not in self._hosts:
                raise ValueError(
                    f"host {name!r}: expected one of {', '.join(map(repr, self.hosts)) or 'none'}"
                )
        return list(dict.fromkeys(chosen))


def _configured(
    addresses: Callable[[Search, Sequence[str] | None], dict[str, EngineAddress]],
    names: Sequence[str] | None,
    environment: Mapping[str, str] | None,
) -> dict[str, EngineAddress]:
    from wharfinger._async.discovery import machine
    from wharfinger._core.discovery_search import Search

    wanted = None if names is None else parse_list("names", names, _FOR_EXAMPLE)
    return addresses(Search(machine(environment)), wanted)
