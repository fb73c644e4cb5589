"""Which engine answers a ping, and which version of its API is spoken with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation
from wharfinger.errors import NotSupported, UnexpectedReply

if TYPE_CHECKING:
    from wharfinger._core.operation import Reply
    from wharfinger.address import Engine

_VERSION = re.compile(r"\d+(\.\d+)+")
_NAME = {"docker": "Docker", "podman": "Podman"}
_HINT = {"docker": "'1.51'", "podman": "'5.4.2'"}


@attrs.frozen
class Ping:
    """What an engine tells of itself without being asked for a version.

    Attributes:
        engine: Podman tells the version of its native API, Docker has none.
        api_version: Highest version of the Docker API that it speaks; "" where it does not tell.
        libpod_version: Version of Podman's native API.
    """

    engine: Engine
    api_version: str
    libpod_version: str = ""

    @property
    def native_version(self) -> str:
        """The version of the engine's own API."""
        return self.libpod_version if self.engine == "podman" else self.api_version


def ping_operation() -> Operation[Ping]:
    """Asks an engine what it is; the path has no version, so that every engine answers."""
    return Operation({"method": "GET", "url": "/_ping"}, _read_ping)


def _read_ping(reply: Reply) -> Ping:
    if reply.status_code != 200:
        text = reply.content[:500].decode("utf-8", "replace").strip()
        raise api_error(reply.status_code, text, "GET", "/_ping")
    libpod = reply.headers.get("Libpod-API-Version", "")
    api = reply.headers.get("Api-Version", "")
    if not libpod and not api:
        raise UnexpectedReply(
            "what answers there is no container engine: its reply to /_ping names no API version; check the address",
            reply.content,
            200,
        )
    return Ping("podman" if libpod else "docker", api, libpod)


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers; a suffix such as "-dev" is left out."""
    return tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".") if part.isdigit())


def checked_version(version: str, engine: Engine, origin: str = "version") -> str:
    """A version that somebody has chosen, without a leading "v".

    Raises:
        ValueError: It is not one.
    """
    plain = version.removeprefix("v")
    if not _VERSION.fullmatch(plain):
        raise ValueError(f"{origin}={version!r}: expected 'auto' or an API version such as {_HINT[engine]}")
    return plain


def negotiated(ping: Ping, oldest: str, newest: str) -> str:
    """The highest version that both sides have.

    Args:
        ping: What the engine told.
        oldest: The oldest version that this library knows.
        newest: The newest one.

    Raises:
        NotSupported: The engine is older than that.
    """
    has = ping.native_version.split("-")[0]
    if version_key(has) < version_key(oldest):
        old = f"an engine as old as this one ({_NAME[ping.engine]} API {has})"
        raise NotSupported(old, needs=f"API {oldest} or newer")
    return has if version_key(has) <= version_key(newest) else newest


def check_known(version: str, engine: Engine, oldest: str, newest: str) -> None:
    """Makes sure that a version that somebody has chosen is one that this library knows.

    Raises:
        NotSupported: It is not.
    """
    if not version_key(oldest) <= version_key(version) <= version_key(newest):
        raise NotSupported(
            f"{_NAME[engine]} API {version}", "this release of wharfinger", needs=f"API {oldest} to {newest}"
        )


def check_minimum(version: str, minimum: str | None) -> None:
    """Makes sure that a new engine still speaks our newest version.

    Raises:
        NotSupported: It does not.
    """
    if minimum and version_key(version) < version_key(minimum):
        raise NotSupported(
            f"Docker API {version}, the newest that this release of wharfinger knows",
            "this engine",
            needs=f"API {minimum} or newer; install a newer wharfinger",
        )
