"""The proxies that Docker's config.json keeps for builds and containers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

_NAMES = {
    "httpProxy": "HTTP_PROXY",
    "httpsProxy": "HTTPS_PROXY",
    "ftpProxy": "FTP_PROXY",
    "noProxy": "NO_PROXY",
    "allProxy": "ALL_PROXY",
}


def config_proxies(data: bytes, host: str, name: str) -> dict[str, str]:
    """Give them as variables, each in large and small letters.

    Args:
        data: The file's bytes.
        host: The engine's address, for which the file may have proxies of its own.
        name: What an error calls the file.

    Raises:
        ValueError: It is no such file; nothing of it is repeated, for proxies may have passwords.
    """
    try:
        found: object = json.loads(data or b"{}")
    except ValueError:
        found = "no JSON"  # the decoder's message carries the whole text
    proxies = _mapping(_mapping(found, name).get("proxies"), name)
    chosen = _mapping(proxies.get(host, proxies.get("default")), name)
    given = {_NAMES[key]: str(value) for key, value in chosen.items() if key in _NAMES and value}
    return {**given, **{key.lower(): value for key, value in given.items()}}


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is not a JSON object with 'proxies' as Docker writes it")  # noqa: TRY004 - the file is wrong, not a caller's type
    return cast("Mapping[str, Any]", value)
