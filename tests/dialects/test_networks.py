"""What networks send and how replies read, of versions that are not here to be tried."""

import json
from typing import Any

import pytest

from wharfinger._core import network_facts
from wharfinger._core.network_options import ConnectOptions, attachment, network_spec
from wharfinger._core.option_ipam import libpod_ipam, parse_ipam, read_libpod_ipam
from wharfinger._core.raw_request import RawReply
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    NetworkNotFound,
    NotFound,
    NotSupported,
    ServerError,
)
from wharfinger.types import IPAMConfig, IPAMPool

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def reply(status: int, told: object) -> RawReply:
    return RawReply(status, {}, json.dumps(told).encode())


def created(dialect: Dialect, options: Any) -> Any:
    return dialect.networks.create(network_spec("a", options)).request.get("json")


def test_a_name_that_is_taken_is_refused_by_all() -> None:
    assert created(docker_dialect("1.43"), {}) == {"Name": "a", "CheckDuplicate": True}
    assert created(docker_dialect("1.43"), {"check_duplicate": False})["CheckDuplicate"] is False
    assert created(docker_dialect("1.44"), {"check_duplicate": True}) == {"Name": "a"}
    for dialect in (DOCKER, PODMAN):
        with pytest.raises(NotSupported, match=r"check_duplicate=False.*1\.43"):
            created(dialect, {"check_duplicate": False})


def test_what_docker_takes() -> None:
    options = {
        "driver": "overlay",
        "attachable": True,
        "ingress": False,
        "scope": "swarm",
        "config_only": False,
        "config_from": "b",
        "enable_ipv4": False,
        "ipam": IPAMConfig("c", [IPAMPool("10.1.0.0/16", aux_addresses={"d": "10.1.0.2"})], {"e": "f"}),
    }
    pool = {"Subnet": "10.1.0.0/16", "AuxiliaryAddresses": {"d": "10.1.0.2"}}
    assert created(DOCKER, options) == {
        "Name": "a",
        "Driver": "overlay",
        "Attachable": True,
        "Ingress": False,
        "Scope": "swarm",
        "ConfigOnly": False,
        "ConfigFrom": {"Network": "b"},
        "EnableIPv4": False,
        "IPAM": {"Driver": "c", "Config": [pool], "Options": {"e": "f"}},
    }
    with pytest.raises(NotSupported, match=r"EnableIPv4.*1\.47"):
        created(docker_dialect("1.46"), {"enable_ipv4": True})
    with pytest.raises(NotSupported, match="from one address to another"):
        created(DOCKER, {"ipam": IPAMPool("10.1.0.0/16", "10.1.0.5-10.1.0.9")})


def test_what_podman_takes() -> None:
    route = {"destination": "10.9.0.0/16", "gateway": "10.1.0.7"}
    options = {
        "network_dns_servers": ["10.1.0.1"],
        "network_interface": "br7",
        "routes": [route],
        "dns_enabled": False,
        "ipam": {"Driver": "dhcp"},
    }
    assert created(PODMAN, options) == {
        "name": "a",
        "dns_enabled": False,
        "network_dns_servers": ["10.1.0.1"],
        "network_interface": "br7",
        "routes": [route],
        "ipam_options": {"driver": "dhcp"},
    }
    for key in ("routes", "network_dns_servers"):
        with pytest.raises(NotSupported, match=rf"{key}.*4\.9\.5"):
            created(libpod_dialect("4.3.1"), {key: options[key]})


@pytest.mark.parametrize(
    ("iprange", "start", "end"),
    [
        ("10.1.2.0/24", "10.1.2.1", "10.1.2.255"),
        ("10.1.2.128/25", "10.1.2.129", "10.1.2.255"),
        ("10.1.2.5-10.1.2.9", "10.1.2.5", "10.1.2.9"),
        ("10.1.2.7/32", "10.1.2.7", "10.1.2.7"),
        ("fd00:1::/80", "fd00:1::1", "fd00:1::ffff:ffff:ffff"),
    ],
)
def test_ranges_go_there_and_back(iprange: str, start: str, end: str) -> None:
    ipam = parse_ipam("ipam", IPAMPool("10.1.0.0/16" if "." in iprange else "fd00:1::/64", iprange))
    (subnet,) = libpod_ipam(ipam)["subnets"]
    assert subnet["lease_range"] == {"start_ip": start, "end_ip": end}
    assert read_libpod_ipam({"subnets": [subnet]}) == ipam


def test_connecting() -> None:
    options: ConnectOptions = {"gw_priority": 7, "links": [("a", "b")], "mac_address": "02:42:00:00:00:01"}
    request = DOCKER.networks.connect("n", "c", attachment(options)).request
    settings = {"GwPriority": 7, "Links": ["a:b"], "MacAddress": "02:42:00:00:00:01"}
    assert request.get("json") == {"Container": "c", "EndpointConfig": settings}
    with pytest.raises(NotSupported, match=r"gw_priority.*1\.48"):
        docker_dialect("1.47").networks.connect("n", "c", attachment({"gw_priority": 7}))
    request = PODMAN.networks.connect("n", "c", attachment({"driver_opt": {"a": "b"}})).request
    assert request.get("json") == {"container": "c", "options": {"a": "b"}}
    with pytest.raises(NotSupported, match=r"options.*5\.4\.2"):
        libpod_dialect("5.2.5").networks.connect("n", "c", attachment({"driver_opt": {"a": "b"}}))


def test_changing_where_names_are_looked_up() -> None:
    request = PODMAN.networks.update("n", add_dns=("10.1.0.1",), remove_dns=()).request
    assert (request["method"], request["url"]) == ("POST", "/libpod/networks/n/update")
    assert request.get("json") == {"adddnsservers": ["10.1.0.1"]}


def test_who_tells_the_containers_of_a_network() -> None:
    assert DOCKER.networks.members("n") is None
    assert PODMAN.networks.members("n") is None
    asked = libpod_dialect("4.9.5").networks.members("n")
    assert asked
    assert asked.request["url"] == "/libpod/containers/json"
    podman: dict[str, Any] = {"containers": {"abc": {"name": "web", "interfaces": {}}}}
    docker: dict[str, Any] = {"Containers": {"abc": {"Name": "web"}, "lb-n": {"Name": "n-endpoint"}}}
    for told in (podman, docker):
        assert network_facts.members(told) == [{"Id": "abc", "Names": ["web"], "State": "running"}]


def test_what_was_not_removed_is_told() -> None:
    with pytest.raises(ServerError, match="n: busy"):
        PODMAN.networks.prune(None).parse(reply(200, [{"Name": "n", "Error": "busy"}]))
    with pytest.raises(ServerError, match="n: busy"):
        PODMAN.networks.remove("n", name="n", force=True).parse(reply(200, [{"Name": "n", "Err": "busy"}]))
    assert DOCKER.networks.prune(None).parse(reply(200, {"NetworksDeleted": None})) == {"NetworksDeleted": []}


@pytest.mark.parametrize(
    ("dialect", "status", "message", "kind"),
    [
        (DOCKER, 403, "endpoint with name web already exists in network n", Conflict),
        (DOCKER, 403, "error while removing network: network n id 1 has active endpoints", Conflict),
        (
            DOCKER,
            403,
            'error while removing network: network n has active endpoints (name:"web" id:"1")',
            Conflict,
        ),
        (DOCKER, 403, "Pool overlaps with other one on this address space", Conflict),
        (DOCKER, 500, "container web is not connected to network n", Conflict),
        (DOCKER, 403, "bridge is a pre-defined network and cannot be removed", APIError),
        (DOCKER, 404, "network n not found", NetworkNotFound),
        (
            PODMAN,
            500,
            'container web is already connected to network "n": network is already connected',
            Conflict,
        ),
        (PODMAN, 500, '"n" has associated containers with it: network is being used', Conflict),
        (PODMAN, 500, "container web is not connected to network n", Conflict),
        (PODMAN, 500, "subnet 10.1.0.0/16 is already used on the host or by another config", Conflict),
        (PODMAN, 500, '"" is not supported: invalid network mode', BadRequest),
        (PODMAN, 500, 'invalid filter "zz"', BadRequest),
        (PODMAN, 500, "gateway 10.2.0.1 not in subnet 10.1.0.0/16", BadRequest),
        (PODMAN, 500, "unsupported driver zz: invalid argument", NotFound),
        (PODMAN, 500, 'failed to find driver or plugin "zz"', NotFound),
        (PODMAN, 500, "setting up the bridge: invalid argument", ServerError),
    ],
)
def test_errors(dialect: Dialect, status: int, message: str, kind: type[APIError]) -> None:
    with pytest.raises(kind, match=r"\w"):
        dialect.networks.connect("n", "web", attachment({})).parse(reply(status, {"message": message}))
