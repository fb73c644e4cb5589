"""What the transport's tests need in pairs; its twin is tests/_sync/_primitives.py."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any


class AsyncTask:
    """Something that goes on beside the test."""

    def __init__(self, function: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        async def run() -> Any:
            return await function(*arguments)

        self._task = asyncio.create_task(run())

    async def result(self, timeout: float = 5.0) -> Any:
        """Its result, or what it raised."""
        return await asyncio.wait_for(asyncio.shield(self._task), timeout)


async def happened(event: threading.Event, timeout: float = 5.0) -> None:
    """Wait for something in the fake engine's thread."""
    assert await asyncio.to_thread(event.wait, timeout)


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)
