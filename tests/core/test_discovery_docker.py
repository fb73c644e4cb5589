"""Docker's own rules: DOCKER_HOST with TLS, and contexts."""

import hashlib
import json
from collections.abc import Mapping

import pytest

from tests.core.discovery_machine import (
    CERTS,
    HOME,
    address,
    connections,
    context_files,
    current_context,
    failure,
    machine,
    only_reason,
)
from wharfinger._core.discovery import choose
from wharfinger.address import TLSConfig


def docker_tls(files: Mapping[str, str], host: str = "tcp://box", **variables: str) -> TLSConfig | None:
    return address(choose(machine({"DOCKER_HOST": host, **variables}, files=files))).tls


def test_docker_host_without_tls_variables_is_plain() -> None:
    assert docker_tls({}) is None
    assert docker_tls(CERTS, DOCKER_TLS_VERIFY="") is None
    assert docker_tls(CERTS, DOCKER_TLS_VERIFY="", DOCKER_CERT_PATH="") is None


def test_docker_tls_verify_with_a_path() -> None:
    found = address(
        choose(
            machine(
                {"DOCKER_HOST": "tcp://box", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs/"},
                files=CERTS,
            )
        )
    )
    assert found.tls == TLSConfig("/certs/ca.pem", "/certs/cert.pem", "/certs/key.pem", verify=True)
    assert found.port == 2376


def test_docker_tls_verify_takes_dockers_folder() -> None:
    files = {f"{HOME}/.docker/{name}.pem": "" for name in ("ca", "cert", "key")}
    tls = docker_tls(files, DOCKER_TLS_VERIFY="1")
    assert tls is not None
    assert tls.ca_cert == f"{HOME}/.docker/ca.pem"
    elsewhere = docker_tls(CERTS, DOCKER_TLS_VERIFY="yes", DOCKER_CONFIG="/certs")
    assert elsewhere is not None
    assert elsewhere.ca_cert == "/certs/ca.pem"


@pytest.mark.parametrize("variables", [{}, {"DOCKER_TLS_VERIFY": ""}])
def test_a_cert_path_alone_is_tls_without_verification(variables: dict[str, str]) -> None:
    files = {"/certs/cert.pem": "", "/certs/key.pem": ""}
    tls = docker_tls(files, DOCKER_CERT_PATH="/certs", **variables)
    assert tls == TLSConfig(None, "/certs/cert.pem", "/certs/key.pem", verify=False)


def test_missing_tls_files_are_named() -> None:
    variables = {"DOCKER_HOST": "tcp://box", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"}
    rule, why, hint = only_reason(machine(variables, files={"/certs/cert.pem": ""}))
    assert rule == "DOCKER_HOST"
    assert why.startswith("DOCKER_CERT_PATH asks for TLS with the files /certs/ca.pem, /certs/cert.pem,")
    assert why.endswith("missing: /certs/ca.pem, /certs/key.pem")
    assert "point DOCKER_CERT_PATH to their folder" in hint


@pytest.mark.parametrize("host", ["unix:///run/x.sock", "ssh://box", "npipe:////./pipe/x"])
def test_tls_variables_are_for_tcp(host: str) -> None:
    assert docker_tls({}, host, DOCKER_TLS_VERIFY="1", DOCKER_CERT_PATH="/none") is None


def test_arguments_overrule_what_a_rule_names() -> None:
    environment = machine(
        {"DOCKER_HOST": "tcp://box", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/none"},
    )
    assert address(choose(environment, tls=TLSConfig("/my/ca.pem"))).tls == TLSConfig("/my/ca.pem")
    by_key = machine({"CONTAINER_HOST": "ssh://box", "CONTAINER_SSHKEY": "/k"})
    assert address(choose(by_key, identity="/mine")).identity == "/mine"


@pytest.mark.parametrize(
    ("name", "rule"), [("DOCKER_HOST", "DOCKER_HOST"), ("CONTAINER_HOST", "CONTAINER_HOST")]
)
def test_a_bad_url_in_a_variable_names_it_and_shows_no_password(name: str, rule: str) -> None:
    environment = machine({name: "ssh://me:hush@box"}, listening=["/var/run/docker.sock"])
    found, why, hint = only_reason(environment)
    assert found == rule
    assert "'ssh://me:***@box' holds a password" in why
    assert "hush" not in why + hint
    assert f"Correct {name} or unset it" in hint
    assert "hush" not in repr(environment)


# Docker's contexts.


def test_a_context_with_tls_material() -> None:
    files = context_files("work", "tcp://work", tls=["ca.pem", "cert.pem", "key.pem"])
    found = address(choose(machine({"DOCKER_CONTEXT": "work"}, files=files)))
    folder = f"{HOME}/.docker/contexts/tls/{hashlib.sha256(b'work').hexdigest()}/docker"
    assert found.tls == TLSConfig(f"{folder}/ca.pem", f"{folder}/cert.pem", f"{folder}/key.pem")
    assert found.port == 2376


@pytest.mark.parametrize(
    ("skip", "tls", "expected"),
    [
        (False, [], None),
        (True, [], (None, None, False)),
        (False, ["ca.pem"], ("ca.pem", None, True)),
        (True, ["cert.pem", "key.pem"], (None, "cert.pem", False)),
    ],
)
def test_what_of_a_contexts_tls_material_there_is(
    skip: bool, tls: list[str], expected: tuple[str | None, str | None, bool] | None
) -> None:
    files = context_files("work", "tcp://work", skip=skip, tls=tls)
    found = address(choose(machine({"DOCKER_CONTEXT": "work"}, files=files))).tls
    if expected is None:
        assert found is None
        return
    assert found is not None
    ends = tuple(path and path.rpartition("/")[2] for path in (found.ca_cert, found.client_cert))
    assert (*ends, found.verify) == expected


def test_half_a_contexts_client_certificate_is_an_error() -> None:
    files = context_files("work", "tcp://work", tls=["ca.pem", "cert.pem"])
    rule, why, hint = only_reason(machine({"DOCKER_CONTEXT": "work"}, files=files))
    assert rule == "docker context 'work' (DOCKER_CONTEXT)"
    assert why.startswith("its TLS material lacks ")
    assert why.endswith("/docker/key.pem")
    assert "cert= and key=" in hint


def test_a_context_of_a_socket_needs_no_tls() -> None:
    files = context_files("work", "unix:///run/x.sock", skip=True, tls=["cert.pem"])
    assert address(choose(machine({"DOCKER_CONTEXT": "work"}, files=files))).tls is None


@pytest.mark.parametrize("source", ["variable", "file"])
def test_an_unknown_context_is_an_error_with_the_known_names(source: str) -> None:
    files = {**context_files("work", "tcp://work"), **context_files("daily", "tcp://daily")}
    variables = {"DOCKER_CONTEXT": "nope"} if source == "variable" else {}
    if source == "file":
        files |= current_context("nope")
    rule, why, hint = only_reason(machine(variables, files=files, listening=["/var/run/docker.sock"]))
    assert rule.startswith("docker context 'nope' (")
    assert why == "there is no such context; known: 'default', 'daily', 'work'"
    assert "docker context use" in hint


def test_the_default_context_asked_for_is_dockers_socket_and_nothing_else() -> None:
    variables = {"DOCKER_CONTEXT": "default"}
    files = connections("usual", usual="tcp://usual:1")
    found = choose(machine(variables, files=files, listening=["/var/run/docker.sock"]))
    assert found.rule == "docker context 'default' (DOCKER_CONTEXT), well-known socket of Docker"
    rule, why, hint = only_reason(machine(variables, files=files, listening=["/run/podman/podman.sock"]))
    assert rule == "docker context 'default' (DOCKER_CONTEXT)"
    assert "/var/run/docker.sock: no such file" in why
    assert "unset DOCKER_CONTEXT" in hint


def test_the_default_context_in_the_file_is_no_choice() -> None:
    environment = machine(files=current_context("default"), listening=["/run/podman/podman.sock"])
    assert choose(environment).rule == "well-known socket of Podman"


def test_docker_config_moves_the_contexts() -> None:
    files = {
        path.replace(f"{HOME}/.docker", "/cfg"): text for path, text in context_files("work", "box:1").items()
    }
    files["/cfg/config.json"] = json.dumps({"currentContext": "work"})
    assert address(choose(machine({"DOCKER_CONFIG": "/cfg"}, files=files))).url == "tcp://box:1"


@pytest.mark.parametrize(
    ("host", "fault"),
    [("", "has no Endpoints.docker.Host"), ("ssh://me:hush@box", "'ssh://me:***@box' holds a password")],
)
def test_a_context_without_a_usable_host(host: str, fault: str) -> None:
    rule, why, hint = only_reason(machine({"DOCKER_CONTEXT": "work"}, files=context_files("work", host)))
    assert rule == "docker context 'work' (DOCKER_CONTEXT)"
    assert fault in why
    assert hint == "Correct it: docker context update --docker host=URL work."


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"auths": {"r": {"auth": "aHVzaA=="}}, oops', "is not JSON (line 1, column "),
        (b"\xff\xfe{}\x00", "is not"),
        (b'["aHVzaA=="]', "holds list where a JSON object is expected"),
        (b"", "is not JSON (line 1, column 1)"),
    ],
)
def test_a_damaged_config_is_an_error_that_shows_nothing_of_it(content: bytes, fault: str) -> None:
    path = f"{HOME}/.docker/config.json"
    error = failure(machine(files={path: content}, listening=["/var/run/docker.sock"]))
    ((rule, why),) = error.tried
    assert rule == "docker context"
    assert why.startswith(f"{path} {fault}")
    assert f"Mend {path}" in error.hint
    assert "aHVzaA" not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None
