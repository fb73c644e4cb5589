"""Mounts out of their value, the engine's nested mapping, or our names."""

from __future__ import annotations

from typing import Any, cast

import attrs

from wharfinger._core.human import (
    parse_flag,
    parse_int,
    parse_list,
    parse_pairs,
    parse_size,
    parse_text,
    wrong_value,
)
from wharfinger._core.option_values import fields_of
from wharfinger.types import Mount, MountType

_TYPES = ("bind", "volume", "tmpfs", "image", "npipe", "cluster")
_FIELDS = tuple(field.name for field in attrs.fields(Mount))
# Engines' nested mappings, and which of our fields their keys are.
_NESTED: dict[str, dict[str, str]] = {
    "bind_options": {
        "propagation": "propagation",
        "non_recursive": "non_recursive",
        "create_mountpoint": "create_mountpoint",
    },
    "volume_options": {
        "no_copy": "no_copy",
        "labels": "labels",
        "subpath": "subpath",
        "driver_config": "driver_config",
    },
    "driver_config": {"name": "driver", "options": "driver_opts"},
    "tmpfs_options": {"size_bytes": "tmpfs_size", "mode": "tmpfs_mode"},
    "image_options": {"subpath": "subpath"},
}
_FLAGS = ("read_only", "non_recursive", "create_mountpoint", "no_copy")
_PAIRS = ("labels", "driver_opts")


def parse_mounts(value: object) -> tuple[Mount, ...]:
    """Take mounts as values or mappings."""
    return tuple(_mount(item) for item in parse_list("mounts", value, "[Mount('/data', 'name')]"))


def _mount(item: object) -> Mount:
    if isinstance(item, Mount):
        return _checked(item)
    found = _flat(fields_of("an item of mounts", item, (*_FIELDS, *_NESTED)))
    if found.get("target") is None:
        raise ValueError("an item of mounts lacks 'target', the absolute path in the container")
    settings = {name: _setting(name, value) for name, value in found.items() if value is not None}
    return _checked(Mount(**settings))


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """Bring what is in nested mappings up to one level, by our names."""
    flat = {name: value for name, value in found.items() if name not in _NESTED}
    for name, keys in _NESTED.items():
        if found.get(name) is not None:
            inner = fields_of(f"{name} of a mount", found[name], tuple(keys))
            flat |= _flat({keys[key]: value for key, value in inner.items()})
    return flat


def _setting(name: str, value: object) -> Any:  # noqa: ANN401 - as many types as a mount has fields
    if name in _FLAGS:
        return parse_flag(f"{name} of a mount", value)
    if name in _PAIRS:
        return parse_pairs(f"{name} of a mount", value)
    if name == "tmpfs_size":
        return parse_size("tmpfs_size of a mount", value)
    if name == "tmpfs_mode":
        return parse_int("tmpfs_mode of a mount", value)
    return parse_text(f"{name} of a mount", value)


def _checked(mount: Mount) -> Mount:
    if cast("str", mount.type) not in _TYPES:
        wrong_value("type of a mount", mount.type, " or ".join(map(repr, _TYPES)))
    if mount.source is None and mount.type in _needing_source():
        wrong_value("source of a mount", mount.source, f"what to mount, for the type {mount.type!r}")
    return mount


def _needing_source() -> tuple[MountType, ...]:
    return "bind", "image", "npipe", "cluster"
