# Derived from tests/_async/test_merging.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Several streams as one: nothing lost, errors told, slow readers waited for."""

from typing import Any

import pytest

from tests._sync._primitives import Task, pause
from wharfinger import Stream
from wharfinger._core.stream_decoders import Given
from wharfinger._sync._primitives import Waiter
from wharfinger.errors import ClosedError, ProtocolError


class Numbers:
    """A source that counts how far it was read."""

    def __init__(self, count: int, fault: Exception | None = None) -> None:
        self.read = 0
        self.closed = False
        self._count = count
        self._fault = fault

    def __next__(self) -> Any:
        if self.read == self._count:
            raise self._fault or StopIteration
        self.read += 1
        return self.read

    def close(self) -> None:
        self.closed = True


class Silence:
    """A source that tells nothing until it is closed."""

    def __init__(self) -> None:
        self._closed = Waiter()

    def __next__(self) -> Any:
        self._closed.wait(30)
        raise ClosedError("closed")

    def close(self) -> None:
        self._closed.set()


def stream(source: Any) -> Stream[int]:
    return Stream(source, Given[int](int))


def test_all_of_all() -> None:
    with Stream.merge(stream(Numbers(500)), stream(Numbers(3)), stream(Numbers(0))) as merged:
        found = list(merged)
    assert sorted(found) == sorted([*range(1, 501), 1, 2, 3])


def test_each_in_its_order_with_its_name() -> None:
    streams = {"a": stream(Numbers(100)), "b": stream(Numbers(50))}
    with Stream.merge_named(streams) as merged:
        found = list(merged)
    assert [value for name, value in found if name == "a"] == list(range(1, 101))
    assert [value for name, value in found if name == "b"] == list(range(1, 51))


def test_none_is_an_end() -> None:
    nothing: Stream[int] = Stream.merge()
    assert list(nothing) == []


def test_an_error_comes_after_what_came_before_and_ends_all() -> None:
    silence, failing = Silence(), Numbers(3, ProtocolError("cut short"))
    merged = Stream.merge(stream(failing), stream(silence))
    assert [merged.__next__() for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ProtocolError, match="cut short"):
        merged.__next__()
    assert failing.closed
    merged.close()


def test_a_slow_reader_is_waited_for() -> None:
    numbers = Numbers(10_000)
    with Stream.merge(stream(numbers)) as merged:
        assert merged.__next__() == 1
        pause(0.3)
        assert numbers.read < 50
        assert merged.__next__() == 2
    assert numbers.closed


def test_closing_wakes_the_reader() -> None:
    merged = Stream.merge(stream(Silence()), stream(Silence()))
    reading = Task(merged.__next__)
    pause(0.1)
    merged.close()
    with pytest.raises(ClosedError):
        reading.result()


def test_closing_what_was_never_read() -> None:
    numbers = Numbers(3)
    Stream.merge(stream(numbers)).close()
    assert numbers.closed
    assert numbers.read == 0
