"""Credentials for registries: the header that carries them, and the files that keep them.

Bytes of files come in; nothing here opens a file or runs a credential helper.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Self, cast

import attrs

from wharfinger._core.references import DOCKER_HUB

HEADER = "X-Registry-Auth"
HUB_SERVER = "https://index.docker.io/v1/"

_HUB_HOSTS = {"docker.io", "index.docker.io", "registry-1.docker.io"}


def _no_names() -> Mapping[str, str]:
    return {}


@attrs.frozen
class RegistryAuth:
    """Credentials for one registry; the secret parts are kept out of its repr.

    Attributes:
        username: The account's name.
        password: Its password or access token.
        identitytoken: A token instead of a password, as a credential helper gives it.
        registrytoken: A bearer token that the registry takes as it is.
        serveraddress: The registry, such as "quay.io" or "https://index.docker.io/v1/".
    """

    username: str | None = None
    password: str | None = attrs.field(default=None, repr=False)
    identitytoken: str | None = attrs.field(default=None, repr=False)
    registrytoken: str | None = attrs.field(default=None, repr=False)
    serveraddress: str | None = None

    @classmethod
    def from_mapping(cls, values: Mapping[str, str | None]) -> Self:
        """Read the mapping that docker-py and podman-py call auth_config.

        Raises:
            TypeError: A key is unknown.
        """
        known = [field.name for field in attrs.fields(cls)]
        unknown = sorted(set(values) - {*known, "email", "auth"})
        if unknown:
            raise TypeError(f"auth_config has {unknown[0]!r}, expected some of: {', '.join(known)}")
        found = cls(**{name: values[name] for name in known if values.get(name)})
        return found.with_basic(values.get("auth"))

    def with_basic(self, auth: str | None, source: str = "") -> Self:
        """Give these credentials with the base64 of "name:password" that files keep, where there is one.

        Args:
            auth: That text.
            source: Where it is kept, for the error.

        Raises:
            ValueError: It is not such a text; the message does not repeat it.
        """
        if not auth:
            return self
        try:
            name, colon, password = base64.b64decode(auth, validate=True).decode().partition(":")
        except ValueError:
            colon = name = password = ""
        if not colon:
            where = self.serveraddress or "a registry"
            before = f"{source}: " if source else ""
            raise ValueError(
                f"{before}the 'auth' kept for {where} is not base64 of name:password; log in again"
            )
        if name == "<token>":
            return attrs.evolve(self, identitytoken=password.rstrip("\0"))
        return attrs.evolve(self, username=name, password=password.rstrip("\0"))

    def header(self) -> str:
        """Give the value of X-Registry-Auth: URL-safe base64, padded, of the fields that are set."""
        return _encoded(self.fields())

    def header_for(self, registry: str) -> str:
        """Give the same value so that Podman uses it for that one registry, wherever a short name may lead."""
        return _encoded({registry: self.fields()})

    def __bool__(self) -> bool:
        return bool(self.username or self.password or self.identitytoken or self.registrytoken)

    def fields(self) -> dict[str, str]:
        """What is set, as the engines take it; not for any eyes."""
        return {name: value for name, value in attrs.asdict(self).items() if value}


def registry_config(auths: Mapping[str, RegistryAuth]) -> str:
    """Give the header of several registries at once: X-Registry-Config of Docker, X-Registry-Auth of Podman."""
    return _encoded({registry: auth.fields() for registry, auth in auths.items()})


def _encoded(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode("ascii")


@attrs.frozen
class AuthFile:
    """What a config.json (Docker) or auth.json (Podman) says of credentials.

    Attributes:
        auths: By registry, as written in the file.
        creds_store: Name of the helper program for all registries, or None.
        cred_helpers: Names of helper programs by registry.
    """

    auths: Mapping[str, RegistryAuth] = attrs.field(repr=False)
    creds_store: str | None = None
    cred_helpers: Mapping[str, str] = attrs.field(factory=_no_names)

    @classmethod
    def parse(cls, data: bytes, *, name: str = "the credentials file") -> Self:
        """Read a file's bytes.

        Args:
            data: Its bytes.
            name: What errors call it.

        Raises:
            ValueError: It is no such file; nothing of its content is repeated.
        """
        try:
            config: object = json.loads(data or b"{}")
        except ValueError:
            config = None  # the decoder's message carries the whole text, secrets included
        if not isinstance(config, Mapping):
            raise ValueError(f"{name} is not a JSON object; expected {{'auths': {{…}}}}")  # noqa: TRY004 - the file is wrong, not a caller's type
        found = cast("Mapping[str, Any]", config)
        return cls(
            auths={key: _entry(key, value, name) for key, value in _section(found, "auths", name).items()},
            creds_store=str(found.get("credsStore") or "") or None,
            cred_helpers={key: str(value) for key, value in _section(found, "credHelpers", name).items()},
        )

    def find(self, registry: str, repository: str = "") -> RegistryAuth | None:
        """Give the credentials kept for a registry, or None.

        Args:
            registry: Host and port, such as "quay.io".
            repository: Path in it; Podman's files may have credentials for a part of a registry.
        """
        by_name = {plain_registry(key): auth for key, auth in self.auths.items()}
        name = plain_registry(f"{registry}/{repository}".rstrip("/"))
        while name:
            if name in by_name:
                return by_name[name]
            name = name.rpartition("/")[0]
        return None

    def helper(self, registry: str) -> str | None:
        """Give the name of the helper program that keeps the credentials for a registry, or None."""
        wanted = plain_registry(registry)
        named = [value for key, value in self.cred_helpers.items() if plain_registry(key) == wanted]
        return named[0] if named else self.creds_store


def _section(config: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    section: object = config.get(key) or {}
    if not isinstance(section, Mapping):
        raise ValueError(f"{name}: {key!r} is not a JSON object")  # noqa: TRY004 - the file is wrong, not a caller's type
    return cast("Mapping[str, Any]", section)


def _entry(server: str, value: object, name: str) -> RegistryAuth:
    """Read one entry; Docker leaves empty ones for registries whose credentials a helper keeps."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: the entry for {server!r} is not a JSON object")  # noqa: TRY004 - the file is wrong, not a caller's type
    entry = cast("Mapping[str, Any]", value)
    fields = {field.name for field in attrs.fields(RegistryAuth)} - {"serveraddress"}
    kept = {key: str(entry[key]) for key in fields if entry.get(key)}
    return RegistryAuth(**kept, serveraddress=server).with_basic(str(entry.get("auth") or ""), name)


def plain_registry(registry: str) -> str:
    """Give the name by which spellings of one registry are the same."""
    bare = registry.removeprefix("https://").removeprefix("http://")
    host, slash, path = bare.partition("/")
    if host in _HUB_HOSTS:
        host = DOCKER_HUB
    if path.rstrip("/") in ("", "v1", "v2"):
        return host
    return host + slash + path.rstrip("/")
