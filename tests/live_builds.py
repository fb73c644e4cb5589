"""What the tests of builds on real engines share."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from tests.engines.harness import TEST_IMAGE
from tests.engines.harness.engine import request
from tests.engines.harness.network import free_port
from tests.engines.harness.provision import program
from tests.live import LABEL, Scope


class BuildScope(Scope):
    """A scope whose images all carry the label, those of single steps too."""

    def dockerfile(self, *lines: str, base: str = TEST_IMAGE) -> str:
        """The text of a Dockerfile whose image, and all on the way to it, is removed at the end."""
        return "\n".join((f"FROM {base}", f"LABEL {LABEL}={self.token}", *lines, ""))

    def folder(self, path: Path, *lines: str, base: str = TEST_IMAGE, **files: str) -> Path:
        """A folder to build from: a Dockerfile and a few files."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "Dockerfile").write_text(self.dockerfile(*lines, base=base))
        for name, text in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
        return path

    def images(self) -> list[str]:
        """Ids of all images of this test, those of single steps too."""
        wanted = quote(json.dumps({"label": [f"{LABEL}={self.token}"]}))
        reply = request(self.engine.socket, "GET", f"/v1.41/images/json?all=1&filters={wanted}")
        return [found["Id"] for found in json.loads(reply.body) or ()]

    def show(self, image: str, template: str) -> str:
        """What the engine's own program says of an image."""
        return self.engine.cli("image", "inspect", "--format", template, image).stdout.strip()

    def listing(self, image: str, path: str = "/c") -> list[str]:
        """What is beneath a folder of an image, by a container of the engine's own program."""
        label = f"--label={LABEL}={self.token}"
        found = self.engine.cli(
            "run", "--rm", "--network=none", label, image, "sh", "-c", f"cd {path} && find . | sort"
        )
        return [line.removeprefix("./") for line in found.stdout.split("\n") if line not in (".", "")]

    def long_build(self) -> str:
        """A Dockerfile that takes very long; `steps` sees it. Podman ends a build between two steps only."""
        # Podman calls a step's container after the last part of this.
        base = self.also_remove(f"localhost/{self.token}-base:1")
        self.engine.cli("tag", TEST_IMAGE, base)
        return self.dockerfile("RUN echo begun; sleep 3", "RUN sleep 300", base=base)

    def steps(self) -> list[str]:
        """What the engine's own program sees of steps that go on."""
        if self.engine.name == "docker":
            wanted = ("--filter", f"label={LABEL}={self.token}")
            return self.engine.cli("ps", "-q", *wanted).stdout.split()
        found = self.engine.cli("ps", "-a", "--external", "--format", "{{.Names}}", check=False)
        # It fails where a container of somebody else's goes meanwhile.
        return (
            [found.stderr] if found.returncode else [one for one in found.stdout.split() if self.token in one]
        )

    @contextmanager
    def serving(self, files: Mapping[str, bytes]) -> Generator[str]:
        """The address of a server with a few files, for the engine to fetch."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = files.get(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            do_HEAD = do_GET  # noqa: N815 - likewise

            def log_message(self, format: str, *args: object) -> None:
                return

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()

    def close(self) -> None:
        """Remove all of it."""
        super().close()
        # An image goes before the one that it stands on.
        for _ in range(10):
            left = self.images()
            for image in left:
                self._delete("images", quote(image, safe=""), "force=1")
            if not left:
                return


@contextmanager
def repository(root: Path, files: Mapping[str, str]) -> Generator[str]:
    """The address of a git repository whose branch "harbour" has these files."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run([program("git"), *who, "-C", str(folder), *words], check=True, capture_output=True)

    folder = root / "it.git"
    folder.mkdir(parents=True)
    git("init", "--initial-branch=harbour")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git("add", "--all")
    git("commit", "--message=all of it")
    port = free_port()
    command = [
        program("git"),
        "daemon",
        f"--base-path={root}",
        "--export-all",
        "--listen=127.0.0.1",
        f"--port={port}",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as daemon:
        try:
            _await_listener(port)
            yield f"git://127.0.0.1:{port}/it.git"
        finally:
            daemon.terminate()


def _await_listener(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.02)
    raise AssertionError("git's daemon did not start")


def tree(root: Path, *names: str) -> Path:
    """Files that hold their names, and for a name with a slash at its end an empty folder."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
            os.utime(path, (1_700_000_000, 1_700_000_000))
    return root
