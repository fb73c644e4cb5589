"""The pytest plugin, in runs of pytest of its own on real engines."""

import json
import os
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import wharfinger
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope
from wharfinger.pytest_plugin.owner import has_ended, mark_of
from wharfinger.pytest_plugin.run import OWNER, Run

ROOT = Path(__file__).resolve().parents[2]
Inner = Callable[..., pytest.RunResult]


@pytest.fixture
def scope(engine: Engine) -> Iterator[Scope]:
    """Names for what the test makes on the engine, which is removed afterwards."""
    with Scope(engine) as made:
        yield made


@pytest.fixture
def client(engine: Engine) -> Iterator[wharfinger.DockerClient | wharfinger.PodmanClient]:
    with wharfinger.connect(engine.url) as made:
        yield made


@pytest.fixture
def inner(engine: Engine, scope: Scope, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Inner:
    """Runs pytest on a text of tests, with the plugin alone, whether it is installed here or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(text: str, *arguments: str) -> pytest.RunResult:
        mine = {"network_mode": "none", "labels": scope.labels}
        head = f"from pathlib import Path\nIMAGE = {TEST_IMAGE!r}\nMINE = {mine!r}\n"
        pytester.makepyfile(test_inner=head + text)
        plugin = ["-p", "wharfinger.pytest_plugin", "--container-engine", engine.url]
        return pytester.runpytest_subprocess("-W", "error", *plugin, *arguments, timeout=100)

    return run


READY = """
import re

def test_it(containers, container_networks, container_engine):
    net = container_networks.create(labels={"a": "b"})
    box = containers.run(
        IMAGE,
        ["sh", "-c", "echo begun; exec nc -l -p 7000"],
        network=net.name,
        labels=["mine=1"],
        wait_for_log=re.compile("^begun$"),
        wait_for_port=7000,
    )
    assert (box.status, box.labels["mine"], box.labels["wharfinger.pytest.worker"]) == ("running", "1", "main")
    assert box.labels["wharfinger.pytest.test"] == "test_inner.py::test_it"
    idle = containers.create(IMAGE, **MINE)
    assert idle.status == "created"
    Path("made").write_text(f"{box.id} {idle.id} {net.name}")

def test_after_it(container_engine):
    *boxes, net = Path("made").read_text().split()
    assert not any(container_engine.containers.exists(one) for one in boxes)
    assert not container_engine.networks.exists(net)
"""


def test_made_ready_and_gone(inner: Inner) -> None:
    inner(READY).assert_outcomes(passed=2)


def test_ready_when_it_is_healthy(inner: Inner, scope: Scope, engine: Engine) -> None:
    name = scope.name()
    text = f"""
def test_it(containers):
    health = dict(health_cmd="true", health_interval=1, wait_healthy=True)
    assert containers.run(IMAGE, "sleep 300", name={name!r}, **health, **MINE).health == "healthy"
"""
    over = threading.Event()

    def check() -> None:
        # This Podman has no systemd, which looks after its checks.
        while not over.wait(0.2):
            engine.cli("healthcheck", "run", name, check=False)

    checks = threading.Thread(target=check)
    if engine.name == "podman":
        checks.start()
    try:
        inner(text).assert_outcomes(passed=1)
    finally:
        over.set()
        if engine.name == "podman":
            checks.join()


FAILING = """
import pytest

@pytest.fixture(scope="session")
def shared(session_containers):
    return session_containers.run(IMAGE, ["sh", "-c", "echo shared words; sleep 300"], wait_for_log="words", **MINE)

@pytest.fixture
def never(containers):
    return containers.run(IMAGE, ["sh", "-c", "echo words of setup; exit 3"], wait_for_log="never", **MINE)

def test_call(containers, shared):
    containers.run(IMAGE, ["sh", "-c", "echo words of call; sleep 300"], wait_for_log="words", **MINE)
    assert shared.id == 1

def test_setup(never):
    pass

def test_fine(containers):
    containers.run(IMAGE, ["sh", "-c", "echo words of success; sleep 300"], wait_for_log="words", **MINE)
"""


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "xdist"])
def test_logs_are_in_the_report_of_a_failure(inner: Inner, scope: Scope, arguments: tuple[str, ...]) -> None:
    done = inner(FAILING, *arguments)
    done.assert_outcomes(passed=1, failed=1, errors=1)
    told = done.stdout.str()
    assert f"of {TEST_IMAGE}: running -" in told
    assert f"of {TEST_IMAGE}: exited 3 -" in told
    assert all(f"\nwords of {part}\n" in told for part in ("call", "setup"))
    assert "\nshared words\n" in told
    assert "\nwords of success\n" not in told
    assert scope.containers() == []


ANY = """
def test_it(containers):
    pass
"""


def test_keeping_those_of_failed_tests(inner: Inner, scope: Scope) -> None:
    done = inner(FAILING, "--keep-containers", "-k", "setup or fine")
    done.assert_outcomes(passed=1, errors=1)
    (kept,) = scope.containers()
    name = scope.inspect(kept)["Name"].removeprefix("/")
    assert f"container {name} of {TEST_IMAGE}: exited 3, kept -" in done.stdout.str()
    # Nobody clears it up behind one's back.
    inner(ANY).assert_outcomes(passed=1)
    assert scope.containers() == [kept]


def test_a_network_is_kept_with_its_container(inner: Inner, scope: Scope, engine: Engine) -> None:
    name = scope.network()
    text = f"""
def test_it(containers, container_networks):
    network = container_networks.create({name!r})
    containers.create(IMAGE, network={name!r}, labels=MINE["labels"])
    assert not network
"""
    inner(text, "--keep-containers").assert_outcomes(failed=1)
    assert len(scope.containers()) == 1
    assert engine.cli("network", "inspect", name).returncode == 0


KILLED = """
import os
import signal

def test_it(containers, container_networks, container_images):
    container_networks.create(NETWORK)
    containers.run(IMAGE, "sleep 300", **MINE)
    image = container_images.build(fileobj=f"FROM {IMAGE}\\nENV a=b\\n")
    Path("image").write_text(image.id)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_leaves(inner: Inner, scope: Scope, engine: Engine, client: Any) -> None:
    network = scope.network()
    inner(f"NETWORK = {network!r}\n{KILLED}")
    (left,) = scope.containers()
    image = Path("image").read_text()
    mine = Run(client, session=None, worker=None, keep=False)
    # Of a process that is running, and of one of another machine.
    running = mine.containers("").create(TEST_IMAGE, network_mode="none", labels=scope.labels)
    marks = {OWNER: f"other-boot{mine.owner[mine.owner.index('/') :]}", **scope.labels}
    other = client.containers.create(TEST_IMAGE, network_mode="none", labels=marks)
    inner(ANY).assert_outcomes(passed=1)
    assert set(scope.containers()) == {running.id, other.id}
    assert left not in scope.containers()
    assert engine.cli("network", "inspect", network, check=False).returncode
    assert engine.cli("image", "inspect", image, check=False).returncode


def test_a_worker_removes_its_own_only(scope: Scope, client: Any) -> None:
    one, two = (Run(client, session=scope.token, worker=f"gw{number}", keep=False) for number in (0, 1))
    made = [
        run.containers("").create(TEST_IMAGE, network_mode="none", labels=scope.labels) for run in (one, two)
    ]
    nets = [run.networks("").create(scope.network(run.worker)) for run in (one, two)]
    with one:
        pass
    assert scope.containers() == [made[1].id]
    assert [client.networks.exists(net.name) for net in nets] == [False, True]
    two.close()
    assert scope.containers() == []
    assert not client.networks.exists(nets[1].name)


IMAGES = """
def test_it(container_images, containers, container_engine):
    text = f"FROM {IMAGE}\\nENV made={TOKEN}\\n"
    loose = container_images.build(fileobj=text, labels={"a": "b"})
    named = container_images.build(fileobj=text, tag=TAG)
    assert named.tags == [TAG] or TAG in named.tags
    assert loose.labels["a"] == "b"
    assert container_images.pull(IMAGE).id == container_engine.images.get(IMAGE).id
    box = containers.run(loose.id, "env", **MINE)
    assert "wharfinger.pytest.image-owner" in loose.labels
    Path("loose").write_text(loose.tags[0])
"""


def test_images(inner: Inner, scope: Scope, engine: Engine) -> None:
    tag = scope.image()
    inner(f"TAG = {tag!r}; TOKEN = {scope.token!r}\n{IMAGES}").assert_outcomes(passed=1)
    assert engine.cli("image", "inspect", tag).returncode == 0
    assert engine.cli("image", "inspect", Path("loose").read_text(), check=False).returncode


def test_an_image_that_is_missing_is_pulled(
    inner: Inner, scope: Scope, registry: Any, engine: Engine
) -> None:
    name = scope.also_remove(registry.image)
    engine.cli("rmi", name, check=False)
    text = f"""
def test_it(containers, container_images):
    assert containers.run({name!r}, "true", **MINE).image
    assert container_images.pull({name!r}, always=True).tags
"""
    inner(text).assert_outcomes(passed=1)


MORE = """
import asyncio

import pytest

def test_it_removes_some_itself(containers, container_networks):
    containers.run(IMAGE, "sleep 300", **MINE).remove(force=True)
    containers.run(IMAGE, "sleep 300", auto_remove=True, **MINE).kill()
    container_networks.create().remove()

def test_async(container_engine, async_container_engine):
    async def ask():
        async with async_container_engine as client:
            return await client.version()
    assert type(async_container_engine).__name__ == "Async" + type(container_engine).__name__
    assert asyncio.run(ask()) == container_engine.version()

def test_what_cannot_be(containers, container_networks, container_images):
    with pytest.raises(TypeError, match="labels"):
        containers.run(IMAGE, labels=3)
    with pytest.raises(TypeError, match="speed"):
        containers.create(IMAGE, speed=3)
    with pytest.raises(TypeError, match="labels"):
        container_networks.create(labels=3)
    with pytest.raises(TypeError, match="speed"):
        container_images.build(fileobj="FROM a", speed=3)
    with pytest.raises(ValueError, match="port"):
        containers.run(IMAGE, "sleep 300", wait_for_port="80/udp", **MINE)
"""


def test_more(inner: Inner, scope: Scope) -> None:
    inner(MORE).assert_outcomes(passed=3)
    assert scope.containers() == []


def test_no_engine(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("def test_it(containers): pass")
    done = pytester.runpytest_subprocess(
        "-p", "wharfinger.pytest_plugin", "--container-engine", "unix:///nowhere.sock", timeout=60
    )
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*EngineUnreachable: no engine answered at unix:///nowhere.sock*"])


def test_pytest_finds_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its entry point, where it is installed."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    (info := pytester.path / "site/wharfinger-0.dist-info").mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wharfinger\nVersion: 0\n")
    lines = [f"{name} = {value}" for name, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines]))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(info.parent), *sys.path]))
    done = pytester.runpytest_subprocess("--fixtures", timeout=60)
    for name in (
        "containers",
        "container_engine",
        "container_images",
        "container_networks",
        "session_containers",
    ):
        done.stdout.fnmatch_lines([f"{name}*pytest_plugin/__init__.py*"])


def test_it_costs_little_where_it_is_not_used() -> None:
    steps = """
import json, sys, pytest
before = set(sys.modules)
import wharfinger.pytest_plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-c", steps], capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == ["wharfinger", "wharfinger.pytest_plugin"]


def test_whether_a_process_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        mark = mark_of(other.pid)
        assert not has_ended(mark)
        boot, namespace, pid, began = mark.split("/")
        assert (pid, len({mark, mark_of(os.getpid())})) == (str(other.pid), 2)
        # Its number was given to another since.
        assert has_ended(f"{boot}/{namespace}/{pid}/{int(began) - 1}")
        other.communicate(b"\n")
    assert has_ended(mark)
    assert mark_of(other.pid) == ""
    for unsure in (
        "",
        "x",
        f"other/{namespace}/{pid}/{began}",
        f"{boot}/1/{pid}/{began}",
        f"{boot}/{namespace}/x/1",
    ):
        assert not has_ended(unsure)
