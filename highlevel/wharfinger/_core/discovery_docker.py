"""Docker's own rules: DOCKER_HOST with its TLS variables, then Docker's contexts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.discovery_search import JSONObject, Search, listed, section, text
from wharfinger._core.discovery_sockets import docker_sockets
from wharfinger._core.tls_files import context_tls, docker_env_tls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger.address import EngineAddress

_HOST_HINT = "Correct DOCKER_HOST or unset it, or name the engine by base_url."


def docker_host(search: Search) -> EngineAddress | None:
    """DOCKER_HOST, with TLS as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say."""
    host = search.environment.variable("DOCKER_HOST")
    if host is None:
        search.passed_over("DOCKER_HOST", "not set")
        return None
    address = search.address(host, "DOCKER_HOST", _HOST_HINT)
    if address.scheme in ("unix", "ssh", "npipe") or search.tls is not None:
        return address
    return attrs.evolve(address, tls=docker_env_tls(search, config_folder(search)))


def config_folder(search: Search) -> str:
    """Where Docker keeps its settings."""
    return search.environment.variable("DOCKER_CONFIG") or f"{search.environment.home}/.docker"


def docker_context(search: Search) -> EngineAddress | None:
    """The context that DOCKER_CONTEXT names, else the current one of Docker's config.json."""
    named = search.environment.variable("DOCKER_CONTEXT")
    if named == "default":
        return _default_context(search, "docker context 'default' (DOCKER_CONTEXT)")
    if named is not None:
        return _context(search, named, f"docker context {named!r} (DOCKER_CONTEXT)")
    path = f"{config_folder(search)}/config.json"
    config = search.read_json(path, "docker context")
    current = text(config or {}, "currentContext")
    if current is None or current == "default":
        search.passed_over("docker context", f"DOCKER_CONTEXT not set, {_without_current(config, path)}")
        return None
    return _context(search, current, f"docker context {current!r} (currentContext of {path})")


def context_addresses(search: Search, names: Sequence[str] | None) -> dict[str, EngineAddress]:
    """Where the engines of these contexts are; of all contexts but the default one where none are named."""
    if names is None:
        names = _known(search, f"{config_folder(search)}/contexts", "docker contexts")
    return {name: _named_context(search, name) for name in names}


def _named_context(search: Search, name: str) -> EngineAddress:
    rule = f"docker context {name!r}"
    if name == "default":
        return docker_host(search) or _default_context(search, rule)
    return _context(search, name, rule)


def _without_current(config: JSONObject | None, path: str) -> str:
    return f"there is no {path}" if config is None else f"{path} names no other than the default"


def _default_context(search: Search, rule: str) -> EngineAddress:
    """Docker's name for the socket that it uses without a context; asked for, it excludes the other rules."""
    local = Search(search.environment, search.engine, search.tls)
    found = docker_sockets(local)
    if found is None:
        why = "none of Docker's sockets answers; " + "; ".join(f"{what}: {why}" for what, why in local.tried)
        search.fail(rule, why, "Start Docker, or unset DOCKER_CONTEXT to look for other engines.")
    return attrs.evolve(found, rule=f"{rule}, {found.rule}")


def _context(search: Search, name: str, rule: str) -> EngineAddress:
    contexts = f"{config_folder(search)}/contexts"
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    meta_path = f"{contexts}/meta/{digest}/meta.json"
    meta = search.read_json(meta_path, rule)
    if meta is None:
        why = f"there is no such context; known: {listed(['default', *_known(search, contexts, rule)])}"
        search.fail(rule, why, "Choose a known one: docker context use NAME, or DOCKER_CONTEXT=NAME.")
    mend = f"Correct it: docker context update --docker host=URL {name}."
    endpoint = section(meta, "Endpoints", "docker")
    host = text(endpoint, "Host")
    if host is None:
        search.fail(rule, f"{meta_path} has no Endpoints.docker.Host", mend)
    address = search.address(host, rule, mend)
    if address.scheme in ("unix", "ssh", "npipe") or search.tls is not None:
        return address
    folder = f"{contexts}/tls/{digest}/docker"
    skip_verify = endpoint.get("SkipTLSVerify") is True
    return attrs.evolve(address, tls=context_tls(search, rule, folder, verify=not skip_verify))


def _known(search: Search, contexts: str, rule: str) -> list[str]:
    """The names of all contexts; a folder's own name stands for one whose metadata lacks it."""
    names: list[str] = []
    for entry in search.list_folder(f"{contexts}/meta", rule):
        meta = search.read_json(f"{contexts}/meta/{entry}/meta.json", rule)
        if meta is not None:
            names.append(text(meta, "Name") or entry)
    return sorted(names)
