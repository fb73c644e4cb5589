"""Machines made of dicts, for the tests of discovery."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import pytest

from wharfinger._core.discovery import Found, choose
from wharfinger._core.discovery_search import Environment
from wharfinger.address import Engine, EngineAddress
from wharfinger.errors import EngineUnreachable

HOME = "/home/me"
JSON_PATH = f"{HOME}/.config/containers/podman-connections.json"
CONF_PATH = f"{HOME}/.config/containers/containers.conf"
CERTS = {f"/certs/{name}.pem": "" for name in ("ca", "cert", "key")}


def machine(
    variables: Mapping[str, str] | None = None,
    *,
    files: Mapping[str, str | bytes] | None = None,
    listening: Sequence[str] = (),
    reasons: Mapping[str, str] | None = None,
    programs: Sequence[str] = (),
    system: str = "linux",
) -> Environment:
    """A machine made of dicts."""
    held = {path: text.encode() if isinstance(text, str) else text for path, text in (files or {}).items()}

    def list_folder(path: str) -> list[str]:
        inside = [name.removeprefix(f"{path}/") for name in held if name.startswith(f"{path}/")]
        return sorted({name.partition("/")[0] for name in inside})

    def unreachable(path: str) -> str | None:
        return None if path in listening else (reasons or {}).get(path, "no such file")

    return Environment(
        variables=dict(variables or {}),
        home=HOME,
        uid=1000,
        system=system,
        read=held.get,
        exists=held.__contains__,
        list_folder=list_folder,
        unreachable=unreachable,
        which=lambda name: f"/usr/bin/{name}" if name in programs else None,
    )


def context_files(name: str, host: str, *, skip: bool = False, tls: Sequence[str] = ()) -> dict[str, str]:
    """A context as Docker keeps it."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": skip}}}
    folder = f"{HOME}/.docker/contexts"
    return {
        f"{folder}/meta/{digest}/meta.json": json.dumps(meta),
        **{f"{folder}/tls/{digest}/docker/{file}": "" for file in tls},
    }


def current_context(name: str) -> dict[str, str]:
    return {f"{HOME}/.docker/config.json": json.dumps({"auths": {}, "currentContext": name})}


def connections(default: str | None, **uris: str) -> dict[str, str]:
    """Podman's connections file."""
    known = {name: {"URI": uri, "Identity": f"/keys/{name}"} for name, uri in uris.items()}
    return {JSON_PATH: json.dumps({"Connection": {"Default": default, "Connections": known}, "Farm": {}})}


def address(found: Found) -> EngineAddress:
    assert isinstance(found, EngineAddress)
    return found


def failure(environment: Environment, engine: Engine | None = None) -> EngineUnreachable:
    with pytest.raises(EngineUnreachable) as caught:
        choose(environment, engine=engine)
    return caught.value


def only_reason(environment: Environment) -> tuple[str, str, str]:
    """Rule, reason and next step of a search that one rule ended."""
    error = failure(environment)
    ((rule, why),) = error.tried
    assert rule in str(error)
    assert why in str(error)
    assert error.hint
    assert error.hint in str(error)
    return rule, why, error.hint
