"""Installs the engines where that can be done (Debian, root, apt); elsewhere says exactly what is missing."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.engines.harness.errors import HarnessError

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
    "busybox": "busybox-static",
    "iptables": "iptables",
    "ip": "iproute2",
    "sshd": "openssh-server",
    "docker-registry": "docker-registry",
    "setpriv": "util-linux",
}


def find_program(name: str) -> str | None:
    """The absolute path of a program, or None."""
    return shutil.which(name, path=SEARCH_PATH)


def program(name: str) -> str:
    """The absolute path of a program that provisioning has seen to."""
    found = find_program(name)
    if found is None:
        raise HarnessError(_how_to_install([name]))
    return found


def ensure_programs() -> None:
    """Install what is missing, or fail with the list of it."""
    if not _missing():
        _check_root()
        return
    _check_root()
    with _single_installer():
        missing = _missing()
        if missing:
            _install(missing)
    still_missing = _missing()
    if still_missing:
        raise HarnessError(_how_to_install(still_missing))


def _missing() -> list[str]:
    return [name for name in PACKAGE_OF_PROGRAM if find_program(name) is None]


def _check_root() -> None:
    if os.geteuid() != 0:
        raise HarnessError(
            "Private engines need root (they make bridges, mounts and cgroups). Run as root, or name sockets"
            " of running engines in WHARFINGER_TEST_DOCKER and WHARFINGER_TEST_PODMAN."
        )


def _single_installer() -> "_FileLock":
    return _FileLock(Path(tempfile.gettempdir()) / "wharfinger-install.lock")


class _FileLock:
    """Two test runs that start together must not both run apt."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *exc_info: object) -> None:
        os.close(self._descriptor)


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
        ["apt-get", "--quiet", *arguments],
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
