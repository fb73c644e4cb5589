"""Contexts of builds compared with those that the engines' own command lines send."""

import gzip
import io
import os
import re
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wharfinger
from tests.engines.harness import Engine
from tests.fake_engine import FakeEngine, Peer
from tests.live_builds import BuildScope, tree
from wharfinger._core.build_context import BuildSource, build_context

FILES = (
    "a.txt",
    "b.txt",
    "[x].txt",
    "keep/a.txt",
    "keep/deep/a.txt",
    "keep/deep/b.md",
    "node_modules/x/y.js",
    "src/node_modules/z.js",
    "src/main.py",
    "src/main.pyc",
    "src/.hidden",
    "ünï/cødé.txt",
    "empty/",
    "docs/README.md",
    "docs/guide/README.md",
)

IGNORE = [
    "",
    "# a comment\n*.txt\n #no comment\n",
    "\ufeffa.txt\nb.txt",
    "**/*.txt",
    "**/node_modules",
    "*\n!keep",
    "*\n!keep/deep/a.txt",
    "*\n!**/a.txt",
    "**\n!src/main.py",
    "**/a.txt\n!keep/**/a.txt",
    "keep/**/a.txt",
    "./b.txt\nsrc/../keep/deep//a.txt",
    "keep/\nempty/\n",
    "docs/**\n!docs/guide\n",
    "*.md\n!README.md\n**/README.md\n!docs/README.md",
    "src/*.py?\nsrc/.*",
    "[ab].txt\n[^a-k]rc",
    "\\[x\\].txt\nünï/*.txt",
    "Dockerfile\n.dockerignore\n",
    "  a.txt  \n\n!a.txt\r\nb.txt\r\n",
    "*/deep\n!keep/deep/b.md",
    "**/deep/**\nsrc/**/*.js",
    "src\n!src/main.py\nsrc/main.py\n!src",
    "..\n.\na.txt",
]
ID = "0" * 64


class Sent:
    """Takes what an engine's own program sends, in the engine's place."""

    def __init__(self) -> None:
        self.context = b""

    def __call__(self, peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if request.method == "POST":
                self.context = request.body
            body = b'{"stream":"%s\\n"}' % ID.encode() if request.method == "POST" else b"OK"
            head = f"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOSType: linux\r\nContent-Length: {len(body)}\r\n"
            head += "Libpod-API-Version: 4.3.1\r\nContent-Type: application/json\r\n\r\n"
            peer.send(head.encode() + (b"" if request.method == "HEAD" else body))


def sent_by_cli(engine: Engine, *arguments: str) -> bytes:
    sent = Sent()
    with FakeEngine(sent) as fake:
        command = [part.replace(str(engine.socket), fake.path) for part in engine.cli_command]
        done = subprocess.run(
            [*command, "build", *arguments],
            env={**engine.cli_env, "DOCKER_BUILDKIT": "0"},
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert sent.context, done.stderr
    return gzip.decompress(sent.context) if sent.context.startswith(b"\x1f\x8b") else sent.context


def sent_by_us(engine: Engine, folder: Path, dockerfile: str | None = None) -> bytes:
    return b"".join(build_context(BuildSource(path=folder, dockerfile=dockerfile), engine.name).content)


def members(context: bytes) -> dict[str, tuple[Any, ...]]:
    # Podman leaves the end away.
    with tarfile.open(fileobj=io.BytesIO(context + bytes(1024))) as archive:
        return {
            one.name: (
                one.type,
                # Older ones of Docker's send the kind of the file there, too.
                one.mode & 0o7777,
                one.linkname,
                one.uid,
                one.gid,
                one.mtime,
                archive.extractfile(one).read() if one.isreg() else b"",  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess] - a file has content
            )
            for one in archive
        }


def aged(folder: Path) -> None:
    """Makes all times whole seconds, which one cuts and another rounds to."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (1_700_000_000, 1_700_000_000), follow_symlinks=False)


@pytest.mark.parametrize("ignore", IGNORE)
def test_the_same_is_left_out(engine: Engine, tmp_path: Path, ignore: str) -> None:
    folder = tree(tmp_path, "Dockerfile", *FILES)
    (folder / ".dockerignore").write_bytes(ignore.encode())
    aged(folder)
    theirs = members(sent_by_cli(engine, str(folder)))
    assert members(sent_by_us(engine, folder)) == theirs
    assert {"Dockerfile", ".dockerignore"} <= set(theirs)


def test_a_slash_before_a_name(docker_engine: Engine, tmp_path: Path) -> None:
    """Podman's documents say so as well, but not what its command line of that time does."""
    folder = tree(tmp_path, "Dockerfile", *FILES)
    (folder / ".dockerignore").write_text("/a.txt\n! /keep/../b.txt\n/keep/deep/\n//src")
    aged(folder)
    theirs = members(sent_by_cli(docker_engine, str(folder)))
    assert members(sent_by_us(docker_engine, folder)) == theirs
    assert not {"a.txt", "keep/deep/a.txt", "src/main.py"} & set(theirs)


def test_the_same_kinds_of_files(engine: Engine, tmp_path: Path) -> None:
    folder = tree(tmp_path, "Dockerfile", "keep/a", "keep/" + "long" * 40 + "/" + "ñame" * 30)
    (folder / "keep" / "link").symlink_to("a")
    (folder / "keep" / "outside").symlink_to("/nowhere/" + "x" * 120)
    (folder / "keep" / "folder").symlink_to(".")
    os.link(folder / "keep" / "a", folder / "keep" / "z")
    (folder / "keep" / "a").chmod(0o751)
    (folder / "keep").chmod(0o777)
    os.mkfifo(folder / "keep" / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        # The path of a socket has to be short.
        before = Path.cwd()
        os.chdir(folder / "keep")
        try:
            listening.bind("socket")
        finally:
            os.chdir(before)
        aged(folder)
        assert members(sent_by_us(engine, folder)) == members(sent_by_cli(engine, str(folder)))


def test_the_same_order_every_time(engine: Engine, tmp_path: Path) -> None:
    folder = tree(tmp_path, "Dockerfile", *FILES)
    ours = sent_by_us(engine, folder)
    assert ours == sent_by_us(engine, folder)
    assert list(members(ours)) == list(members(sent_by_cli(engine, str(folder))))


@pytest.mark.parametrize("name", ["sub/Other.file", "sub/deeper/../Other.file"])
def test_another_dockerfile(engine: Engine, tmp_path: Path, name: str) -> None:
    folder = tree(tmp_path, "keep/a", "sub/b", "sub/Other.file", "sub/deeper/")
    (folder / ".dockerignore").write_text("sub\n")
    aged(folder)
    theirs = members(sent_by_cli(engine, f"--file={folder / name}", str(folder)))
    assert members(sent_by_us(engine, folder, name)) == theirs
    assert members(sent_by_us(engine, folder, str(folder / name))) == theirs


def test_a_dockerfile_outside(docker_engine: Engine, tmp_path: Path) -> None:
    """Podman's command line sends it under its whole path, and so into the image."""
    folder = tree(tmp_path / "context", "a", ".dockerignore")
    (tmp_path / "Outside").write_text("FROM scratch\n")
    theirs = members(sent_by_cli(docker_engine, f"--file={tmp_path / 'Outside'}", str(folder)))
    ours = members(sent_by_us(docker_engine, folder, "../Outside"))
    hidden = [re.sub("[0-9a-f]{20}", "…", name) for name in (*theirs, *ours)]
    assert sorted(hidden) == sorted(["a", ".dockerignore", ".dockerfile.…"] * 2)
    (name,) = set(ours) - {"a", ".dockerignore"}
    assert ours[name][-1] == b"FROM scratch\n"
    assert ours[".dockerignore"][-1].decode().split() == [".dockerignore", name]


@pytest.fixture
def scope(engine: Engine) -> Iterator[BuildScope]:
    with BuildScope(engine) as made:
        yield made


def built(scope: BuildScope, folder: Path, dockerfile: str | None = None) -> str:
    kind = wharfinger.DockerClient if scope.engine.name == "docker" else wharfinger.PodmanClient
    with kind(scope.engine.url) as client:
        image, _ = client.images.build(folder, dockerfile=dockerfile, nocache=True, network_mode="none")
    return image.id


def test_an_outside_dockerfile_is_not_in_the_image(scope: BuildScope, tmp_path: Path) -> None:
    folder = tree(tmp_path / "context", "a", "sub/b", "sub/skipped")
    (folder / ".dockerignore").write_text("sub/skipped\n")
    (tmp_path / "Outside").write_text(scope.dockerfile("COPY . /c"))
    assert scope.listing(built(scope, folder, "../Outside")) == [".dockerignore", "a", "sub", "sub/b"]
    (folder / ".dockerignore").unlink()
    assert scope.listing(built(scope, folder, "../Outside")) == ["a", "sub", "sub/b", "sub/skipped"]


def test_what_has_to_be_sent_may_still_not_be_copied(scope: BuildScope, tmp_path: Path) -> None:
    folder = tree(tmp_path, "a", "b/c", "d/e")
    (folder / "Dockerfile").write_text(scope.dockerfile("COPY . /c"))
    (folder / ".dockerignore").write_text("*\n!b\n")
    assert scope.listing(built(scope, folder)) == ["b", "b/c"]


def test_an_ignore_file_of_one_dockerfile(scope: BuildScope, tmp_path: Path) -> None:
    folder = tree(tmp_path, "a", "b", "c")
    (folder / "Other").write_text(scope.dockerfile("COPY . /c"))
    (folder / "Other.dockerignore").write_text("a\nOther*\n.dockerignore")
    (folder / ".dockerignore").write_text("b\n")
    assert scope.listing(built(scope, folder, "Other")) == ["b", "c"]


def test_podman_has_names_of_its_own(podman_engine: Engine, tmp_path: Path) -> None:
    with BuildScope(podman_engine) as scope:
        folder = tree(tmp_path, "a", "b", "keep/c")
        (folder / "Containerfile").write_text(scope.dockerfile("COPY . /c"))
        (folder / "Dockerfile").write_text("FROM nowhere.invalid/x\n")
        (folder / ".containerignore").write_text("a\n*file\n.*\n")
        (folder / ".dockerignore").write_text("b\n")
        assert scope.listing(built(scope, folder)) == ["b", "keep", "keep/c"]
