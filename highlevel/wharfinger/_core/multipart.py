"""Bodies of several parts, as forms send files: made in pieces, and never a whole file in memory.

The iterator here reads local files, and so belongs on a thread where an event loop is near.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

_CHUNK = 256 * 1024
_QUOTED = str.maketrans({'"': r"\"", "\\": r"\\"})

PartContent: TypeAlias = "bytes | str | os.PathLike[str]"


class Multipart(NamedTuple):
    """A body, and what its Content-Type says."""

    media_type: str
    content: Iterator[bytes]


def multipart(fields: Mapping[str, tuple[str, bytes]], files: Mapping[str, PartContent]) -> Multipart:
    """A body of multipart/form-data.

    Args:
        fields: By name a media type and what is of it; they come first.
        files: By file name, without control characters, bytes, text (as UTF-8), or the path of a local file.
    """
    # Nobody can know it beforehand, and so write it into a file.
    boundary = secrets.token_hex(24)
    return Multipart(f"multipart/form-data; boundary={boundary}", _pieces(boundary, fields, files))


def _pieces(
    boundary: str, fields: Mapping[str, tuple[str, bytes]], files: Mapping[str, PartContent]
) -> Iterator[bytes]:
    for name, (media_type, data) in fields.items():
        yield _head(boundary, f'name="{_quoted(name)}"', media_type) + data + b"\r\n"
    for name, content in files.items():
        quoted = _quoted(name)
        yield _head(boundary, f'name="{quoted}"; filename="{quoted}"', "application/octet-stream")
        yield from _content(content)
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _content(content: PartContent) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, str):
        yield content.encode()
    else:
        with Path(content).open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece


def _head(boundary: str, disposition: str, media_type: str) -> bytes:
    lines = (
        f"--{boundary}",
        f"Content-Disposition: form-data; {disposition}",
        f"Content-Type: {media_type}",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _quoted(name: str) -> str:
    return name.translate(_QUOTED)
