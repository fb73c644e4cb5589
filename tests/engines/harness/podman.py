"""A private Podman service: its own socket, storage and configuration files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.engines.harness import processes
from tests.engines.harness.engine import Engine, answers_ping, base_environment, describe
from tests.engines.harness.network import free_subnet
from tests.engines.harness.provision import program
from tests.engines.harness.suites import Machine, ThisMachine

if TYPE_CHECKING:
    import subprocess

# crun refuses a hybrid cgroup hierarchy, a bare machine has no systemd to manage cgroups or keep a journal,
# and raising limits is not permitted everywhere.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "{folder}/tmp"

[network]
network_backend = "netavark"
network_config_dir = "{folder}/networks"
default_network = "{network}"
"""

STORAGE_CONF = """\
[storage]
driver = "{driver}"
graphroot = "{folder}/root"
runroot = "{folder}/run"
"""


class PodmanService:
    """Starts and ends one `podman system service` whose every file is below `folder`."""

    def __init__(
        self,
        folder: Path,
        bridge: str,
        insecure_registries: Iterable[str] = (),
        machine: Machine | None = None,
    ) -> None:
        self._folder = folder
        self._bridge = bridge
        self._machine: Machine = machine or ThisMachine()
        self._insecure_registries = tuple(insecure_registries)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self._folder / "podman.sock"

    def start(self) -> Engine:
        """Start it and wait until it answers."""
        self._folder.mkdir(parents=True)
        self._write_configuration()
        return self._begin()

    def restart(self) -> None:
        """End it, and start it again; its containers go on meanwhile."""
        if self._process is not None:
            processes.stop(self._process)
        self._begin()

    def _begin(self) -> Engine:
        environment = self._environment()
        log = self._folder / "podman.log"
        command = [*self._local_command(), "system", "service", "--time", "0", f"unix://{self.socket}"]
        self._process = processes.start(command, log=log, environment=environment)
        processes.await_ready(
            "podman system service", self._process, lambda: answers_ping(self.socket), log=log
        )
        return describe(
            "podman", self.socket, cli_command=podman_cli(self.socket, self._machine), cli_env=environment
        )

    def stop(self) -> None:
        """End it, its containers and its networks."""
        # Containers first, and by the local command line: it undoes networks and namespaces, service or none.
        local, environment = self._local_command(), self._environment()
        if (self._folder / "containers.conf").exists():
            processes.run_quietly(
                [*local, "pod", "rm", "--all", "--force", "--time", "0"], environment=environment
            )
            processes.run_quietly([*local, "rm", "--all", "--force", "--time", "0"], environment=environment)
            processes.run_quietly([*local, "network", "prune", "--force"], environment=environment)
        if self._process is not None:
            processes.stop(self._process)
        processes.end_all_of(self._folder)
        processes.run_quietly([program("ip"), "link", "delete", self._bridge])

    def _local_command(self) -> list[str]:
        # The folders are also in the configuration; on the command line they make our processes recognisable.
        return self._machine.command(
            "podman",
            f"--root={self._folder / 'root'}",
            f"--runroot={self._folder / 'run'}",
            f"--tmpdir={self._folder / 'tmp'}",
        )

    def _environment(self) -> dict[str, str]:
        scratch = self._folder / "scratch"
        scratch.mkdir(exist_ok=True)
        return {
            **base_environment(self._folder),
            "CONTAINERS_CONF": str(self._folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self._folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(self._folder / "registries.conf"),
            "REGISTRY_AUTH_FILE": str(self._folder / "auth.json"),
            "TMPDIR": str(scratch),
            "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
            # Docker's chains drop by policy, whatever nftables lets through beside them.
            "NETAVARK_FW": "iptables",
        }

    def _write_configuration(self) -> None:
        driver = "overlay" if _overlay_works(self._folder) else "vfs"
        self._write("containers.conf", CONTAINERS_CONF.format(folder=self._folder, network=self._bridge))
        self._write("storage.conf", STORAGE_CONF.format(folder=self._folder, driver=driver))
        self._write("registries.conf", _registries_conf(self._insecure_registries))
        # Podman wants the file that it is told of to exist; ours keeps the logins of the machine out.
        self._write("auth.json", "{}")
        (self._folder / "networks").mkdir()
        self._write(
            f"networks/{self._bridge}.json", json.dumps(_default_network(self._bridge, free_subnet()))
        )

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)


def podman_cli(socket: Path, machine: Machine | None = None) -> tuple[str, ...]:
    """Podman's own command line, talking to a service."""
    return tuple((machine or ThisMachine()).command("podman", "--remote", "--url", f"unix://{socket}"))


def _registries_conf(insecure: tuple[str, ...]) -> str:
    entries = [f'[[registry]]\nlocation = "{location}"\ninsecure = true\n' for location in insecure]
    return "\n".join(
        ['unqualified-search-registries = ["docker.io"]\nshort-name-mode = "permissive"\n', *entries]
    )


def _default_network(bridge: str, subnet: str) -> dict[str, object]:
    # By default every Podman of a machine has the same names and subnet. Two of them would clash: of a network's name
    # is made that of its firewall chain, which goes with the last container.
    return {
        "name": bridge,
        "id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9",
        "driver": "bridge",
        "network_interface": bridge,
        "created": "2024-01-01T00:00:00Z",
        "subnets": [{"subnet": subnet, "gateway": subnet.replace(".0/24", ".1")}],
        "ipv6_enabled": False,
        "internal": False,
        "dns_enabled": False,
        "ipam_options": {"driver": "host-local"},
    }


def _overlay_works(folder: Path) -> bool:
    probe = folder / "overlay-probe"
    for name in ("lower", "upper", "work", "merged"):
        (probe / name).mkdir(parents=True)
    options = f"lowerdir={probe}/lower,upperdir={probe}/upper,workdir={probe}/work"
    mount = ["mount", "-t", "overlay", "-o", options, "overlay", str(probe / "merged")]
    works = processes.run_quietly(mount) is not None
    processes.remove_folder(probe)
    return works
