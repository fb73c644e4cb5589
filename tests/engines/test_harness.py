"""The harness itself: engines answer, containers run, and nothing is left when it is taken down."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.harness import Engine, HarnessError, Lab, Registry, images, processes
from tests.engines.harness.cluster import Cluster
from tests.engines.harness.engine import EngineName, request
from tests.engines.harness.lab import VARIABLE_OF_ENGINE

ROOT = Path(__file__).parents[2]


def test_ping_over_a_raw_socket(engine: Engine) -> None:
    reply = request(engine.socket, "GET", "/_ping")
    assert (reply.status, reply.body) == (200, b"OK")
    assert reply.headers["api-version"] == engine.api_version
    assert reply.headers.get("libpod-api-version") == engine.libpod_version


def test_image_has_the_id_that_was_built(engine: Engine, image: str) -> None:
    shown = engine.cli("image", "inspect", "--format", "{{.Id}}", image).stdout.strip()
    assert shown.removeprefix("sha256:") == images.test_image().id.removeprefix("sha256:")


def test_container_runs_with_output_and_exit_code(engine: Engine, image: str) -> None:
    done = engine.cli("run", "--rm", image, "sh", "-c", "echo out; echo err >&2; exit 3", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")


def test_failing_command_shows_both_outputs(engine: Engine, image: str) -> None:
    with pytest.raises(HarnessError, match=r"ended with 7:\nseen\nalso seen"):
        engine.cli("run", "--rm", image, "sh", "-c", "echo seen; echo also seen >&2; exit 7")


@pytest.fixture
def web_container(engine: Engine, image: str) -> Iterator[str]:
    serve = "echo hi >/srv/index.html; exec httpd -f -p 8080 -h /srv"
    started = engine.cli("run", "--detach", "--publish", "127.0.0.1::8080", image, "sh", "-c", serve)
    identifier = started.stdout.strip()
    yield identifier
    engine.cli("kill", identifier)
    engine.cli("rm", identifier)


def test_published_port_is_reachable(engine: Engine, image: str, web_container: str) -> None:
    address = engine.cli("port", web_container, "8080").stdout.split()[0]
    fetch = f"for i in $(seq 50); do wget -q -O - http://{address}/ && exit; sleep 0.1; done; exit 1"
    done = engine.cli("run", "--rm", "--network", "host", image, "sh", "-c", fetch)
    assert done.stdout == "hi\n"


def test_containers_reach_each_other_by_name(engine: Engine, image: str, web_container: str) -> None:
    network = engine.cli("network", "create", "harness-names").stdout.strip()
    try:
        engine.cli("network", "connect", "--alias", "web", network, web_container)
        done = engine.cli("run", "--rm", "--network", network, image, "wget", "-qO-", "http://web:8080/")
        assert done.stdout == "hi\n"
        engine.cli("network", "disconnect", network, web_container)
    finally:
        engine.cli("network", "rm", network)


def test_pull_from_the_registry(engine: Engine, registry: Registry) -> None:
    engine.cli("pull", registry.image)
    engine.cli("rmi", registry.image)


def test_login_registry_refuses_strangers(engine: Engine, login_registry: Registry) -> None:
    stranger = Registry(login_registry.host)
    assert stranger.request("GET", "/v2/")[0] == 401
    assert login_registry.request("GET", "/v2/")[0] == 200
    assert engine.cli("pull", login_registry.image, check=False).returncode != 0


def test_login_is_not_shown(login_registry: Registry) -> None:
    assert login_registry.password
    assert login_registry.password not in repr(login_registry)


@pytest.mark.parametrize("name", ["docker", "podman"])
def test_closing_leaves_nothing(name: EngineName) -> None:
    with_everything = Lab()
    try:
        engine = with_everything.engine(name)
        folder = with_everything.folder
        assert folder is not None
        engine.cli("run", "--detach", images.TEST_IMAGE, "sleep", "1000")
        assert len(processes.belonging_to(folder)) > 2
        assert processes.mounts_below(folder)
    finally:
        with_everything.close()
    assert not folder.exists()
    assert processes.belonging_to(folder) == []
    assert processes.mounts_below(folder) == []
    assert not [
        link.name
        for link in Path("/sys/class/net").iterdir()
        if link.name.endswith(f"-{with_everything.token}")
    ]


def keepers() -> set[str]:
    """The processes of this one's that keep namespaces."""
    entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return {
        entry.name for entry in entries if _told(entry / "cmdline") == "sleep\0infinity\0" and _is_ours(entry)
    }


def _told(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""


def _is_ours(process: Path) -> bool:
    return f"\nPPid:\t{os.getpid()}\n" in _told(process / "status")


def test_a_cluster_leaves_nothing() -> None:
    before = keepers()
    lab = Lab()
    try:
        cluster = lab.cluster(2)
        folder = lab.folder
        assert folder is not None
        first, second = cluster.nodes
        ours = keepers() - before
        assert len(ours) == 3
        for node in cluster.nodes:
            node.engine.cli("run", "--detach", images.TEST_IMAGE, "sleep", "1000")
            assert node.engine.cli("info", "--format", "{{.Name}}").stdout.strip() == node.name
        reached = ["run", "--rm", "--network=host", images.TEST_IMAGE, "ping", "-c1", "-w5", second.address]
        assert "1 packets received" in first.engine.cli(*reached).stdout
        second.crash()
        assert processes.belonging_to(folder / "cluster0" / "2") == []
        assert first.engine.cli(*reached[:-1], first.address).returncode == 0
    finally:
        lab.close()
    assert not folder.exists()
    assert keepers() & ours == set()
    # Others come and go meanwhile, which a walk takes as it finds it.
    groups = {name for _, names, _ in os.walk("/sys/fs/cgroup") for name in names}
    assert not groups & {f"whn-{pid}" for pid in ours}


def test_a_cluster_that_cannot_start_leaves_nothing(tmp_path: Path) -> None:
    before = keepers()
    cluster = Cluster(tmp_path / "cluster", 2, _Broken())
    with pytest.raises(HarnessError, match="dockerd ended with 3"):
        cluster.start()
    assert keepers() - before == set()


class _Broken:
    """A machine whose programs do not start."""

    def command(self, name: str, *arguments: str) -> list[str]:
        return ["sh", "-c", "exit 3", name, *arguments]


_OWNER = """
import pathlib, signal, sys
from tests.engines.harness import Lab, TEST_IMAGE
lab = Lab(pathlib.Path(sys.argv[1]))
lab.engine("podman").cli("run", "--detach", TEST_IMAGE, "sleep", "1000")
print("up", flush=True)
signal.pause()
"""


def test_folder_of_a_killed_run_is_taken_over(short_folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(short_folder)], cwd=ROOT, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"up\n"
        with pytest.raises(HarnessError, match=f"in use by process {owner.pid}"):
            Lab(short_folder).engine("podman")
        owner.kill()
    left = processes.belonging_to(short_folder)
    assert left, "the container's conmon outlives a killed owner"
    successor = Lab(short_folder)
    try:
        assert successor.engine("podman").cli("ps", "--quiet").stdout == ""
        assert not set(left) & set(processes.belonging_to(short_folder))
    finally:
        successor.close()
    assert not short_folder.exists()


@pytest.fixture
def short_folder() -> Path:
    # pytest's own temporary folders are too deep for unix sockets.
    return Path(f"/tmp/whf-test-{os.getpid()}")


def test_up_prints_exports_and_ends_on_sigterm(short_folder: Path) -> None:
    command = [sys.executable, "-m", "tests.engines.harness", "up", "--dir", str(short_folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as keeper:
        assert keeper.stdout is not None
        exports = [keeper.stdout.readline().removeprefix("export ").rstrip().partition("=") for _ in range(4)]
        environment = {name: value for name, _, value in exports}
        guest = Lab(environment=environment)
        assert {guest.engine(name).socket.parent.name for name in VARIABLE_OF_ENGINE} == {"docker", "podman"}
        assert guest.folder is None
        guest.close()
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(60) == 0
    assert not short_folder.exists()


def test_named_socket_without_an_engine_is_an_error(tmp_path: Path) -> None:
    lab = Lab(environment={"WHARFINGER_TEST_DOCKER": f"unix://{tmp_path}/none.sock"})
    with pytest.raises(HarnessError, match=r"WHARFINGER_TEST_DOCKER is .* no engine answers there"):
        lab.engine("docker")


def test_named_socket_of_the_other_engine_is_an_error(docker_engine: Engine) -> None:
    lab = Lab(environment={"WHARFINGER_TEST_PODMAN": docker_engine.url})
    with pytest.raises(HarnessError, match="is not podman"):
        lab.engine("podman")
    lab.close()


def test_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("data")
    with pytest.raises(HarnessError, match="not empty"):
        Lab(tmp_path).engine("podman")
    assert (tmp_path / "precious").read_text() == "data"


def test_service_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = processes.start(["sh", "-c", "echo cannot start >&2; exit 4"], log=log, environment=os.environ)
    with pytest.raises(HarnessError, match=r"(?s)ended with 4 while starting.*cannot start"):
        processes.await_ready("thing", process, lambda: False, log=log)


def test_service_that_stays_silent_is_an_error(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = processes.start(["sleep", "60"], log=log, environment=os.environ)
    try:
        with pytest.raises(HarnessError, match="did not answer within"):
            processes.await_ready("thing", process, lambda: False, log=log, seconds=0.1)
    finally:
        processes.stop(process)
    assert process.returncode == -signal.SIGTERM
