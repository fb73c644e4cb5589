"""What the engines' own programs write is what discovery reads."""

import shutil
import subprocess
from pathlib import Path

import pytest

from wharfinger._async.discovery import find_engine
from wharfinger.address import EngineAddress, TLSConfig
from wharfinger.errors import EngineUnreachable


def run(variables: dict[str, str], *argv: str) -> None:
    program = shutil.which(argv[0])
    assert program is not None, f"{argv[0]} is needed: apt-get install {argv[0]}"
    subprocess.run([program, *argv[1:]], env=variables, check=True, capture_output=True)


def found(variables: dict[str, str]) -> EngineAddress:
    address = find_engine(variables=variables)
    assert isinstance(address, EngineAddress)
    return address


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "containers.conf").touch()
    return {
        "HOME": str(tmp_path),
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "CONTAINERS_CONF": str(tmp_path / "containers.conf"),
        "PODMAN_IGNORE_CGROUPSV1_WARNING": "1",
    }


def test_docker_contexts(variables: dict[str, str]) -> None:
    host = "host=tcp://far,skip-tls-verify=true"
    run(variables, "docker", "context", "create", "far.box", "--docker", host)
    run(variables, "docker", "context", "create", "near", "--docker", "host=unix:///run/near.sock")
    run(variables, "docker", "context", "use", "near")
    assert found(variables).url == "unix:///run/near.sock"
    far = found({**variables, "DOCKER_CONTEXT": "far.box"})
    assert (far.url, far.port) == ("tcp://far", 2376)
    assert far.tls == TLSConfig(verify=False)
    with pytest.raises(EngineUnreachable, match=r"known: 'default', 'far\.box', 'near'"):
        find_engine(variables={**variables, "DOCKER_CONTEXT": "other"})
    # Back to none: the next rule is asked.
    run(variables, "docker", "context", "use", "default")
    run(variables, "podman", "system", "connection", "add", "next", "tcp://next:1")
    assert found(variables).host == "next"


def test_podman_connections(variables: dict[str, str]) -> None:
    add = ("podman", "system", "connection", "add")
    run(variables, *add, "near", "unix:///run/near.sock")
    run(variables, *add, "far", "tcp://far:1")
    near = found(variables)
    assert (near.url, near.engine) == ("unix:///run/near.sock", "podman")
    assert found({**variables, "CONTAINER_CONNECTION": "far"}).url == "tcp://far:1"
    run(variables, "podman", "system", "connection", "default", "far")
    assert found(variables).rule == "podman connection 'far' (the default)"
