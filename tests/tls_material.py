"""A throw-away authority with a certificate for the engine and one for us, made by the openssl program."""

import ssl
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from wharfinger.address import TLSConfig

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class TLSMaterial:
    """The files, and contexts made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._openssl(
            "req",
            "-x509",
            *KEY,
            "-keyout",
            "ca-key.pem",
            "-out",
            "ca.pem",
            "-days",
            "2",
            "-subj",
            "/CN=our authority",
        )
        self._sign("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self._sign("client", "extendedKeyUsage=clientAuth")
        self._sign("elsewhere", "subjectAltName=DNS:elsewhere.example")

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _sign(self, name: str, extension: str) -> None:
        self._openssl(
            "req", *KEY, "-keyout", f"{name}-key.pem", "-out", f"{name}.csr", "-subj", f"/CN={name}"
        )
        (self.folder / f"{name}.ext").write_text(extension)
        self._openssl(
            *(
                "x509",
                "-req",
                "-in",
                f"{name}.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca-key.pem",
                "-CAcreateserial",
            ),
            *("-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext"),
        )

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def engine(
        self, version: ssl.TLSVersion, *, name: str = "server", ask_client: bool = False
    ) -> ssl.SSLContext:
        """What an engine with this certificate speaks."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}-key.pem"))
        if ask_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("ca.pem"))
        return context

    def client(self) -> TLSConfig:
        """All that a client needs."""
        return TLSConfig(self.path("ca.pem"), self.path("client.pem"), self.path("client-key.pem"))


@contextmanager
def tls_material() -> Generator[TLSMaterial, None, None]:
    with tempfile.TemporaryDirectory(prefix="wht-") as folder:
        yield TLSMaterial(Path(folder))
