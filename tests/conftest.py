"""Fixtures for every test: real engines, the test image, registries. All start on first use."""

import atexit
import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from tests.engines.harness import TEST_IMAGE, Engine, Lab, Registry


def pytest_configure() -> None:
    """A run that is asked to end still takes its engines down: SIGTERM becomes what Ctrl-C is."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The engines and registries of this run."""
    made = Lab(environment=os.environ)
    atexit.register(made.close)
    yield made
    made.close()


@pytest.fixture(scope="session")
def docker_engine(lab: Lab) -> Engine:
    """A running Docker with the test image."""
    return lab.engine("docker")


@pytest.fixture(scope="session")
def podman_engine(lab: Lab) -> Engine:
    """A running Podman with the test image."""
    return lab.engine("podman")


@pytest.fixture(scope="session", params=["docker", "podman"])
def engine(request: pytest.FixtureRequest, lab: Lab) -> Engine:
    """Each engine in turn."""
    return lab.engine(request.param)


@pytest.fixture(scope="session")
def image() -> str:
    """The reference of the test image, in every engine that the other fixtures give."""
    return TEST_IMAGE


@pytest.fixture(scope="session")
def registry(lab: Lab) -> Registry:
    """A registry with an image to pull, known to both engines."""
    return lab.registry()


@pytest.fixture(scope="session")
def login_registry(lab: Lab) -> Registry:
    """A registry that asks for a name and a password."""
    return lab.registry(with_login=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
