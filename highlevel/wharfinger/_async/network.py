"""One network of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.container import AsyncContainer
from wharfinger._core import network_facts as facts
from wharfinger._core.human import parse_words
from wharfinger._core.network_options import ConnectOptions, attachment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger.types import IPAMConfig


class AsyncNetwork:
    """A network on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(
        self, engine: AsyncEngineSession, attrs: dict[str, Any], members: list[dict[str, Any]] | None = None
    ) -> None:
        self._engine = engine
        self._attrs = attrs
        self._members = members

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncNetwork) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncNetwork, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON; Podman writes its keys in lower case."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id."""
        return facts.text(self._attrs, "Id")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """Its name."""
        return facts.text(self._attrs, "Name")

    @property
    def driver(self) -> str:
        """Such as "bridge"."""
        return facts.text(self._attrs, "Driver")

    @property
    def scope(self) -> str:
        """local, global or swarm; those of Podman are local."""
        return facts.text(self._attrs, "Scope") or "local"

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return facts.mapping(self._attrs, "Labels")

    @property
    def options(self) -> dict[str, str]:
        """The driver's options."""
        return facts.mapping(self._attrs, "Options")

    @property
    def internal(self) -> bool:
        """Whether there is no way out of it."""
        return facts.flag(self._attrs, "Internal", "internal")

    @property
    def enable_ipv6(self) -> bool:
        """Whether it has IPv6 addresses."""
        return facts.flag(self._attrs, "EnableIPv6", "ipv6_enabled")

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC; None where the engine does not tell."""
        return facts.created(self._attrs)

    @property
    def ipam(self) -> IPAMConfig:
        """Its addresses, in one form for both engines."""
        return facts.ipam(self._attrs)

    @property
    def containers(self) -> list[AsyncContainer]:
        """The running containers on it, each with little more than its id and name: `reload` gets the rest.

        Empty for one out of a list that is not greedy, which does not tell them.
        """
        found = facts.members(self._attrs) if self._members is None else self._members
        return [AsyncContainer(self._engine, one, summary=True) for one in found]

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NetworkNotFound: It is gone.
        """
        found = await self._engine.call(lambda say: say.networks.inspect(self.id, verbose=None, scope=None))
        self._members = await members_of(self._engine, found)
        self._attrs = found

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            NetworkNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def connect(self, container: str | AsyncContainer, **options: Unpack[ConnectOptions]) -> None:
        """Joins a container to it.

        Args:
            container: Its name or id, or the container.
            options: See ConnectOptions.

        Raises:
            NetworkNotFound, ContainerNotFound: One of them is gone.
            Conflict: It is on this network already.
            BadRequest: Its network mode is "none" or "host", or the network does not have such an address; some
                are told as Forbidden or ServerError.
            NotSupported: This engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        settings = attachment(options)
        which = _id_of(container)
        await self._engine.call_slowly(lambda say: say.networks.connect(self.id, which, settings))

    async def disconnect(self, container: str | AsyncContainer, *, force: bool = False) -> None:
        """Takes a container off it.

        Args:
            container: Its name or id, or the container.
            force: In spite of faults.

        Raises:
            NetworkNotFound, ContainerNotFound: One of them is gone.
            Conflict: It is not on this network.
        """
        which = _id_of(container)
        await self._engine.call_slowly(lambda say: say.networks.disconnect(self.id, which, force=force))

    async def update(
        self, *, add_dns_servers: Sequence[str] = (), remove_dns_servers: Sequence[str] = ()
    ) -> None:
        """Changes where its containers look up names of elsewhere (Podman API 4.9.5).

        Args:
            add_dns_servers: Addresses to ask too.
            remove_dns_servers: Addresses not to ask any more.

        Raises:
            NetworkNotFound: It is gone.
            ValueError: Nothing is given.
            NotSupported: Docker cannot change a network.
        """
        add = parse_words("add_dns_servers", add_dns_servers)
        remove = parse_words("remove_dns_servers", remove_dns_servers)
        if not add and not remove:
            raise ValueError(
                "update() was given nothing to change, expected add_dns_servers or remove_dns_servers"
            )
        await self._engine.call(lambda say: say.networks.update(self.id, add_dns=add, remove_dns=remove))

    async def remove(self, *, force: bool = False) -> None:
        """Removes it; see AsyncNetworksManager.remove."""
        await self._engine.call_slowly(lambda say: say.networks.remove(self.id, name=self.name, force=force))


# Beside a method called list, that name no longer means the type.
AsyncNetworkList: TypeAlias = list[AsyncNetwork]


async def members_of(engine: AsyncEngineSession, attrs: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The containers on a network, where the engine does not tell them with it."""
    op = (await engine.dialect()).networks.members(facts.text(attrs, "Name"))
    if op is None:
        return None
    found: list[dict[str, Any]] = await engine.call(lambda _: op)
    return found


def _id_of(container: str | AsyncContainer) -> str:
    return container if isinstance(container, str) else container.id
