"""Addresses of a network, out of all the forms that people write them in, and in each engine's form."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NoReturn

from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.human import is_mapping, parse_list, parse_pairs, parse_text, wrong_value
from wharfinger._core.option_values import fields_of
from wharfinger.errors import NotSupported
from wharfinger.types import IPAMConfig, IPAMPool

_CONFIG_KEYS = ("driver", "config", "pool_configs", "options")
_POOL_KEYS = ("subnet", "iprange", "ip_range", "gateway", "aux_addresses", "auxiliary_addresses")
_EXAMPLE = "['10.1.0.0/16'], IPAMConfig(…) or Docker's {'Config': [{'Subnet': '10.1.0.0/16'}]}"


def parse_ipam(name: str, value: object) -> IPAMConfig:
    """Take addresses as a value, Docker's mapping, one subnet, or a list of subnets in any of these forms."""
    if isinstance(value, IPAMConfig):
        found = value
    elif isinstance(value, str | IPAMPool):
        found = IPAMConfig(pool_configs=(_pool(name, value),))
    elif is_mapping(value):
        found = _config(name, value)
    else:
        found = IPAMConfig(
            pool_configs=[_pool(f"an item of {name}", item) for item in parse_list(name, value, _EXAMPLE)]
        )
    for pool in found.pool_configs:
        _check(name, pool)
    return found


def _config(name: str, value: object) -> IPAMConfig:
    found = fields_of(name, value, _CONFIG_KEYS)
    pools = parse_list(f"{name} config", found.get("config") or found.get("pool_configs") or (), _EXAMPLE)
    driver: object = found.get("driver")
    return IPAMConfig(
        driver=None if driver is None else parse_text(f"{name} driver", driver),
        pool_configs=[_pool(f"an item of {name} config", item) for item in pools],
        options=parse_pairs(f"{name} options", found.get("options") or {}),
    )


def _pool(name: str, value: object) -> IPAMPool:
    if isinstance(value, IPAMPool):
        return value
    if isinstance(value, str):
        return IPAMPool(subnet=value)
    found = {key: item for key, item in fields_of(name, value, _POOL_KEYS).items() if item is not None}
    texts = {key: parse_text(f"{name} {key}", item) for key, item in found.items() if "addresses" not in key}
    taken: object = found.get("aux_addresses") or found.get("auxiliary_addresses") or {}
    return IPAMPool(
        subnet=texts.get("subnet"),
        iprange=texts.get("iprange", texts.get("ip_range")),
        gateway=texts.get("gateway"),
        aux_addresses=parse_pairs(f"{name} aux_addresses", taken),
    )


def _check(name: str, pool: IPAMPool) -> None:
    if pool.subnet is None:
        wrong_value(name, pool, "a subnet in each pool, such as '10.1.0.0/16'")
    _network(f"a subnet of {name}", pool.subnet)
    if pool.iprange is not None:
        _bounds(pool.iprange)
    addresses = {"gateway": pool.gateway, **pool.aux_addresses}
    for key, address in addresses.items():
        if address is not None:
            _address(f"{key} of {name}", address)


def _network(name: str, text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        wrong_value(name, text, "such as '10.1.0.0/16' or 'fd00:1::/64'")


def _address(name: str, text: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError:
        wrong_value(name, text, "an address such as '10.1.0.1'")


def _bounds(text: str) -> tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]:
    """The first and the last address of a range, where a network's own address is none to hand out."""
    start, dash, end = text.partition("-")
    try:
        if dash:
            return ip_address(start.strip()), ip_address(end.strip())
        network = ip_network(text, strict=False)
    except ValueError:
        _wrong_range(text)
    return network.network_address + (network.num_addresses > 1), network.broadcast_address


def _wrong_range(text: str) -> NoReturn:
    wrong_value("iprange of ipam", text, "such as '10.1.2.0/24' or '10.1.2.10-10.1.2.99'")


def docker_ipam(ipam: IPAMConfig) -> Body:
    """Docker's IPAM of a network.

    Raises:
        NotSupported: A range is none that it can say.
    """
    return without_none(
        {
            "Driver": ipam.driver or "default",
            "Config": [_docker_pool(pool) for pool in ipam.pool_configs] or None,
            "Options": dict(ipam.options) or None,
        }
    )


def _docker_pool(pool: IPAMPool) -> Body:
    if pool.iprange and "-" in pool.iprange:
        raise NotSupported(
            f"iprange={pool.iprange!r}, a range from one address to another,", "Docker", "Podman"
        )
    return without_none(
        {
            "Subnet": pool.subnet,
            "IPRange": pool.iprange,
            "Gateway": pool.gateway,
            "AuxiliaryAddresses": dict(pool.aux_addresses) or None,
        }
    )


def libpod_ipam(ipam: IPAMConfig) -> Body:
    """What of Podman's network is about addresses.

    Raises:
        NotSupported: It keeps no addresses free one by one.
    """
    options = dict(ipam.options)
    if ipam.driver not in (None, "default"):
        options["driver"] = str(ipam.driver)
    found = {"subnets": [_libpod_pool(pool) for pool in ipam.pool_configs], "ipam_options": options}
    return {key: value for key, value in found.items() if value}


def _libpod_pool(pool: IPAMPool) -> Body:
    if pool.aux_addresses:
        raise NotSupported("aux_addresses of an ipam pool", "Podman", "Docker")
    start, end = map(str, _bounds(pool.iprange)) if pool.iprange else (None, None)
    lease = {"start_ip": start, "end_ip": end} if start else None
    return without_none({"subnet": pool.subnet, "gateway": pool.gateway, "lease_range": lease})


def read_docker_ipam(raw: dict[str, Any]) -> IPAMConfig:
    """What Docker tells of a network's addresses."""
    pools: list[dict[str, Any]] = raw.get("Config") or []
    return IPAMConfig(
        driver=raw.get("Driver") or None,
        pool_configs=[
            IPAMPool(
                one.get("Subnet") or None,
                one.get("IPRange") or None,
                one.get("Gateway") or None,
                one.get("AuxiliaryAddresses") or {},
            )
            for one in pools
        ],
        options={**(raw.get("Options") or {})},
    )


def read_libpod_ipam(attrs: dict[str, Any]) -> IPAMConfig:
    """What Podman tells of a network's addresses."""
    options: dict[str, str] = {**(attrs.get("ipam_options") or {})}
    driver = options.pop("driver", None)
    subnets: list[dict[str, Any]] = attrs.get("subnets") or []
    pools = [
        IPAMPool(one.get("subnet"), _range(one.get("lease_range") or {}), one.get("gateway") or None)
        for one in subnets
    ]
    return IPAMConfig(driver, pools, options)


def _range(lease: dict[str, Any]) -> str | None:
    if not lease.get("start_ip") or not lease.get("end_ip"):
        return None
    first, last = ip_address(lease["start_ip"]), ip_address(lease["end_ip"])
    if first == last:
        return f"{first}/{first.max_prefixlen}"
    bits = (int(last) - int(first) + 1).bit_length()
    text = f"{first - 1}/{first.max_prefixlen - bits}"
    return text if _bounds(text) == (first, last) else f"{first}-{last}"
