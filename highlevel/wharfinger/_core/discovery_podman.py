"""Podman's own rules: CONTAINER_HOST, CONTAINER_CONNECTION, then its default connection."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.discovery_search import JSONObject, Search, listed, section, text
from wharfinger.address import EngineAddress, TLSConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HOST_HINT = "Correct CONTAINER_HOST or unset it, or name the engine by base_url."
_CONNECTION_HINT = "podman system connection list shows what there is; add makes one."


@attrs.frozen
class _Connections:
    """Podman's connections: by name, which is the default, and the files that were looked at."""

    by_name: Mapping[str, JSONObject]
    default: str | None
    files: tuple[str, ...]


def container_host(search: Search) -> EngineAddress | None:
    """CONTAINER_HOST, with CONTAINER_SSHKEY as the key for ssh."""
    host = search.environment.variable("CONTAINER_HOST")
    if host is None:
        search.passed_over("CONTAINER_HOST", "not set")
        return None
    identity = search.environment.variable("CONTAINER_SSHKEY")
    return search.address(host, "CONTAINER_HOST", _HOST_HINT, engine="podman", identity=identity)


def container_connection(search: Search) -> EngineAddress | None:
    """The connection that CONTAINER_CONNECTION names."""
    name = search.environment.variable("CONTAINER_CONNECTION")
    if name is None:
        search.passed_over("CONTAINER_CONNECTION", "not set")
        return None
    rule = f"podman connection {name!r} (CONTAINER_CONNECTION)"
    return _connection(search, _read_connections(search, rule), name, rule)


def default_connection(search: Search) -> EngineAddress | None:
    """The default among Podman's connections."""
    connections = _read_connections(search, "podman connection")
    name = connections.default
    if name is None:
        files = ", ".join(connections.files)
        search.passed_over("podman connection", f"no default in {files}" if files else "no connections file")
        return None
    return _connection(search, connections, name, f"podman connection {name!r} (the default)")


def connection_addresses(search: Search, names: Sequence[str] | None) -> dict[str, EngineAddress]:
    """Where the engines of these connections are; of all where none are named."""
    connections = _read_connections(search, "podman connections")
    wanted = sorted(connections.by_name) if names is None else names
    return {name: _connection(search, connections, name, f"podman connection {name!r}") for name in wanted}


def _connection(search: Search, connections: _Connections, name: str, rule: str) -> EngineAddress:
    destination = connections.by_name.get(name)
    if destination is None:
        known = listed(sorted(connections.by_name))
        search.fail(rule, f"there is no such connection; known: {known}", _CONNECTION_HINT)
    url = text(destination, "uri")
    if url is None:
        search.fail(rule, "it has no URI", _CONNECTION_HINT)
    if destination.get("ismachine") is True:
        rule += ", a podman machine"
    identity = text(destination, "identity")
    tls = _connection_tls(search, destination, rule)
    return search.address(url, rule, _CONNECTION_HINT, engine="podman", tls=tls, identity=identity)


def _connection_tls(search: Search, destination: JSONObject, rule: str) -> TLSConfig | None:
    ca, cert, key = (text(destination, name) for name in ("tlsca", "tlscert", "tlskey"))
    if ca is None and cert is None and key is None:
        return None
    try:
        return TLSConfig(ca, cert, key)
    except ValueError as error:
        search.fail(rule, str(error), _CONNECTION_HINT, error)


def _read_connections(search: Search, rule: str) -> _Connections:
    """podman-connections.json, which Podman writes since 5.0, over containers.conf, which it wrote before."""
    by_name: dict[str, JSONObject] = {}
    default: str | None = None
    files: list[str] = []
    for path in _containers_conf_paths(search, rule):
        conf = _read_toml(search, path, rule)
        if conf is not None:
            files.append(path)
            engine = section(conf, "engine")
            by_name |= _destinations(section(engine, "service_destinations"))
            default = text(engine, "active_service") or default
    path = _connections_path(search)
    written = search.read_json(path, rule)
    if written is not None:
        files.append(path)
        connection = section(written, "Connection")
        by_name |= _destinations(section(connection, "Connections"))
        default = text(connection, "Default") or default
    return _Connections(by_name, default, tuple(files))


def _destinations(named: JSONObject) -> dict[str, JSONObject]:
    """Destinations with keys spelled one way: containers.conf has is_machine where the JSON has IsMachine."""
    return {
        name: {key.replace("_", "").lower(): value for key, value in section(named, name).items()}
        for name in named
    }


def _connections_path(search: Search) -> str:
    named = search.environment.variable("PODMAN_CONNECTIONS_CONF")
    return named or f"{search.environment.config_home}/containers/podman-connections.json"


def _containers_conf_paths(search: Search, rule: str) -> list[str]:
    """Every containers.conf, each overruling those before it; CONTAINERS_CONF stands for all but the last."""
    environment = search.environment
    only = environment.variable("CONTAINERS_CONF")
    override = environment.variable("CONTAINERS_CONF_OVERRIDE")
    paths = [only] if only is not None else _standard_conf_paths(search, rule)
    return [*paths, override] if override is not None else paths


def _standard_conf_paths(search: Search, rule: str) -> list[str]:
    own = f"{search.environment.config_home}/containers"
    paths: list[str] = []
    for folder in ("/usr/share/containers", "/etc/containers", own):
        parts = search.list_folder(f"{folder}/containers.conf.d", rule)
        paths.append(f"{folder}/containers.conf")
        paths += [f"{folder}/containers.conf.d/{name}" for name in parts if name.endswith(".conf")]
    return paths


def _read_toml(search: Search, path: str, rule: str) -> JSONObject | None:
    content = search.read(path, rule)
    if content is None:
        return None
    try:
        return tomllib.loads(content.decode())
    except ValueError as error:
        search.fail(rule, f"{path} is not TOML ({error})", f"Mend {path} or move it away.", error)
