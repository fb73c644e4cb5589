"""Keys that leave a program at its terminal: how they are written, and found in what is typed."""

from __future__ import annotations

from wharfinger._core.human import parse_text

DEFAULT = "ctrl-p,ctrl-q"

_CONTROL = {f"ctrl-{chr(code + 96)}": code for code in range(1, 27)} | {
    f"ctrl-{key}": code for key, code in zip("@[\\]^_", (0, 27, 28, 29, 30, 31), strict=True)
}


def parse_detach_keys(keys: str) -> bytes:
    """The bytes that a terminal sends for keys such as "ctrl-p,ctrl-q" or "ctrl-a,d"; "" is none at all.

    Raises:
        TypeError: It is no string.
        ValueError: It is not of that form.
    """
    parse_text("detach_keys", keys)
    return bytes(_code(key, keys) for key in keys.split(",")) if keys else b""


def _code(key: str, keys: str) -> int:
    if len(key) == 1 and " " < key <= "~":
        return ord(key)
    if key not in _CONTROL:
        raise ValueError(
            f"detach_keys={keys!r}: {key!r} is no key, expected single letters and ctrl- with a letter or one of "
            f"@[\\]^_, such as {DEFAULT!r}"
        )
    return _CONTROL[key]


class KeyWatch:
    """Finds keys in what is sent, however it is cut; keeps back what may be their beginning.

    Args:
        keys: As parse_detach_keys takes them.
    """

    def __init__(self, keys: str) -> None:
        self._keys = parse_detach_keys(keys)
        self._held = b""

    @property
    def idle(self) -> bool:
        """Whether there are no keys to look for."""
        return not self._keys

    def feed(self, data: bytes) -> tuple[bytes, bool]:
        """What may be sent now, and whether the keys came after it."""
        data = self._held + data
        before, found, _ = data.partition(self._keys)
        if found:
            self._held = b""
            return before, True
        held = next(
            (size for size in range(len(self._keys) - 1, 0, -1) if data.endswith(self._keys[:size])), 0
        )
        self._held = data[len(data) - held :]
        return data[: len(data) - held], False

    def rest(self) -> bytes:
        """What was kept back, when nothing comes after it."""
        held, self._held = self._held, b""
        return held
