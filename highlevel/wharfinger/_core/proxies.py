"""Proxies of Docker's config.json, for containers' environments; opens nothing."""

from __future__ import annotations

import json
from posixpath import join
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.container_spec import ContainerSpec

_NAMES = {
    "httpProxy": "HTTP_PROXY",
    "httpsProxy": "HTTPS_PROXY",
    "ftpProxy": "FTP_PROXY",
    "noProxy": "NO_PROXY",
    "allProxy": "ALL_PROXY",
}


def proxies_file(variables: Mapping[str, str], home: str) -> str:
    """Where proxies are told."""
    return join(
        variables.get("DOCKER_CONFIG") or join(variables.get("HOME") or home, ".docker"), "config.json"
    )


def proxy_variables(data: bytes, *, path: str, url: str) -> dict[str, str]:
    """Environment variables that name the proxies, in both cases, as programs differ in which they read.

    Args:
        data: The file's content.
        path: Its name, for errors.
        url: The engine's address, which may have proxies of its own; others have those of "default".

    Raises:
        ValueError: It cannot be read; nothing of it is repeated, as it may hold secrets.
    """
    try:
        told: object = json.loads(data)
    except ValueError:
        told = None
    config = _mapping(told, path)
    proxies = _mapping(config.get("proxies", {}), path)
    wanted = _mapping(proxies.get(url, proxies.get("default", {})), path)
    given = {_NAMES[key]: str(value) for key, value in wanted.items() if key in _NAMES and value}
    return given | {name.lower(): value for name, value in given.items()}


def _mapping(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        hint = "mend it, or give use_config_proxy=False"
        raise ValueError(f"{path}: expected a JSON object, with objects in its 'proxies'; {hint}")  # noqa: TRY004 - a file's content, no argument
    return cast("dict[str, Any]", value)


def with_variables(spec: ContainerSpec, variables: Mapping[str, str]) -> dict[str, str | None] | None:
    """The environment with these variables; what it says already is left as it is."""
    return {**variables, **(spec.environment or {})} or None
