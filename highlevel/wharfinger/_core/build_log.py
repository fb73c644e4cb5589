"""What a build has told so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger.errors import BuildError

if TYPE_CHECKING:
    from wharfinger.types import BuildEvent

# What the classic builder says of `RUN --mount` and the like.
_NEEDS = " requires BuildKit"


class BuildLog:
    """Keeps the events of a build, for its end."""

    def __init__(self) -> None:
        self._events: list[BuildEvent] = []

    @property
    def events(self) -> tuple[BuildEvent, ...]:
        """All of them."""
        return tuple(self._events)

    def add(self, event: BuildEvent) -> None:
        """Keep one more.

        Raises:
            BuildError: It tells that the build failed.
        """
        self._events.append(event)
        if event.error:
            hint = "; build it with builder='buildkit'" if _NEEDS in event.error else ""
            raise BuildError(event.error + hint, build_log=self._events, exit_code=event.exit_code)

    def image_id(self) -> str:
        """The id of the image that was built last.

        Raises:
            BuildError: The engine told none.
        """
        told = [event.image_id for event in self._events if event.image_id]
        if not told:
            raise BuildError("the build ended, and the engine told no image", build_log=self._events)
        return told[-1]
