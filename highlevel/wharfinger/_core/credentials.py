"""Where credentials for registries are kept, and how helper programs are talked to; opens and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from posixpath import join
from typing import TYPE_CHECKING, cast

import attrs

from wharfinger._core.references import DOCKER_HUB, ImageReference
from wharfinger._core.registry_auth import HUB_SERVER, RegistryAuth, plain_registry
from wharfinger.errors import CredentialsError

if TYPE_CHECKING:
    from wharfinger.address import Engine

_ABSENT = "credentials not found"
_TOKEN = "<token>"  # noqa: S105 - what helpers say in the name's place, no secret


@attrs.frozen
class Credentials:
    """What a request to an engine carries for a registry.

    Attributes:
        auth: Name and password, or tokens.
        registry: The only registry that they are for; None for whichever the request goes to.
    """

    auth: RegistryAuth
    registry: str | None = None


@attrs.frozen
class CredentialsFile:
    """A file that may keep credentials.

    Attributes:
        path: Where.
        hub: What helper programs that it names call Docker Hub.
    """

    path: str
    hub: str


def credentials_files(
    engine: Engine, variables: Mapping[str, str], home: str, uid: int
) -> tuple[CredentialsFile, ...]:
    """The files that may keep credentials, the engine's own first, as its command line reads them."""
    folder = variables.get("DOCKER_CONFIG") or join(home, ".docker")
    docker = [CredentialsFile(join(folder, "config.json"), HUB_SERVER)]
    named = variables.get("REGISTRY_AUTH_FILE")
    told = variables.get("XDG_RUNTIME_DIR")
    runtime = join(told, "containers", "auth.json") if told else f"/run/containers/{uid}/auth.json"
    config = join(variables.get("XDG_CONFIG_HOME") or join(home, ".config"), "containers", "auth.json")
    podman = [CredentialsFile(path, DOCKER_HUB) for path in ([named] if named else [runtime, config])]
    return tuple(docker + podman if engine == "docker" else podman + docker)


def registry_of(name: str) -> tuple[str, str]:
    """The registry and the repository that an image's name leads to; Docker Hub when it names none.

    Raises:
        ValueError: It is not an image's name.
    """
    full = ImageReference.parse(name).normalized()
    return str(full.registry), full.repository


def registry_of_term(term: str) -> str:
    """The registry that a search goes to."""
    first, slash, _ = term.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    return plain_registry(first) if named else DOCKER_HUB


def helper_server(file: CredentialsFile, registry: str) -> str:
    """What a helper program is asked for."""
    return file.hub if registry == DOCKER_HUB else registry


def helper_answer(program: str, server: str, code: int, output: bytes) -> RegistryAuth | None:
    """Reads what a helper program said to "get"; None when it keeps nothing for the server.

    Raises:
        CredentialsError: It failed, or said something else; nothing of its output is repeated.
    """
    if code != 0:
        if _ABSENT in output.decode("utf-8", "replace").lower():
            return None
        hint = f"see what `echo {server} | {program} get` says"
        raise CredentialsError(f"{program} ended with exit code {code} for {server}; {hint}", program)
    try:
        told: object = json.loads(output)
    except ValueError:
        told = None  # the decoder's message carries the whole text, secrets included
    said: Mapping[str, object] = cast("Mapping[str, object]", told) if isinstance(told, Mapping) else {}
    name, secret = said.get("Username"), said.get("Secret")
    if not isinstance(name, str) or not isinstance(secret, str):
        raise CredentialsError(
            f"{program} answered for {server} with something else than a JSON object with Username and Secret",
            program,
        )
    if not secret:
        return None
    if name == _TOKEN:
        return RegistryAuth(identitytoken=secret, serveraddress=server)
    return RegistryAuth(username=name, password=secret, serveraddress=server)
