"""Runs the tests that are coroutines, each in an event loop of its own.

Written by hand, as its twin tests/_sync/conftest.py: what the tests of both colours need otherwise than by name.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    wanted = {name: pyfuncitem.funcargs[name] for name in names}
    asyncio.run(pyfuncitem.obj(**wanted))
    return True


@pytest.fixture(scope="session")
def box(engine: Engine) -> Iterator[str]:
    """A container that runs for as long as the tests do, for those that leave it as it was."""
    with Scope(engine) as made:
        yield made.run(TEST_IMAGE, "sleep", "3000")


@pytest.fixture
def scope(engine: Engine) -> Iterator[Scope]:
    """Names for what the test makes on the engine, which is removed afterwards."""
    with Scope(engine) as made:
        yield made


async def calling(operation: ModuleType, **arguments: Any) -> Any:
    """Call a generated operation in this colour."""
    return await operation.asyncio(**arguments)


class AsyncInterruption:
    """Interrupts something in the way of this colour: here by cancelling its task."""

    raised = asyncio.CancelledError

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def now(self) -> None:
        """Interrupt it; from any thread."""
        self._loop.call_soon_threadsafe(self._asked.set)

    async def during(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do it, and make sure that it is interrupted."""

        async def run() -> None:
            await work()

        task = asyncio.create_task(run())
        asked = asyncio.create_task(self._asked.wait())
        done, _ = await asyncio.wait([task, asked], return_when=asyncio.FIRST_COMPLETED)
        if task in done:
            asked.cancel()
            pytest.fail(f"ended before it was interrupted: {task!r}")
        task.cancel()
        with pytest.raises(self.raised):
            await task


def beside(work: Callable[[], Coroutine[Any, Any, Any]]) -> "asyncio.Task[Any]":
    """Begin something beside the test."""
    return asyncio.create_task(work())
