"""Which ports something listens on, by the kernel's own tables."""

from __future__ import annotations

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LISTENS = b"0A"


def is_listening(tables: bytes, port: int) -> bool:
    """Whether something listens on a TCP port.

    Args:
        tables: What /proc/net/tcp and its like hold.
        port: The port.
    """
    wanted = b":%04X" % port
    for line in tables.splitlines():
        fields = line.split()
        if len(fields) > 3 and fields[3] == _LISTENS and fields[1].endswith(wanted):
            return True
    return False


def checked_port(port: int | str) -> int:
    """The number of a TCP port.

    Raises:
        ValueError: It is none.
    """
    number, slash, protocol = str(port).partition("/")
    if isinstance(port, bool) or (slash and protocol != "tcp"):
        raise ValueError(f"port={port!r}: expected a TCP port such as 80 or '80/tcp'; others do not listen")
    if not number.isdecimal() or not 0 < int(number) < 65536:
        raise ValueError(f"port={port!r}: expected a TCP port from 1 to 65535, such as 80 or '80/tcp'")
    return int(number)
