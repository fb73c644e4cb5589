"""Swarms of the tests' own: nothing that a swarm takes, its ports and docker_gwbridge, is shared with another."""

import atexit
import os
from collections.abc import Iterator

import pytest

from tests.engines.harness import Engine, Lab
from tests.engines.harness.cluster import ClusterNode
from tests.engines.harness.lab import SUITE_VARIABLE


@pytest.fixture(scope="session")
def swarm_lab() -> Iterator[Lab]:
    """Makes clusters, of the release that the run is for."""
    made = Lab(environment={name: value for name, value in os.environ.items() if name == SUITE_VARIABLE})
    atexit.register(made.close)
    yield made
    made.close()


@pytest.fixture(scope="session")
def swarm_machines(swarm_lab: Lab) -> list[ClusterNode]:
    """Two Dockers on a wire; see `machines`."""
    return swarm_lab.cluster(2).nodes


@pytest.fixture
def machines(swarm_machines: list[ClusterNode]) -> Iterator[list[ClusterNode]]:
    """Two Dockers on a wire, in no swarm; what the test joined them to, they leave."""
    yield swarm_machines
    for node in swarm_machines:
        node.engine.cli("swarm", "leave", "--force", check=False)


@pytest.fixture
def three_machines(swarm_lab: Lab) -> Iterator[list[ClusterNode]]:
    """Three Dockers on a wire, in no swarm, for one test alone: it may break them."""
    made = swarm_lab.cluster(3)
    yield made.nodes
    made.stop()


@pytest.fixture(scope="session")
def swarm_engine(swarm_lab: Lab) -> Engine:
    """The manager, and only node, of a swarm; a test leaves the swarm as it was."""
    (node,) = swarm_lab.cluster(1).nodes
    node.engine.cli("swarm", "init", "--advertise-addr", node.address)
    return node.engine
