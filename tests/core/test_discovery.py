"""Which engine is chosen: each rule, each pair of rules, and what is said when none can be followed."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NoReturn

import attrs
import pytest
from wharfinger._core.discovery import EmbeddedEngine, Found, choose, explicit_address
from wharfinger._core.discovery_search import Environment
from wharfinger.address import Engine, EngineAddress, TLSConfig
from wharfinger.errors import EngineUnreachable

HOME = "/home/me"
JSON_PATH = f"{HOME}/.config/containers/podman-connections.json"
CONF_PATH = f"{HOME}/.config/containers/containers.conf"
CERTS = {f"/certs/{name}.pem": "" for name in ("ca", "cert", "key")}


def machine(
    variables: Mapping[str, str] | None = None,
    *,
    files: Mapping[str, str | bytes] | None = None,
    listening: Sequence[str] = (),
    reasons: Mapping[str, str] | None = None,
    programs: Sequence[str] = (),
    system: str = "linux",
) -> Environment:
    """A machine made of dicts."""
    held = {path: text.encode() if isinstance(text, str) else text for path, text in (files or {}).items()}

    def list_folder(path: str) -> list[str]:
        inside = [name.removeprefix(f"{path}/") for name in held if name.startswith(f"{path}/")]
        return sorted({name.partition("/")[0] for name in inside})

    def unreachable(path: str) -> str | None:
        return None if path in listening else (reasons or {}).get(path, "no such file")

    return Environment(
        variables=dict(variables or {}),
        home=HOME,
        uid=1000,
        system=system,
        read=held.get,
        exists=held.__contains__,
        list_folder=list_folder,
        unreachable=unreachable,
        which=lambda name: f"/usr/bin/{name}" if name in programs else None,
    )


def context_files(name: str, host: str, *, skip: bool = False, tls: Sequence[str] = ()) -> dict[str, str]:
    """A context as Docker keeps it."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": skip}}}
    folder = f"{HOME}/.docker/contexts"
    return {
        f"{folder}/meta/{digest}/meta.json": json.dumps(meta),
        **{f"{folder}/tls/{digest}/docker/{file}": "" for file in tls},
    }


def current_context(name: str) -> dict[str, str]:
    return {f"{HOME}/.docker/config.json": json.dumps({"auths": {}, "currentContext": name})}


def connections(default: str | None, **uris: str) -> dict[str, str]:
    """Podman's connections file."""
    known = {name: {"URI": uri, "Identity": f"/keys/{name}"} for name, uri in uris.items()}
    return {JSON_PATH: json.dumps({"Connection": {"Default": default, "Connections": known}, "Farm": {}})}


def address(found: Found) -> EngineAddress:
    assert isinstance(found, EngineAddress)
    return found


def failure(environment: Environment, engine: Engine | None = None) -> EngineUnreachable:
    with pytest.raises(EngineUnreachable) as caught:
        choose(environment, engine=engine)
    return caught.value


def only_reason(environment: Environment) -> tuple[str, str, str]:
    """Rule, reason and next step of a search that one rule ended."""
    error = failure(environment)
    ((rule, why),) = error.tried
    assert rule in str(error)
    assert why in str(error)
    assert error.hint
    assert error.hint in str(error)
    return rule, why, error.hint


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


def test_an_argument_looks_at_nothing() -> None:
    assert explicit_address(
        "tcp://box:1", tls=TLSConfig("ca"), identity="/k", engine="podman"
    ) == EngineAddress("tcp://box:1", "argument base_url", "podman", TLSConfig("ca"), "/k")


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


# DOCKER_HOST and TLS.


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
        (b'{"auths": {"r": {"auth": "aHVzaA=="}}, oops', "is not JSON (line 1, column 41)"),
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


# Podman's connections.


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


@pytest.mark.parametrize("function", ["read", "list_folder"])
def test_a_file_that_may_not_be_read_is_an_error(function: str) -> None:
    def deny(_path: str) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    denied: Mapping[str, Callable[[str], NoReturn]] = {function: deny}
    environment = attrs.evolve(machine(listening=["/run/podman/podman.sock"]), **denied)
    error = failure(environment)
    ((_, why),) = error.tried
    assert why.endswith("Permission denied")
    assert error.hint.startswith("Mend /")
    assert isinstance(error.__cause__, PermissionError)


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
