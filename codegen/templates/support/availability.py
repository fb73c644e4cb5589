"""Since which version of an engine's API a thing exists, and until when."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Window(NamedTuple):
    """From `since` to `until`, both included; None means that the newest known version still has it."""

    since: str
    until: str | None


# The same few at every call.
@lru_cache(maxsize=256)
def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers: "1.9" before "1.10". A suffix ("5.8.0-dev") is left out."""
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in version.split("-", 1)[0].split("."))


class Availability:
    """What the vendored descriptions, from `oldest` to `newest`, tell of one engine's API.

    A thing that the oldest description has may be older still: its `since` is then `oldest`. Between two
    vendored versions the newer one is named.
    """

    def __init__(
        self,
        oldest: str,
        newest: str,
        operations: dict[str, tuple[str, str | None]],
        parameters: dict[str, tuple[str, str | None]],
        properties: dict[str, tuple[str, str | None]],
    ) -> None:
        self.oldest = oldest
        self.newest = newest
        self._operations = operations
        self._parameters = parameters
        self._properties = properties

    def operation(self, operation: str) -> Window:
        """The window of an operation; KeyError for an id that no version has."""
        return Window(*self._operations[operation])

    def parameter(self, operation: str, name: str) -> Window:
        """The window of a query or header parameter, by its name on the wire."""
        found = self._parameters.get(f"{operation}.{name}")
        return self.operation(operation) if found is None else Window(*found)

    def property(self, schema: str, name: str) -> Window:
        """The window of a schema's property, by its name on the wire.

        Of an object that is written in place within the schema, by the names that lead there:
        `property("Mount", "BindOptions.CreateMountpoint")`.
        """
        key = f"{schema}.{name}"
        while key:
            if key in self._properties:
                return Window(*self._properties[key])
            key = key.rpartition(".")[0]
        return Window(self.oldest, None)

    def has(self, window: Window, version: str) -> bool:
        """Whether an engine that speaks `version` has a thing with this window.

        An engine older than the oldest description is taken to have what that description has.
        """
        key = version_key(version)
        if window.since != self.oldest and key < version_key(window.since):
            return False
        return window.until is None or key <= version_key(window.until)
