"""What engines tell of files."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, Self, cast

import attrs

_GO_DIR = 1 << 31
_GO_SYMLINK = 1 << 27
_STANDARD = str.maketrans("-_", "+/")
# Folders, links, devices, pipes, sockets, and what Go does not know.
_GO_TYPES = _GO_DIR | _GO_SYMLINK | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19


@attrs.frozen(eq=False)
class FileStat(Mapping[str, Any]):
    """What an engine tells of a path in a container beside its archive.

    The engine's own mapping, too, as docker-py gives it: stat["linkTarget"] is stat.link_target.

    Attributes:
        name: Last part of the path.
        size: Bytes.
        mode: Type and permission bits in Go's order, as the engine sends them; see `permissions`.
        mtime: Time of the last change, RFC 3339, as the engine sends it.
        link_target: Where a symbolic link points to; empty for anything else.
    """

    name: str
    size: int
    mode: int
    mtime: str
    link_target: str = ""

    @classmethod
    def from_header(cls, value: str) -> Self:
        """Read the header X-Docker-Container-Path-Stat.

        Raises:
            ValueError: It is not base64 of a JSON object.
        """
        try:
            # Podman writes it in the alphabet for URLs, Docker in the other.
            stat: object = json.loads(base64.b64decode(value.translate(_STANDARD), validate=True))
        except ValueError as fault:
            raise ValueError(
                f"path stat header is {value[:80]!r}, expected base64 of a JSON object"
            ) from fault
        if not isinstance(stat, dict):
            raise ValueError(f"path stat header holds {stat!r}, expected a JSON object")  # noqa: TRY004 - the value of a string is wrong, not a caller's type
        found = cast("dict[str, Any]", stat)
        return cls(
            name=found.get("name") or "",
            size=found.get("size") or 0,
            mode=found.get("mode") or 0,
            mtime=found.get("mtime") or "",
            # Podman tells the path itself of what is no link.
            link_target=(found.get("linkTarget") or "") if (found.get("mode") or 0) & _GO_SYMLINK else "",
        )

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - text or a number
        return self.as_dict()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.as_dict())

    def __len__(self) -> int:
        return len(self.as_dict())

    def __hash__(self) -> int:
        return hash((self.name, self.size, self.mode, self.mtime, self.link_target))

    @property
    def permissions(self) -> int:
        """The nine permission bits, as of chmod."""
        return self.mode & 0o777

    @property
    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return bool(self.mode & _GO_DIR)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return not self.mode & _GO_TYPES

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return bool(self.mode & _GO_SYMLINK)

    def as_dict(self) -> dict[str, str | int]:
        """Give the mapping that the engine sent and docker-py returns."""
        return {
            "name": self.name,
            "size": self.size,
            "mode": self.mode,
            "mtime": self.mtime,
            "linkTarget": self.link_target,
        }
