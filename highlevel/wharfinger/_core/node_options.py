"""What can be changed of a node, and what it is in Docker's NodeSpec."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import TYPE_CHECKING, TypedDict

from wharfinger._core import human
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.swarm_options import parse_availability
from wharfinger.types import NodeAvailability, NodeRole  # noqa: TC001 - likewise

if TYPE_CHECKING:
    from wharfinger._core.container_encoding import Body


class NodeOptions(TypedDict, total=False):
    """Keywords of Node.update(), named as those of `docker node update`; what is not given stays.

    Attributes:
        availability: "active"; "pause": it gets no new tasks; "drain": its tasks move to other nodes, too.
        role: "worker" or "manager".
        labels: All labels that it shall have: a mapping, or a list of "name=value".
        name: What to call it beside its host name.
    """

    availability: NodeAvailability
    role: NodeRole
    labels: Mapping[str, str] | list[str]
    name: str


def _availability(_name: str, value: object) -> str | None:
    return parse_availability(value)


def _role(name: str, value: object) -> str:
    if value not in ("worker", "manager"):
        human.wrong_value(name, value, "'worker' or 'manager'")
    return str(value)


_READERS: dict[str, Reader] = {
    "availability": _availability,
    "role": _role,
    "labels": human.parse_pairs,
    "name": human.parse_text,
}


def node_changes(options: NodeOptions) -> Body:
    """The part of Docker's NodeSpec that the keywords are about; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    return {
        name.capitalize(): value for name, value in read_options("Node.update()", options, _READERS).items()
    }
