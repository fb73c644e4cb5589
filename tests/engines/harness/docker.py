"""A private dockerd: its own socket, folders and bridge."""

import ipaddress
import json
import subprocess
from pathlib import Path

from tests.engines.harness import processes
from tests.engines.harness.engine import Engine, answers_ping, base_environment, describe
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.locks import only_one
from tests.engines.harness.namespaces import Namespace
from tests.engines.harness.network import free_subnet
from tests.engines.harness.provision import find_program, program
from tests.engines.harness.suites import Machine, ThisMachine


class DockerService:
    """Starts and ends one dockerd whose every file is below `folder`.

    With `live_restore` its containers go on while it is away. In a namespace of its own it has no bridge of ours:
    it makes docker0.
    """

    def __init__(
        self,
        folder: Path,
        bridge: str | None,
        machine: Machine | None = None,
        *,
        live_restore: bool = False,
        namespace: Namespace | None = None,
    ) -> None:
        self._live_restore = live_restore
        self._namespace = namespace
        self._folder = folder
        self._bridge = bridge
        self._machine = machine
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self._folder / "docker.sock"

    def start(self) -> Engine:
        """Start it and wait until it answers."""
        self._folder.mkdir(parents=True)
        if self._bridge is not None:
            _make_bridge(self._bridge)
        return self._begin()

    def restart(self) -> None:
        """End it, and start it again."""
        if self._process is not None:
            processes.stop(self._process)
        self._begin()

    def _begin(self) -> Engine:
        environment = base_environment(self._folder)
        log = self._folder / "dockerd.log"
        # Two that start at once make the same firewall chains, and one of them fails.
        with only_one("dockerd"):
            self._process = processes.start(self._command(), log=log, environment=environment)
            processes.await_ready("dockerd", self._process, lambda: answers_ping(self.socket), log=log)
        return describe(
            "docker", self.socket, cli_command=docker_cli(self.socket, self._machine), cli_env=environment
        )

    def stop(self) -> None:
        """End it, its containers and what it left in the kernel."""
        if answers_ping(self.socket):
            self._remove_everything()
        if self._process is not None:
            processes.stop(self._process)
        processes.end_all_of(self._folder)
        if self._bridge is not None:
            _remove_firewall_rules(self._bridge)
            processes.run_quietly([program("ip"), "link", "delete", self._bridge])

    def _command(self) -> list[str]:
        # A configuration file of our own keeps /etc/docker/daemon.json out.
        configuration = self._folder / "daemon.json"
        configuration.write_text(json.dumps({"shutdown-timeout": 5, "live-restore": self._live_restore}))
        command = (self._machine or ThisMachine()).command(
            "dockerd",
            f"--config-file={configuration}",
            f"--host=unix://{self.socket}",
            f"--data-root={self._folder / 'data'}",
            f"--exec-root={self._folder / 'exec'}",
            f"--pidfile={self._folder / 'dockerd.pid'}",
        )
        if self._bridge is not None:
            command.append(f"--bridge={self._bridge}")
        if self._namespace is None:
            return command
        # So that what a crash leaves is found.
        return self._namespace.within([*command, f"--cgroup-parent=/{self._namespace.label}"])

    def _remove_everything(self) -> None:
        command = docker_cli(self.socket, self._machine)
        environment = base_environment(self._folder)
        processes.run_quietly([*command, "swarm", "leave", "--force"], environment=environment)
        containers = processes.run_quietly([*command, "ps", "--all", "--quiet"], environment=environment)
        if containers:
            processes.run_quietly([*command, "rm", "--force", *containers.split()], environment=environment)
        processes.run_quietly([*command, "network", "prune", "--force"], environment=environment)


def _make_bridge(bridge: str) -> None:
    subnet = free_subnet()
    address = f"{next(ipaddress.ip_network(subnet).hosts())}/24"
    for arguments in (
        ["link", "add", bridge, "type", "bridge"],
        ["address", "add", address, "dev", bridge],
        ["link", "set", bridge, "up"],
    ):
        done = subprocess.run([program("ip"), *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HarnessError(
                f"ip {' '.join(arguments)}: {done.stderr.strip()}. Docker's bridge needs root."
            )


def _remove_firewall_rules(bridge: str) -> None:
    # dockerd leaves its rules behind. Those that name our bridge go; another dockerd may use the chains.
    for table in ("filter", "nat"):
        listed = processes.run_quietly([program("iptables"), "--table", table, "--list-rules"]) or ""
        for line in listed.splitlines():
            if bridge in line.split() and line.startswith("-A "):
                rule = line.split()[1:]
                processes.run_quietly([program("iptables"), "--table", table, "--delete", *rule])


def docker_cli(socket: Path, machine: Machine | None = None) -> tuple[str, ...]:
    """Docker's own command line, bound to a socket."""
    if machine is not None:
        return tuple(machine.command("docker", "--host", f"unix://{socket}"))
    # Debian's is of the daemon's age; a newer one found first on PATH may refuse an old API.
    packaged = Path("/usr/bin/docker")
    binary = str(packaged) if packaged.exists() else find_program("docker")
    if binary is None:
        raise HarnessError(
            "The docker command line is missing. On Debian: sudo apt-get install docker.io docker-cli"
        )
    return (binary, "--host", f"unix://{socket}")
