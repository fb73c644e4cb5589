"""What a build may ask of this machine while it goes on, and what it is told first. Pure, but for the folder's name."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.build_folders import Folder

FILE_SYNC = "/moby.filesync.v1.FileSync/DiffCopy"
FILE_SEND = "/moby.filesync.v1.FileSend/DiffCopy"
CREDENTIALS = "/moby.filesync.v1.Auth/Credentials"
GET_SECRET = "/moby.buildkit.secrets.v1.Secrets/GetSecret"  # noqa: S105 - the name of a call
CHECK_AGENT = "/moby.sshforward.v1.SSH/CheckAgent"
FORWARD_AGENT = "/moby.sshforward.v1.SSH/ForwardAgent"
HEALTH = "/grpc.health.v1.Health/Check"

_HEADER = "X-Docker-Expose-Session-"
_MACHINE = Path("/etc/machine-id")
# What BuildKit takes at most.
SECRET_BYTES = 500 * 1024

ExportKind: TypeAlias = Literal["local", "tar", "oci", "docker"]


@attrs.frozen
class Export:
    """Where the result of a build goes on this machine, instead of becoming an image.

    Attributes:
        kind: A folder of files, or a tar of them, or a tar of the image.
        path: The folder, or the file.
    """

    kind: ExportKind
    path: Path


@attrs.frozen
class SessionOffer:
    """What a build may ask for.

    Attributes:
        folders: By the name under which it asks for them; "context" and "dockerfile" are the usual ones.
        secrets: By the id.
        agents: The sockets of ssh agents, by the id.
        export: Where the result goes.
        shared_key: What tells these folders from others; the engine compares what it has with them.
    """

    folders: Mapping[str, Folder] = attrs.field(factory=dict[str, "Folder"])
    secrets: Mapping[str, bytes] = attrs.field(factory=dict[str, bytes], repr=lambda found: repr([*found]))
    agents: Mapping[str, str] = attrs.field(factory=dict[str, str])
    export: Export | None = None
    shared_key: str = ""

    def calls(self) -> list[str]:
        """What the engine may call."""
        found = [HEALTH, CREDENTIALS]
        if self.folders:
            found.append(FILE_SYNC)
        if self.secrets:
            found.append(GET_SECRET)
        if self.agents:
            found += [CHECK_AGENT, FORWARD_AGENT]
        if self.export is not None:
            found.append(FILE_SEND)
        return found


def session_headers(id: str, name: str, offer: SessionOffer) -> dict[str, str | list[str]]:
    """What opens a session."""
    return {
        "Connection": "Upgrade",
        "Upgrade": "h2c",
        f"{_HEADER}Uuid": id,
        f"{_HEADER}Name": name,
        f"{_HEADER}Sharedkey": offer.shared_key,
        f"{_HEADER}Grpc-Method": offer.calls(),
    }


def new_id() -> str:
    """A name that no other session, and no other build, has."""
    return secrets.token_hex(16)


def key_of_folder(root: Path) -> str:
    """What tells a folder of this machine from all others, build after build.

    The engine believes that a file whose name, size and time stay is the same, so that no two folders may share one.
    """
    machine = _MACHINE.read_text(encoding="ascii", errors="replace").strip() if _MACHINE.is_file() else ""
    told = root.stat()
    place = (machine, os.uname().nodename, str(os.getuid()), str(root), str(told.st_dev), str(told.st_ino))
    return hashlib.sha256("\0".join(place).encode("utf-8", "surrogateescape")).hexdigest()
