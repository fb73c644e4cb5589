"""What the tests on real engines share: names of their own, a look from outside, and the clearing up."""

import contextlib
import json
import secrets
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from tests.engines.harness import Engine
from tests.engines.harness.engine import request
from tests.fake_engine import FakeEngine, Peer
from wharfinger.address import unix_url

LABEL = "wharfinger-live"


class Scope:
    """What one test makes on one engine; all of it carries the same label or prefix and is removed at the end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.token = f"whl-{secrets.token_hex(4)}"
        self._images: list[str] = []
        self._others: list[tuple[str, str]] = []

    @property
    def labels(self) -> dict[str, str]:
        """For every container of the test."""
        return {LABEL: self.token}

    def name(self, part: str = "c") -> str:
        """A name that no other test uses."""
        return f"{self.token}-{part}"

    def image(self, part: str = "i") -> str:
        """A name for an image, which is removed at the end."""
        reference = f"localhost/{self.token}/{part}:1"
        self._images.append(reference)
        return reference

    def also_remove(self, image: str) -> str:
        """An image by another name, likewise."""
        self._images.append(image)
        return image

    def manifest(self, part: str = "m", *, host: str = "localhost") -> str:
        """A name for a manifest list, which is removed at the end: as an image, its own images would go with it."""
        name = f"{host}/{self.token}/{part}:1"
        self._others.append(("manifests", quote(name, safe="")))
        return name

    def artifact(self, part: str = "a", *, host: str = "localhost") -> str:
        """A name for an artifact, which is removed at the end."""
        name = f"{host}/{self.token}/{part}:1"
        self._others.append(("artifacts", quote(name, safe="")))
        return name

    def volume(self, part: str = "v") -> str:
        """A name for a volume, which is removed at the end."""
        return self._other("volumes", part)

    def network(self, part: str = "n") -> str:
        """A name for a network, which is removed at the end."""
        return self._other("networks", part)

    def secret(self, part: str = "s") -> str:
        """A name for a secret, which is removed at the end."""
        return self._other("secrets", part)

    def pod(self, part: str = "p") -> str:
        """A name for a pod, which is removed at the end with all that is in it."""
        return self._other("pods", part)

    def config(self, part: str = "s") -> str:
        """A name for a config, which is removed at the end."""
        return self._other("configs", part)

    def service(self, part: str = "s") -> str:
        """A name for a service, which is removed at the end, before what it uses."""
        name = self.name(part)
        self._others.insert(0, ("services", name))
        return name

    def plugin(self, part: str = "p", at: str = "") -> str:
        """A name for a plugin, in a registry or not, which is removed at the end."""
        name = f"{at}{self.name(part)}"
        self._others.append(("plugins", name))
        return name

    def _other(self, kind: str, part: str) -> str:
        name = self.name(part)
        self._others.append((kind, name))
        return name

    def containers(self) -> list[str]:
        """Ids of what the engine's own program sees of this test, running or not."""
        found = self.engine.cli("ps", "-a", "-q", "--no-trunc", "--filter", f"label={LABEL}={self.token}")
        return found.stdout.split()

    def run(self, *command: str) -> str:
        """The id of a container that the engine's own program has started."""
        labels = [f"--label={name}={value}" for name, value in self.labels.items()]
        return self.engine.cli("run", "--detach", "--network=none", *labels, *command).stdout.strip()

    def inspect(self, id: str) -> dict[str, Any]:
        """A container as the engine's own program shows it."""
        found: list[dict[str, Any]] = json.loads(self.engine.cli("container", "inspect", id).stdout)
        return found[0]

    def exists(self, id: str) -> bool:
        """Whether the engine's own program knows the container."""
        return self.engine.cli("container", "inspect", id, check=False).returncode == 0

    def discard(self, container: str) -> None:
        """Remove a container, as somebody else would."""
        self._delete("containers", container, "force=1&v=1")

    def close(self) -> None:
        """Remove all of it."""
        wanted = quote(json.dumps({"label": [f"{LABEL}={self.token}"]}))
        reply = request(self.engine.socket, "GET", f"/v1.41/containers/json?all=1&filters={wanted}")
        for found in json.loads(reply.body) or ():
            self.discard(found["Id"])
        for reference in self._images:
            self._delete("images", quote(reference, safe=""), "force=1")
        for other, name in self._others:
            query = {"pods": "force=1&timeout=0", "plugins": "force=1"}.get(other, "")
            self._delete(other, name, query)

    def _delete(self, kind: str, name: str, query: str) -> None:
        # Podman's compatible endpoint would wait for the container's stop timeout.
        native = self.engine.name == "podman"
        path = f"/v{self.engine.libpod_version}/libpod" if native else "/v1.41"
        query += "&timeout=0" if native and kind == "containers" else ""
        request(self.engine.socket, "DELETE", f"{path}/{kind}/{name}?{query}", timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Relay:
    """Stands between a client and an engine, and counts connections, requests and the client's bytes."""

    def __init__(self, engine: Engine) -> None:
        self.requests: list[str] = []
        self.sent = 0
        self._socket = str(engine.socket)
        self._before: list[tuple[str, Callable[[], None]]] = []
        self._after: list[tuple[str, Callable[[], None]]] = []
        self._upstream: list[socket.socket] = []
        self._peer = FakeEngine(self._serve)
        self.url = unix_url(self._peer.path)

    @property
    def connections(self) -> int:
        """How many connections were made by the client."""
        return self._peer.connections

    @property
    def open(self) -> int:
        """How many connections of the client are open now."""
        return self._peer.open

    def before(self, part: str, action: Callable[[], None]) -> None:
        """Do something once, when a request line with that part has come and not been passed on."""
        self._before.append((part, action))

    def after(self, part: str, action: Callable[[], None]) -> None:
        """Do something once, when a request line with that part has been passed on."""
        self._after.append((part, action))

    def cut(self) -> None:
        """End every connection that there is, to the client and to the engine, as a network does."""
        self._peer.cut()
        for sock in self._upstream:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _serve(self, peer: Peer) -> None:
        with socket.socket(socket.AF_UNIX) as upstream:
            self._upstream.append(upstream)
            upstream.connect(self._socket)
            back = threading.Thread(target=_pump, args=(upstream, peer.sock), daemon=True)
            back.start()
            while data := peer.sock.recv(65536):
                self.sent += len(data)
                told = [line for line in data.split(b"\r\n") if line.endswith(b" HTTP/1.1")]
                lines = [line.decode("latin-1").removesuffix(" HTTP/1.1") for line in told]
                self.requests.extend(lines)
                _act(self._before, lines)
                upstream.sendall(data)
                _act(self._after, lines)
            # Done already, where both were cut.
            with contextlib.suppress(OSError):
                upstream.shutdown(socket.SHUT_WR)
            back.join(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sock in self._upstream:
            # Some are closed already; what an engine still has to say on others is for nobody.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._peer.close()


def _act(watched: list[tuple[str, Callable[[], None]]], lines: list[str]) -> None:
    for one in [one for one in watched if any(one[0] in line for line in lines)]:
        watched.remove(one)
        one[1]()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One of the two went away, which the other finds out by itself.
        return


def shell(*lines: str) -> list[str]:
    """A command that runs lines of shell."""
    return ["sh", "-c", "\n".join(lines)]


def of_engine(engine: Engine, docker: Any, podman: Any) -> Any:
    """What is told or asked otherwise by each engine."""
    return docker if engine.name == "docker" else podman


def seen_by(engine: Engine, path: str) -> Path:
    """A path of the engine's as this process reaches it: the engine may have mounts, or a whole root, of its own."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(engine.socket))
        told = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, _user, _group = struct.unpack("3i", told)
    # A thread that went elsewhere for an archive stays there, unused, and the process' first one may be such a thread.
    places = {thread: (thread / "ns/mnt").readlink() for thread in Path(f"/proc/{pid}/task").iterdir()}
    [(usual, _)] = Counter(places.values()).most_common(1)
    return Path(f"{next(thread for thread, place in places.items() if place == usual)}/root{path}")
