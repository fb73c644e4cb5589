"""What a plugin is made of, and what answers for one that runs: the engine asks its socket."""

import contextlib
import json
import secrets
import shutil
import socket
from collections.abc import Generator
from pathlib import Path

from tests.engines.harness import Engine
from tests.live import seen_by

_ENTRY = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
_CONFIG = {
    "description": "does nothing",
    "interface": {"types": ["docker.volumedriver/1.0"], "socket": "p.sock"},
    "entrypoint": ["/bin/sh", "-c", _ENTRY],
    "network": {"type": "host"},
    "env": [{"name": "A", "settable": ["value"], "value": "b"}],
}
BUSYBOX = Path("/bin/busybox")


def plugin_folder(folder: Path) -> Path:
    """A folder with the parts of a plugin, and a file that is none of them."""
    programs = folder / "rootfs" / "bin"
    programs.mkdir(parents=True)
    shutil.copy(BUSYBOX, programs / "busybox")
    for name in ("sh", "sleep"):
        (programs / name).symlink_to("busybox")
    # Docker 28 refuses what it had before, until it has let go of it.
    (programs / "which").write_text(secrets.token_hex())
    (folder / "config.json").write_text(json.dumps(_CONFIG))
    (folder / "README").write_text("not sent")
    return folder


@contextlib.contextmanager
def answering(engine: Engine, plugin_id: str) -> Generator[None]:
    """Answer in the place of a plugin."""
    folder = seen_by(engine, f"/run/docker/plugins/{plugin_id}")
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        # The path as a whole may be too long for a socket's address.
        with contextlib.chdir(folder):
            listener.bind("p.sock")
        listener.listen()
        yield
    # The engine has removed it, where the plugin was on.
    shutil.rmtree(folder, ignore_errors=True)
