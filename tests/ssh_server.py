"""A real sshd on a loopback port, with throw-away keys, for one test module.

The ssh program that the library starts is the real one too: a file named ssh, first in PATH, hands it a
configuration of our own, as ~/.ssh/config would.
"""

import getpass
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

# Connects standard input and output with the engine's socket, as the engines' own programs do.
DIAL_STDIO = """#!/bin/sh
echo "$0 $*" >> {folder}/calls
if [ -e {folder}/broken ]; then echo "Cannot connect to the engine" >&2; exit 1; fi
exec {python} -I -S -c '
import socket, sys, threading, os
sock = socket.socket(socket.AF_UNIX); sock.connect(open("{folder}/engine-path").read())
def up():
    while data := os.read(0, 65536): sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := sock.recv(65536): os.write(1, data)
'
"""


class SSHServer:
    """The server, and what a test may change of the client's side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = getpass.getuser()
        (folder / "bin").mkdir()
        for name in ("host_key", "user_key", "other_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
            )
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        self.port = _free_port()
        self._program("docker", DIAL_STDIO)
        self._program("podman", DIAL_STDIO)
        self._write_configuration()
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [
                shutil.which("sshd", path="/usr/sbin:/usr/bin") or "sshd",
                "-D",
                "-f",
                str(folder / "sshd_config"),
            ],
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text.format(folder=self.folder, python=sys.executable))
        path.chmod(0o755)

    def _write_configuration(self) -> None:
        (self.folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nStrictModes no\nUsePAM no\nPidFile none\n"
            f"PasswordAuthentication no\nPermitRootLogin yes\nSetEnv PATH={self.folder}/bin\n"
        )
        known = (self.folder / "host_key.pub").read_text().split()[:2]
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {' '.join(known)}\n")
        self.configure()

    def configure(self, **options: str) -> None:
        """Set the user's configuration of ssh."""
        lines = {
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "GlobalKnownHostsFile": "none",
            "StrictHostKeyChecking": "yes",
            "IdentityFile": str(self.folder / "user_key"),
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            **options,
        }
        text = "".join(f"    {name} {value}\n" for name, value in lines.items() if value)
        aliased = f"Host engine-host\n    HostName 127.0.0.1\n    Port {self.port}\n    User {self.user}\n"
        (self.folder / "ssh_config").write_text(f"{aliased}Host *\n{text}")
        real = shutil.which("ssh", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
        wrapper = self.folder / "bin" / "ssh"
        wrapper.write_text(
            f'#!/bin/sh\necho "$*" >> {self.folder}/ssh-calls\nexec {real} -F {self.folder}/ssh_config "$@"\n'
        )
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)

    def serve(self, engine_path: str) -> None:
        """Say where the engine's socket is, for the engines' programs."""
        (self.folder / "engine-path").write_text(engine_path)
        for name in ("broken", "calls", "ssh-calls"):
            (self.folder / name).unlink(missing_ok=True)

    def calls(self, file: str) -> list[str]:
        path = self.folder / file
        return path.read_text().splitlines() if path.exists() else []

    def url(self, path: str = "", host: str | None = None) -> str:
        return f"ssh://{host or f'{self.user}@127.0.0.1:{self.port}'}{path}"

    def log_out(self, control: Path) -> None:
        """End a login behind the library's back."""
        subprocess.run(["ssh", "-S", str(control), "-O", "exit", "x"], check=True, capture_output=True)

    def _wait(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("sshd did not start")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(5)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def ssh_server() -> Generator[SSHServer, None, None]:
    with tempfile.TemporaryDirectory(prefix="whs-") as folder:
        server = SSHServer(Path(folder))
        try:
            yield server
        finally:
            server.close()
