"""The end rule that all incremental decoders share."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class FaultHolder:
    """Gives out what was sound before a fault, then the fault: the same for every chunk boundary."""

    def __init__(self) -> None:
        self._fault: Exception | None = None

    def check(self) -> None:
        """Raise the fault found earlier, if there is one."""
        if self._fault is not None:
            raise self._fault

    def settle(self, items: list[T], fault: Exception | None) -> list[T]:
        """Give the items; a fault after them waits for the next call, unless there is nothing to give."""
        if fault is not None:
            self._fault = fault
            if not items:
                raise fault
        return items
