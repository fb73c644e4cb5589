"""Starting and ending what belongs to a private folder: processes by their pid, mounts by their path."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tests.engines.harness.errors import HarnessError
from tests.engines.harness.provision import program

# A shell or an editor that merely has the folder in its command line is not ours to end.
ENGINE_PROGRAMS = frozenset(
    {
        "dockerd",
        "containerd",
        "containerd-shim-runc-v2",
        "docker-proxy",
        "docker-registry",
        "podman",
        "conmon",
        "runc",
    }
)


def start(arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a service whose output goes to `log`; it gets SIGTERM when the thread that started it dies."""
    guarded = [program("setpriv"), "--pdeathsig", "TERM", "--", *arguments]
    with log.open("ab") as output:
        return subprocess.Popen(
            guarded,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], *, patience: float = 15.0) -> None:
    """End a service that `start` began: SIGTERM, then SIGKILL after `patience` seconds."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_ready(
    name: str,
    process: subprocess.Popen[bytes],
    is_ready: Callable[[], bool],
    *,
    log: Path,
    seconds: float = 60.0,
) -> None:
    """Poll until `is_ready`; a service that ends or stays silent is an error with its log's tail."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None:
            raise HarnessError(f"{name} ended with {process.returncode} while starting. {tail(log)}")
        if time.monotonic() > deadline:
            raise HarnessError(f"{name} did not answer within {seconds:g} s. {tail(log)}")
        time.sleep(0.05)


def tail(log: Path, lines: int = 25) -> str:
    """The end of a log, for an error message."""
    try:
        text = log.read_text(errors="replace")
    except FileNotFoundError:
        return f"There is no log at {log}."
    return f"The end of {log}:\n" + "\n".join(text.splitlines()[-lines:])


def run_quietly(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> str | None:
    """Run a clean-up command; its standard output, or None when it failed, which callers live with."""
    try:
        done = subprocess.run(
            list(arguments),
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def belonging_to(folder: Path) -> list[int]:
    """The pids of engine processes that name `folder` in their command line, and of all their descendants."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for pid in _all_pids():
        parents[pid] = _parent(pid)
        if _is_engine_process(pid, str(folder)):
            found.add(pid)
    while True:
        children = {pid for pid, parent in parents.items() if parent in found} - found
        if not children:
            return sorted(found - {os.getpid()})
        found |= children


def end_all_of(folder: Path) -> None:
    """End every engine process of `folder`, by pid, and see it gone."""
    for sent, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        pids = belonging_to(folder)
        _send(pids, sent)
        deadline = time.monotonic() + patience
        while any(_is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)


def kill_all_of(folder: Path) -> None:
    """Kill every engine process of `folder` without a warning, by pid, and see it gone."""
    while pids := [pid for pid in belonging_to(folder) if _is_alive(pid)]:
        _send(pids, signal.SIGKILL)
        time.sleep(0.02)


def mounts_below(folder: Path) -> list[Path]:
    """Mount points inside `folder`, deepest first."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    decoded = [Path(point.encode().decode("unicode_escape")) for point in points]
    return sorted((point for point in decoded if folder in point.parents), reverse=True)


def remove_folder(folder: Path) -> None:
    """Unmount and delete `folder`; with a mount left nothing is deleted, as that could be somebody's data."""
    for point in mounts_below(folder):
        if run_quietly(["umount", str(point)]) is None:
            run_quietly(["umount", "--lazy", str(point)])
    left = mounts_below(folder)
    if left:
        raise HarnessError(f"{folder} is left in place: still mounted are {', '.join(map(str, left))}")
    shutil.rmtree(folder, ignore_errors=False)


def _all_pids() -> Iterable[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def _is_engine_process(pid: int, folder: str) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    named = any(_names(argument, folder) for argument in arguments[1:])
    return named and Path(arguments[0]).name in ENGINE_PROGRAMS


def _names(argument: str, folder: str) -> bool:
    return argument.endswith(folder) or f"{folder}/" in argument


def _stat_fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _parent(pid: int) -> int:
    fields = _stat_fields(pid)
    return int(fields[1]) if fields else 0


def _is_alive(pid: int) -> bool:
    fields = _stat_fields(pid)
    return bool(fields) and fields[0] != "Z"


def _send(pids: Iterable[int], sent: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, sent)
        except ProcessLookupError:
            continue


def start_time(pid: int) -> str | None:
    """When a process began, in the kernel's ticks, which tells a reused pid apart; None when it is gone."""
    fields = _stat_fields(pid)
    return fields[19] if fields else None
