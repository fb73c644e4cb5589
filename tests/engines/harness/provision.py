"""Installs the engines where that can be done (Debian, root, apt); elsewhere says exactly what is missing."""

import os
import shutil
import subprocess

from tests.engines.harness.errors import HarnessError
from tests.engines.harness.locks import only_one
from tests.engines.harness.own_network import outside

# Service programs live in sbin, which is not on everybody's PATH.
SEARCH_PATH = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/podman"]
)

PACKAGE_OF_PROGRAM = {
    "dockerd": "docker.io",
    "podman": "podman",
    "netavark": "netavark",
    "aardvark-dns": "aardvark-dns",
    "catatonit": "catatonit",
    "runc": "runc",
    # It checkpoints nothing on most of such machines, but Podman asks for it before it looks at the container.
    "criu": "criu",
    "busybox": "busybox-static",
    "iptables": "iptables",
    "ip": "iproute2",
    "sshd": "openssh-server",
    "docker-registry": "docker-registry",
    "git": "git",
    "setpriv": "util-linux",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mmdebstrap": "mmdebstrap",
}
# Needed only where engines of another release are asked for.
_OF_OTHER_RELEASES = ("mmdebstrap",)


def find_program(name: str) -> str | None:
    """The absolute path of a program, or None."""
    return shutil.which(name, path=SEARCH_PATH)


def program(name: str) -> str:
    """The absolute path of a program that provisioning has seen to."""
    found = find_program(name)
    if found is None:
        raise HarnessError(_how_to_install([name]))
    return found


def ensure_programs(*, other_releases: bool = False) -> None:
    """Install what is missing, or fail with the list of it.

    Args:
        other_releases: what engines of another Debian release need, too.
    """
    _check_root()
    if not _missing(other_releases=other_releases):
        return
    # Two test runs that start together must not both run apt.
    with only_one("install"):
        missing = _missing(other_releases=other_releases)
        if missing:
            _install(missing)
    still_missing = _missing(other_releases=other_releases)
    if still_missing:
        raise HarnessError(_how_to_install(still_missing))


def _missing(*, other_releases: bool) -> list[str]:
    names = [name for name in PACKAGE_OF_PROGRAM if other_releases or name not in _OF_OTHER_RELEASES]
    return [name for name in names if find_program(name) is None]


def _check_root() -> None:
    if os.geteuid() != 0:
        raise HarnessError(
            "Private engines need root (they make bridges, mounts and cgroups). Run as root, or name sockets"
            " of running engines in WHARFINGER_TEST_DOCKER and WHARFINGER_TEST_PODMAN."
        )


def _install(missing: list[str]) -> None:
    if shutil.which("apt-get") is None:
        raise HarnessError(_how_to_install(missing))
    packages = _packages(missing)
    _apt("update")
    _apt("install", "--yes", "--no-install-recommends", *packages)


def _apt(*arguments: str) -> None:
    # RUNLEVEL=1 keeps Debian's maintainer scripts from starting the services that they install.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        outside(["apt-get", "--quiet", *arguments]),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        output = done.stdout.decode(errors="replace")[-4000:]
        raise HarnessError(f"apt-get {' '.join(arguments)} ended with {done.returncode}:\n{output}")


def _packages(programs: list[str]) -> list[str]:
    return sorted({PACKAGE_OF_PROGRAM[name] for name in programs})


def _how_to_install(programs: list[str]) -> str:
    return (
        f"Missing for tests with real engines: {', '.join(programs)}. On Debian 12: "
        f"sudo apt-get install --no-install-recommends {' '.join(_packages(programs))}"
    )
