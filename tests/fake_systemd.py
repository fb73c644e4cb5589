"""What Podman wants of systemd, for engines where there is none: a peer that speaks D-Bus on systemd's own socket.

It knows no unit, and does what it is told by doing nothing.
"""

import contextlib
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_CALL, _RETURN, _ERROR = 1, 2, 3
_MEMBER = 3


class FakeSystemd:
    """Listens until it is left.

    Attributes:
        calls: The methods that were called, in order.
    """

    def __init__(self, path: Path) -> None:
        self.calls: list[str] = []
        self._path = path
        self._made = [folder for folder in (path.parent,) if not folder.exists()]
        path.parent.mkdir(exist_ok=True)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as source, contextlib.suppress(OSError, EOFError):
            source.read(1)
            while not (line := source.readline()).startswith(b"BEGIN"):
                if not line:
                    return
                known = line.startswith(b"AUTH EXTERNAL")
                answer = b"OK 0123456789abcdef0123456789abcdef" if known else b"REJECTED EXTERNAL"
                peer.sendall((b"ERROR" if line.startswith(b"NEGOTIATE") else answer) + b"\r\n")
            while head := source.read(16):
                _, kind, _, _, length, serial, fields_length = struct.unpack("<4B3I", head)
                fields = source.read(_padded(fields_length))
                body = source.read(length)
                if kind == _CALL:
                    peer.sendall(self._answer(_member(fields), serial, body))

    def _answer(self, member: str, serial: int, body: bytes) -> bytes:
        self.calls.append(member)
        if member == "Reload":
            return _message(_RETURN, serial, "", b"")
        if member == "ListUnitsByNames":
            return _message(_RETURN, serial, "a(ssssssouso)", _units(_strings(body)))
        return _message(_ERROR, serial, "", b"", error="org.freedesktop.DBus.Error.UnknownMethod")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A listener that is only closed goes on accepting in the other thread.
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._path.unlink()
        for folder in self._made:
            folder.rmdir()


def _padded(length: int, to: int = 8) -> int:
    return -(-length // to) * to


def _member(fields: bytes) -> str:
    at = 0
    while at < len(fields):
        at = _padded(at)
        code, _, kind = struct.unpack_from("<BBc", fields, at)
        # A variant's signature has its length before it and a zero behind.
        at = _padded(at + 4, 1 if kind == b"g" else 4)
        size = fields[at] if kind == b"g" else struct.unpack_from("<I", fields, at)[0]
        text = at + (1 if kind == b"g" else 4)
        if code == _MEMBER:
            return fields[text : text + size].decode()
        at = text + size + 1
    return ""


def _strings(body: bytes) -> list[str]:
    end, at = 4 + struct.unpack_from("<I", body)[0], 4
    found: list[str] = []
    while at < end:
        at = _padded(at, 4)
        size = struct.unpack_from("<I", body, at)[0]
        found.append(body[at + 4 : at + 4 + size].decode())
        at += 4 + size + 1
    return found


def _text(data: bytes, text: str) -> bytes:
    data += b"\0" * (-len(data) % 4)
    return data + struct.pack("<I", len(text)) + text.encode() + b"\0"


def _units(names: list[str]) -> bytes:
    # Its length, and the gap before the first, which does not count.
    data = b"\0" * 8
    for name in names:
        data += b"\0" * (-len(data) % 8)
        for text in (name, "", "not-found", "inactive", "dead", "", "/org/freedesktop/systemd1/unit/x"):
            data = _text(data, text)
        data += b"\0" * (-len(data) % 4) + struct.pack("<I", 0)
        data = _text(_text(data, ""), "/")
    return struct.pack("<I", len(data) - 8) + data[4:]


def _message(kind: int, serial: int, signature: str, body: bytes, error: str = "") -> bytes:
    fields = b"\5\1u\0" + struct.pack("<I", serial)
    if signature:
        fields += b"\10\1g\0" + bytes([len(signature)]) + signature.encode() + b"\0"
    if error:
        fields = _text(fields + b"\4\1s\0", error)
    head = struct.pack("<4B3I", ord("l"), kind, 1, 1, len(body), 1, len(fields))
    return head + fields + b"\0" * (-len(fields) % 8) + body
