"""What many engines answer, each with its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeAlias, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen
class HostValue(Generic[T]):
    """What came from one engine of a fleet.

    Attributes:
        host: The engine's name in the fleet.
        value: What came.
    """

    host: str
    value: T


@attrs.frozen
class HostError:
    """What went wrong with one engine of a fleet, while the others went on.

    Attributes:
        host: The engine's name in the fleet.
        error: What was raised, such as EngineUnreachable.
    """

    host: str
    error: Exception


HostResult: TypeAlias = HostValue[T] | HostError


class FleetResults(Mapping[str, HostResult[T]]):
    """What each engine of a fleet answered, by its name: a HostValue, or a HostError.

    Args:
        results: One of each engine.
    """

    __slots__ = ("_results",)

    def __init__(self, results: Iterable[HostResult[T]]) -> None:
        self._results = {one.host: one for one in results}

    def __getitem__(self, key: str) -> HostResult[T]:
        return self._results[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.succeeded)} succeeded, {len(self.failed)} failed>"

    @property
    def succeeded(self) -> dict[str, T]:
        """What those answered that did, by name."""
        return {one.host: one.value for one in self._results.values() if isinstance(one, HostValue)}

    @property
    def failed(self) -> dict[str, Exception]:
        """What went wrong with the others, by name."""
        return {one.host: one.error for one in self._results.values() if isinstance(one, HostError)}
