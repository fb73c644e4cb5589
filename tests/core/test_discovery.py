"""Which engine is chosen: each rule, each pair of rules, and what is said when none can be followed."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import attrs
import pytest

from tests.core.discovery_machine import (
    HOME,
    JSON_PATH,
    address,
    connections,
    context_files,
    current_context,
    failure,
    machine,
)
from wharfinger._core.discovery import EmbeddedEngine, Found, choose
from wharfinger._core.discovery_search import Environment
from wharfinger.address import Engine, EngineAddress

# Each rule, with what makes it apply and the words it is told by.


@attrs.frozen
class Case:
    """A machine on which one rule applies."""

    rule: str
    url: str | None
    engine: Engine | None
    variables: Mapping[str, str] = attrs.field(factory=dict[str, str])
    files: Mapping[str, str] = attrs.field(factory=dict[str, str])
    listening: Sequence[str] = ()
    programs: Sequence[str] = ()


CASES = [
    Case("DOCKER_HOST", "tcp://dh:1", None, {"DOCKER_HOST": "tcp://dh:1"}),
    Case("CONTAINER_HOST", "tcp://ch:1", "podman", {"CONTAINER_HOST": "tcp://ch:1"}),
    Case(
        "podman connection 'named' (CONTAINER_CONNECTION)",
        "tcp://named:1",
        "podman",
        {"CONTAINER_CONNECTION": "named"},
        connections(None, named="tcp://named:1", usual="tcp://usual:1"),
    ),
    Case(
        "docker context 'work' (DOCKER_CONTEXT)",
        "tcp://work:1",
        None,
        {"DOCKER_CONTEXT": "work"},
        context_files("work", "tcp://work:1"),
    ),
    Case(
        f"docker context 'daily' (currentContext of {HOME}/.docker/config.json)",
        "tcp://daily:1",
        None,
        {},
        {**current_context("daily"), **context_files("daily", "tcp://daily:1")},
    ),
    Case(
        "podman connection 'usual' (the default)",
        "tcp://usual:1",
        "podman",
        {},
        connections("usual", named="tcp://named:1", usual="tcp://usual:1"),
    ),
    Case(
        "well-known socket of rootless Docker",
        "unix:///run/user/1000/docker.sock",
        "docker",
        listening=["/run/user/1000/docker.sock"],
    ),
    Case(
        "well-known socket of Docker", "unix:///var/run/docker.sock", None, listening=["/var/run/docker.sock"]
    ),
    Case(
        "well-known socket of rootless Podman",
        "unix:///run/user/1000/podman/podman.sock",
        "podman",
        listening=["/run/user/1000/podman/podman.sock"],
    ),
    Case(
        "well-known socket of Podman",
        "unix:///run/podman/podman.sock",
        "podman",
        listening=["/run/podman/podman.sock"],
    ),
    Case("embedded engine", None, None, programs=["podman"]),
]


def on(*cases: Case) -> Environment:
    """A machine on which several rules apply."""
    variables: dict[str, str] = {}
    files: dict[str, str] = {}
    for case in cases:
        variables |= case.variables
        files |= case.files
    listening = [path for case in cases for path in case.listening]
    return machine(
        variables, files=files, listening=listening, programs=[p for c in cases for p in c.programs]
    )


def check(found: Found, case: Case) -> None:
    assert found.rule == case.rule
    if isinstance(found, EngineAddress):
        assert (found.url, found.engine) == (case.url, case.engine)
    else:
        assert found == EmbeddedEngine("/usr/bin/podman")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_alone(case: Case) -> None:
    check(choose(on(case)), case)


@pytest.mark.parametrize(
    ("first", "second"), list(combinations(CASES, 2)), ids=lambda case: case.rule.split(" (")[0]
)
def test_of_two_rules_the_earlier_wins(first: Case, second: Case) -> None:
    # Two connections files would be one file; the fuller one serves both.
    check(choose(on(first, second)), first)


def test_empty_variables_are_unset() -> None:
    names = ["DOCKER_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION", "DOCKER_CONTEXT", "DOCKER_CONFIG"]
    environment = machine(dict.fromkeys(names, ""), listening=["/var/run/docker.sock"])
    assert choose(environment).rule == "well-known socket of Docker"


# What restricts the search to one engine.


def test_docker_alone_has_no_podman_rules() -> None:
    everything = on(*CASES)
    variables = {**everything.variables, "DOCKER_HOST": "", "DOCKER_CONTEXT": ""}
    files = connections("usual", usual="tcp://usual:1")
    environment = machine(
        {**variables, "CONTAINER_HOST": "tcp://ch:1"},
        files=files,
        listening=["/run/podman/podman.sock"],
        programs=["podman"],
    )
    error = failure(environment, "docker")
    assert {what for what, _ in error.tried if "odman" in what or "CONTAINER" in what} == set()
    assert "DOCKER_HOST" in error.hint
    assert "CONTAINER_HOST" not in error.hint


def test_podman_alone_has_no_docker_rules() -> None:
    files = {**current_context("daily"), **context_files("daily", "tcp://daily:1")}
    environment = machine({"DOCKER_HOST": "tcp://dh:1"}, files=files, listening=["/var/run/docker.sock"])
    error = failure(environment, "podman")
    assert {what for what, _ in error.tried if "ocker" in what or "DOCKER" in what} == set()
    assert "CONTAINER_HOST" in error.hint
    assert "DOCKER_HOST" not in error.hint


def test_a_restriction_tells_the_engine_where_the_rule_does_not() -> None:
    environment = machine({"DOCKER_HOST": "tcp://dh:1"})
    assert address(choose(environment, engine="docker")).engine == "docker"


# Sockets, and nothing at all.


@pytest.mark.parametrize(
    ("variables", "path", "engine"),
    [
        ({"XDG_RUNTIME_DIR": "/rt"}, "/rt/docker.sock", "docker"),
        ({"XDG_RUNTIME_DIR": "/rt"}, "/rt/podman/podman.sock", "podman"),
        ({"XDG_RUNTIME_DIR": "/rt"}, "/run/user/1000/podman/podman.sock", "podman"),
        ({}, f"{HOME}/.docker/run/docker.sock", "docker"),
        ({}, f"{HOME}/.docker/desktop/docker.sock", "docker"),
        ({}, f"{HOME}/.colima/default/docker.sock", "docker"),
        ({"COLIMA_HOME": "/colima"}, "/colima/default/docker.sock", "docker"),
        ({}, f"{HOME}/.rd/docker.sock", "docker"),
        ({}, f"{HOME}/.orbstack/run/docker.sock", "docker"),
        ({}, f"{HOME}/.lima/docker/sock/docker.sock", "docker"),
        ({"LIMA_HOME": "/lima"}, "/lima/podman/sock/podman.sock", "podman"),
        ({}, f"{HOME}/.local/share/containers/podman/machine/podman.sock", "podman"),
        ({"TMPDIR": "/tmp/x/"}, "/tmp/x/podman/podman-machine-default-api.sock", "podman"),
    ],
)
def test_well_known_sockets(variables: dict[str, str], path: str, engine: Engine) -> None:
    found = address(choose(machine(variables, listening=[path])))
    assert (found.path, found.engine) == (path, engine)
    assert found.rule.startswith("well-known socket of ")


def test_a_dead_socket_is_passed_over_and_told() -> None:
    dead = {"/var/run/docker.sock": "nothing listens there"}
    found = choose(machine(listening=["/run/podman/podman.sock"], reasons=dead))
    assert found.rule == "well-known socket of Podman"
    assert ("well-known socket of Docker, /var/run/docker.sock", dead["/var/run/docker.sock"]) in failure(
        machine(reasons=dead)
    ).tried


def test_a_place_is_tried_once() -> None:
    whats = [what for what, _ in failure(machine({"XDG_RUNTIME_DIR": "/run/user/1000"})).tried]
    assert len(whats) == len(set(whats))


def test_nothing_at_all_tells_everything_tried_and_what_to_do() -> None:
    error = failure(machine())
    tried = dict(error.tried)
    assert list(tried)[:3] == ["DOCKER_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION"]
    assert tried["docker context"] == f"DOCKER_CONTEXT not set, there is no {HOME}/.docker/config.json"
    assert tried["podman connection"] == "no connections file"
    assert tried["well-known socket of Podman, /run/podman/podman.sock"] == "no such file"
    assert tried["embedded engine"] == "no podman in PATH"
    assert all(what in str(error) and why in str(error) for what, why in tried.items())
    for part in ("Start Docker", "install podman", "base_url=", "DOCKER_HOST", "CONTAINER_HOST"):
        assert part in error.hint


def test_files_without_a_choice_are_named() -> None:
    files = {f"{HOME}/.docker/config.json": "{}", **connections(None)}
    tried = dict(failure(machine(files=files)).tried)
    assert tried["docker context"].endswith(f"{HOME}/.docker/config.json names no other than the default")
    assert tried["podman connection"] == f"no default in {JSON_PATH}"


def test_denied_permission_has_its_own_next_step() -> None:
    denied = {"/var/run/docker.sock": "permission denied"}
    assert failure(machine(reasons=denied)).hint.startswith("Get the right to use the socket")
    assert "Get the right" not in failure(machine()).hint


def test_no_embedded_engine_off_linux_nor_for_docker() -> None:
    tried = dict(failure(machine(programs=["podman"], system="darwin")).tried)
    assert tried["embedded engine"] == "only podman on Linux can be one"
    assert "embedded engine" not in dict(failure(machine(programs=["podman"]), "docker").tried)
