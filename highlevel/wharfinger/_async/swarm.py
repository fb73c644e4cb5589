"""The swarm that a Docker is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core.container_encoding import without_none
from wharfinger._core.container_facts import section
from wharfinger._core.human import parse_words
from wharfinger._core.lines import parse_time
from wharfinger._core.swarm_options import (
    SwarmOptions,
    parse_addresses,
    parse_availability,
    parse_unlock_key,
    swarm_spec,
)
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.types import JoinTokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger.types import NodeAvailability


class AsyncSwarm:
    """The swarm that this Docker is in; `client.swarm`.

    Its properties tell what was told last, and ask nothing: they are empty before the first `init`, `update` or
    `reload`. What a swarm is asked, its managers alone can answer: elsewhere it raises NotSwarmManager.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine
        self._attrs: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id or 'not told of yet'}>"

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON; the tokens to join are in it."""
        return self._attrs

    @property
    def id(self) -> str:
        """The swarm's full id."""
        return str(self._attrs.get("ID") or "")

    @property
    def short_id(self) -> str:
        """The first 12 characters of the id."""
        return self.id[:12]

    @property
    def version(self) -> int:
        """The number of its last change; 0 before it was told."""
        return int(section(self._attrs, "Version").get("Index") or 0)

    @property
    def join_tokens(self) -> JoinTokens:
        """What other engines need for `join`; empty before they were told."""
        found = section(self._attrs, "JoinTokens")
        return JoinTokens(str(found.get("Worker") or ""), str(found.get("Manager") or ""))

    @property
    def created_at(self) -> datetime | None:
        """When it was made, in UTC; None before that was told."""
        return parse_time(str(self._attrs.get("CreatedAt") or ""))

    @property
    def updated_at(self) -> datetime | None:
        """When it was last changed, in UTC; None before that was told."""
        return parse_time(str(self._attrs.get("UpdatedAt") or ""))

    async def init(
        self,
        advertise_addr: str | None = None,
        listen_addr: str = "0.0.0.0:2377",
        *,
        force_new_cluster: bool = False,
        default_addr_pool: Sequence[str] | None = None,
        subnet_size: int | None = None,
        data_path_addr: str | None = None,
        data_path_port: int | None = None,
        availability: NodeAvailability | None = None,
        **options: Unpack[SwarmOptions],
    ) -> str:
        """Makes this Docker the manager, and first node, of a new swarm.

        Args:
            advertise_addr: Where other nodes reach this one: an address or an interface, with or without a port. Has
                to be given where the machine has several addresses.
            listen_addr: Where it listens for managers, likewise.
            force_new_cluster: Make it the only manager of the swarm that it is in, where the others are lost.
            default_addr_pool: Subnets that networks of the swarm are cut out of, such as ["10.10.0.0/16"].
            subnet_size: The length of such a network's prefix, such as 24.
            data_path_addr: Where containers of other nodes reach those of this one; advertise_addr unless given.
            data_path_port: The port for that; 4789 unless given.
            availability: Whether this node takes tasks itself; "active" unless given.
            options: Settings of the swarm; see SwarmOptions.

        Returns:
            The id of this node.

        Raises:
            Conflict: It is in a swarm already.
            BadRequest: Which of its addresses to advertise is not clear, or a setting is wrong.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        pools = (
            None if default_addr_pool is None else list(parse_words("default_addr_pool", default_addr_pool))
        )
        body = without_none(
            {
                "ListenAddr": listen_addr,
                "AdvertiseAddr": advertise_addr,
                "ForceNewCluster": force_new_cluster,
                "DefaultAddrPool": pools,
                "SubnetSize": subnet_size,
                "DataPathAddr": data_path_addr,
                "DataPathPort": data_path_port,
                "Availability": parse_availability(availability),
                "Spec": swarm_spec("swarm.init()", options),
            }
        )
        node_id = await self._engine.call(lambda say: swarm_words(say).swarm.init(body))
        await self.reload()
        return node_id

    async def join(
        self,
        remote_addrs: str | Sequence[str],
        join_token: str,
        listen_addr: str = "0.0.0.0:2377",
        advertise_addr: str | None = None,
        data_path_addr: str | None = None,
        *,
        availability: NodeAvailability | None = None,
    ) -> None:
        """Makes this Docker a node of a swarm that there is.

        Args:
            remote_addrs: Where its managers listen, such as ["10.0.0.1:2377"]; one is enough.
            join_token: A token of that swarm's `join_tokens`, which says whether as a worker or as a manager.
            listen_addr: Where this node listens, should it be a manager.
            advertise_addr: Where other nodes reach this one; found out unless given.
            data_path_addr: Where containers of other nodes reach those of this one; advertise_addr unless given.
            availability: Whether this node takes tasks; "active" unless given.

        Raises:
            BadRequest: The token is none.
            Conflict: It is in a swarm already.
            ServerError: No manager was reached there, or not in time; the engine may go on trying: `leave` ends that.
            TypeError, ValueError: An argument is wrong; nothing was sent.
        """
        body = without_none(
            {
                "ListenAddr": listen_addr,
                "AdvertiseAddr": advertise_addr,
                "DataPathAddr": data_path_addr,
                "RemoteAddrs": parse_addresses("remote_addrs", remote_addrs),
                "JoinToken": join_token,
                "Availability": parse_availability(availability),
            }
        )
        await self._engine.call(lambda say: swarm_words(say).swarm.join(body))

    async def leave(self, *, force: bool = False) -> None:
        """Takes this Docker out of its swarm; its tasks end.

        The swarm keeps it in its list, as down: `client.nodes.remove` of a manager takes it off.

        Args:
            force: Even where it is a manager; with the last one the swarm is gone.

        Raises:
            Conflict: It is a manager, and not forced to.
            NotSwarmManager: It is in no swarm.
        """
        await self._engine.call(lambda say: swarm_words(say).swarm.leave(force=force))
        self._attrs = {}

    async def update(
        self,
        *,
        rotate_worker_token: bool = False,
        rotate_manager_token: bool = False,
        rotate_manager_unlock_key: bool = False,
        **options: Unpack[SwarmOptions],
    ) -> None:
        """Changes the swarm's settings; those that are not given stay.

        Args:
            rotate_worker_token: Make another token for workers to join with; the old one is void.
            rotate_manager_token: Likewise for managers.
            rotate_manager_unlock_key: Make another key for locked managers.
            options: Settings of the swarm; see SwarmOptions.

        Raises:
            BadRequest: A setting is wrong.
            Conflict: It was changed by somebody else at the same time.
            NotSwarmManager: This Docker manages no swarm.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        swarm_spec("swarm.update()", options)
        await self.reload()
        spec = swarm_spec("swarm.update()", options, over=section(self._attrs, "Spec"))
        await self._engine.call(
            lambda say: swarm_words(say).swarm.update(
                self.version,
                spec,
                rotate_worker_token=rotate_worker_token,
                rotate_manager_token=rotate_manager_token,
                rotate_manager_unlock_key=rotate_manager_unlock_key,
            )
        )
        await self.reload()

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
            ServerError: It is locked: call `unlock`.
        """
        self._attrs = await self._engine.call(lambda say: swarm_words(say).swarm.inspect())

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        await self.reload()
        return self._attrs

    async def unlock(self, key: str | Mapping[str, str]) -> None:
        """Unlocks a manager that was restarted, where the swarm was made or updated with autolock_managers.

        Args:
            key: What `get_unlock_key` gave.

        Raises:
            BadRequest: It is no key.
            Unauthorized: It is not the key.
            Conflict: The manager is not locked.
            NotSwarmManager: The engine is in no swarm.
        """
        given = parse_unlock_key(key)
        await self._engine.call(lambda say: swarm_words(say).swarm.unlock(given))

    async def get_unlock_key(self) -> dict[str, str]:
        """What unlocks a manager that was restarted.

        Returns:
            The key as "UnlockKey", as `unlock` takes it; empty where managers are not locked.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        return await self._engine.call(lambda say: swarm_words(say).swarm.unlock_key())
