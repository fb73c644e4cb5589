"""Which output of a service or a task is asked for."""

from __future__ import annotations

from typing import Any

import attrs

from wharfinger._core.when import SECOND


@attrs.frozen(kw_only=True)
class LogQuery:
    """The choices of logs(); `since` is in nanoseconds since 1970, of which the engine heeds whole seconds here."""

    stdout: bool
    stderr: bool
    follow: bool
    timestamps: bool
    details: bool
    tail: int | None
    since: int | None

    def arguments(self) -> dict[str, Any]:
        """For a request builder."""
        return {
            "stdout": self.stdout,
            "stderr": self.stderr,
            "follow": self.follow,
            "timestamps": self.timestamps,
            "details": self.details or None,
            "tail": None if self.tail is None else str(self.tail),
            "since": None if self.since is None else self.since // SECOND,
        }
