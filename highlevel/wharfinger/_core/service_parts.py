"""From the keywords of services.create() and Service.update() to parts of the engine's mapping, each at its place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wharfinger._core import human, option_values
from wharfinger._core import service_shapes as shapes
from wharfinger._core.container_docker import health_body, mount_body
from wharfinger._core.container_facts import section
from wharfinger._core.noun_options import Reader, parse_raw, read_options
from wharfinger._core.option_mounts import parse_mounts
from wharfinger._core.option_ports import parse_ports
from wharfinger.types import DriverConfig, LogConfig, Mount, MountType, ServiceMode, ServicePort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.container_encoding import Body

Path: TypeAlias = tuple[str, ...]
# What each keyword becomes, at its place.
Parts: TypeAlias = dict[Path, Any]

TEMPLATE: Path = ("TaskTemplate",)
IMAGE: Path = ("TaskTemplate", "ContainerSpec", "Image")
SECRETS: Path = ("TaskTemplate", "ContainerSpec", "Secrets")
CONFIGS: Path = ("TaskTemplate", "ContainerSpec", "Configs")
_ENDPOINT: Path = ("EndpointSpec",)
_LOG_DRIVER: Path = ("TaskTemplate", "LogDriver")
_MODES = {
    "replicated": "Replicated",
    "global": "Global",
    "replicated-job": "ReplicatedJob",
    "global-job": "GlobalJob",
}


def _words(name: str, value: object) -> list[str]:
    return list(human.parse_command(name, value))


def _environment(name: str, value: object) -> list[str]:
    pairs = human.parse_optional_pairs(name, value)
    return [key if text is None else f"{key}={text}" for key, text in pairs.items()]


def _hosts(name: str, value: object) -> list[str]:
    if not human.is_mapping(value):
        # The engine's own form is that of /etc/hosts.
        given = human.parse_list(name, value, "['name:address']")
        kept = [one for one in given if isinstance(one, str) and " " in one]
        value = [one for one in given if one not in kept]
    else:
        kept = []
    pairs = (text.partition(":") for text in option_values.parse_extra_hosts(value))
    return [*kept, *(f"{address} {host}" for host, _, address in pairs)]


def _mounts(name: str, value: object) -> list[Body]:
    given = human.parse_list(name, value, "[Mount('/data', 'name')]")
    mounts = parse_mounts([_mount(one) if isinstance(one, str) else one for one in given])
    return [mount_body(one) for one in mounts]


def _mount(text: str) -> Mount:
    source, colon, rest = text.partition(":")
    target, _, mode = rest.partition(":") if colon else (source, "", "")
    if mode not in ("", "ro", "rw") or not target.startswith("/"):
        human.wrong_value("an item of mounts", text, "such as 'name:/data' or '/host/path:/data:ro'")
    kind: MountType = "bind" if colon and source.startswith("/") else "volume"
    return Mount(target, source if colon else None, kind, read_only=mode == "ro" or None)


def _ulimits(_name: str, value: object) -> list[Body]:
    limits = option_values.parse_ulimits(value)
    return [{"Name": one.name, "Soft": one.soft, "Hard": one.hard} for one in limits]


def _restart_policy(name: str, value: object) -> Body:
    return shapes.RESTART.encoded(name, {"condition": value} if isinstance(value, str) else value)


def _log_driver(name: str, value: object) -> Body:
    if isinstance(value, LogConfig):
        value = DriverConfig(human.parse_text(f"{name} type", value.type), value.config)
    return shapes.DRIVER.encoded(name, DriverConfig(value) if isinstance(value, str) else value)


def _networks(name: str, value: object) -> list[Body]:
    return shapes.each(shapes.NETWORK, name, [_by(one, "target") for one in _list(name, value)])


def _secrets(name: str, value: object) -> list[Body]:
    return shapes.each(
        shapes.SECRET, name, [_by(one, "secret_name", "secret_id") for one in _list(name, value)]
    )


def _configs(name: str, value: object) -> list[Body]:
    return shapes.each(
        shapes.CONFIG, name, [_by(one, "config_name", "config_id") for one in _list(name, value)]
    )


def _list(name: str, value: object) -> list[Any]:
    return human.parse_list(name, value, "['name']")


def _by(one: Any, name: str, id: str = "") -> Any:  # noqa: ANN401 - any form of an item
    """A mapping for a name or for a manager's object; else what it is."""
    if isinstance(one, str):
        return {name: one}
    called: object = getattr(one, "name", None)
    if not isinstance(called, str) or human.is_mapping(one):
        return one
    return {name: called, id: one.id} if id else {name: one.id}


def _mode(name: str, value: object) -> Body:
    if isinstance(value, str):
        value = ServiceMode(cast("Any", value))
    if not isinstance(value, ServiceMode):
        mode = parse_raw(name, value)
        if len(mode) != 1 or not mode.keys() <= {*_MODES.values()}:
            human.wrong_value(name, value, "a mapping with one of " + ", ".join(_MODES.values()))
        return mode
    if value.mode not in _MODES:
        human.wrong_value(name, value.mode, " or ".join(map(repr, _MODES)))
    counts: Body = {}
    if value.replicas is not None:
        if value.mode.startswith("global"):
            human.wrong_value("replicas", value.replicas, f"none with the mode {value.mode!r}")
        key = "Replicas" if value.mode == "replicated" else "TotalCompletions"
        counts[key] = shapes.parse_count("replicas", value.replicas)
    if value.concurrency is not None:
        if value.mode != "replicated-job":
            human.wrong_value("concurrency", value.concurrency, f"none with the mode {value.mode!r}")
        counts["MaxConcurrent"] = shapes.parse_count("concurrency", value.concurrency)
    return {_MODES[value.mode]: counts}


def _replicas(_name: str, value: object) -> Body:
    return _mode("mode", ServiceMode("replicated", cast("int", value)))


def _ports(name: str, value: object) -> list[Body]:
    if human.is_mapping(value):
        return _published(name, value)
    found: list[Body] = []
    for one in human.parse_list(name, value, "['8080:80']"):
        theirs = isinstance(one, ServicePort) or human.is_mapping(one)
        found += [shapes.PORT.encoded(f"an item of {name}", one)] if theirs else _published(name, [one])
    return found


def _published(name: str, value: object) -> list[Body]:
    bindings, exposed = parse_ports(value)
    found = [ServicePort(one.container_port, one.host_port, one.protocol) for one in bindings]
    if any(one.host_ip for one in bindings):
        raise ValueError(
            f"{name} has the address of a host, expected none: services listen on all of each node's"
        )
    bound = {(one.container_port, one.protocol) for one in bindings}
    found += [ServicePort(port, protocol=kind) for port, kind in exposed if (port, kind) not in bound]
    return [shapes.PORT.encoded(name, one) for one in found]


def _signal(_name: str, value: object) -> str:
    return str(option_values.parse_signal(value))


def _health(_name: str, value: object) -> Body:
    return health_body(option_values.parse_healthcheck(value))


def _sysctls(name: str, value: object) -> dict[str, str]:
    return human.parse_pairs(name, value)


def _image(name: str, value: object) -> str:
    if not human.parse_text(name, value):
        human.wrong_value(name, value, "an image to run, such as 'nginx:1.27'")
    return cast("str", value)


def _of(shape: shapes.Shape) -> Reader:
    return shape.encoded


def _at(parent: str, table: Mapping[str, tuple[str, Reader]]) -> dict[str, tuple[Path, Reader]]:
    above = tuple(filter(None, parent.split(".")))
    return {name: ((*above, key), reader) for name, (key, reader) in table.items()}


_PLACES: dict[str, tuple[Path, Reader]] = {
    **_at(
        "TaskTemplate.ContainerSpec",
        {
            "args": ("Args", _words),
            "cap_add": ("CapabilityAdd", shapes.words),
            "cap_drop": ("CapabilityDrop", shapes.words),
            "command": ("Command", _words),
            "configs": ("Configs", _configs),
            "container_labels": ("Labels", human.parse_pairs),
            "dns_config": ("DNSConfig", _of(shapes.DNS)),
            "env": ("Env", _environment),
            "environment": ("Env", _environment),
            "groups": ("Groups", shapes.words),
            "healthcheck": ("Healthcheck", _health),
            "hostname": ("Hostname", human.parse_text),
            "hosts": ("Hosts", _hosts),
            "image": ("Image", _image),
            "init": ("Init", human.parse_flag),
            "isolation": ("Isolation", human.parse_text),
            "mounts": ("Mounts", _mounts),
            "oom_score_adj": ("OomScoreAdj", human.parse_int),
            "open_stdin": ("OpenStdin", human.parse_flag),
            "privileges": ("Privileges", _of(shapes.PRIVILEGES)),
            "read_only": ("ReadOnly", human.parse_flag),
            "secrets": ("Secrets", _secrets),
            "stop_grace_period": ("StopGracePeriod", shapes.parse_span),
            "stop_signal": ("StopSignal", _signal),
            "sysctls": ("Sysctls", _sysctls),
            "tty": ("TTY", human.parse_flag),
            "ulimits": ("Ulimits", _ulimits),
            "user": ("User", human.parse_word),
            "workdir": ("Dir", human.parse_text),
        },
    ),
    **_at(
        "TaskTemplate.Placement", {name: shapes.PLACEMENT.fields[name] for name in shapes.PLACEMENT.fields}
    ),
    **_at(
        "TaskTemplate",
        {
            "log_driver": ("LogDriver", _log_driver),
            "networks": ("Networks", _networks),
            "placement": ("Placement", _of(shapes.PLACEMENT)),
            "resources": ("Resources", _of(shapes.RESOURCES)),
            "restart_policy": ("RestartPolicy", _restart_policy),
        },
    ),
    **_at(
        "",
        {
            "endpoint_spec": ("EndpointSpec", _of(shapes.ENDPOINT)),
            "labels": ("Labels", human.parse_pairs),
            "mode": ("Mode", _mode),
            "name": ("Name", human.parse_text),
            "replicas": ("Mode", _replicas),
            "rollback_config": ("RollbackConfig", _of(shapes.ROLLBACK)),
            "task_template": ("TaskTemplate", parse_raw),
            "update_config": ("UpdateConfig", _of(shapes.UPDATE)),
        },
    ),
    "ports": ((*_ENDPOINT, "Ports"), _ports),
}
# Those that have no place of their own.
_BESIDE: dict[str, Reader] = {
    "auth_config": parse_raw,
    "log_driver_options": human.parse_pairs,
}
_READERS = {**{name: reader for name, (_, reader) in _PLACES.items()}, **_BESIDE}


def service_parts(verb: str, options: Mapping[str, object]) -> Parts:
    """Read the keywords; one whose value is None is not given.

    Args:
        verb: Whose they are: services.create() or Service.update().
        options: The keywords, with image and command.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or two say the same.
    """
    read = read_options(verb, _with_mode(options), _READERS)
    parts: Parts = {}
    said: dict[Path, str] = {}
    for name in sorted(read.keys() & _PLACES.keys(), key=lambda name: len(_PLACES[name][0])):
        place = _PLACES[name][0]
        for other, at in ((said[at], at) for at in said if at == place[: len(at)] and at != TEMPLATE):
            raise ValueError(
                f"{name} and {other} are both given, expected one of them: they say the same ({at[-1]})"
            )
        said[place] = name
        parts[place] = read[name]
    if "log_driver_options" in read:
        _add_log_options(parts, read["log_driver_options"])
    return parts


def _with_mode(options: Mapping[str, object]) -> Mapping[str, object]:
    """The keywords, the number of replicas with the mode where that is a word."""
    mode, replicas = options.get("mode"), options.get("replicas")
    if not isinstance(mode, str) or replicas is None:
        return options
    joined = ServiceMode(cast("Any", mode), cast("int", replicas))
    return {name: value for name, value in options.items() if name != "replicas"} | {"mode": joined}


def _add_log_options(parts: Parts, options: Mapping[str, str]) -> None:
    if _LOG_DRIVER not in parts:
        raise ValueError("log_driver_options is given without log_driver, expected both")
    parts[_LOG_DRIVER] = {
        **parts[_LOG_DRIVER],
        "Options": {**parts[_LOG_DRIVER].get("Options", {}), **options},
    }


def laid_over(spec: Mapping[str, Any], parts: Parts) -> Body:
    """A service's mapping with parts in place of what was there."""
    laid: Body = deepcopy(dict(spec))
    for path, part in parts.items():
        inner = laid
        for key in path[:-1]:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        inner[path[-1]] = {**(inner.get(path[-1]) or {}), **deepcopy(part)} if path == TEMPLATE else part
    return laid


def only_noted(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a service has another version though nobody changed it: the swarm notes addresses and progress there."""
    return bool(before["Spec"] == after["Spec"] and before["Version"] != after["Version"])


def forced(spec: Mapping[str, Any]) -> Parts:
    """The part that has the tasks replaced: another count than before."""
    count = int(section(spec, *TEMPLATE).get("ForceUpdate") or 0)
    return {("TaskTemplate", "ForceUpdate"): count + 1}


def scaled(spec: Mapping[str, Any], replicas: int) -> Parts:
    """The part that gives a service another number of tasks.

    Raises:
        ValueError: It has no number of tasks, or this is none.
    """
    mode: Mapping[str, Any] = spec.get("Mode") or {}
    count = shapes.parse_count("replicas", replicas)
    for key, counted in (("Replicated", "Replicas"), ("ReplicatedJob", "TotalCompletions")):
        if key in mode:
            return {("Mode",): {key: {**(mode[key] or {}), counted: count}}}
    name = spec.get("Name")
    raise ValueError(
        f"the service {name!r} runs on every node, expected one with a number of replicas to scale"
    )


def references(parts: Parts, path: Path) -> list[Body]:
    """The secrets or configs among the parts, of which an id or a name may be missing."""
    found: list[Body] = parts.get(path) or []
    return found


def lacking(reference: Body, kind: str) -> bool:
    """Whether a reference to a secret or config lacks its id or its name."""
    return not (reference.get(f"{kind}ID") and reference.get(f"{kind}Name"))


def complete(reference: Body, kind: str, found: Mapping[str, Any] | None) -> None:
    """Fill in what a reference to a secret or config lacks.

    Args:
        reference: As keywords gave it.
        kind: "Secret" or "Config".
        found: What the swarm has by that name or id; None where the reference tells both.
    """
    if found is not None:
        reference[f"{kind}ID"] = found["ID"]
        reference[f"{kind}Name"] = found["Spec"]["Name"]
    if "Runtime" not in reference:
        file = {"UID": "0", "GID": "0", "Mode": 0o444, "Name": reference[f"{kind}Name"]}
        reference["File"] = {**file, **reference.get("File", {})}
