"""A local registry: plain HTTP on a loopback port, with the test image in it."""

import http.client
import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from tests.engines.harness import processes
from tests.engines.harness.engine import base_environment
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.images import BuiltImage, digest, test_image
from tests.engines.harness.provision import program

if TYPE_CHECKING:
    import subprocess

REPOSITORY = "wharfinger/busybox"
USERNAME = "wharf"
PASSWORD = "tide-and-quay"  # a throw-away registry's, on loopback
# bcrypt of PASSWORD, the only scheme that the registry takes.
_HTPASSWD = "wharf:$2b$05$XtswIz2s/qayrPbK4/qxS.hJp1Imigt1SsABOJcViQLKQtbZQF9bK\n"

_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


@attrs.frozen
class Registry:
    """A running registry."""

    host: str
    username: str | None = None
    password: str | None = attrs.field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address for HTTP clients."""
        return f"http://{self.host}"

    @property
    def image(self) -> str:
        """A reference that can be pulled from it."""
        return f"{self.host}/{REPOSITORY}:1"

    def request(
        self, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One HTTP exchange, logged in where there is a user."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(
                method, target, body=body, headers={**self._authorization(), **(headers or {})}
            )
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def _authorization(self) -> dict[str, str]:
        if self.username is None:
            return {}
        return {"Authorization": "Basic " + b64encode(f"{self.username}:{self.password}".encode()).decode()}


class RegistryService:
    """Starts and ends one registry whose files are below `folder`."""

    def __init__(self, folder: Path, host: str, *, with_login: bool = False) -> None:
        self._folder = folder
        self._registry = Registry(host, *((USERNAME, PASSWORD) if with_login else ()))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Registry:
        """Start it, wait until it answers, and put the test image in."""
        self._folder.mkdir(parents=True)
        log = self._folder / "registry.log"
        command = [program("docker-registry"), "serve", str(self._write_configuration())]
        self._process = processes.start(command, log=log, environment=base_environment(self._folder))
        processes.await_ready("docker-registry", self._process, self._answers, log=log)
        put_image(self._registry, REPOSITORY, "1", test_image())
        return self._registry

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            processes.stop(self._process)
        processes.end_all_of(self._folder)

    def _answers(self) -> bool:
        try:
            return self._registry.request("GET", "/v2/")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def _write_configuration(self) -> Path:
        configuration: dict[str, object] = {
            "version": "0.1",
            "log": {"level": "warn", "accesslog": {"disabled": True}},
            "storage": {
                "filesystem": {"rootdirectory": str(self._folder / "data")},
                "delete": {"enabled": True},
            },
            "http": {"addr": self._registry.host},
        }
        if self._registry.username is not None:
            passwords = self._folder / "htpasswd"
            passwords.write_text(_HTPASSWD)
            configuration["auth"] = {"htpasswd": {"realm": "wharfinger", "path": str(passwords)}}
        # JSON is YAML too.
        path = self._folder / "registry.yml"
        path.write_text(json.dumps(configuration))
        return path


def put_image(registry: Registry, repository: str, tag: str, image: BuiltImage) -> str:
    """Push an image over HTTP, without an engine; the manifest's digest."""
    layer = image.compressed_layer
    for blob in (layer, image.config):
        _put_blob(registry, repository, blob)
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": _descriptor("application/vnd.docker.container.image.v1+json", image.config),
            "layers": [_descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
        }
    ).encode()
    target = f"/v2/{repository}/manifests/{tag}"
    _expect_created(registry.request("PUT", target, manifest, {"Content-Type": _MANIFEST_TYPE}), target)
    return digest(manifest)


def _put_blob(registry: Registry, repository: str, blob: bytes) -> None:
    status, headers, body = registry.request("POST", f"/v2/{repository}/blobs/uploads/")
    if status != 202:
        raise HarnessError(f"The registry at {registry.host} refused an upload: {status} {body!r}")
    location = urlsplit(headers["Location"])
    target = f"{location.path}?{location.query}&digest={digest(blob)}"
    _expect_created(
        registry.request("PUT", target, blob, {"Content-Type": "application/octet-stream"}), target
    )


def _descriptor(media_type: str, data: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "size": len(data), "digest": digest(data)}


def _expect_created(reply: tuple[int, http.client.HTTPMessage, bytes], target: str) -> None:
    if reply[0] != 201:
        raise HarnessError(f"PUT {target} on the registry answered {reply[0]}: {reply[2]!r}")
