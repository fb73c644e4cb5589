"""Where Podman has things that Docker has elsewhere: namespaces, mounts, networks, devices, security."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wharfinger._core.container_encoding import Body, merge, without_none
from wharfinger._core.human import wrong_value
from wharfinger.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable

    from wharfinger.types import DeviceRequest, Mount, NetworkAttachment, VolumeBind

ENGINE = "Podman"

_NETWORK_WORDS = ("none", "host", "private", "pod", "bridge", "slirp4netns", "pasta")
_CGROUP_RULE = re.compile(r"([abc]) (\d+|\*):(\d+|\*) ([rwm]{1,3})")


def namespace(option: str, mode: str, *more: str) -> Body:
    """Give the namespace for a mode that is written as for Docker.

    Raises:
        ValueError: There is no such mode.
    """
    kind, colon, value = mode.partition(":")
    if colon and value and kind in ("container", "ns"):
        return {"nsmode": "path" if kind == "ns" else kind, "value": value}
    words = ("host", "private", "pod", *more)
    if mode not in words:
        choice = ", ".join(map(repr, words))
        wrong_value(option, mode, f"{choice}, 'container:NAME' or 'ns:PATH'")
    return {"nsmode": mode}


def user_namespace(mode: str) -> Body:
    """Give the user namespace: those above, or keep-id, auto (both with options after a colon), nomap."""
    kind, _, value = mode.partition(":")
    if kind in ("keep-id", "auto"):
        return {"nsmode": kind} | ({"value": value} if value else {})
    if mode in ("nomap", "no-map"):
        return {"nsmode": "no-map"}
    return namespace("userns_mode", mode)


def network_mode(mode: str) -> Body:
    """Give the network namespace; a name that is no mode is a network to join."""
    kind, colon, value = mode.partition(":")
    if mode == "default":
        return {}
    if colon and kind in ("container", "ns"):
        return {"netns": namespace("network_mode", mode)}
    if colon and kind in ("slirp4netns", "pasta"):
        return {"netns": {"nsmode": kind}, "network_options": {kind: value.split(",")}}
    if mode in _NETWORK_WORDS:
        return {"netns": {"nsmode": mode}}
    return {"netns": {"nsmode": "bridge"}, "Networks": {mode: {}}}


def network_settings(network: NetworkAttachment) -> Body:
    """Give the settings of one network.

    Raises:
        NotSupported: It has what only Docker knows.
    """
    for name in ("links", "link_local_ips", "gw_priority"):
        if getattr(network, name) not in ((), None):
            raise NotSupported(f"{name} of a network", ENGINE)
    addresses = [address for address in (network.ipv4_address, network.ipv6_address) if address]
    return without_none(
        {
            "aliases": list(network.aliases) or None,
            "static_ips": addresses or None,
            "static_mac": network.mac_address,
            "interface_name": network.interface_name,
            "options": dict(network.driver_opts) or None,
        }
    )


def volume_parts(volume: VolumeBind) -> Body:
    """Give a bind of a host path as a mount, anything else as a volume."""
    options = list(volume.options)
    if volume.source is not None and volume.source.startswith("/"):
        mount = {"destination": volume.target, "source": volume.source, "type": "bind", "options": options}
        return {"mounts": [mount]}
    name = {} if volume.source is None else {"Name": volume.source}
    return {"volumes": [{**name, "Dest": volume.target, "Options": options}]}


def mount_parts(mount: Mount) -> Body:
    """Give a mount in the list that Podman has for its type.

    Raises:
        NotSupported: It has what only Docker knows.
    """
    for name in ("create_mountpoint", "consistency", "labels", "driver", "driver_opts"):
        if getattr(mount, name) is not None:
            raise NotSupported(f"{name} of a mount", ENGINE)
    match mount.type:
        case "bind" | "tmpfs":
            source = mount.source or "tmpfs"
            options = _mount_options(mount)
            one: dict[str, Any] = {"destination": mount.target, "source": source, "type": mount.type}
            return {"mounts": [{**one, "options": options}]}
        case "volume":
            found = {"Name": mount.source, "Dest": mount.target, "SubPath": mount.subpath}
            return {"volumes": [{**without_none(found), "Options": _mount_options(mount)}]}
        case "image":
            image = {"Source": mount.source, "Destination": mount.target, "subPath": mount.subpath}
            return {"image_volumes": [{**without_none(image), "ReadWrite": mount.read_only is False}]}
        case _:
            raise NotSupported(f"a mount of type {mount.type!r}", ENGINE)


def _mount_options(mount: Mount) -> list[str]:
    words = {
        "ro": mount.read_only,
        "rw": mount.read_only is False,
        "bind": mount.non_recursive,
        "nocopy": mount.no_copy,
    }
    options = [word for word, wanted in words.items() if wanted]
    options += [mount.propagation] if mount.propagation else []
    options += [f"size={mount.tmpfs_size}"] if mount.tmpfs_size is not None else []
    return options + ([f"mode={mount.tmpfs_mode:o}"] if mount.tmpfs_mode is not None else [])


def cgroup_rule(rule: str) -> Body:
    """Take a rule such as "c 42:* rmw" apart.

    Raises:
        ValueError: It is no such rule.
    """
    match = _CGROUP_RULE.fullmatch(rule)
    if match is None:
        wrong_value("an item of device_cgroup_rules", rule, "such as 'c 42:* rmw'")
    kind, major, minor, access = match.groups()
    numbers = {"major": None if major == "*" else int(major), "minor": None if minor == "*" else int(minor)}
    return {"allow": True, "type": kind, "access": access, **without_none(numbers)}


def device_names(request: DeviceRequest) -> list[str]:
    """Give the names (of the Container Device Interface) that a request stands for.

    Raises:
        NotSupported: It is not for graphics cards, and not by such names.
    """
    if request.driver == "cdi":
        return list(request.device_ids)
    wanted = {ability for one in request.capabilities for ability in one}
    if request.options or request.driver not in (None, "nvidia") or not wanted <= {"gpu"}:
        raise NotSupported("a device request for anything but graphics cards", ENGINE, "driver='cdi'")
    if request.device_ids:
        return [f"nvidia.com/gpu={one}" for one in request.device_ids]
    if request.count == -1:
        return ["nvidia.com/gpu=all"]
    return [f"nvidia.com/gpu={index}" for index in range(request.count or 0)]


def security_parts(options: tuple[str, ...]) -> Body:
    """Put security options, which are one list for Docker, in their places.

    Raises:
        NotSupported: Podman has no place for one.
    """
    body: Body = {}
    for option in options:
        merge(body, _security_part(option))
    return body


_SECURITY: dict[str, Callable[[str], Body]] = {
    "apparmor": lambda value: {"apparmor_profile": value},
    "label": lambda value: {"label_nested": True} if value == "nested" else {"selinux_opts": [value]},
    "mask": lambda value: {"mask": value.split(":")},
    "no-new-privileges": lambda value: {"no_new_privileges": value != "false"},
    "proc-opts": lambda value: {"procfs_opts": value.split(",")},
    "seccomp": lambda value: {"seccomp_profile_path": value},
    "unmask": lambda value: {"unmask": value.split(":")},
}


def _security_part(option: str) -> Body:
    name, value = (*re.split("[=:]", option, maxsplit=1), "")[:2]
    if (name, value) == ("systempaths", "unconfined"):
        name, value = "unmask", "ALL"
    if name not in _SECURITY:
        raise NotSupported(f"the security option {option!r}", ENGINE)
    return _SECURITY[name](value)
