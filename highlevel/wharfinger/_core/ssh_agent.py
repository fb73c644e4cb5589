"""What goes between a program and an ssh agent: messages, each behind its length. Pure."""

from __future__ import annotations

from collections import deque

from wharfinger.errors import ProtocolError

_HEAD = 4
# OpenSSH's own limit.
_LONGEST = 256 * 1024
_FAILURE = 5
_LIST_KEYS = 11
_SIGN = 13

# What an agent answers to what it will not do.
REFUSED = (1).to_bytes(_HEAD, "big") + bytes([_FAILURE])


class AgentMessages:
    """Takes whole messages, their length before them, out of bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self._whole: deque[bytes] = deque()

    def __bool__(self) -> bool:
        return bool(self._whole)

    def feed(self, data: bytes) -> None:
        """Take in what has come.

        Raises:
            ProtocolError: A message is too long to be one.
        """
        self._rest += data
        while len(self._rest) >= _HEAD:
            size = int.from_bytes(self._rest[:_HEAD], "big")
            if size > _LONGEST:
                raise ProtocolError(
                    f"a message of {size} bytes to or from an ssh agent; expected {_LONGEST} at most"
                )
            if len(self._rest) < _HEAD + size:
                break
            self._whole.append(self._rest[: _HEAD + size])
            self._rest = self._rest[_HEAD + size :]

    def take(self) -> bytes:
        """The first whole message; there has to be one."""
        return self._whole.popleft()


def may_pass(message: bytes) -> bool:
    """Whether a build may ask that: to see the keys and to sign with them, and not to change anything."""
    return message[_HEAD : _HEAD + 1] in (bytes([_LIST_KEYS]), bytes([_SIGN]))
