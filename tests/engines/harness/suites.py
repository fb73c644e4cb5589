"""Engines of another Debian release: its programs in a root file system of their own, run in a mount namespace of it.

A newer release's engines do not run in a plain chroot, as OCI runtimes mount / anew. Here the namespace's root *is*
that file system; /tmp is this machine's, so that sockets and folders are found on both sides.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import attrs

from tests.engines.harness import processes
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.locks import FileLock
from tests.engines.harness.own_network import outside
from tests.engines.harness.provision import program

if TYPE_CHECKING:
    pass

_PACKAGES = (
    "aardvark-dns,ca-certificates,catatonit,criu,docker-cli,docker.io,git,iproute2,iptables,netavark,nftables,podman,"
    "procps,runc,xz-utils"
)
SUITES = ("trixie", "sid")

_ENTER = """\
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount --rbind /tmp tmp
cp /etc/resolv.conf /etc/hosts etc/
mkdir -p .old
pivot_root . .old
cd /
umount -l /.old
echo ready
exec sleep infinity
"""


class Machine(Protocol):
    """Where an engine's programs are."""

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line that runs a program there."""
        ...


@attrs.frozen
class ThisMachine:
    """The programs that this machine has."""

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line that runs a program here."""
        return [program(name), *arguments]


class SuiteRoot:
    """Starts and ends a mount namespace of another release.

    Args:
        suite: "trixie" or "sid".
        folder: for what it writes while it runs.
    """

    def __init__(self, suite: str, folder: Path) -> None:
        if suite not in SUITES:
            raise HarnessError(f"There is no suite {suite!r}; expected one of {', '.join(SUITES)}.")
        self._suite = suite
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the root file system, the first time on a machine, and the namespace."""
        root = _root_of(self._suite)
        log = self._folder / f"{self._suite}.log"
        command = [program("unshare"), "--mount", "sh", "-c", _ENTER, "sh", str(root)]
        self._process = processes.start(command, log=log, environment=dict(os.environ))
        processes.await_ready(
            f"the namespace of {self._suite}",
            self._process,
            lambda: log.exists() and log.read_text().endswith("ready\n"),
            log=log,
        )

    def stop(self) -> None:
        """End the namespace; the root file system stays for the next time."""
        if self._process is not None:
            processes.stop(self._process)

    def command(self, name: str, *arguments: str) -> list[str]:
        """The command line that runs a program in it."""
        if self._process is None:
            raise HarnessError(f"The namespace of {self._suite} was not started.")
        enter = f"--mount=/proc/{self._process.pid}/ns/mnt"
        return [program("nsenter"), enter, "sh", "-c", 'cd / && exec "$@"', "sh", name, *arguments]


def _root_of(suite: str) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wharfinger-tests"
    cache.mkdir(parents=True, exist_ok=True)
    # Another list of packages makes another root.
    root = cache / f"{suite}-{hashlib.sha256(_PACKAGES.encode()).hexdigest()[:8]}"
    with FileLock(cache / f"{suite}.lock"):
        if not root.exists():
            _bootstrap(suite, root)
    return root


def _bootstrap(suite: str, root: Path) -> None:
    unfinished = root.with_name(f"{root.name}.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    command = [
        program("mmdebstrap"),
        "--variant=minbase",
        # Unstable's index may be older than it says it is good for, where a mirror is slow.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--aptopt=APT::Install-Recommends "false"',
        f"--include={_PACKAGES}",
        suite,
        str(unfinished),
    ]
    done = subprocess.run(
        outside(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        output = done.stdout.decode(errors="replace")[-4000:]
        raise HarnessError(f"mmdebstrap of {suite} ended with {done.returncode}:\n{output}")
    unfinished.rename(root)
