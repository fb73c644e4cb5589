"""Podman's own rules: CONTAINER_HOST and connections."""

import json
from typing import NoReturn

import attrs
import pytest

from tests.core.discovery_machine import (
    CONF_PATH,
    HOME,
    JSON_PATH,
    address,
    connections,
    failure,
    machine,
    only_reason,
)
from wharfinger._core.discovery import choose
from wharfinger._core.discovery_search import Environment
from wharfinger.address import TLSConfig


def test_container_host_with_a_key() -> None:
    found = address(choose(machine({"CONTAINER_HOST": "ssh://box/run/x.sock", "CONTAINER_SSHKEY": "/k"})))
    assert (found.engine, found.identity) == ("podman", "/k")


@pytest.mark.parametrize("variable", ["CONTAINER_CONNECTION", None])
def test_an_unknown_connection_is_an_error_with_the_known_names(variable: str | None) -> None:
    files = connections("nope" if variable is None else "work", work="tcp://work:1", daily="tcp://daily:1")
    variables = {variable: "nope"} if variable else {}
    rule, why, hint = only_reason(machine(variables, files=files, listening=["/var/run/docker.sock"]))
    assert rule.startswith("podman connection 'nope' (")
    assert why == "there is no such connection; known: 'daily', 'work'"
    assert "podman system connection list" in hint


def test_an_unknown_connection_where_there_are_none() -> None:
    _, why, _ = only_reason(machine({"CONTAINER_CONNECTION": "nope"}))
    assert why.endswith("known: none")


def test_a_connection_has_its_key_and_says_that_it_is_a_machine() -> None:
    known = {"vm": {"URI": "ssh://core@127.0.0.1:5/run/x.sock", "Identity": "/k", "IsMachine": True}}
    files = {JSON_PATH: json.dumps({"Connection": {"Default": "vm", "Connections": known}})}
    found = address(choose(machine(files=files)))
    assert found.rule == "podman connection 'vm' (the default), a podman machine"
    assert (found.identity, found.engine, found.username, found.port) == ("/k", "podman", "core", 5)


def test_a_connection_has_its_tls_material() -> None:
    known = {"far": {"URI": "tcp://far:1", "TLSCA": "/ca", "TLSCert": "/cert", "TLSKey": "/key"}}
    files = {JSON_PATH: json.dumps({"Connection": {"Default": "far", "Connections": known}})}
    assert address(choose(machine(files=files))).tls == TLSConfig("/ca", "/cert", "/key")


@pytest.mark.parametrize(
    ("destination", "fault"),
    [
        ({}, "it has no URI"),
        ({"URI": "tcp://"}, "names no host"),
        ({"URI": "tcp://far:1", "TLSCert": "/c"}, "without client_key"),
        ("text", "it has no URI"),
    ],
)
def test_a_connection_that_cannot_be_used(destination: object, fault: str) -> None:
    document = {"Connection": {"Default": "far", "Connections": {"far": destination}}}
    rule, why, hint = only_reason(machine(files={JSON_PATH: json.dumps(document)}))
    assert rule.startswith("podman connection 'far'")
    assert fault in why
    assert "podman system connection list" in hint


CONF = """
[engine]
active_service = "{name}"
[engine.service_destinations.{name}]
uri = "ssh://root@{name}:22/run/podman/podman.sock"
identity = "/keys/{name}"
is_machine = {machine}
"""


def test_connections_of_containers_conf() -> None:
    found = address(choose(machine(files={CONF_PATH: CONF.format(name="old", machine="true")})))
    assert found.rule == "podman connection 'old' (the default), a podman machine"
    assert (found.host, found.identity) == ("old", "/keys/old")


@pytest.mark.parametrize(
    ("paths", "winner"),
    [
        (["/usr/share/containers/containers.conf", "/etc/containers/containers.conf"], 1),
        (["/etc/containers/containers.conf", "/etc/containers/containers.conf.d/10-x.conf"], 1),
        (["/etc/containers/containers.conf.d/10-x.conf", CONF_PATH], 1),
        ([CONF_PATH, f"{HOME}/.config/containers/containers.conf.d/10-x.conf"], 1),
        ([CONF_PATH, f"{HOME}/.config/containers/containers.conf.d/10-x.off"], 0),
    ],
)
def test_later_containers_conf_overrule(paths: list[str], winner: int) -> None:
    files = {path: CONF.format(name=f"n{number}", machine="false") for number, path in enumerate(paths)}
    assert address(choose(machine(files=files))).host == f"n{winner}"


def test_containers_conf_variable_replaces_all_and_override_is_added() -> None:
    files = {
        CONF_PATH: CONF.format(name="own", machine="false"),
        "/my.conf": CONF.format(name="mine", machine="false"),
    }
    assert address(choose(machine({"CONTAINERS_CONF": "/my.conf"}, files=files))).host == "mine"
    both = machine({"CONTAINERS_CONF_OVERRIDE": "/my.conf", "CONTAINER_CONNECTION": "own"}, files=files)
    assert address(choose(both)).host == "own"
    replaced = machine({"CONTAINERS_CONF": "/my.conf", "CONTAINER_CONNECTION": "own"}, files=files)
    assert only_reason(replaced)[1].endswith("known: 'mine'")


def test_the_json_overrules_containers_conf() -> None:
    files = {**connections("new", new="tcp://new:1"), CONF_PATH: CONF.format(name="old", machine="false")}
    assert address(choose(machine(files=files))).host == "new"
    assert address(choose(machine({"CONTAINER_CONNECTION": "old"}, files=files))).host == "old"


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"PODMAN_CONNECTIONS_CONF": "/my.json"}, "/my.json"),
        ({"XDG_CONFIG_HOME": "/cfg"}, "/cfg/containers/podman-connections.json"),
    ],
)
def test_where_the_json_is(variables: dict[str, str], path: str) -> None:
    files = {path: connections("new", new="tcp://new:1")[JSON_PATH]}
    assert address(choose(machine(variables, files=files))).host == "new"


def test_damaged_podman_files_are_errors() -> None:
    rule, why, hint = only_reason(machine(files={JSON_PATH: "{"}, programs=["podman"]))
    assert (rule, why) == ("podman connection", f"{JSON_PATH} is not JSON (line 1, column 2)")
    assert f"Mend {JSON_PATH}" in hint
    rule, why, hint = only_reason(machine(files={CONF_PATH: "[engine"}, programs=["podman"]))
    assert rule == "podman connection"
    assert why.startswith(f"{CONF_PATH} is not TOML")
    assert f"Mend {CONF_PATH}" in hint


def deny(_path: str) -> NoReturn:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    "environment", [attrs.evolve(machine(), read=deny), attrs.evolve(machine(), list_folder=deny)]
)
def test_a_file_that_may_not_be_read_is_an_error(environment: Environment) -> None:
    error = failure(environment)
    ((_, why),) = error.tried
    assert why.endswith("Permission denied")
    assert error.hint.startswith("Mend /")
    assert isinstance(error.__cause__, PermissionError)
