"""Several Dockers on one wire, each in a network namespace of its own: what makes a real swarm on one machine."""

import contextlib
import ipaddress
from pathlib import Path

from tests.engines.harness import processes
from tests.engines.harness.docker import DockerService
from tests.engines.harness.engine import Engine
from tests.engines.harness.images import ensure_loaded
from tests.engines.harness.namespaces import Namespace
from tests.engines.harness.suites import Machine

# On the wire between the namespaces, which no other network of this machine is joined to.
_WIRE = ipaddress.ip_network("10.99.0.0/24")
_BRIDGE = "wire"


class ClusterNode:
    """One of them.

    Args:
        namespace: Where it runs.
        address: Its address on the wire.
        service: What starts it.
        folder: For all its files.
    """

    def __init__(self, namespace: Namespace, address: str, service: DockerService, folder: Path) -> None:
        self._namespace = namespace
        self._service = service
        self._folder = folder
        self.address = address
        self.engine: Engine = service.start()
        ensure_loaded(self.engine)

    @property
    def name(self) -> str:
        """Its host name."""
        return self._namespace.name

    def restart(self) -> None:
        """End it, and start it again."""
        self._service.restart()

    def crash(self) -> None:
        """Kill it and all that runs on it, at once: as a machine that loses its power."""
        processes.kill_all_of(self._folder)


class Cluster:
    """Starts and ends them; the wire is a bridge in a namespace, so that nothing of it outlives its process.

    Args:
        folder: For all files.
        size: How many.
        machine: Where the programs are; this machine unless given.
    """

    def __init__(self, folder: Path, size: int, machine: Machine | None = None) -> None:
        self._folder = folder
        self._size = size
        self._machine = machine
        self._stack = contextlib.ExitStack()
        self.nodes: list[ClusterNode] = []

    def start(self) -> None:
        """Start all of them; each has the test image."""
        with contextlib.ExitStack() as undone:
            undone.callback(self.stop)
            self._folder.mkdir(parents=True)
            wire = self._namespace("wire")
            wire.ip("link", "add", _BRIDGE, "type", "bridge")
            wire.ip("link", "set", _BRIDGE, "up")
            for number in range(1, self._size + 1):
                self.nodes.append(self._add(number, wire))
            undone.pop_all()

    def stop(self) -> None:
        """End all of them."""
        self.nodes.clear()
        self._stack.close()

    def _namespace(self, name: str) -> Namespace:
        made = Namespace(name, self._folder)
        self._stack.callback(made.stop)
        made.start()
        return made

    def _add(self, number: int, wire: Namespace) -> ClusterNode:
        space = self._namespace(f"node{number}")
        address = str(_WIRE[number])
        end = ["peer", "name", "eth0", "netns", str(space.pid)]
        wire.ip("link", "add", "name", f"port{number}", "type", "veth", *end)
        wire.ip("link", "set", f"port{number}", "master", _BRIDGE, "up")
        space.ip("address", "add", f"{address}/{_WIRE.prefixlen}", "dev", "eth0")
        space.ip("link", "set", "eth0", "up")
        folder = self._folder / str(number)
        service = DockerService(folder, None, self._machine, namespace=space)
        self._stack.callback(_remove_cgroups, space.label)
        self._stack.callback(service.stop)
        # Leaving the swarm, and the ends of its tasks, would be waited for.
        self._stack.callback(processes.kill_all_of, folder)
        return ClusterNode(space, address, service, folder)


def _remove_cgroups(name: str) -> None:
    # One for each controller, or one for all.
    for root in (*Path("/sys/fs/cgroup").glob(f"*/{name}"), *Path("/sys/fs/cgroup").glob(name)):
        for group in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
            group.rmdir()
        root.rmdir()
