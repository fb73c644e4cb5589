"""HTTP/1.1 replies out of bytes. Bounded, whatever the peer sends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import httptools

from wharfinger._core.chunks import ChunkReader, begins_large
from wharfinger.errors import ProtocolError

# Engines send less than 2 KiB; proxies in front of them a little more.
MAX_HEAD_BYTES = 64 * 1024
MAX_HEADERS = 256
_HEAD_END = re.compile(rb"\r\n\r\n")
_BEHIND_A_CHUNK = b"HTTP/1.1 %d \r\nConnection: %b\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx"


class Headers(Mapping[str, str]):
    """Headers of a reply: names in lower case, found in any case, repeated ones joined by a comma."""

    __slots__ = ("_by_name", "raw")

    def __init__(self, raw: list[tuple[bytes, bytes]], by_name: dict[bytes, bytes] | None = None) -> None:
        self.raw = raw
        self._by_name = _by_name(raw) if by_name is None else by_name

    def __getitem__(self, name: str) -> str:
        return self._by_name[name.lower().encode("latin-1")].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        # Names alone: a value may be a secret.
        return f"Headers({', '.join(self)})"


def _by_name(raw: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    found = {name.lower(): value for name, value in raw}
    if len(found) != len(raw):
        found.clear()
        for name, value in raw:
            key = name.lower()
            found[key] = found[key] + b", " + value if key in found else value
    return found


class HTTPReply(NamedTuple):
    """A reply whose body was read."""

    status_code: int
    headers: Headers
    content: bytes


class ReplyParser:
    """One connection's replies, one after the other.

    Attributes:
        status_code: Of the final reply; 0 until its head is there.
        head_done: Whether the head is there.
        complete: Whether the body is there too, or there is none.
        upgraded: Whether the connection has become a plain stream of bytes by status 101.
        remaining: Bytes of the body still to come, when they may be read past the parser; else None.
        until_close: Whether the body ends where the connection ends.
        started: Whether any byte of a reply has come.
    """

    __slots__ = (
        "_by_name",
        "_chunks",
        "_forbidden",
        "_idle_bytes",
        "_interim",
        "_keep_alive",
        "_length",
        "_parser",
        "_parts",
        "_raw",
        "_simple",
        "_spoilt",
        "_without_body",
        "complete",
        "head_done",
        "on_body",
        "remaining",
        "started",
        "status_code",
        "until_close",
        "upgraded",
    )

    def __init__(self) -> None:
        self._parts: list[bytes | memoryview] = []
        # There are as many parts as a log has lines: the parser in C adds each without a step in Python.
        self.on_body = self._parts.append
        self._parser = httptools.HttpResponseParser(self)
        self._spoilt = False
        self.begin("GET")

    def begin(self, method: str) -> None:
        """Make ready for the reply to a request."""
        if self._spoilt:
            # The parser in C was left in the middle of a reply.
            self._parser = httptools.HttpResponseParser(self)
            self._spoilt = False
        self._raw: list[tuple[bytes, bytes]] = []
        self._by_name: dict[bytes, bytes] = {}
        self._parts.clear()
        self._chunks: ChunkReader | None = None
        self._simple = self._interim = False
        self._idle_bytes = self._length = 0
        self._keep_alive = False
        self._forbidden = False
        self._without_body = method == "HEAD"
        self.status_code = 0
        self.head_done = self.complete = self.upgraded = self.until_close = self.started = False
        self.remaining: int | None = None

    @property
    def headers(self) -> Headers:
        """Headers of the final reply."""
        return Headers(self._raw, self._by_name)

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another request."""
        return self.complete and self._keep_alive and not self._forbidden and not self.upgraded

    def forbid_reuse(self) -> None:
        """Keep the connection from carrying another request: this one was not sent to its end."""
        self._forbidden = True

    @property
    def has_parts(self) -> bool:
        """Whether any bytes of the body have come since the last time."""
        return bool(self._parts)

    def take(self) -> bytes:
        """Give the bytes of the body that have come since the last time; before more is fed."""
        parts = self._parts
        if not parts:
            return b""
        first = parts[0]
        data = first if len(parts) == 1 and isinstance(first, bytes) else b"".join(parts)
        parts.clear()
        return data

    def take_parts(self) -> list[bytes | memoryview]:
        """Give them as the engine has cut them; views are of what was fed, and good until more is."""
        parts = self._parts.copy()
        self._parts.clear()
        return parts

    # What httptools calls

    def on_message_begin(self) -> None:
        """Refuse bytes after the end of a reply: nothing else was asked for."""
        if self.complete:
            self._keep_alive = False
            raise ProtocolError("the engine sent more than the reply")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; trailers are let pass."""
        if not self.head_done:
            self._raw.append((name, value))

    def on_headers_complete(self) -> None:
        """Decide where the body ends."""
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._raw = []
            self._interim = True
            return
        self.status_code = status
        self.head_done = True
        self._by_name = by_name = _by_name(self._raw)
        self._keep_alive = self._parser.should_keep_alive()
        if self._without_body or status in (101, 204, 304):
            return
        length = by_name.get(b"content-length")
        if b"transfer-encoding" in by_name:
            self.until_close = not by_name[b"transfer-encoding"].lower().endswith(b"chunked")
            self._simple = not self.until_close
        elif length is not None:
            self.remaining = self._length = int(length)
        else:
            self.until_close = True

    def on_message_complete(self) -> None:
        """Note the end of the reply, when it was not an interim one."""
        if self.head_done:
            self.complete = True

    # What connections call

    def feed(self, data: memoryview) -> memoryview | None:
        """Take bytes from the engine; give what follows the head of an upgrade, else None.

        Raises:
            ProtocolError: They are no HTTP reply, or a bound was exceeded.
        """
        self.started = True
        if self._simple and self.head_done:
            self._feed_chunks(data)
            return None
        room = MAX_HEAD_BYTES - self._idle_bytes
        if self.head_done or len(data) <= room:
            return self._feed(data)
        rest = self._feed(data[:room])
        if rest is not None:
            return memoryview(bytes(rest) + bytes(data[room:]))
        if self.complete:
            self._keep_alive = False
            return None
        return self.feed(data[room:])

    def _check_idle(self, count: int) -> None:
        self._idle_bytes += count
        if self._idle_bytes >= MAX_HEAD_BYTES:
            part = "trailer" if self.head_done else "head"
            raise ProtocolError(
                f"the {part} of the reply exceeds {MAX_HEAD_BYTES} bytes; is this the address of an engine?"
            )

    def _feed_chunks(self, data: memoryview) -> None:
        """Take bytes of a chunked body, past the parser while there are only chunks and those are large."""
        reader = self._chunks
        if reader is None:
            self._simple = begins_large(data)
            if not self._simple:
                self._feed(data)
                return
            reader = self._chunks = ChunkReader()
            self._spoilt = True
        rest = reader.feed(data, self._parts)
        self._idle_bytes = 0
        if rest is None:
            return
        self._resume_parser()
        self._feed(memoryview(rest))

    def _follow_chunks(self, data: memoryview) -> None:
        """Find out where in the body the parser is, after the bytes that the head was in."""
        head = None if self._interim or self._idle_bytes else _HEAD_END.search(data)
        body = None if head is None else data[head.end() :]
        if body is None or (body and not begins_large(body)):
            self._simple = False
        elif body:
            reader = ChunkReader()
            self._simple = reader.feed(body, []) is None
            self._chunks = reader if self._simple else None
            self._spoilt = self._simple

    def _resume_parser(self) -> None:
        """Make a new parser that is where the chunks went past the old one: behind what is in a chunk."""
        status, keep = self.status_code, b"keep-alive" if self._keep_alive else b"close"
        self._parser = httptools.HttpResponseParser(self)
        self._parser.feed_data(_BEHIND_A_CHUNK % (status, keep))
        # The one byte in it.
        self._parts.pop()
        self._spoilt = self._simple = False

    def _feed(self, data: memoryview) -> memoryview | None:
        before = self.head_done
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.upgraded = True
            return data[upgrade.args[0] :]
        except httptools.HttpParserError as fault:
            self._refuse(fault, data)
        self._after(before, data)
        return None

    def _refuse(self, fault: httptools.HttpParserError, data: memoryview) -> None:
        # After the last byte of a reply a fault is only a reason not to use the connection again.
        self._keep_alive = False
        self._spoilt = True
        if not self.complete:
            begin = bytes(data[:60])
            raise ProtocolError(f"the engine's reply is not HTTP ({fault}); it reads {begin!r}") from fault

    def _after(self, had_head: bool, data: memoryview) -> None:
        if not self.head_done:
            self._check_idle(len(data))
            return
        if self._simple and not self.complete and not had_head:
            self._follow_chunks(data)
        if len(self._raw) > MAX_HEADERS:
            raise ProtocolError(f"the engine's reply has more than {MAX_HEADERS} headers")
        if self._without_body and not self.complete:
            # The parser was not told of HEAD and waits for a body.
            self._keep_alive = self._keep_alive_of_head()
            self.complete = True
            self._spoilt = True
        elif self.status_code == 101 and not self.upgraded:
            raise ProtocolError("the engine's status 101 names no protocol in an Upgrade header")
        elif self.remaining is not None:
            # Only bytes that came with the head go through the parser: see past().
            self.remaining = self._length - sum(map(len, self._parts))
        elif self._parts:
            self._idle_bytes = 0
        elif had_head and not self.complete:
            self._check_idle(len(data))

    def _keep_alive_of_head(self) -> bool:
        return b"close" not in self._by_name.get(b"connection", b"").lower() and not self._parts

    def past(self, count: int) -> None:
        """Note that bytes of the body were read past the parser, which has to be replaced then."""
        self.remaining = (self.remaining or 0) - count
        self._spoilt = True
        if not self.remaining:
            self.complete = True

    def end(self) -> None:
        """Note that the connection ended.

        Raises:
            ProtocolError: The reply had not.
        """
        if self.until_close:
            self.complete = True
            self._keep_alive = False
        elif not self.complete:
            what = "head" if not self.head_done else "body"
            left = "" if self.remaining is None else f" with {self.remaining} bytes to come"
            raise ProtocolError(f"the {what} of the engine's reply was cut short{left}: the connection ended")
