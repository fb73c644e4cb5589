"""Machines that share this one's programs and files: each has interfaces, ports and a host name of its own."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.engines.harness import processes
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.provision import program

_BEGIN = """\
set -e
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
echo ready
exec sleep infinity
"""


class Namespace:
    """A network namespace and a host name, kept by one process: with it all of their interfaces are gone.

    Args:
        name: The host's name.
        folder: For its log.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._log = folder / f"{name}.namespace.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make it."""
        environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
        command = [program("unshare"), "--net", "--uts", "sh", "-c", _BEGIN, "sh", self.name]
        self._process = processes.start(command, log=self._log, environment=environment)
        processes.await_ready(
            f"the namespace of {self.name}",
            self._process,
            lambda: self._log.exists() and self._log.read_text().endswith("ready\n"),
            log=self._log,
        )

    def stop(self) -> None:
        """End the process that keeps it."""
        if self._process is not None:
            processes.stop(self._process)

    @property
    def label(self) -> str:
        """A name that no other has while it is there."""
        return f"whn-{self.pid}"

    @property
    def pid(self) -> int:
        """Of the process that keeps it."""
        if self._process is None:
            raise HarnessError(f"The namespace of {self.name} was not started.")
        return self._process.pid

    def within(self, command: Sequence[str]) -> list[str]:
        """The command line that runs a command in it."""
        of = f"/proc/{self.pid}/ns"
        return [program("nsenter"), f"--net={of}/net", f"--uts={of}/uts", *command]

    def ip(self, *arguments: str) -> None:
        """Run `ip` in it."""
        command = self.within([program("ip"), *arguments])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HarnessError(
                f"ip {' '.join(arguments)} in {self.name} ended with {done.returncode}: {done.stderr.strip()}"
            )
