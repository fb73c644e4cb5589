"""What the demo needs of a bare machine: an engine to start, and files to make an image of."""

from __future__ import annotations

import atexit
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import wharfinger

Say = Callable[[str], None]

# netavark and aardvark-dns are Podman's network, catatonit its init, runc a runtime for any control groups.
PACKAGES = ("podman", "netavark", "aardvark-dns", "catatonit", "runc")
TOOLS = ("sh", "cat", "sleep", "ls", "ps")

# What Podman needs where cgroups are of version 1 and nothing manages them, as on many CI machines.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""


# With one of these the user has chosen an engine; then nothing is installed in its stead.
CHOICES = ("DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST", "CONTAINER_CONNECTION")


def find_engine(say: Say) -> wharfinger.DockerClient | wharfinger.PodmanClient:
    """The engine that `connect()` finds or starts; where there is none at all, Podman is installed first."""
    fit_settings(say)
    try:
        return wharfinger.connect()
    except wharfinger.EngineUnreachable as error:
        if shutil.which("podman") or any(name in os.environ for name in CHOICES):
            sys.exit(str(error))
    install_podman(say)
    fit_settings(say)
    return wharfinger.connect()


def fit_settings(say: Say) -> None:
    """Gives an embedded Podman the settings that a bare machine needs."""
    if (
        not shutil.which("podman")
        or os.getuid() != 0
        or not bare_machine()
        or "CONTAINERS_CONF" in os.environ
    ):
        return
    folder = Path(tempfile.mkdtemp(prefix="wharfinger-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "containers.conf").write_text(CONTAINERS_CONF)
    os.environ["CONTAINERS_CONF"] = str(folder / "containers.conf")
    os.environ["PODMAN_IGNORE_CGROUPSV1_WARNING"] = "1"
    say("this machine has cgroups of version 1 and no systemd: an embedded Podman gets settings for that")


def install_podman(say: Say) -> None:
    """Installs Podman from the distribution where that is possible."""
    if not shutil.which("apt-get") or os.getuid() != 0:
        sys.exit(
            "No engine answers, and there is no podman to start one. Install one, for example with\n"
            f"  sudo apt-get install {' '.join(PACKAGES)}      (Debian, Ubuntu)\n"
            "  sudo dnf install podman                                            (Fedora)\n"
            "  brew install podman && podman machine init && podman machine start (macOS)\n"
            "and run the demo again."
        )
    say(f"no engine on this machine: installing {' '.join(PACKAGES)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(
            ["apt-get", "-q", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"apt-get {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def bare_machine() -> bool:
    """Whether control groups are of version 1 with nothing to manage them."""
    return not Path("/sys/fs/cgroup/cgroup.controllers").exists() and not Path("/run/systemd/system").exists()


def root_file_system(say: Say) -> bytes:
    """A tar of a few programs of this machine with the libraries that they need: enough for a container."""
    if sys.platform != "linux":
        sys.exit("The demo makes its image from programs of a Linux machine; run it on one.")
    programs = {f"bin/{name}": Path(found).resolve() for name in TOOLS if (found := shutil.which(name))}
    files = {
        **programs,
        **{str(lib).lstrip("/"): lib for path in programs.values() for lib in libraries(path)},
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for folder in ("bin", "tmp", "proc", "sys", "dev", "etc"):
            info = tarfile.TarInfo(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            archive.addfile(info)
        for name, path in sorted(files.items()):
            archive.add(path.resolve(), arcname=name)
    names = ", ".join(sorted(Path(name).name for name in programs))
    say(f"made of {names} of this machine: {out.tell():,} bytes")
    return out.getvalue()


def libraries(program: Path) -> list[Path]:
    """The shared libraries of a program, its loader included; none for a static one."""
    told = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
    return [Path(found) for found in re.findall(r"(?:=> |^\s*)(/\S+)", told, re.MULTILINE)]
