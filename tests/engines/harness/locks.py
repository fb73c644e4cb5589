"""What only one of this machine's test runs may do at a time."""

import fcntl
import os
import tempfile
from pathlib import Path


class FileLock:
    """Waits for whoever holds it, in this process or another; a process that dies lets it go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *exc_info: object) -> None:
        os.close(self._descriptor)


def only_one(deed: str) -> FileLock:
    """Of all test runs of this machine, only one may do it at a time."""
    return FileLock(Path(tempfile.gettempdir()) / f"wharfinger-{deed}.lock")
