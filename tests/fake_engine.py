"""A peer whose every byte the test chooses, for what a real engine does not do when asked to."""

import contextlib
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from wharfinger._core.operation import Operation, Reply
from wharfinger.address import EngineAddress, TLSConfig, unix_url


class Request(NamedTuple):
    """A request as it was received."""

    method: str
    target: str
    headers: dict[str, str]
    head: bytes
    body: bytes


class Peer:
    """The engine's end of one connection."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        self._kept = b""

    def head(self) -> Request | None:
        """The head of the next request; None when there is none."""
        while b"\r\n\r\n" not in self._kept:
            data = self.sock.recv(65536)
            if not data:
                return None
            self._kept += data
        head, _, self._kept = self._kept.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines}
        return Request(method, target, headers, head + b"\r\n\r\n", b"")

    def request(self) -> Request | None:
        """The next request with its body; None when there is none."""
        found = self.head()
        if found is None:
            return None
        if found.headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.line(), 16):
                body += self.take(size)
                self.line()
            self.line()
        else:
            body = self.take(int(found.headers.get("content-length", 0)))
        return found._replace(body=body)

    def line(self) -> bytes:
        """The next line, without its end."""
        while b"\r\n" not in self._kept:
            self._kept += self._more()
        line, _, self._kept = self._kept.partition(b"\r\n")
        return line

    def take(self, count: int) -> bytes:
        """Exactly that many bytes."""
        parts, have = [self._kept], len(self._kept)
        while have < count:
            parts.append(self._more())
            have += len(parts[-1])
        data = b"".join(parts)
        self._kept = data[count:]
        return data[:count]

    def _more(self) -> bytes:
        data = self.sock.recv(1 << 20)
        if not data:
            raise ConnectionError("the client went away")
        return data

    def until_end(self) -> bytes:
        """All that comes until the client ends its side."""
        parts = [self._kept]
        self._kept = b""
        while data := self.sock.recv(65536):
            parts.append(data)
        return b"".join(parts)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)


def reply(body: bytes = b"OK", status: str = "200 OK", **headers: str) -> bytes:
    """A reply with a length; headers with _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", status: str = "200 OK") -> bytes:
    """A reply in chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body + end


def answering(answer: Callable[[Request], bytes]) -> Callable[[Peer], None]:
    """Serve one request after another."""

    def serve(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            peer.send(answer(request))

    return serve


def saying(data: bytes) -> Callable[[Peer], None]:
    """Serve every request the same bytes, then close."""

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(data)

    return serve


class FakeEngine:
    """Listens, and gives every connection to a function in a thread of its own."""

    def __init__(
        self,
        serve: Callable[[Peer], None],
        *,
        tcp: bool = False,
        tls: ssl.SSLContext | None = None,
        client_tls: TLSConfig | None = None,
    ) -> None:
        self._serve = serve
        self._tls = tls
        self._folder = Path(tempfile.mkdtemp(prefix="whf-"))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._closing = False
        self.faults: list[BaseException] = []
        self._counting = threading.Lock()
        self.connections = 0
        self.open = 0
        if tcp or tls:
            self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
            url = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        else:
            self.path = str(self._folder / "engine.sock")
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self.path)
            self._listener.listen(128)
            url = unix_url(self.path)
        self.address = EngineAddress(url, "a test", tls=client_tls)
        self._start(self._accept)

    def _start(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self._closing:
                sock.close()
                return
            self.connections += 1
            self._sockets.append(sock)
            self._start(self._run, sock, self.connections)

    def _run(self, sock: socket.socket, number: int) -> None:
        with self._counting:
            self.open += 1
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            self._serve(Peer(sock, number))
            if isinstance(sock, ssl.SSLSocket):
                # Says so when the test, or its end, has shut the socket down already.
                with contextlib.suppress(ValueError):
                    sock.unwrap()
        except (ConnectionError, ssl.SSLError, OSError):
            # The client went away, or the test ended: it asserts on its own side.
            pass
        except BaseException as fault:  # noqa: BLE001 - raised at the end of the test
            self.faults.append(fault)
        finally:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
            with self._counting:
                self.open -= 1

    def cut(self) -> None:
        """End every connection that there is."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._closing = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5.0)
        shutil.rmtree(self._folder)
        if self.faults:
            raise self.faults[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def get(url: str = "/_ping", **kwargs: Any) -> Operation[Reply]:
    """An operation that gives its reply as it is."""
    return operation("GET", url, **kwargs)


def operation(method: str, url: str, **kwargs: Any) -> Operation[Reply]:
    """An operation that gives its reply as it is."""
    request: Any = {"method": method, "url": url, **kwargs}
    return Operation(request, _same)


def _same(found: Reply) -> Reply:
    return found
