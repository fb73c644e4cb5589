"""An engine of a test's own, which the test may restart."""

import contextlib
import secrets
import tempfile
from collections.abc import Generator
from pathlib import Path

from tests.engines.harness import Engine, processes
from tests.engines.harness.docker import DockerService
from tests.engines.harness.engine import EngineName
from tests.engines.harness.podman import PodmanService


class Restartable:
    """A running engine.

    Args:
        service: What started it.
        engine: The engine.
    """

    def __init__(self, service: DockerService | PodmanService, engine: Engine) -> None:
        self._service = service
        self.engine = engine

    def restart(self) -> None:
        """End it while its containers go on, and start it again."""
        self._service.restart()


@contextlib.contextmanager
def restartable(name: EngineName) -> Generator[Restartable]:
    """An engine whose containers go on while it is away."""
    token = secrets.token_hex(4)
    # Paths of unix sockets are limited: pytest's temporary folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="whr-"))
    service = (
        DockerService(folder / name, f"whd-{token}", live_restore=True)
        if name == "docker"
        else PodmanService(folder / name, f"whp-{token}")
    )
    try:
        yield Restartable(service, service.start())
    finally:
        service.stop()
        processes.end_all_of(folder)
        processes.remove_folder(folder)
