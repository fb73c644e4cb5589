"""The words of gRPC that stand inside of HTTP/2: messages, statuses, metadata. Pure."""

from __future__ import annotations

import re
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_plus

from wharfinger.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEAD = 5
# What BuildKit takes at most is 16 MiB; a peer that says more is not to be believed.
_LONGEST = 64 * 1024 * 1024
_ENCODED = "-encoded"
_SPOKEN = re.compile(r"[ -$&-~]*")


class Status(IntEnum):
    """How a call ended."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    FAILED_PRECONDITION = 9
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14


class RPCError(Exception):
    """A call ended with another status than OK.

    Attributes:
        status: Its number; see Status.
        message: The words with it.
    """

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


def framed(message: bytes) -> bytes:
    """A message as it is sent: not compressed, its length before it."""
    return b"\0" + len(message).to_bytes(4, "big") + message


class Messages:
    """Takes the messages of one direction of a call out of its bytes."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._whole: deque[bytes] = deque()

    def __bool__(self) -> bool:
        return bool(self._whole)

    def feed(self, data: bytes) -> None:
        """Take in what has come.

        Raises:
            ProtocolError: A message is compressed, which was not agreed on, or too long to be one.
        """
        self._rest += data
        start = 0
        while len(self._rest) - start >= _HEAD:
            if self._rest[start] != 0:
                raise ProtocolError("a gRPC message is compressed, which was not agreed on")
            size = int.from_bytes(self._rest[start + 1 : start + _HEAD], "big")
            if size > _LONGEST:
                raise ProtocolError(
                    f"a gRPC message of {size} bytes is announced; expected {_LONGEST} at most"
                )
            end = start + _HEAD + size
            if len(self._rest) < end:
                break
            self._whole.append(bytes(self._rest[start + _HEAD : end]))
            start = end
        del self._rest[:start]

    def take(self) -> bytes:
        """The first whole message; there has to be one."""
        return self._whole.popleft()

    def finish(self) -> None:
        """Say that no more bytes come.

        Raises:
            ProtocolError: A message was cut short.
        """
        if self._rest:
            raise ProtocolError("a gRPC message was cut short")


def trailers(status: int, message: str) -> list[tuple[str, str]]:
    """What ends a call; the words are percent-encoded, as the protocol wants them."""
    found = [("grpc-status", str(int(status)))]
    if message:
        spoken = (
            message if _SPOKEN.fullmatch(message) else quote(message, safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}")
        )
        found.append(("grpc-message", spoken))
    return found


def told_status(headers: Mapping[str, tuple[str, ...]]) -> tuple[int, str]:
    """How a call ended, by its trailers; one that says nothing did not end well."""
    status = headers.get("grpc-status", ("",))[0]
    message = unquote(headers.get("grpc-message", ("",))[0])
    if not status.isdecimal():
        return Status.UNKNOWN, message or "the call ended without a status"
    return int(status), message


def metadata(headers: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The values of each header in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        found[name] = (*found.get(name, ()), value)
    return found


def told_values(headers: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The values of one of BuildKit's own headers, which are escaped where they are not ASCII."""
    values = headers.get(name, ())
    if headers.get(name + _ENCODED, ("",))[0].lower() in ("1", "t", "true"):
        return tuple(unquote_plus(value) for value in values)
    return values
