"""What stands for a Kubernetes cluster, where there is no real one."""

import base64
import json
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.tls_material import TLSMaterial


class Cluster(ThreadingHTTPServer):
    """What stands for a Kubernetes API server: it remembers what it is given, and refuses what is called so."""

    daemon_threads = True

    def __init__(self, material: TLSMaterial) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.given: list[tuple[str, Any]] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(material.path("server.pem"), material.path("server-key.pem"))
        context.load_verify_locations(material.path("ca.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}"


class _Request(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Cluster)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.given.append((self.path, body))
        refused = "refused" in body
        answer = json.dumps({"kind": "Status", "message": "it is refused", "code": 403}).encode()
        self.send_response(403 if refused else 201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr."""


@contextmanager
def a_cluster(material: TLSMaterial) -> Generator[Cluster, None, None]:
    cluster = Cluster(material)
    thread = threading.Thread(target=cluster.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield cluster
    cluster.shutdown()
    thread.join(30)
    cluster.server_close()


def kubeconfig(material: TLSMaterial, url: str) -> str:
    def data(name: str) -> str:
        return base64.b64encode(Path(material.path(name)).read_bytes()).decode()

    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "c", "cluster": {"server": url, "certificate-authority-data": data("ca.pem")}}
            ],
            "users": [
                {
                    "name": "u",
                    "user": {
                        "client-certificate-data": data("client.pem"),
                        "client-key-data": data("client-key.pem"),
                    },
                }
            ],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
    )
