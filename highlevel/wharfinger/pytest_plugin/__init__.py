"""The pytest plugin: containers, networks and images for tests, which are gone when the tests are done.

pytest loads this module in every run of every project that has the library installed: all that it needs is imported by
the fixtures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from wharfinger import AsyncDockerClient, AsyncPodmanClient, DockerClient, PodmanClient
    from wharfinger.pytest_plugin.factories import ContainerFactory, ImageFactory, NetworkFactory
    from wharfinger.pytest_plugin.run import Run

_FAILED: pytest.StashKey[bool] = pytest.StashKey()
# What a test has made, or all of them together, for the report of its failure.
_MADE: pytest.StashKey[ContainerFactory] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tells pytest of our options."""
    group = parser.getgroup("containers", "containers (wharfinger)")
    group.addoption(
        "--container-engine",
        metavar="URL",
        help="the engine that tests use, such as unix:///run/docker.sock; found by wharfinger.connect() unless given",
    )
    group.addoption(
        "--keep-containers",
        action="store_true",
        help="keep the containers and networks of tests that fail; the report names them",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Puts what a failed test's containers wrote into its report."""
    report = yield
    if call.when == "setup":
        # Unless it fails, too: the item may be run again after a failure.
        item.stash[_FAILED] = False
    if report.failed and call.when != "teardown":
        item.stash[_FAILED] = True
        made = [item.stash.get(_MADE, None)]
        if "session_containers" in getattr(item, "fixturenames", ()):
            made.append(item.session.stash.get(_MADE, None))
        for factory in made:
            if factory is not None:
                report.sections.extend(factory.sections())
    return report


@pytest.fixture(scope="session")
def container_engine(pytestconfig: pytest.Config) -> Iterator[DockerClient | PodmanClient]:
    """A client of the engine that --container-engine names, or else that wharfinger.connect() finds."""
    import wharfinger

    with wharfinger.connect(pytestconfig.getoption("container_engine")) as client:
        yield client


@pytest.fixture
def async_container_engine(
    container_engine: DockerClient | PodmanClient,
) -> AsyncDockerClient | AsyncPodmanClient:
    """An async client of the same engine, not connected yet: use it in `async with`, which closes it."""
    import wharfinger

    address = container_engine.address
    assert address is not None  # noqa: S101 - it is connected
    if isinstance(container_engine, wharfinger.DockerClient):
        return wharfinger.AsyncDockerClient(address.url, tls=address.tls)
    return wharfinger.AsyncPodmanClient(address.url, tls=address.tls, identity=address.identity)


@pytest.fixture(scope="session")
def _container_run(
    pytestconfig: pytest.Config, container_engine: DockerClient | PodmanClient
) -> Iterator[Run]:
    from wharfinger.pytest_plugin.run import Run

    worker: dict[str, Any] = getattr(pytestconfig, "workerinput", {})
    with Run(
        container_engine,
        session=worker.get("testrunuid"),
        worker=worker.get("workerid"),
        keep=bool(pytestconfig.getoption("keep_containers")),
    ) as run:
        yield run


@pytest.fixture
def containers(
    request: pytest.FixtureRequest,
    _container_run: Run,
    container_networks: NetworkFactory,  # noqa: ARG001 - so that the containers leave the networks first
) -> Iterator[ContainerFactory]:
    """Makes containers, which are removed after the test."""
    made = _container_run.containers(request.node.nodeid)
    request.node.stash[_MADE] = made
    yield made
    made.close(failed=request.node.stash.get(_FAILED, False))


@pytest.fixture(scope="session")
def session_containers(request: pytest.FixtureRequest, _container_run: Run) -> Iterator[ContainerFactory]:
    """Makes containers, which are removed after all tests."""
    made = _container_run.containers("")
    request.session.stash[_MADE] = made
    yield made
    made.close(failed=bool(request.session.testsfailed))


@pytest.fixture
def container_networks(request: pytest.FixtureRequest, _container_run: Run) -> Iterator[NetworkFactory]:
    """Makes networks, which are removed after the test."""
    made = _container_run.networks(request.node.nodeid)
    yield made
    made.close(failed=request.node.stash.get(_FAILED, False))


@pytest.fixture(scope="session")
def container_images(_container_run: Run) -> ImageFactory:
    """Pulls images that are missing, and builds others, which are removed after all tests if they have no name."""
    return _container_run.images()
