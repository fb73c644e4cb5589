"""Fixtures for every test: real engines, the test image, registries. All start on first use."""

import atexit
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType

import pytest
from hypothesis import HealthCheck, settings

from tests.engines.harness import TEST_IMAGE, Engine, Lab, Registry
from tests.engines.harness.lab import ENGINE_VARIABLES
from tests.engines.harness.own_network import enter_own_network

pytest_plugins = ["tests.live_swarm"]
# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
ENGINES = ("engine", "docker_engine", "podman_engine", "swarm_engine", "lonely", "keeper")


def pytest_configure(config: pytest.Config) -> None:
    """A run, and each worker of one, has a network of its own, unless engines are named that have not."""
    starts_others = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if not starts_others and not any(name in os.environ for name in ENGINE_VARIABLES):
        enter_own_network()
    _hear_signals()


def _hear_signals() -> None:
    """A run that is asked to end still takes its engines down: SIGTERM becomes what Ctrl-C is."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)
    # A shell starts what runs in its background deaf to Ctrl-C, which some tests send to themselves.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The engines and registries of this run."""
    made = Lab(environment=os.environ)
    atexit.register(made.close)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def told_engine(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[None]:
    """Reports tell on which engine a test ran."""
    yield
    item: pytest.Function = request.node
    found = next((item.funcargs[name] for name in ENGINES if name in item.funcargs), None)
    if isinstance(found, Engine):
        record_property("engine", f"{found.name} {found.version}")


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
def lonely_lab() -> Iterator[Lab]:
    """Engines that no other test uses, for what changes an engine as a whole."""
    made = Lab()
    atexit.register(made.close)
    yield made
    made.close()


@pytest.fixture(params=["docker", "podman"])
def lonely(request: pytest.FixtureRequest, lonely_lab: Lab) -> Engine:
    """Each of those in turn."""
    return lonely_lab.engine(request.param)


@pytest.fixture(params=["docker", "podman"])
def keeper(request: pytest.FixtureRequest, lonely_lab: Lab) -> Engine:
    """Each engine in turn, able to keep secrets: Docker as the manager of a swarm."""
    if request.param == "podman":
        return lonely_lab.engine("podman")
    manager: Engine = request.getfixturevalue("swarm_engine")
    return manager


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


@pytest.fixture
def modules_that_stay() -> Iterator[dict[str, ModuleType]]:
    """What shall be imported still after the test."""
    kept: dict[str, ModuleType] = {}
    yield kept
    sys.modules.update(kept)


@pytest.fixture
def pytester(
    modules_that_stay: dict[str, ModuleType], pytester: pytest.Pytester
) -> Iterator[pytest.Pytester]:
    """pytest's own, which forgets what was imported during a test: our classes must not be there twice."""
    yield pytester
    modules_that_stay.update(sys.modules)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
