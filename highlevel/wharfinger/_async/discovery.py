"""Looks at the machine for the rules of discovery, which are in _core and look at nothing themselves."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._core.discovery import choose
from wharfinger._core.discovery_search import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.discovery import Found
    from wharfinger.address import Engine, TLSConfig


def find_engine(
    *,
    engine: Engine | None = None,
    tls: TLSConfig | None = None,
    identity: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> Found:
    """The engine to talk to, where no URL is given.

    It never waits: settings are small local files, and sockets are only knocked at.

    Args:
        engine: Only this engine's rules.
        tls: Used instead of the TLS material that a rule names.
        identity: Used instead of the ssh key that a rule names.
        variables: Used instead of the process's environment variables.

    Returns:
        An address, or an embedded engine that is still to be started.

    Raises:
        EngineUnreachable: No rule applies, or the one that does cannot be followed.
    """
    return choose(machine(variables), engine=engine, tls=tls, identity=identity)


def machine(variables: Mapping[str, str] | None = None) -> Environment:
    """This machine, with other environment variables if they are given."""
    known = dict(os.environ if variables is None else variables)
    return Environment(
        variables=known,
        home=known.get("HOME") or str(Path.home()),
        uid=os.getuid(),
        system=sys.platform,
        read=_read,
        exists=os.path.exists,
        list_folder=_list_folder,
        unreachable=_unreachable,
        which=lambda name: shutil.which(name, path=known.get("PATH", os.defpath)),
    )


def _read(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _list_folder(path: str) -> Sequence[str]:
    try:
        return sorted(entry.name for entry in Path(path).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()


def _unreachable(path: str) -> str | None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.setblocking(False)
        try:
            knock.connect(path)
        except BlockingIOError:
            return None  # Somebody listens, and has many callers.
        except FileNotFoundError:
            return "no such file"
        except ConnectionRefusedError:
            return "nothing listens there"
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None
