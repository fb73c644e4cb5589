"""Option values that have a type of their own, out of that type, the engine's mapping, or a short form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from wharfinger._core.human import (
    is_mapping,
    nearest,
    parse_command,
    parse_int,
    parse_list,
    parse_mapping,
    parse_pairs,
    parse_seconds,
    parse_size,
    parse_text,
    parse_words,
    wrong_type,
    wrong_value,
)
from wharfinger.types import (
    Device,
    DeviceRequest,
    Healthcheck,
    LogConfig,
    RestartPolicy,
    SecretMount,
    Ulimit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RESTART_NAMES = ("no", "always", "unless-stopped", "on-failure")


def fields_of(name: str, value: object, known: tuple[str, ...]) -> dict[str, Any]:
    """Take an engine's mapping in either spelling (StartPeriod, start_period); give it by our spelling.

    Raises:
        TypeError: A key is unknown.
    """
    found: dict[str, Any] = {}
    for key, item in parse_mapping(name, value, f"{{{known[0]!r}: …}}").items():
        word = _our_spelling(key)
        if word not in known:
            expected = ", ".join(known)
            raise TypeError(f"{name} has the key {key!r}, expected some of: {expected}{nearest(word, known)}")
        found[word] = item
    return found


def _our_spelling(key: str) -> str:
    plural = key.replace("IDs", "Ids").replace("IPs", "Ips").replace("IPv", "Ipv")
    return _WORD_START.sub("_", plural).replace("-", "_").lower()


def _needs(name: str, found: Mapping[str, Any], key: str) -> object:
    if found.get(key) is None:
        raise ValueError(f"{name} lacks {key!r}, which it needs")
    return found[key]


def parse_healthcheck(value: object) -> Healthcheck:
    """Take a health check; whole numbers in an engine's mapping are nanoseconds, as engines have it."""
    if isinstance(value, Healthcheck):
        return value
    known = ("test", "interval", "timeout", "retries", "start_period", "start_interval")
    found = fields_of("healthcheck", value, known)
    spans = {key: parse_span(f"healthcheck {key}", found[key]) for key in known if _is_span(key, found)}
    test: object = found.get("test")
    retries: object = found.get("retries")
    return Healthcheck(
        test=None if test is None else _test(test),
        retries=None if retries is None else parse_int("healthcheck retries", retries),
        **spans,
    )


def _is_span(key: str, found: Mapping[str, Any]) -> bool:
    return key not in ("test", "retries") and found.get(key) is not None


def parse_span(name: str, value: object) -> float:
    """Take a span of time in seconds; whole numbers are nanoseconds, as engines have it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value / 1e9
    return parse_seconds(name, value)


def _test(value: object) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else parse_command("healthcheck test", value)


def health_test(check: Healthcheck) -> list[str] | None:
    """Give the test as a list that begins with CMD, CMD-SHELL or NONE; None inherits the image's.

    Raises:
        ValueError: The list begins with anything else.
    """
    if check.test is None:
        return None
    if isinstance(check.test, str):
        return ["CMD-SHELL", check.test]
    test = list(check.test)
    if test and test[0] not in ("CMD", "CMD-SHELL", "NONE"):
        wrong_value("healthcheck test", test, "a list that begins with 'CMD', 'CMD-SHELL' or 'NONE'")
    return test


def parse_restart_policy(value: object) -> RestartPolicy:
    """Take a policy as its name, as "on-failure:3", or as an engine's mapping."""
    if isinstance(value, RestartPolicy):
        policy = value
    elif isinstance(value, str):
        name, colon, count = value.partition(":")
        if colon and not (count.isascii() and count.isdecimal()):
            wrong_value("restart_policy", value, "such as 'on-failure:3'")
        policy = RestartPolicy(name, int(count) if colon else None)
    else:
        found = fields_of("restart_policy", value, ("name", "maximum_retry_count"))
        most: object = found.get("maximum_retry_count")
        policy = RestartPolicy(
            parse_text("restart_policy name", _needs("restart_policy", found, "name")),
            None if most is None else parse_int("restart_policy maximum_retry_count", most),
        )
    if policy.name not in _RESTART_NAMES:
        wrong_value("restart_policy name", policy.name, " or ".join(map(repr, _RESTART_NAMES)))
    return policy


def parse_log_config(value: object) -> LogConfig:
    """Take a log configuration as its driver's name, or as an engine's mapping."""
    if isinstance(value, LogConfig):
        return value
    if isinstance(value, str):
        return LogConfig(value)
    found = fields_of("log_config", value, ("type", "config", "driver", "options"))
    driver: object = found.get("type") or found.get("driver")
    options: object = found.get("config") or found.get("options")
    return LogConfig(
        None if driver is None else parse_text("log_config type", driver),
        {} if options is None else parse_pairs("log_config config", options),
    )


def parse_ulimits(value: object) -> tuple[Ulimit, ...]:
    """Take limits: a mapping of names to limits, or a list of values, mappings, "nofile=1024:2048"."""
    if is_mapping(value):
        entries = parse_mapping("ulimits", value, "{'nofile': (1024, 2048)}")
        return tuple(_ulimit_pair(name, limit) for name, limit in entries.items())
    return tuple(_ulimit(item) for item in parse_list("ulimits", value, "['nofile=1024:2048']"))


def _ulimit_pair(name: str, limit: object) -> Ulimit:
    if isinstance(limit, tuple | list):
        pair = tuple(cast("list[object]", limit))
        if len(pair) != 2:
            wrong_value(f"ulimits[{name!r}]", pair, "(soft, hard)")
        return Ulimit(name, *(parse_int(f"ulimits[{name!r}]", part) for part in pair))
    number = parse_int(f"ulimits[{name!r}]", limit)
    return Ulimit(name, number, number)


def _ulimit(item: object) -> Ulimit:
    if isinstance(item, Ulimit):
        return item if item.hard is not None else Ulimit(item.name, item.soft, item.soft)
    if isinstance(item, str):
        match = re.fullmatch(r"(\w+)=(-?\d+)(?::(-?\d+))?", item)
        if match is None:
            wrong_value("an item of ulimits", item, "such as 'nofile=1024:2048'")
        return Ulimit(match[1], int(match[2]), int(match[3] or match[2]))
    found = fields_of("an item of ulimits", item, ("name", "soft", "hard"))
    soft: object = found.get("soft", found.get("hard"))
    hard: object = found.get("hard", found.get("soft"))
    return Ulimit(
        parse_text("ulimit name", _needs("an item of ulimits", found, "name")),
        parse_int("ulimit soft", soft),
        parse_int("ulimit hard", hard),
    )


def parse_devices(value: object) -> tuple[Device, ...]:
    """Take host devices: values, engines' mappings, or "/dev/a[:/dev/b[:rwm]]"."""
    return tuple(_device(item) for item in parse_list("devices", value, "['/dev/fuse:/dev/fuse:rwm']"))


def _device(item: object) -> Device:
    if isinstance(item, Device):
        return item
    if isinstance(item, str):
        host, *rest = item.split(":")
        # "/dev/a:rw" gives permissions alone.
        if len(rest) == 1 and rest[0] and not rest[0].startswith("/"):
            rest = ["", *rest]
        if not host or len(rest) > 2 or (len(rest) == 2 and not re.fullmatch("[rwm]{1,3}", rest[1])):
            wrong_value("an item of devices", item, "such as '/dev/fuse:/dev/fuse:rwm'")
        return Device(host, (rest[0] if rest else "") or None, rest[1] if len(rest) == 2 else "rwm")
    found = fields_of("an item of devices", item, ("path_on_host", "path_in_container", "cgroup_permissions"))
    return Device(
        parse_text("device path_on_host", _needs("an item of devices", found, "path_on_host")),
        found.get("path_in_container") or None,
        found.get("cgroup_permissions") or "rwm",
    )


def parse_device_requests(value: object) -> tuple[DeviceRequest, ...]:
    """Take requests for devices by ability: values or engines' mappings."""
    return tuple(_device_request(item) for item in parse_list("device_requests", value, "[DeviceRequest(…)]"))


def _device_request(item: object) -> DeviceRequest:
    if isinstance(item, DeviceRequest):
        return item
    known = ("driver", "count", "device_ids", "capabilities", "options")
    found = fields_of("an item of device_requests", item, known)
    count: object = found.get("count")
    lists = parse_list("capabilities", found.get("capabilities") or [], "[['gpu']]")
    return DeviceRequest(
        driver=found.get("driver") or None,
        count=None if count is None else parse_int("device request count", count),
        device_ids=parse_words("device_ids", found.get("device_ids") or ()),
        capabilities=tuple(parse_words("capabilities", one) for one in lists),
        options=parse_pairs("device request options", found.get("options") or {}),
    )


def parse_gpus(value: object) -> tuple[DeviceRequest, ...]:
    """Take graphics cards: "all", how many, or a list of their IDs."""
    gpu = (("gpu",),)
    if value == "all":
        return (DeviceRequest(count=-1, capabilities=gpu),)
    if isinstance(value, int) and not isinstance(value, bool):
        return (DeviceRequest(count=value, capabilities=gpu),)
    if isinstance(value, str):
        wrong_value("gpus", value, "'all', a number, or a list of IDs such as ['GPU-1']")
    return (DeviceRequest(device_ids=parse_words("gpus", value), capabilities=gpu),)


def parse_secrets(value: object) -> tuple[SecretMount, ...]:
    """Take secrets of the engine's store: names, values, or mappings."""
    return tuple(_secret(item) for item in parse_list("secrets", value, "['name']"))


def _secret(item: object) -> SecretMount:
    if isinstance(item, SecretMount):
        return item
    if isinstance(item, str):
        return SecretMount(item)
    found = fields_of("an item of secrets", item, ("source", "target", "uid", "gid", "mode"))
    numbers = {
        key: parse_int(f"secret {key}", found[key]) for key in ("uid", "gid", "mode") if found.get(key)
    }
    return SecretMount(
        parse_text("secret source", _needs("an item of secrets", found, "source")),
        found.get("target") or None,
        **numbers,
    )


def parse_rates(name: str, value: object, key: str, *, sizes: bool) -> dict[str, int]:
    """Take a number for each of some devices: {"/dev/sda": "10m"}, or engines' [{"Path": …, "Rate": …}]."""
    entries: dict[str, Any] = {}
    if is_mapping(value):
        entries.update(parse_mapping(name, value, "{'/dev/sda': 1000}"))
    else:
        for item in parse_list(name, value, "{'/dev/sda': 1000}"):
            found = fields_of(f"an item of {name}", item, ("path", key))
            entries[parse_text("path", _needs(name, found, "path"))] = _needs(name, found, key)
    convert = parse_size if sizes else parse_int
    return {path: convert(f"{name}[{path!r}]", number) for path, number in entries.items()}


def parse_tmpfs(value: object) -> dict[str, str]:
    """Take in-memory file systems: a mapping of paths to options, or a list of paths (with ":options")."""
    pairs = parse_pairs("tmpfs", [value] if isinstance(value, str) else value, separator=":")
    for path in pairs:
        if not path.startswith("/"):
            wrong_value("a path of tmpfs", path, "an absolute path, as in {'/run': 'size=64m'}")
    return pairs


def parse_extra_hosts(value: object) -> tuple[str, ...]:
    """Take names and addresses for /etc/hosts: a mapping, or a list of "name:address"."""
    pairs = parse_pairs("extra_hosts", value, separator=":")
    for name, address in pairs.items():
        if not address:
            wrong_value("an item of extra_hosts", name, "'name:address', or {'name': 'address'}")
    return tuple(f"{name}:{address}" for name, address in pairs.items())


def parse_signal(value: object) -> str | int:
    """Take a signal's name or number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        wrong_type("stop_signal", value, "a signal such as 'SIGTERM' or 15")
    return value
