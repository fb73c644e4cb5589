"""What the transport's tests need in pairs; its twin is tests/_async/_primitives.py."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Task:
    """Something that goes on beside the test."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._future: Future[Any] = Future()
        self._thread = threading.Thread(target=self._run, args=(function, *arguments), daemon=True)
        self._thread.start()

    def _run(self, function: Callable[..., Any], *arguments: Any) -> None:
        try:
            self._future.set_result(function(*arguments))
        except BaseException as fault:  # noqa: BLE001 - result() raises it
            self._future.set_exception(fault)

    def result(self, timeout: float = 5.0) -> Any:
        """Its result, or what it raised."""
        found = self._future.exception(timeout)
        self._thread.join(timeout)
        if found is not None:
            raise found
        return self._future.result()


def happened(event: threading.Event, timeout: float = 5.0) -> None:
    """Wait for something in the fake engine's thread."""
    assert event.wait(timeout)


def pause(seconds: float) -> None:
    time.sleep(seconds)
