"""The keywords of networks.create() and connect(), and what they are in each engine's body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, TypedDict, cast

import attrs

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.option_ipam import docker_ipam, libpod_ipam, parse_ipam
from wharfinger._core.option_networks import parse_networks
from wharfinger.errors import NotSupported
from wharfinger.types import IPAMConfig, IPAMPool, NetworkAttachment  # noqa: TC001 - likewise


class NetworkOptions(TypedDict, total=False):
    """Keywords of networks.create(), named as in docker-py and podman-py.

    Attributes:
        driver: Such as "bridge", "macvlan" or "overlay"; "bridge" unless given.
        options: The driver's options, such as {"mtu": "1400"} (Podman) or
            {"com.docker.network.driver.mtu": "1400"} (Docker).
        ipam: Its addresses: "10.1.0.0/16", a list of such, IPAMConfig, or Docker's mapping.
        internal: No way out of it.
        labels: Labels: a mapping, or a list of "name=value".
        enable_ipv6: Give IPv6 addresses too.
        check_duplicate: Refuse a name that is taken: so unless it is False, which only Docker before API 1.44 heeds.
        enable_ipv4: Give IPv4 addresses; so unless it is False (Docker API 1.47).
        attachable: Containers that are no tasks may join, where a swarm has it (Docker).
        scope: "local", "global" or "swarm" (Docker).
        ingress: It is the swarm's routing mesh (Docker).
        config_only: It holds settings for others and cannot be used itself (Docker).
        config_from: Name of a network that holds the settings (Docker).
        dns_enabled: Containers find each other by name; so unless it is False (Podman).
        network_dns_servers: Where other names are looked up (Podman API 4.9.5).
        network_interface: Name of its bridge on the host (Podman).
        routes: Static routes, such as {"destination": "10.9.0.0/16", "gateway": "10.1.0.7"} (Podman API 4.9.5).
    """

    driver: str
    options: Mapping[str, str]
    ipam: IPAMConfig | IPAMPool | str | Sequence[str | IPAMPool | Mapping[str, Any]] | Mapping[str, Any]
    internal: bool
    labels: Mapping[str, str] | list[str]
    enable_ipv6: bool
    check_duplicate: bool
    enable_ipv4: bool
    attachable: bool
    scope: str
    ingress: bool
    config_only: bool
    config_from: str
    dns_enabled: bool
    network_dns_servers: Sequence[str]
    network_interface: str
    routes: Sequence[Mapping[str, Any]]


class ConnectOptions(TypedDict, total=False):
    """Keywords of connect(), named as in docker-py.

    Attributes:
        aliases: More names that other containers on the network find it by.
        links: Other containers, by their names for it: {"db": "database"}, or [("db", "database")] (Docker).
        ipv4_address: A fixed address.
        ipv6_address: A fixed address.
        link_local_ips: Further addresses (Docker).
        driver_opt: The network driver's options (Podman from API 5.4.2).
        mac_address: A fixed hardware address (Docker from API 1.44).
        interface_name: Name of the interface in the container (Podman).
        gw_priority: The highest of all networks gives the default gateway (Docker API 1.48).
    """

    aliases: Sequence[str]
    links: Mapping[str, str] | Sequence[str | tuple[str, str]]
    ipv4_address: str
    ipv6_address: str
    link_local_ips: Sequence[str]
    driver_opt: Mapping[str, str]
    mac_address: str
    interface_name: str
    gw_priority: int


@attrs.frozen(kw_only=True)
class NetworkSpec:
    """A network to be made: every field but the name is None where nothing was asked for."""

    name: str
    driver: str | None = None
    options: Mapping[str, str] | None = None
    ipam: IPAMConfig | None = None
    internal: bool | None = None
    labels: Mapping[str, str] | None = None
    enable_ipv6: bool | None = None
    check_duplicate: bool | None = None
    enable_ipv4: bool | None = None
    attachable: bool | None = None
    scope: str | None = None
    ingress: bool | None = None
    config_only: bool | None = None
    config_from: str | None = None
    dns_enabled: bool | None = None
    network_dns_servers: tuple[str, ...] | None = None
    network_interface: str | None = None
    routes: tuple[Mapping[str, Any], ...] | None = None


def _routes(name: str, value: object) -> tuple[Mapping[str, Any], ...]:
    example = "[{'destination': '10.9.0.0/16', 'gateway': '10.1.0.7'}]"
    items = human.parse_list(name, value, example)
    return tuple(human.parse_mapping(f"an item of {name}", item, example) for item in items)


_READERS: dict[str, Reader] = {
    **dict.fromkeys(("driver", "scope", "config_from", "network_interface"), human.parse_text),
    **dict.fromkeys(("options", "labels"), human.parse_pairs),
    **dict.fromkeys(
        ("internal", "enable_ipv6", "check_duplicate", "enable_ipv4", "attachable"), human.parse_flag
    ),
    **dict.fromkeys(("ingress", "config_only", "dns_enabled"), human.parse_flag),
    "ipam": parse_ipam,
    "network_dns_servers": human.parse_words,
    "routes": _routes,
}
_DOCKER_ONLY = ("enable_ipv4", "attachable", "scope", "ingress", "config_only", "config_from")
_PODMAN_ONLY = ("dns_enabled", "network_dns_servers", "network_interface", "routes")


def network_spec(name: str, options: NetworkOptions) -> NetworkSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    if not human.parse_text("name", name):
        human.wrong_value("name", name, "what to call the network, such as 'backend'")
    return NetworkSpec(name=name, **read_options("networks.create()", options, _READERS))


def _refuse(spec: NetworkSpec, names: tuple[str, ...], engine: str, other: str) -> None:
    for name in names:
        if getattr(spec, name) is not None:
            raise NotSupported(f"the option {name!r} of networks.create()", engine, other)


def docker_network(spec: NetworkSpec, *, always_checked: bool) -> Body:
    """The body of Docker's POST /networks/create.

    Args:
        spec: What to make.
        always_checked: Whether this version refuses a name that is taken in any case.

    Raises:
        NotSupported: Docker lacks something that was asked for.
    """
    _refuse(spec, _PODMAN_ONLY, "Docker", "Podman")
    if always_checked and spec.check_duplicate is False:
        raise NotSupported("networks.create(check_duplicate=False)", "Docker", "Docker API 1.43 or older")
    return without_none(
        {
            "Name": spec.name,
            "Driver": spec.driver,
            "Options": spec.options,
            "IPAM": docker_ipam(spec.ipam) if spec.ipam else None,
            "CheckDuplicate": None if always_checked else spec.check_duplicate is not False,
            "Internal": spec.internal,
            "Labels": spec.labels,
            "EnableIPv6": spec.enable_ipv6,
            "EnableIPv4": spec.enable_ipv4,
            "Attachable": spec.attachable,
            "Scope": spec.scope,
            "Ingress": spec.ingress,
            "ConfigOnly": spec.config_only,
            "ConfigFrom": {"Network": spec.config_from} if spec.config_from else None,
        }
    )


def libpod_network(spec: NetworkSpec) -> Body:
    """The body of Podman's POST /libpod/networks/create.

    Raises:
        NotSupported: Podman lacks something that was asked for.
    """
    _refuse(spec, _DOCKER_ONLY, "Podman", "Docker")
    if spec.check_duplicate is False:
        raise NotSupported("networks.create(check_duplicate=False)", "Podman", "Docker API 1.43 or older")
    found = {
        "name": spec.name,
        "driver": spec.driver,
        "options": spec.options,
        "internal": spec.internal,
        "labels": spec.labels,
        "ipv6_enabled": spec.enable_ipv6,
        # The service has none unless it is asked; `podman network create` and Docker have it.
        "dns_enabled": spec.dns_enabled is not False,
        "network_dns_servers": list(spec.network_dns_servers) if spec.network_dns_servers else None,
        "network_interface": spec.network_interface,
        "routes": [dict(route) for route in spec.routes] if spec.routes else None,
    }
    return without_none({**found, **(libpod_ipam(spec.ipam) if spec.ipam else {})})


def attachment(options: ConnectOptions) -> NetworkAttachment:
    """Read the keywords of connect().

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    known = ConnectOptions.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r} of connect(){human.nearest(name, known)}")
    (found,) = parse_networks({"connect()": cast("dict[str, Any]", options)}).values()
    return found
