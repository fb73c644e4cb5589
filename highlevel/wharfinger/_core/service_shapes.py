"""The values of services in the engine's words: from their types, or from mappings in either spelling."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

import attrs

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, merge
from wharfinger._core.noun_options import parse_raw
from wharfinger._core.option_values import fields_of
from wharfinger.types import (
    ConfigReference,
    DNSConfig,
    DriverConfig,
    EndpointSpec,
    NetworkAttachmentConfig,
    Placement,
    PlacementPreference,
    Privileges,
    Resources,
    RollbackConfig,
    SecretReference,
    ServicePort,
    ServiceRestartPolicy,
    UpdateConfig,
)

Reader: TypeAlias = Callable[[str, Any], Any]
Path: TypeAlias = tuple[str, ...]
_Field: TypeAlias = tuple[str, Reader]


@attrs.frozen
class Shape:
    """How a type's fields are read, and where they are in the engine's mapping.

    Attributes:
        kind: The type.
        fields: For each of its fields where it goes, keys joined by dots, and its reader.
    """

    kind: type[Any]
    fields: Mapping[str, _Field]

    def encoded(self, name: str, value: object) -> Body:
        """The engine's mapping for a value, or for a mapping by its names or the engine's.

        Raises:
            TypeError: It is neither, or has an unknown key or a value of the wrong type.
            ValueError: A value is wrong.
        """
        body: Body = {}
        for field, item in self._given(name, value).items():
            path, reader = self.fields[field]
            part: Any = reader(f"{name} {field}", item)
            for key in reversed(path.split(".")):
                part = {key: part}
            merge(body, part)
        return body

    def _given(self, name: str, value: object) -> dict[str, Any]:
        if isinstance(value, self.kind):
            given: dict[str, Any] = {field: getattr(value, field) for field in self.fields}
        elif human.is_mapping(value):
            given = dict(self._named(name, cast("Mapping[str, Any]", value), ()))
        else:
            human.wrong_type(name, value, f"a {self.kind.__name__}, or a mapping of the same")
        return {field: item for field, item in given.items() if item is not None}

    def _named(self, name: str, value: Mapping[str, Any], within: Path) -> list[tuple[str, Any]]:
        """What is in a mapping, by our names."""
        places = {tuple(path.split(".")): field for field, (path, _) in self.fields.items()}
        found: list[tuple[str, Any]] = []
        for key, item in human.parse_mapping(name, value, f"{{{next(iter(self.fields))!r}: …}}").items():
            path = (*within, key)
            reader = self.fields[key][1] if not within and key in self.fields else None
            if reader is not None:
                found.append((key, _told(reader, item, theirs=False)))
            elif path in places:
                field = places[path]
                found.append((field, _told(self.fields[field][1], item, theirs=True)))
            elif any(place[: len(path)] == path for place in places):
                found += self._named(f"{name} {key}", item or {}, path)
            else:
                known = ", ".join(self.fields)
                hint = human.nearest(key, [*self.fields, *(place[-1] for place in places)])
                raise TypeError(f"{name} has the key {key!r}, expected some of: {known}{hint}")
        return found


@attrs.frozen
class _Told:
    """A value in the engine's own form, which needs no conversion."""

    value: Any


def _told(reader: Reader, item: object, *, theirs: bool) -> object:
    """Mark what a mapping gives as engines have it: whole numbers of nanoseconds, and bytes as base64."""
    if reader is parse_span and isinstance(item, int) and not isinstance(item, bool):
        return _Told(item)
    return _Told(item) if reader is _json_bytes and theirs else item


def parse_span(name: str, value: object) -> int:
    """Take a time span; give nanoseconds."""
    if isinstance(value, _Told):
        return cast("int", value.value)
    return human.to_nanoseconds(human.parse_seconds(name, value))


def one_of(*words: str) -> Reader:
    """Give a reader of one of some words."""

    def read(name: str, value: object) -> str:
        word = human.parse_text(name, value)
        if word not in words:
            human.wrong_value(name, value, " or ".join(map(repr, words)))
        return word

    return read


def parse_count(name: str, value: object) -> int:
    """Take a number that is not negative."""
    if human.parse_int(name, value) < 0:
        human.wrong_value(name, value, "0 or more")
    return cast("int", value)


def words(name: str, value: object) -> list[str]:
    """Take a list of strings; one string stands for a list of one."""
    return list(human.parse_words(name, value))


def _processors(name: str, value: object) -> int:
    if isinstance(value, str):
        try:
            return human.to_nanoseconds(float(value))
        except ValueError:
            human.wrong_value(name, value, "a number of processors such as '1.5', or billionths as a number")
    return parse_count(name, value)


def _ratio(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        human.wrong_type(name, value, "a number from 0 to 1")
    if not 0 <= value <= 1:
        human.wrong_value(name, value, "a number from 0 to 1")
    return float(value)


def _generic_resources(name: str, value: object) -> list[Any]:
    if not human.is_mapping(value):
        example = "{'gpu': 2}"
        return [
            dict(human.parse_mapping(f"an item of {name}", one, example))
            for one in human.parse_list(name, value, example)
        ]
    found: list[Any] = []
    for kind, amount in human.parse_mapping(name, value, "{'gpu': 2}").items():
        if isinstance(amount, str):
            found.append({"NamedResourceSpec": {"Kind": kind, "Value": amount}})
        else:
            count = parse_count(f"{name}[{kind!r}]", amount)
            found.append({"DiscreteResourceSpec": {"Kind": kind, "Value": count}})
    return found


def _ports(name: str, value: object) -> list[Body]:
    if not human.is_mapping(value):
        given = human.parse_list(name, value, "[ServicePort(80, 8080)]")
        return [PORT.encoded(f"an item of {name}", one) for one in given]
    found: list[Body] = []
    for published, told in cast("Mapping[object, object]", value).items():
        target = cast("tuple[object, ...]", told) if isinstance(told, tuple) else (told,)
        if not 1 <= len(target) <= 3:
            human.wrong_value(f"{name}[{published!r}]", target, "(target, protocol, publish_mode)")
        names = ("target_port", "protocol", "publish_mode")
        one = dict(zip(names, target, strict=False))
        found.append(PORT.encoded(name, {"protocol": "tcp", **one, "published_port": published}))
    return found


def _port(name: str, value: object) -> int:
    if not 1 <= human.parse_int(name, value) <= 65535:
        human.wrong_value(name, value, "a number from 1 to 65535")
    return cast("int", value)


def _preferences(name: str, value: object) -> list[Body]:
    given = human.parse_list(name, value, "[('spread', 'node.labels.datacenter')]")
    return [_preference(f"an item of {name}", one) for one in given]


def _preference(name: str, value: object) -> Body:
    if isinstance(value, tuple):
        pair = cast("tuple[object, ...]", value)
        if len(pair) != 2:
            human.wrong_value(name, pair, "(strategy, descriptor)")
        value = {"strategy": pair[0], "descriptor": pair[1]}
    told = PREFERENCE.encoded(name, value)
    if told.pop("strategy", "spread") != "spread":
        human.wrong_value(f"{name} strategy", value, "'spread', the only one that there is")
    return told


def _platforms(name: str, value: object) -> list[Body]:
    given = human.parse_list(name, value, "['linux/amd64']")
    return [_platform(f"an item of {name}", one) for one in given]


def _platform(name: str, value: object) -> Body:
    if isinstance(value, str):
        system, slash, machine = value.partition("/")
        if not (system and slash and machine):
            human.wrong_value(name, value, "such as 'linux/amd64'")
        return {"Architecture": machine, "OS": system}
    if isinstance(value, tuple):
        pair = cast("tuple[object, ...]", value)
        if len(pair) != 2:
            human.wrong_value(name, pair, "(architecture, operating system)")
        machine, system = (human.parse_text(name, part) for part in pair)
        return {"Architecture": machine, "OS": system}
    found = fields_of(name, value, ("architecture", "os"))
    return {
        "Architecture": human.parse_text(f"{name} architecture", found.get("architecture") or ""),
        "OS": human.parse_text(f"{name} os", found.get("os") or ""),
    }


def _json_bytes(name: str, value: object) -> str:
    if isinstance(value, _Told):
        return human.parse_text(name, value.value)
    # The engine reads bytes out of JSON as base64.
    return base64.b64encode(human.parse_text(name, value).encode()).decode()


def _fields(**fields: _Field) -> Mapping[str, _Field]:
    return fields


_ROLLOUT = _fields(
    parallelism=("Parallelism", parse_count),
    delay=("Delay", parse_span),
    monitor=("Monitor", parse_span),
    max_failure_ratio=("MaxFailureRatio", _ratio),
    order=("Order", one_of("stop-first", "start-first")),
)
UPDATE = Shape(
    UpdateConfig, {**_ROLLOUT, "failure_action": ("FailureAction", one_of("continue", "pause", "rollback"))}
)
ROLLBACK = Shape(
    RollbackConfig, {**_ROLLOUT, "failure_action": ("FailureAction", one_of("continue", "pause"))}
)
RESTART = Shape(
    ServiceRestartPolicy,
    _fields(
        condition=("Condition", one_of("none", "on-failure", "any")),
        delay=("Delay", parse_span),
        max_attempts=("MaxAttempts", parse_count),
        window=("Window", parse_span),
    ),
)
RESOURCES = Shape(
    Resources,
    _fields(
        cpu_limit=("Limits.NanoCPUs", _processors),
        mem_limit=("Limits.MemoryBytes", human.parse_size),
        pids_limit=("Limits.Pids", human.parse_int),
        cpu_reservation=("Reservations.NanoCPUs", _processors),
        mem_reservation=("Reservations.MemoryBytes", human.parse_size),
        generic_resources=("Reservations.GenericResources", _generic_resources),
        swap_limit=("SwapBytes", human.parse_size),
        mem_swappiness=("MemorySwappiness", human.parse_int),
    ),
)
PORT = Shape(
    ServicePort,
    _fields(
        target_port=("TargetPort", _port),
        published_port=("PublishedPort", _port),
        protocol=("Protocol", one_of("tcp", "udp", "sctp")),
        publish_mode=("PublishMode", one_of("ingress", "host")),
        name=("Name", human.parse_text),
    ),
)
ENDPOINT = Shape(EndpointSpec, _fields(mode=("Mode", one_of("vip", "dnsrr")), ports=("Ports", _ports)))
PREFERENCE = Shape(
    PlacementPreference,
    _fields(
        strategy=("strategy", human.parse_text), descriptor=("Spread.SpreadDescriptor", human.parse_text)
    ),
)
PLACEMENT = Shape(
    Placement,
    _fields(
        constraints=("Constraints", words),
        preferences=("Preferences", _preferences),
        platforms=("Platforms", _platforms),
        maxreplicas=("MaxReplicas", parse_count),
    ),
)
NETWORK = Shape(
    NetworkAttachmentConfig,
    _fields(
        target=("Target", human.parse_text),
        aliases=("Aliases", words),
        options=("DriverOpts", human.parse_pairs),
    ),
)
DRIVER = Shape(DriverConfig, _fields(name=("Name", human.parse_text), options=("Options", human.parse_pairs)))
_FILE = _fields(
    filename=("File.Name", human.parse_text),
    uid=("File.UID", human.parse_word),
    gid=("File.GID", human.parse_word),
    mode=("File.Mode", human.parse_int),
)
SECRET = Shape(
    SecretReference,
    {
        **_FILE,
        "secret_id": ("SecretID", human.parse_text),
        "secret_name": ("SecretName", human.parse_text),
    },
)
CONFIG = Shape(
    ConfigReference,
    {
        **_FILE,
        "config_id": ("ConfigID", human.parse_text),
        "config_name": ("ConfigName", human.parse_text),
        "runtime": ("Runtime", parse_raw),
    },
)
DNS = Shape(
    DNSConfig,
    _fields(nameservers=("Nameservers", words), search=("Search", words), options=("Options", words)),
)
PRIVILEGES = Shape(
    Privileges,
    _fields(
        credentialspec_file=("CredentialSpec.File", human.parse_text),
        credentialspec_registry=("CredentialSpec.Registry", human.parse_text),
        credentialspec_config=("CredentialSpec.Config", human.parse_text),
        selinux_disable=("SELinuxContext.Disable", human.parse_flag),
        selinux_user=("SELinuxContext.User", human.parse_text),
        selinux_role=("SELinuxContext.Role", human.parse_text),
        selinux_type=("SELinuxContext.Type", human.parse_text),
        selinux_level=("SELinuxContext.Level", human.parse_text),
        seccomp_mode=("Seccomp.Mode", one_of("default", "unconfined", "custom")),
        seccomp_profile=("Seccomp.Profile", _json_bytes),
        apparmor_mode=("AppArmor.Mode", one_of("default", "disabled")),
        no_new_privileges=("NoNewPrivileges", human.parse_flag),
    ),
)


def each(shape: Shape, name: str, value: object) -> list[Body]:
    """Give the engine's mappings for a list."""
    given = human.parse_list(name, value, f"[{shape.kind.__name__}(…)]")
    return [shape.encoded(f"an item of {name}", one) for one in given]
