"""Ports, volumes and networks, out of all the forms that people write them in."""

from __future__ import annotations

import re
from typing import Any, cast

from wharfinger._core.human import (
    is_mapping,
    parse_list,
    parse_mapping,
    parse_optional_pairs,
    parse_pairs,
    parse_text,
    parse_words,
    wrong_type,
    wrong_value,
)
from wharfinger._core.option_values import fields_of
from wharfinger.types import NetworkAttachment, PortBinding, Protocol, VolumeBind

Exposed = tuple[tuple[int, Protocol], ...]

_PORT_FORMS = "{'80/tcp': 8080}, {'80/tcp': ('127.0.0.1', 8080)}, {'80/tcp': None} or ['8080:80']"
_PUBLISHED = re.compile(r"(?:(?:(\[[^\]]*\]|[^:]*):)?(\d*):)?(\d+)(?:/(\w+))?")
_WINDOWS_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def parse_ports(value: object) -> tuple[tuple[PortBinding, ...], Exposed]:
    """Take published ports; give the bindings, and all ports that are exposed."""
    bindings: list[PortBinding] = []
    exposed: dict[tuple[int, Protocol], None] = {}
    if is_mapping(value):
        for key, target in cast("dict[object, object]", value).items():
            port, protocol = _container_port(key)
            exposed[port, protocol] = None
            bindings += _bindings(port, protocol, target)
    else:
        bindings = [_published(item) for item in parse_list("ports", value, _PORT_FORMS)]
    exposed |= {(one.container_port, one.protocol): None for one in bindings}
    return tuple(bindings), tuple(exposed)


def _container_port(key: object) -> tuple[int, Protocol]:
    number, _, protocol = str(key).partition("/")
    if isinstance(key, tuple) and len(cast("tuple[object, ...]", key)) == 2:
        number, protocol = (str(part) for part in cast("tuple[object, ...]", key))
    return _port_number("a key of ports", number), _protocol(protocol or "tcp")


def _protocol(word: str) -> Protocol:
    match word.lower():
        case "tcp":
            return "tcp"
        case "udp":
            return "udp"
        case "sctp":
            return "sctp"
        case _:
            wrong_value("the protocol of a port", word, "tcp, udp or sctp, as in '53/udp'")


def _port_number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        wrong_type(name, value, f"a port number; ports are written as {_PORT_FORMS}")
    text = str(value)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        wrong_value(name, value, f"a number from 1 to 65535; ports are written as {_PORT_FORMS}")
    return int(text)


def _host_port(value: object) -> int | None:
    """Take the port of the host; None, 0 and an empty string let the engine choose."""
    return None if value in (None, "", 0, "0") and value is not False else _port_number("a host port", value)


def _bindings(port: int, protocol: Protocol, target: object) -> list[PortBinding]:
    if isinstance(target, list):
        return [found for item in cast("list[object]", target) for found in _bindings(port, protocol, item)]
    if isinstance(target, PortBinding):
        return [target]
    address: object = None
    if isinstance(target, tuple):
        pair = cast("tuple[object, ...]", target)
        if len(pair) not in (1, 2):
            wrong_value(f"ports['{port}/{protocol}']", pair, "(address,) or (address, port)")
        address, target = pair[0], pair[1] if len(pair) == 2 else None
    elif is_mapping(target):
        found = fields_of("a port binding", target, ("host_ip", "host_port"))
        address, target = found.get("host_ip"), found.get("host_port")
    elif isinstance(target, str) and ":" in target:
        address, _, target = target.rpartition(":")
    text = parse_text("the address of a port binding", address).strip("[]") if address else None
    return [PortBinding(port, protocol, text, _host_port(target))]


def _published(item: object) -> PortBinding:
    """Take an entry of a list: 80, "80/udp", "8080:80", "127.0.0.1:8080:80" or a PortBinding."""
    if isinstance(item, PortBinding):
        return item
    match = _PUBLISHED.fullmatch(str(item))
    if match is None or not isinstance(item, str | int) or isinstance(item, bool):
        wrong_value("an item of ports", item, f"such as 80 or '8080:80/tcp'; or {_PORT_FORMS}")
    address, host, port, protocol = match.groups()
    return PortBinding(
        _port_number("an item of ports", port),
        _protocol(protocol or "tcp"),
        address.strip("[]") if address else None,
        _host_port(host),
    )


_VOLUME_FORMS = "{'/host/path': {'bind': '/data', 'mode': 'ro'}}, {'name': '/data'} or ['name:/data:ro']"


def parse_volumes(value: object) -> tuple[VolumeBind, ...]:
    """Take host paths and named volumes with their places in the container."""
    if is_mapping(value):
        entries = parse_mapping("volumes", value, _VOLUME_FORMS)
        return tuple(_volume_entry(source, target) for source, target in entries.items())
    return tuple(_volume_item(item) for item in parse_list("volumes", value, _VOLUME_FORMS))


def _volume_entry(source: str, target: object) -> VolumeBind:
    if is_mapping(target):
        found = fields_of(f"volumes[{source!r}]", target, ("bind", "mode", "extended_mode"))
        words = [*_mode_words(found.get("mode")), *_mode_words(found.get("extended_mode"))]
        if "bind" not in found:
            wrong_value(f"volumes[{source!r}]", target, _VOLUME_FORMS)
        return _volume(source, parse_text("the bind of a volume", found["bind"]), words)
    place, _, mode = parse_text(f"volumes[{source!r}]", target).partition(":")
    return _volume(source, place, _mode_words(mode))


def _mode_words(mode: object) -> list[str]:
    if mode is None or mode == "":
        return []
    return mode.split(",") if isinstance(mode, str) else list(parse_words("the mode of a volume", mode))


def _volume_item(item: object) -> VolumeBind:
    if isinstance(item, VolumeBind):
        return item
    text = parse_text("an item of volumes", item)
    drive = text[:2] if _WINDOWS_DRIVE.match(text) else ""
    parts = text[len(drive) :].split(":")
    if len(parts) == 1:
        return _volume(None, text, [])
    if len(parts) > 3:
        wrong_value("an item of volumes", item, _VOLUME_FORMS)
    return _volume(drive + parts[0], parts[1], _mode_words(parts[2]) if len(parts) == 3 else [])


def _volume(source: str | None, target: str, options: list[str]) -> VolumeBind:
    if not target.startswith("/") and not _WINDOWS_DRIVE.match(target):
        wrong_value("the container's side of a volume", target, f"an absolute path; write {_VOLUME_FORMS}")
    if source is not None and (not source or source[0] in ".~"):
        wrong_value("the host's side of a volume", source, "an absolute path or the name of a volume")
    return VolumeBind(target, source, tuple(options))


def parse_networks(value: object) -> dict[str, NetworkAttachment]:
    """Take the networks to join: names, or a mapping of names to addresses, aliases and so on."""
    if not is_mapping(value):
        return {name: NetworkAttachment() for name in parse_words("networks", value)}
    entries = parse_mapping("networks", value, "{'backend': {'aliases': ['db']}}")
    if set(entries) == {"EndpointsConfig"}:
        entries = parse_mapping("networks", entries["EndpointsConfig"], "{'backend': {'aliases': ['db']}}")
    return {name: _attachment(f"networks[{name!r}]", settings) for name, settings in entries.items()}


_ENDPOINT_KEYS = {
    "aliases": "aliases",
    "ipv4_address": "ipv4_address",
    "ipv6_address": "ipv6_address",
    "link_local_ips": "link_local_ips",
    "link_local_i_ps": "link_local_ips",
    "mac_address": "mac_address",
    "static_mac": "mac_address",
    "static_ips": "static_ips",
    "links": "links",
    "driver_opt": "driver_opts",
    "driver_opts": "driver_opts",
    "options": "driver_opts",
    "interface_name": "interface_name",
    "gw_priority": "gw_priority",
    "ipam_config": "ipam_config",
}


def _attachment(name: str, value: object) -> NetworkAttachment:
    if value is None or isinstance(value, NetworkAttachment):
        return value or NetworkAttachment()
    found = fields_of(name, value, tuple(_ENDPOINT_KEYS))
    settings: dict[str, Any] = {}
    for key, item in found.items():
        if item is None:
            continue
        if key == "ipam_config":
            found_ipam = fields_of(
                name, item, ("ipv4_address", "ipv6_address", "link_local_ips", "link_local_i_ps")
            )
            settings |= {_ENDPOINT_KEYS[part]: text for part, text in found_ipam.items() if text is not None}
        elif key == "static_ips":
            for address in parse_words(f"{name} static_ips", item):
                settings["ipv6_address" if ":" in address else "ipv4_address"] = address
        else:
            settings[_ENDPOINT_KEYS[key]] = item
    for key in ("aliases", "link_local_ips"):
        if key in settings:
            settings[key] = parse_words(f"{name} {key}", settings[key])
    if "links" in settings:
        settings["links"] = parse_links(settings["links"])
    if "driver_opts" in settings:
        settings["driver_opts"] = parse_pairs(f"{name} driver_opts", settings["driver_opts"])
    return NetworkAttachment(**settings)


def parse_links(value: object) -> tuple[str, ...]:
    """Take other containers and their aliases: a mapping, pairs, or "name:alias"."""
    if is_mapping(value):
        items = parse_optional_pairs("links", value, separator=":")
        return tuple(f"{name}:{alias or name}" for name, alias in items.items())
    return tuple(_link(item) for item in parse_list("links", value, "{'db': 'database'}"))


def _link(item: object) -> str:
    if isinstance(item, tuple | list):
        name, alias = (cast("list[str]", [*item, *item]))[:2]
        return f"{name}:{alias}"
    text = parse_text("an item of links", item)
    return text if ":" in text else f"{text}:{text}"
