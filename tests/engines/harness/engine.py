"""An engine that runs: where it listens, what it is, and its own command line."""

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import attrs

from tests.engines.harness.errors import HarnessError

EngineName = Literal["docker", "podman"]


@attrs.frozen
class Engine:
    """A running engine, ours or one named by the environment."""

    name: EngineName
    socket: Path
    version: str
    api_version: str
    libpod_version: str | None = None
    cli_command: tuple[str, ...] = ()
    cli_env: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)

    @property
    def url(self) -> str:
        """The address as clients take it."""
        return f"unix://{self.socket}"

    @property
    def env(self) -> dict[str, str]:
        """The variables that lead a client here."""
        return {"DOCKER_HOST" if self.name == "docker" else "CONTAINER_HOST": self.url}

    def cli(
        self, *arguments: str, stdin: bytes | None = None, check: bool = True, timeout: float = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run the engine's own program against this engine.

        A non-zero exit is an error with both outputs, unless `check` is off. `timeout` is in seconds.
        """
        command = [*self.cli_command, *arguments]
        done = subprocess.run(
            command,
            input=stdin or b"",
            capture_output=True,
            env=dict(self.cli_env),
            timeout=timeout,
            check=False,
        )
        stdout, stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        if check and done.returncode != 0:
            raise HarnessError(f"{' '.join(command)} ended with {done.returncode}:\n{stdout}{stderr}")
        return subprocess.CompletedProcess(command, done.returncode, stdout, stderr)


class UnixHTTPConnection(http.client.HTTPConnection):
    """The standard library's HTTP client over a unix socket: the harness does not lean on what it tests."""

    def __init__(self, path: Path, timeout: float = 10.0) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@attrs.frozen
class RawReply:
    """A reply as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request(
    path: Path,
    method: str,
    target: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> RawReply:
    """One HTTP exchange with the engine that listens at `path`; `timeout` is in seconds."""
    connection = UnixHTTPConnection(path, timeout)
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        reply = connection.getresponse()
        return RawReply(
            reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
        )
    finally:
        connection.close()


def answers_ping(path: Path) -> bool:
    """Whether an engine answers there by now."""
    try:
        return request(path, "GET", "/_ping", timeout=2.0).status == 200
    except (OSError, http.client.HTTPException):
        return False


def describe(
    name: EngineName, path: Path, *, cli_command: tuple[str, ...], cli_env: Mapping[str, str]
) -> Engine:
    """Ask the engine at `path` for its versions."""
    ping = request(path, "GET", "/_ping")
    version = json.loads(request(path, "GET", "/version").body)
    libpod = ping.headers.get("libpod-api-version")
    if (libpod is not None) != (name == "podman"):
        raise HarnessError(f"The engine at {path} is not {name}: it says {ping.headers.get('server')!r}.")
    return Engine(
        name=name,
        socket=path,
        version=version["Version"],
        api_version=ping.headers["api-version"],
        libpod_version=libpod,
        cli_command=cli_command,
        cli_env=cli_env,
    )


def base_environment(folder: Path) -> dict[str, str]:
    """An environment in which no setting of the user's reaches an engine or its command line."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    kept["PATH"] = f"{kept.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**kept, "HOME": str(home)}
