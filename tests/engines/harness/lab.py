"""One private set of engines and registries: started when asked for, taken down together."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.engines.harness import processes
from tests.engines.harness.cluster import Cluster
from tests.engines.harness.docker import DockerService, docker_cli
from tests.engines.harness.engine import Engine, EngineName, answers_ping, base_environment, describe
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.images import ensure_loaded
from tests.engines.harness.network import free_port
from tests.engines.harness.podman import PodmanService, podman_cli
from tests.engines.harness.provision import ensure_programs
from tests.engines.harness.registry import PASSWORD, USERNAME, Registry, RegistryService
from tests.engines.harness.suites import Machine, SuiteRoot

VARIABLE_OF_ENGINE: Mapping[EngineName, str] = {
    "docker": "WHARFINGER_TEST_DOCKER",
    "podman": "WHARFINGER_TEST_PODMAN",
}
SUITE_VARIABLE = "WHARFINGER_TEST_SUITE"
REGISTRY_VARIABLE = "WHARFINGER_TEST_REGISTRY"
LOGIN_REGISTRY_VARIABLE = "WHARFINGER_TEST_LOGIN_REGISTRY"
ENGINE_VARIABLES = (*VARIABLE_OF_ENGINE.values(), REGISTRY_VARIABLE, LOGIN_REGISTRY_VARIABLE)

_PREFIX = "whf-"
_MARK = "lab.json"


class Lab:
    """Engines and registries in one folder, each started on first use unless a running one is named.

    Args:
        folder: where everything is kept; a new temporary folder by default. It is deleted by `close`.
        environment: where the WHARFINGER_TEST_* variables are looked up; without them all is our own, and of this
            machine's release.
    """

    def __init__(self, folder: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._folder = folder
        self._made = False
        self.token = secrets.token_hex(4)
        self._stack = contextlib.ExitStack()
        self._machine: SuiteRoot | None = None
        self._engines: dict[EngineName, Engine] = {}
        self._registries: dict[bool, Registry] = {}
        # Podman is told of the registries when it starts, so their ports are chosen before.
        self._hosts = {
            False: self._environment.get(REGISTRY_VARIABLE) or f"127.0.0.1:{free_port()}",
            True: self._environment.get(LOGIN_REGISTRY_VARIABLE) or f"127.0.0.1:{free_port()}",
        }

    @property
    def folder(self) -> Path | None:
        """The folder, once something of our own was started."""
        return self._folder if self._made else None

    def engine(self, name: EngineName) -> Engine:
        """The engine of that name, with the test image in it."""
        if name not in self._engines:
            named = self._environment.get(VARIABLE_OF_ENGINE[name])
            engine = self._attach(name, named) if named else self._start_engine(name)
            ensure_loaded(engine)
            self._engines[name] = engine
        return self._engines[name]

    def registry(self, *, with_login: bool = False) -> Registry:
        """The open registry, or the one that asks for a name and a password."""
        if with_login not in self._registries:
            variable = LOGIN_REGISTRY_VARIABLE if with_login else REGISTRY_VARIABLE
            if self._environment.get(variable):
                credentials = (USERNAME, PASSWORD) if with_login else (None, None)
                self._registries[with_login] = Registry(self._hosts[with_login], *credentials)
            else:
                self._registries[with_login] = self._start_registry(with_login=with_login)
        return self._registries[with_login]

    def cluster(self, size: int) -> Cluster:
        """That many Dockers on a wire of their own, in no swarm yet; each call makes others."""
        folder = self._prepared_folder()
        made = Cluster(folder / f"cluster{len(list(folder.glob('cluster*')))}", size, self._machine)
        self._stack.callback(made.stop)
        made.start()
        return made

    def close(self) -> None:
        """End every process of ours, unmount, and delete the folder; nothing happens the second time."""
        self._engines.clear()
        self._registries.clear()
        self._stack.close()

    def _attach(self, name: EngineName, named: str) -> Engine:
        socket = Path(named.removeprefix("unix://"))
        if not answers_ping(socket):
            raise HarnessError(
                f"{VARIABLE_OF_ENGINE[name]} is {named!r}, but no engine answers there. Start one with"
                " `python -m tests.engines.harness up`, or unset the variable."
            )
        command = docker_cli(socket) if name == "docker" else podman_cli(socket)
        home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="wharfinger-cli-"))
        return describe(name, socket, cli_command=command, cli_env=base_environment(Path(home)))

    def _start_engine(self, name: EngineName) -> Engine:
        folder = self._prepared_folder()
        service = _service(name, folder, self.token, list(self._hosts.values()), self._machine)
        try:
            engine = service.start()
        except BaseException:
            # Whoever asks next shall hear the same, and not of what this has left.
            service.stop()
            processes.remove_folder(folder / name)
            raise
        self._stack.callback(service.stop)
        return engine

    def _start_registry(self, *, with_login: bool) -> Registry:
        folder = self._prepared_folder() / ("login-registry" if with_login else "registry")
        service = RegistryService(folder, self._hosts[with_login], with_login=with_login)
        self._stack.callback(service.stop)
        return service.start()

    def _prepared_folder(self) -> Path:
        if self._made and self._folder is not None:
            return self._folder
        suite = self._environment.get(SUITE_VARIABLE)
        ensure_programs(other_releases=bool(suite))
        sweep()
        self._folder = _make_folder(self._folder, self.token)
        self._made = True
        self._stack.callback(_remove, self._folder)
        if suite:
            self._machine = SuiteRoot(suite, self._folder)
            self._stack.callback(self._machine.stop)
            self._machine.start()
        return self._folder


def sweep() -> None:
    """Take down what runs left behind that were killed before they could do so themselves."""
    for mark in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_MARK}"):
        if not _is_in_use(mark):
            _take_down(mark)


def _service(
    name: EngineName, folder: Path, token: str, registries: list[str], machine: Machine | None = None
) -> DockerService | PodmanService:
    if name == "docker":
        return DockerService(folder / "docker", f"whd-{token}", machine)
    return PodmanService(folder / "podman", f"whp-{token}", registries, machine)


def _make_folder(wanted: Path | None, token: str) -> Path:
    # Paths of unix sockets and of Podman's run folder are limited: pytest's temporary folders are too deep.
    folder = wanted or Path(tempfile.mkdtemp(prefix=_PREFIX))
    mark = folder / _MARK
    if mark.exists():
        if _is_in_use(mark):
            raise HarnessError(
                f"{folder} is in use by process {_read(mark)['pid']}; name another folder or end it."
            )
        _take_down(mark)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise HarnessError(
            f"{folder} is not empty and not a folder of engines; name a new or an empty folder."
        )
    pid = os.getpid()
    mark.write_text(json.dumps({"pid": pid, "started": processes.start_time(pid), "token": token}))
    return folder


def _is_in_use(mark: Path) -> bool:
    owner = _read(mark)
    return processes.start_time(int(owner["pid"])) == owner["started"]


def _read(mark: Path) -> dict[str, str | int]:
    try:
        found: dict[str, str | int] = json.loads(mark.read_text())
    except (OSError, ValueError) as error:
        raise HarnessError(f"{mark} cannot be read ({error}); delete {mark.parent} by hand.") from error
    return found


def _take_down(mark: Path) -> None:
    token = str(_read(mark)["token"])
    for name in VARIABLE_OF_ENGINE:
        if (mark.parent / name).exists():
            _service(name, mark.parent, token, []).stop()
    _remove(mark.parent)


def _remove(folder: Path) -> None:
    processes.end_all_of(folder)
    processes.remove_folder(folder)
