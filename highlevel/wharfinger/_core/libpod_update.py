"""The keywords of update() that only Podman has, and where it takes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from wharfinger._core.human import (
    is_mapping,
    parse_flag,
    parse_list,
    parse_mapping,
    parse_pairs,
    wrong_type,
)
from wharfinger._core.libpod_places import ENGINE
from wharfinger._core.option_health import HEALTH_READERS
from wharfinger._core.option_values import parse_rates
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from wharfinger._core.container_encoding import Body

_SINCE = (5, 4, 2)
# Parts of the OCI runtime specification, which the service has always taken, and their names there.
_RUNTIME = {
    "blockio": "blockIO",
    "cpu": "cpu",
    "devices": "devices",
    "hugepage_limits": "hugepageLimits",
    "memory": "memory",
    "network": "network",
    "pids": "pids",
    "rdma": "rdma",
    "unified": "unified",
}
_RATES = {
    "blkio_weight_device": ("BlkIOWeightDevice", "Weight"),
    "device_read_bps": ("DeviceReadBPs", "Rate"),
    "device_read_iops": ("DeviceReadIOPs", "Rate"),
    "device_write_bps": ("DeviceWriteBPs", "Rate"),
    "device_write_iops": ("DeviceWriteIOPs", "Rate"),
}
_RENAMED = {"health_max_logs_size": "health_max_log_size"}


def _raw(name: str, value: object) -> dict[str, Any]:
    return dict(parse_mapping(name, value, "the runtime specification's {…}"))


def _raw_list(name: str, value: object) -> list[Any]:
    found = parse_list(name, value, "[{…}] of the runtime specification")
    for item in found:
        if not is_mapping(item):
            wrong_type(f"an item of {name}", item, "a mapping of the runtime specification")
    return found


def _rates(name: str, value: object) -> list[Body]:
    key = _RATES[name][1]
    found = parse_rates(name, value, key.lower(), sizes=name.endswith("_bps"))
    return [{"Path": path, key: rate} for path, rate in found.items()]


def _words(name: str, value: object) -> object:
    """A health keyword as the service reads it: time spans in words, a command as one line."""
    read = HEALTH_READERS[name](name, value)
    if isinstance(read, float):
        return f"{read:g}s"
    if isinstance(read, tuple):
        return _line(cast("tuple[str, ...]", read))
    return read


def _line(test: tuple[str, ...]) -> str:
    # It splits what is no JSON as a shell does, and has no other way to be told words.
    kind, *words = test
    if kind == "NONE":
        return "none"
    return words[0] if kind == "CMD-SHELL" and len(words) == 1 else json.dumps(words)


READERS: dict[str, Callable[[str, object], object]] = {
    **dict.fromkeys(_RUNTIME, _raw),
    **dict.fromkeys(("devices", "hugepage_limits"), _raw_list),
    **dict.fromkeys(_RATES, _rates),
    **dict.fromkeys(HEALTH_READERS, _words),
    "no_healthcheck": parse_flag,
    "unified": parse_pairs,
}


def podman_parts(values: Mapping[str, Any], version: tuple[int, ...] | None) -> Iterator[tuple[str, Body]]:
    """What each keyword becomes in the body.

    Raises:
        NotSupported: This version of the service lacks one.
    """
    for name, value in values.items():
        if name not in _RUNTIME and version is not None and version < _SINCE:
            needs, has = (".".join(map(str, one)) for one in (_SINCE, version))
            raise NotSupported(f"the option {name!r} of update()", ENGINE, f"API {needs}", f"API {has}")
        yield name, {_place(name): value}


def _place(name: str) -> str:
    if name in _RATES:
        return _RATES[name][0]
    return _RUNTIME.get(name) or _RENAMED.get(name, name)
