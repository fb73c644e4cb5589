"""Ports and volumes, out of all the forms that people write them in."""

from __future__ import annotations

import re
from typing import cast

from wharfinger._core.human import (
    is_mapping,
    parse_list,
    parse_mapping,
    parse_text,
    parse_words,
    wrong_type,
    wrong_value,
)
from wharfinger._core.option_values import fields_of
from wharfinger.types import PortBinding, Protocol, VolumeBind

Exposed = tuple[tuple[int, Protocol], ...]

_PORT_FORMS = "{'80/tcp': 8080}, {'80/tcp': ('127.0.0.1', 8080)}, {'80/tcp': None} or ['8080:80']"
_PUBLISHED = re.compile(r"(?:(?:(\[[^\]]*\]|[^:]*):)?(\d*):)?(\d+)(?:/(\w+))?")
_WINDOWS_PATH = re.compile(r"[A-Za-z]:\\")
# The colon of a drive is before a backslash; "c:/x" is a volume whose name is one letter.
_VOLUME_COLON = re.compile(r":(?!\\)")


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


_PROTOCOLS: dict[str, Protocol] = {"tcp": "tcp", "udp": "udp", "sctp": "sctp"}


def _protocol(word: str) -> Protocol:
    if word.lower() not in _PROTOCOLS:
        wrong_value("the protocol of a port", word, "tcp, udp or sctp, as in '53/udp'")
    return _PROTOCOLS[word.lower()]


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
    parts = _VOLUME_COLON.split(text)
    if len(parts) == 1:
        return _volume(None, text, [])
    if len(parts) > 3:
        wrong_value("an item of volumes", item, _VOLUME_FORMS)
    return _volume(parts[0], parts[1], _mode_words(parts[2]) if len(parts) == 3 else [])


def _volume(source: str | None, target: str, options: list[str]) -> VolumeBind:
    if not target.startswith("/") and not _WINDOWS_PATH.match(target):
        wrong_value("the container's side of a volume", target, f"an absolute path; write {_VOLUME_FORMS}")
    if source is not None and (not source or source[0] in ".~"):
        wrong_value("the host's side of a volume", source, "an absolute path or the name of a volume")
    return VolumeBind(target, source, tuple(options))
