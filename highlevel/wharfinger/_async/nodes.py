"""The nodes of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.node import AsyncNode, AsyncNodeList
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import NodeNotFound

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._dialects.dialect import Filters


class AsyncNodesManager:
    """Finds and removes the nodes of the swarm that this Docker manages; `client.nodes`.

    Every method raises NotSwarmManager on an engine that manages none. An engine becomes a node by `swarm.join` of its
    own client.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine

    async def get(self, node_id: str) -> AsyncNode:
        """One node.

        Args:
            node_id: Its id or host name, or a unique start of the id; the engine's own is
                `(await client.info()).swarm.node_id`.

        Raises:
            NodeNotFound: There is none.
            NotSwarmManager: This Docker manages no swarm.
        """
        return AsyncNode(
            self._engine, await self._engine.call(lambda say: swarm_words(say).nodes.inspect(node_id))
        )

    async def exists(self, key: str) -> bool:
        """Whether there is one.

        Args:
            key: Its id or host name, or a unique start of the id.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        try:
            await self.get(key)
        except NodeNotFound:
            return False
        return True

    async def list(self, filters: Filters | None = None) -> AsyncNodeList:
        """Nodes, by one request.

        Args:
            filters: Such as {"role": "manager"}; also by id, name, membership, label and node.label.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This Docker manages no swarm.
        """
        found = await self._engine.call(lambda say: swarm_words(say).nodes.list(filters))
        return [AsyncNode(self._engine, attrs) for attrs in found]

    async def remove(self, node_id: str | AsyncNode, *, force: bool = False) -> None:
        """Takes a node off the swarm's list; it has left, or is to be down for good.

        Args:
            node_id: Its id or host name, or the node.
            force: Even where it is not down: it is out of the swarm without knowing, and has to `leave` by itself.

        Raises:
            NodeNotFound: There is none.
            Conflict: It is not down and not forced to, or it is a manager: `demote` it before.
            NotSwarmManager: This Docker manages no swarm.
        """
        which = node_id if isinstance(node_id, str) else node_id.id
        await self._engine.call(lambda say: swarm_words(say).nodes.remove(which, force=force))
