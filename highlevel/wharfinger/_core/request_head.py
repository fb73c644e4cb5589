"""The bytes before a request's body. Nothing is sent that would make two requests out of one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wharfinger._core.operation import Param, Scalar

# Methods that a server may get twice with the effect of once (RFC 9110, 9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
# A server waits for the body of these, so that "there is none" has to be said.
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_TARGET = re.compile(r"/[!-~]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS = re.compile(r"[\r\n\0]")


def target(prefix: str, url: str, params: Mapping[str, Param] | None = None) -> str:
    """Give the request target: prefix, path and query.

    Raises:
        ValueError: It holds a character that has to be percent-encoded.
    """
    path = prefix + url
    if not _TARGET.fullmatch(path):
        raise ValueError(
            f"request path {path!r}: expected '/' and then ASCII without spaces; percent-encode the rest"
        )
    if not params:
        return path
    return f"{path}{'&' if '?' in path else '?'}{_query(params)}"


def _query(params: Mapping[str, Param]) -> str:
    return "&".join(
        f"{quote(name, safe='')}={quote(_text(value), safe='')}"
        for name, values in params.items()
        for value in _each(values)
    )


def _each(value: Param) -> Sequence[Scalar]:
    return (value,) if isinstance(value, (str, int, float)) else value


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def header_lines(headers: Iterable[tuple[str, str | Sequence[str]]]) -> str:
    """Give headers as they are sent; several values repeat the name.

    Raises:
        ValueError: A name is not a token, or a value holds a line break. The value is not shown.
    """
    lines: list[str] = []
    for name, values in headers:
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"header name {name!r}: expected letters, digits and hyphens")
        for value in (values,) if isinstance(values, str) else values:
            if _BREAKS.search(value):
                raise ValueError(f"the value of header {name} holds a line break or a zero byte")
            lines.append(f"{name}: {value}\r\n")
    return "".join(lines)


def json_body(value: object) -> bytes:
    """Give a value as the JSON that is sent."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def body_header(method: str, length: int | None, *, unknown: bool) -> str:
    """Say how long the body is: its length, in chunks when unknown, and nothing where no one asks."""
    if unknown:
        return "Transfer-Encoding: chunked\r\n"
    if length is None:
        return "Content-Length: 0\r\n" if method in _WITH_BODY else ""
    return f"Content-Length: {length}\r\n"
