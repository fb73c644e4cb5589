"""Values of Docker's swarms."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Literal, TypeAlias

import attrs

NodeAvailability: TypeAlias = Literal["active", "pause", "drain"]
NodeRole: TypeAlias = Literal["worker", "manager"]


@attrs.frozen
class JoinTokens:
    """What an engine needs to join a swarm; kept out of repr.

    Attributes:
        worker: To join as a worker.
        manager: To join as a manager.
    """

    worker: str = attrs.field(repr=False)
    manager: str = attrs.field(repr=False)


@attrs.frozen
class SwarmExternalCA:
    """Who signs the certificates of a swarm's nodes in its place.

    Attributes:
        url: Where it is asked to sign.
        protocol: How it is spoken to; engines know "cfssl" alone.
        options: For that protocol.
        ca_cert: Its certificate in PEM; that of the swarm unless given.
    """

    url: str
    protocol: str = "cfssl"
    options: Mapping[str, str] = attrs.field(factory=dict[str, str])
    ca_cert: str | None = None
