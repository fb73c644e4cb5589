"""A network for one test run: what its engines do to bridges, firewalls and names meets nobody else's."""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Sequence

_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
# Wherever their files are, all Podmans of a machine have their server of names keep its own in one folder.
_BEGIN = """\
set -e
mount --make-rprivate /
mkdir -p /run/containers
mount -t tmpfs tmpfs /run/containers
"""
_left: list[int] = []


def enter_own_network() -> None:
    """Leave the machine's network for a namespace of this thread's, and of all that it starts, with loopback alone."""
    left = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS | _CLONE_NEWNET) != 0:
        # Where this is forbidden no engine of ours can start, and whoever asks for one is told so.
        os.close(left)
        return
    _left.append(left)
    subprocess.run(["sh", "-c", _BEGIN], check=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))


def outside(command: Sequence[str]) -> list[str]:
    """The command line that runs a command, one that downloads, in the network that was left."""
    if not _left:
        return list(command)
    return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{_left[0]}", *command]
