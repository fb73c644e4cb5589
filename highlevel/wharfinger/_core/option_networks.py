"""Networks to join and links, out of all the forms that people write them in."""

from __future__ import annotations

from typing import Any, cast

from wharfinger._core.human import (
    is_mapping,
    parse_int,
    parse_list,
    parse_mapping,
    parse_optional_pairs,
    parse_pairs,
    parse_text,
    parse_words,
)
from wharfinger._core.option_values import fields_of
from wharfinger.types import NetworkAttachment

_EXAMPLE = "{'backend': {'aliases': ['db']}}"
_ADDRESS_KEYS = ("ipv4_address", "ipv6_address", "link_local_ips")
# The engines' words (by our spelling of them) for what NetworkAttachment has.
_RENAMED = {"static_mac": "mac_address", "driver_opt": "driver_opts", "options": "driver_opts"}
_KEYS = (
    *_ADDRESS_KEYS,
    *("aliases", "mac_address", "static_mac", "links", "driver_opt", "driver_opts", "options"),
    *("interface_name", "gw_priority", "ipam_config", "static_ips"),
)


def parse_networks(value: object) -> dict[str, NetworkAttachment]:
    """Take the networks to join: names, or a mapping of names to addresses, aliases and so on."""
    if not is_mapping(value):
        return {name: NetworkAttachment() for name in parse_words("networks", value)}
    entries = parse_mapping("networks", value, _EXAMPLE)
    if set(entries) == {"EndpointsConfig"}:
        entries = parse_mapping("networks", entries["EndpointsConfig"], _EXAMPLE)
    return {name: _attachment(f"networks[{name!r}]", settings) for name, settings in entries.items()}


def _attachment(name: str, value: object) -> NetworkAttachment:
    if value is None or isinstance(value, NetworkAttachment):
        return value or NetworkAttachment()
    found = _flat(name, value)
    return NetworkAttachment(**{key: _setting(f"{name} {key}", key, item) for key, item in found.items()})


def _flat(name: str, value: object) -> dict[str, Any]:
    """Give the settings by our names, with those of nested mappings among them."""
    found = {key: item for key, item in fields_of(name, value, _KEYS).items() if item is not None}
    addresses = fields_of(f"{name} ipam_config", found.pop("ipam_config", {}), _ADDRESS_KEYS)
    found |= {key: item for key, item in addresses.items() if item is not None}
    for address in parse_words(f"{name} static_ips", found.pop("static_ips", ())):
        found["ipv6_address" if ":" in address else "ipv4_address"] = address
    return {_RENAMED.get(key, key): item for key, item in found.items()}


def _setting(name: str, key: str, value: object) -> Any:  # noqa: ANN401 - as many types as there are fields
    match key:
        case "aliases" | "link_local_ips":
            return parse_words(name, value)
        case "links":
            return parse_links(value)
        case "driver_opts":
            return parse_pairs(name, value)
        case "gw_priority":
            return parse_int(name, value)
        case _:
            return parse_text(name, value)


def parse_links(value: object) -> tuple[str, ...]:
    """Take other containers and their aliases: a mapping, pairs, or "name:alias"."""
    if is_mapping(value):
        items = parse_optional_pairs("links", value, separator=":")
        return tuple(f"{name}:{alias or name}" for name, alias in items.items())
    return tuple(_link(item) for item in parse_list("links", value, "{'db': 'database'}"))


def _link(item: object) -> str:
    if isinstance(item, tuple):
        name, alias, *_ = cast("tuple[str, ...]", item + item)
        return f"{parse_text('a link', name)}:{parse_text('the alias of a link', alias or name)}"
    text = parse_text("an item of links", item)
    return text if ":" in text else f"{text}:{text}"
