"""Whose a container is: a mark of this process by which others can tell, for sure, that it has ended."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


def mark_of(pid: int) -> str:
    """The mark of a running process: the boot, the PID namespace, its number, and when it began; "" if none is sure.

    Args:
        pid: Its number, as this process sees it.
    """
    try:
        # Where /proc is another namespace's, its numbers are not ours.
        if (_PROC / "self").readlink().name != str(os.getpid()):
            return ""
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (_PROC / "self/ns/pid").stat().st_ino
        # The name, in parentheses, may hold anything.
        began = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
    return f"{boot}/{namespace}/{pid}/{began}"


def has_ended(mark: str) -> bool:
    """Whether the process of a mark has ended, for sure: one of another machine or PID namespace may be running.

    Args:
        mark: What mark_of gave in that process.
    """
    mine = mark_of(os.getpid())
    place, _, number = mark.rpartition("/")[0].rpartition("/")
    if not mine or place != mine.rsplit("/", 2)[0] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # Somebody else's: of the same number, or it.
        pass
    now = mark_of(int(number))
    return bool(now) and now != mark
