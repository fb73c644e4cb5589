"""The test image: busybox and its applets, the same bytes and the same id on every engine."""

import functools
import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import attrs

from tests.engines.harness.engine import Engine
from tests.engines.harness.provision import program

TEST_IMAGE = "localhost/wharfinger/busybox:1"

# Fixed, so that the image's id depends on busybox alone.
_CREATED = "2024-01-01T00:00:00Z"
_USERS = """\
root:x:0:0:root:/root:/bin/sh
wharf:x:1000:1000:wharf:/home/wharf:/bin/sh
nobody:x:65534:65534::/:/bin/false
"""
_GROUPS = "root:x:0:\nwharf:x:1000:\nnogroup:x:65534:\n"
_FOLDERS = {
    "root": 0o700,
    "tmp": 0o1777,
    "etc": 0o755,
    "var": 0o755,
    "home": 0o755,
    "home/wharf": 0o755,
    "srv": 0o755,
}


@attrs.frozen
class BuiltImage:
    """The parts of an image."""

    layer: bytes = attrs.field(repr=False)
    config: bytes = attrs.field(repr=False)

    @property
    def id(self) -> str:
        """What engines show as the image's id, with its sha256: prefix."""
        return digest(self.config)

    def archive(self, *references: str) -> bytes:
        """A docker-archive as `load` takes it, tagged with `references`."""
        config_name = f"{self.id.removeprefix('sha256:')}.json"
        manifest = [{"Config": config_name, "RepoTags": list(references), "Layers": ["layer.tar"]}]
        files = {
            config_name: self.config,
            "layer.tar": self.layer,
            "manifest.json": json.dumps(manifest).encode(),
        }
        return _tar_of_files(files)

    @property
    def compressed_layer(self) -> bytes:
        """The layer as registries keep it."""
        return gzip.compress(self.layer, compresslevel=1, mtime=0)


def digest(data: bytes) -> str:
    """The content address of `data`."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@functools.cache
def test_image() -> BuiltImage:
    """Build the test image; the same bytes each time."""
    layer = root_file_system()
    config: dict[str, Any] = {
        "architecture": _architecture(),
        "config": {
            "Cmd": ["sh"],
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Labels": {"org.wharfinger.test": "1"},
        },
        "created": _CREATED,
        "history": [{"created": _CREATED, "created_by": "wharfinger test harness"}],
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [digest(layer)]},
    }
    return BuiltImage(layer=layer, config=json.dumps(config, sort_keys=True).encode())


def root_file_system() -> bytes:
    """A tar of a root file system: busybox, a link for every applet, users, and the usual folders."""
    busybox = Path(program("busybox"))
    listed = subprocess.run([str(busybox), "--list-full"], capture_output=True, text=True, check=True)
    applets = sorted(set(listed.stdout.split()) - {"bin/busybox"})
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for folder in sorted({str(Path(applet).parent) for applet in applets} | {"bin", "usr"}):
            _add_folder(archive, folder, 0o755)
        for folder, mode in _FOLDERS.items():
            _add_folder(archive, folder, mode)
        _add_file(archive, "bin/busybox", busybox.read_bytes(), 0o755)
        _add_file(archive, "etc/passwd", _USERS.encode(), 0o644)
        _add_file(archive, "etc/group", _GROUPS.encode(), 0o644)
        for applet in applets:
            _add_link(archive, applet, "/bin/busybox")
    return buffer.getvalue()


def ensure_loaded(engine: Engine) -> str:
    """Load the test image unless the engine has it; its reference."""
    if engine.cli("image", "inspect", TEST_IMAGE, check=False).returncode != 0:
        engine.cli("load", stdin=test_image().archive(TEST_IMAGE))
    return TEST_IMAGE


def _architecture() -> str:
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


def _tar_of_files(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            _add_file(archive, name, data, 0o644)
    return buffer.getvalue()


def _add_folder(archive: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type = tarfile.DIRTYPE
    entry.mode = mode
    if name == "home/wharf":
        entry.uid = entry.gid = 1000
    archive.addfile(entry)


def _add_file(archive: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = mode
    archive.addfile(entry, io.BytesIO(data))


def _add_link(archive: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type = tarfile.SYMTYPE
    entry.linkname = target
    entry.mode = 0o777
    archive.addfile(entry)
