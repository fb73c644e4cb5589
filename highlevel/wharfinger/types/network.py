"""Which addresses a network hands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping  # noqa: TC003 - so that users can resolve annotations at run time

import attrs


def _nothing() -> Mapping[str, str]:
    return {}


@attrs.frozen
class IPAMPool:
    """A subnet of a network.

    Attributes:
        subnet: Such as "10.1.0.0/16" or "fd00:1::/64".
        iprange: The part that addresses of containers are taken from: "10.1.2.0/24", or on Podman from one address
            to another too, "10.1.2.10-10.1.2.99"; all of the subnet when None.
        gateway: The router's address; the subnet's first when None.
        aux_addresses: Addresses that are taken, by names for them, such as {"router": "10.1.0.2"} (Docker).
    """

    subnet: str | None = None
    iprange: str | None = None
    gateway: str | None = None
    aux_addresses: Mapping[str, str] = attrs.field(factory=_nothing)


def _pools(pools: Iterable[IPAMPool] | None) -> tuple[IPAMPool, ...]:
    return tuple(pools or ())


def _options(options: Mapping[str, str] | None) -> Mapping[str, str]:
    return options or {}


@attrs.frozen
class IPAMConfig:
    """Who hands out a network's addresses, and which.

    Attributes:
        driver: Docker: "default", or a plugin. Podman: "host-local", "dhcp" or "none". The engine's default when None.
        pool_configs: Its subnets; the engine chooses one where there are none.
        options: The driver's options.
    """

    driver: str | None = None
    pool_configs: tuple[IPAMPool, ...] = attrs.field(default=(), converter=_pools)
    options: Mapping[str, str] = attrs.field(factory=_nothing, converter=_options)
