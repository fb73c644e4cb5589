"""Several streams as one: nothing lost, errors told, slow readers waited for."""

from typing import Any

import pytest

from tests._async._primitives import AsyncTask, pause
from wharfinger import AsyncStream
from wharfinger._async._primitives import AsyncWaiter
from wharfinger._core.stream_decoders import Given
from wharfinger.errors import ClosedError, ProtocolError


class AsyncNumbers:
    """A source that counts how far it was read."""

    def __init__(self, count: int, fault: Exception | None = None) -> None:
        self.read = 0
        self.closed = False
        self._count = count
        self._fault = fault

    async def __anext__(self) -> Any:
        if self.read == self._count:
            raise self._fault or StopAsyncIteration
        self.read += 1
        return self.read

    async def close(self) -> None:
        self.closed = True


class AsyncSilence:
    """A source that tells nothing until it is closed."""

    def __init__(self) -> None:
        self._closed = AsyncWaiter()

    async def __anext__(self) -> Any:
        await self._closed.wait(30)
        raise ClosedError("closed")

    async def close(self) -> None:
        self._closed.set()


def stream(source: Any) -> AsyncStream[int]:
    return AsyncStream(source, Given[int](int))


async def test_all_of_all() -> None:
    async with AsyncStream.merge(
        stream(AsyncNumbers(500)), stream(AsyncNumbers(3)), stream(AsyncNumbers(0))
    ) as merged:
        found = [one async for one in merged]
    assert sorted(found) == sorted([*range(1, 501), 1, 2, 3])


async def test_each_in_its_order_with_its_name() -> None:
    streams = {"a": stream(AsyncNumbers(100)), "b": stream(AsyncNumbers(50))}
    async with AsyncStream.merge_named(streams) as merged:
        found = [one async for one in merged]
    assert [value for name, value in found if name == "a"] == list(range(1, 101))
    assert [value for name, value in found if name == "b"] == list(range(1, 51))


async def test_none_is_an_end() -> None:
    nothing: AsyncStream[int] = AsyncStream.merge()
    assert [one async for one in nothing] == []


async def test_an_error_comes_after_what_came_before_and_ends_all() -> None:
    silence, failing = AsyncSilence(), AsyncNumbers(3, ProtocolError("cut short"))
    merged = AsyncStream.merge(stream(failing), stream(silence))
    assert [await merged.__anext__() for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ProtocolError, match="cut short"):
        await merged.__anext__()
    assert failing.closed
    await merged.close()


async def test_a_slow_reader_is_waited_for() -> None:
    numbers = AsyncNumbers(10_000)
    async with AsyncStream.merge(stream(numbers)) as merged:
        assert await merged.__anext__() == 1
        await pause(0.3)
        assert numbers.read < 50
        assert await merged.__anext__() == 2
    assert numbers.closed


async def test_closing_wakes_the_reader() -> None:
    merged = AsyncStream.merge(stream(AsyncSilence()), stream(AsyncSilence()))
    reading = AsyncTask(merged.__anext__)
    await pause(0.1)
    await merged.close()
    with pytest.raises(ClosedError):
        await reading.result()


async def test_closing_what_was_never_read() -> None:
    numbers = AsyncNumbers(3)
    await AsyncStream.merge(stream(numbers)).close()
    assert numbers.closed
    assert numbers.read == 0
