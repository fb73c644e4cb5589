"""Streams of JSON values, as events, pulls, builds and stats send them.

Between values there may be anything that is no value: line ends of either kind, the record separator of
json-seq, blank lines that keep a connection alive, or nothing at all. Values may be cut anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import repeat
from json.scanner import make_scanner
from typing import Any, cast

from wharfinger._core.decoding import FaultHolder
from wharfinger.errors import ProtocolError

_quick: Callable[[bytes], Any] | None = None
with suppress(ImportError):
    from orjson import loads as _quick

MAX_VALUE = 64 * 1024 * 1024
_EXCERPT = 80

# Without the two further calls in Python that json.loads makes.
_decode = json.JSONDecoder().raw_decode
# What that calls, which is not in Python at all.
_scan_value = make_scanner(cast("Any", json.JSONDecoder()))
_SEPARATORS = b" \t\r\n\x1e"
_skip_separators = re.compile(rb"[ \t\r\n\x1e]*").match
_find_structure = re.compile(rb'["{}\[\]]').search
_find_in_string = re.compile(rb'["\\]').search
_find_scalar_end = re.compile(rb'[ \t\r\n\x1e"{\[]').search


class JSONDecoder(FaultHolder):
    """Decoder of a stream of JSON values, fed with chunks cut anywhere.

    Lines that hold one value each and nothing else are read without a step in Python for each; lines with one
    value and more blanks are read whole, one by one; anything else goes through a scanner that looks at each byte
    once. A fault is raised after everything before it was given: at once, or at the next call.

    Args:
        max_value: Largest value taken, in bytes.
    """

    def __init__(self, *, max_value: int = MAX_VALUE) -> None:
        super().__init__()
        self._max = max_value
        self._offset = 0  # of the first byte of what is being read
        self._parts: list[bytes] = []
        self._size = 0
        self._scan = _Scan()

    def feed(self, data: bytes | bytearray | memoryview) -> list[Any]:
        """Take the next chunk; give the values that it completes.

        Raises:
            ProtocolError: It is no JSON, or a value is larger than allowed.
        """
        self.check()
        chunk = data if isinstance(data, bytes) else bytes(data)
        out: list[Any] = []
        pos = 0
        at_line_start = not self._parts
        try:
            while pos < len(chunk):
                if at_line_start:
                    pos = self._lines(chunk, pos, out)
                pos = self._value(chunk, pos, out)
                at_line_start = chunk.startswith((b"\n", b"\r\n"), pos)
        except ProtocolError as fault:
            return self.settle(out, fault)
        return out

    def finish(self) -> list[Any]:
        """Say that the input has ended; give a last number or word that nothing came after.

        Raises:
            ProtocolError: It ended inside a value.
        """
        self.check()
        if not self._parts:
            return []
        whole = b"".join(self._parts)
        if not self._scan.is_scalar:
            raise ProtocolError(
                f"the JSON value at byte {self._offset} is cut short after {len(whole)} bytes: "
                f"{_excerpt(whole)}"
            )
        self._parts.clear()
        return [self._parse(whole, self._offset)]

    def _lines(self, chunk: bytes, pos: int, out: list[Any]) -> int:
        """Read whole lines as long as each is one value; the position of the first that is not."""
        start, stop = pos, chunk.rfind(b"\n", pos) + 1
        # The end of the line before may be there still.
        pos = cast("re.Match[bytes]", _skip_separators(chunk, pos)).end()
        whole = chunk[pos:stop]
        values = _values_of_lines(whole) if len(whole) <= self._max else None
        if values is not None:
            out += values
            pos = max(pos, stop)
            self._offset += pos - start
            return pos
        for line in whole.splitlines(keepends=True):
            stripped = line.strip(_SEPARATORS)
            if stripped:
                if len(stripped) > self._max:
                    break
                try:
                    text = stripped.decode()
                    value, end = _decode(text)
                except (ValueError, RecursionError):
                    break
                if end != len(text):
                    break
                out.append(value)
            pos += len(line)
        self._offset += pos - start
        return pos

    def _value(self, chunk: bytes, pos: int, out: list[Any]) -> int:
        """Read on in one value, which may go on in the next chunk; the position after it."""
        if not self._parts:
            start = cast("re.Match[bytes]", _skip_separators(chunk, pos)).end()
            self._offset += start - pos
            pos = start
            if pos == len(chunk):
                return pos
            self._scan = _Scan()
        stop = self._scan.end(chunk, pos)
        part = chunk[pos:stop]
        self._size = self._size + len(part) if self._parts else len(part)
        if self._size > self._max:
            raise ProtocolError(
                f"the JSON value at byte {self._offset} is larger than {self._max} bytes: "
                f"{_excerpt(b''.join([*self._parts, part])[: self._max])}"
            )
        if stop is None:
            self._parts.append(part)
            return len(chunk)
        whole = b"".join([*self._parts, part])
        self._parts.clear()
        out.append(self._parse(whole, self._offset))
        self._offset += len(whole)
        return stop

    def _parse(self, text: bytes, offset: int) -> object:
        try:
            return json.loads(text.decode())
        except (ValueError, RecursionError) as fault:
            raise ProtocolError(
                f"expected a JSON value at byte {offset} of the stream, got {_excerpt(text)}: {fault}"
            ) from fault


def _values_of_lines(whole: bytes) -> list[Any] | None:
    """The values of lines that hold one each and nothing else; None where one does not."""
    if _quick is None:
        return _scanned(whole)
    try:
        return list(map(_quick, whole.splitlines()))
    except ValueError:
        # It is stricter: the standard library has the last word.
        return _scanned(whole)


def _scanned(whole: bytes) -> list[Any] | None:
    try:
        text = whole.decode()
        lines = (text.replace("\r\n", "\n") if "\r" in text else text).split("\n")
        lines.pop()
        found = list(map(_scan_value, lines, repeat(0)))
    except (ValueError, RecursionError):
        return None
    # The scanner ends the map at a line without a value, and does not mind what comes behind one.
    return [value for value, _ in found] if [end for _, end in found] == [*map(len, lines)] else None


class _Scan:
    """Where the scanner stands inside one value."""

    __slots__ = ("_depth", "_escaped", "_in_string", "_started", "is_scalar")

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._started = False
        self.is_scalar = False

    def end(self, chunk: bytes, pos: int) -> int | None:
        """Read on from a position; the position after the value, or None when it goes on."""
        if not self._started:
            self._started = True
            self.is_scalar = chunk[pos : pos + 1] not in (b"{", b"[", b'"')
            if self.is_scalar:
                pos += 1
        if self.is_scalar:
            found = _find_scalar_end(chunk, pos)
            return found.start() if found else None
        return self._structured_end(chunk, pos)

    def _structured_end(self, chunk: bytes, pos: int) -> int | None:
        while True:
            if self._in_string:
                after = self._string_end(chunk, pos)
                if after is None:
                    return None
                pos = after
            else:
                found = _find_structure(chunk, pos)
                if found is None:
                    return None
                pos = found.end()
                self._step(found.group())
            if self._depth <= 0 and not self._in_string:
                return pos

    def _step(self, mark: bytes) -> None:
        if mark == b'"':
            self._in_string = True
        elif mark in b"{[":
            self._depth += 1
        else:
            self._depth -= 1

    def _string_end(self, chunk: bytes, pos: int) -> int | None:
        if self._escaped:
            if pos >= len(chunk):
                return None
            self._escaped = False
            pos += 1
        while (found := _find_in_string(chunk, pos)) is not None:
            pos = found.end()
            if found.group() == b'"':
                self._in_string = False
                return pos
            if pos >= len(chunk):
                self._escaped = True
                return None
            pos += 1
        return None


def error_message(value: object) -> str | None:
    """Give the engine's text when a value of a stream tells an error, else None."""
    if not isinstance(value, Mapping):
        return None
    event = cast("Mapping[str, Any]", value)
    detail: object = event.get("errorDetail")
    if isinstance(detail, Mapping):
        message = cast("Mapping[str, Any]", detail).get("message")
        if message:
            return str(message)
    return str(event["error"]) if event.get("error") else None


def _excerpt(text: bytes) -> str:
    shown = text[:_EXCERPT].decode("utf-8", "replace")
    return repr(shown) + (" …" if len(text) > _EXCERPT else "")
