# Derived from highlevel/wharfinger/_async/nodes.py
# by `python -m codegen.unasync`: change that file, not this one.
"""The nodes of a swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger._sync.node import Node, NodeList
from wharfinger.errors import NodeNotFound

if TYPE_CHECKING:
    from wharfinger._dialects.dialect import Filters
    from wharfinger._sync.engine import EngineSession


class NodesManager:
    """Finds and removes the nodes of the swarm that this Docker manages; `client.nodes`.

    Every method raises NotSwarmManager on an engine that manages none. An engine becomes a node by `swarm.join` of its
    own client.
    """

    def __init__(self, engine: EngineSession) -> None:
        self._engine = engine

    def get(self, node_id: str) -> Node:
        """One node.

        Args:
            node_id: Its id or host name, or a unique start of the id; the engine's own is
                `(client.info()).swarm.node_id`.

        Raises:
            NodeNotFound: There is none.
            NotSwarmManager: This Docker manages no swarm.
        """
        return Node(self._engine, self._engine.call(lambda say: swarm_words(say).nodes.inspect(node_id)))

    def exists(self, key: str) -> bool:
        """Whether there is one.

        Args:
            key: Its id or host name, or a unique start of the id.

        Raises:
            NotSwarmManager: This Docker manages no swarm.
        """
        try:
            self.get(key)
        except NodeNotFound:
            return False
        return True

    def list(self, filters: Filters | None = None) -> NodeList:
        """Nodes, by one request.

        Args:
            filters: Such as {"role": "manager"}; also by id, name, membership, label and node.label.

        Raises:
            BadRequest: The engine does not know a filter.
            NotSwarmManager: This Docker manages no swarm.
        """
        found = self._engine.call(lambda say: swarm_words(say).nodes.list(filters))
        return [Node(self._engine, attrs) for attrs in found]

    def remove(self, node_id: str | Node, *, force: bool = False) -> None:
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
        self._engine.call(lambda say: swarm_words(say).nodes.remove(which, force=force))
