"""What the tests of both colours need otherwise than by name; written by hand, as its twin tests/_async/conftest.py."""

import signal
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope


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


def calling(operation: ModuleType, **arguments: Any) -> Any:
    """Call a generated operation in this colour."""
    return operation.sync(**arguments)


class Interruption:
    """Interrupts something in the way of this colour: here as Ctrl-C does."""

    raised = KeyboardInterrupt

    def now(self) -> None:
        """Interrupt it; from any thread."""
        # To the main thread, which may be waiting in the system; any other would get it without waking that one.
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)

    def during(self, work: Callable[[], Any]) -> None:
        """Do it, and make sure that it is interrupted."""
        with pytest.raises(self.raised):
            work()
