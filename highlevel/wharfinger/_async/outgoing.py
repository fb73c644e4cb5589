"""A request ready to be sent: its head as bytes, and its body in pieces, however it was given."""

from __future__ import annotations

import io
import os
import stat
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from wharfinger._async._primitives import file_pieces, pieces
from wharfinger._core.request_head import IDEMPOTENT, body_header, header_lines, json_body, target
from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from wharfinger._core.operation import BinaryFile, Content, RequestKwargs

# A body up to this size goes out together with the head, in one system call.
_SMALL = 64 * 1024
# What is no bytes has to have one of these.
_WAYS_TO_READ = ("read", "__iter__", "__aiter__")
# Longer pieces are cut, so that copying them into chunks keeps memory flat.
_LONGEST_PIECE = 1024 * 1024


class AsyncRequest:
    """One request, as its bytes.

    Attributes:
        method: HTTP method.
        target: Path and query.
        head: The head, and the body too when it is small.
        streamed: Whether pieces() has to be sent besides.
        upgrade: Whether the connection shall become a duplex.
    """

    __slots__ = ("_begun", "_body", "_chunked", "_length", "head", "method", "streamed", "target", "upgrade")

    def __init__(self, kwargs: RequestKwargs, prefix: str, host: str, *, upgrade: bool = False) -> None:
        self.method = kwargs["method"]
        self.upgrade = upgrade
        self.target = target(prefix, kwargs["url"], kwargs.get("params"))
        self._begun = False
        headers = header_lines(kwargs["headers"].items()) if "headers" in kwargs else ""
        if "json" in kwargs:
            headers += "Content-Type: application/json\r\n"
            self._body: Any = json_body(kwargs["json"])
        else:
            self._body = _as_bytes(kwargs["content"]) if "content" in kwargs else None
        self._length = None if self._body is None else _length(self._body, kwargs)
        self._chunked = self._body is not None and self._length is None
        self.streamed = self._chunked or (self._length or 0) > _SMALL or _is_source(self._body)
        if upgrade and "upgrade:" not in headers.lower():
            headers += "Connection: Upgrade\r\nUpgrade: tcp\r\n"
        if not headers or "content-length:" not in headers.lower():
            headers += body_header(self.method, self._length, unknown=self._chunked)
        head = (
            f"{self.method} {self.target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: wharfinger\r\n{headers}\r\n"
        )
        self.head = head.encode("latin-1")
        if self._body and not self.streamed:
            self.head = b"".join((self.head, self._body))

    def may_repeat(self, *, sent: bool) -> bool:
        """Whether it may be sent again, after the engine may have got it already or surely has not."""
        if self._begun and _is_source(self._body):
            return False
        return not sent or self.method in IDEMPOTENT

    async def pieces(self) -> AsyncGenerator[bytes | memoryview, None]:
        """Give the body as it goes over the wire.

        Raises:
            TypeError: The body, or a piece of it, is not bytes.
            ProtocolError: It is shorter or longer than was said in the head.
        """
        self._begun = True
        count = 0
        async with aclosing(body_pieces(self._body, self._length)) as found:
            async for piece in found:
                view = memoryview(piece).cast("B")
                count += len(view)
                if self._length is not None and count > self._length:
                    raise ProtocolError(
                        f"the request's body is longer than the {self._length} bytes it should have"
                    )
                for start in range(0, len(view), _LONGEST_PIECE):
                    part = view[start : start + _LONGEST_PIECE]
                    yield b"".join((b"%x\r\n" % len(part), part, b"\r\n")) if self._chunked else part
        if self._chunked:
            yield b"0\r\n\r\n"
        elif count != self._length:
            raise ProtocolError(f"the request's body ended after {count} of its {self._length} bytes")


async def body_pieces(body: Any, length: int | None) -> AsyncGenerator[bytes, None]:  # noqa: ANN401 - any kind of body
    """What a body has, as it is read.

    Args:
        body: In any of its kinds.
        length: How much of a file to read; None for all of it.

    Raises:
        TypeError: It gives something else than bytes.
    """
    if isinstance(body, (bytes, bytearray, memoryview)):
        yield cast("bytes", body)
    elif hasattr(body, "read"):
        read, quick = cast("BinaryFile", body).read, _file_length(body) is not None
        async with aclosing(file_pieces(read, length, quick=quick)) as found:
            async for piece in found:
                yield _bytes(piece)
    else:
        async for piece in pieces(cast("AsyncIterable[bytes]", body)):
            yield _bytes(piece)


def body_length(content: Content) -> int | None:
    """How many bytes a body has; None where nobody knows before its end."""
    return _length(_as_bytes(content), {"method": "", "url": ""})


def _as_bytes(content: Content | None) -> Content | None:
    if isinstance(content, str):
        return content.encode()
    if _is_source(content) and not any(hasattr(content, way) for way in _WAYS_TO_READ):
        raise TypeError(
            f"a request's body is of type {type(content).__name__}; expected bytes, a file that is open in "
            "binary mode, or an iterable of bytes"
        )
    return content


def _is_source(body: object) -> bool:
    return body is not None and not isinstance(body, (bytes, bytearray, memoryview))


def _bytes(piece: object) -> bytes:
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return cast("bytes", piece)
    raise TypeError(
        f"a request's body gave {type(piece).__name__}, expected bytes; "
        "open files in binary mode: open(path, 'rb')"
    )


def _length(body: Any, kwargs: RequestKwargs) -> int | None:  # noqa: ANN401 - any kind of body
    if body is None:
        return None
    said = next(
        (int(str(v)) for k, v in kwargs.get("headers", {}).items() if k.lower() == "content-length"), None
    )
    if not isinstance(body, (bytes, bytearray, memoryview)):
        return _file_length(body) if said is None else said
    length = memoryview(cast("bytes", body)).nbytes
    if said not in (None, length):
        raise ValueError(
            f"header Content-Length is {said}, expected the body's {length} bytes or no such header"
        )
    return length


def _file_length(body: Any) -> int | None:  # noqa: ANN401 - any kind of file
    """How much is left in a regular file; None for what only looks like one, such as a GzipFile."""
    # A named temporary file wraps the real one.
    file = getattr(body, "file", body)
    if isinstance(file, io.BytesIO):
        return len(file.getbuffer()) - file.tell()
    if not isinstance(getattr(file, "raw", file), io.FileIO):
        return None
    found = os.fstat(file.fileno())
    return max(0, found.st_size - file.tell()) if stat.S_ISREG(found.st_mode) else None
