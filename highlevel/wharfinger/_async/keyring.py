"""Credentials for registries: kept by login, or read from files and helper programs when one registry needs them."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wharfinger._async._primitives import run_blocking
from wharfinger._core.credentials import (
    Credentials,
    credentials_files,
    helper_answer,
    helper_server,
    registry_of,
)
from wharfinger._core.references import DOCKER_HUB
from wharfinger._core.registry_auth import AuthFile, RegistryAuth, plain_registry
from wharfinger.errors import APIError, CredentialsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.credentials import CredentialsFile

HELPER_DEADLINE = 30.0


class AsyncKeyring:
    """Credentials of one client.

    Args:
        engine: The engine that checks them, and whose environment variables say where they are kept.
    """

    def __init__(self, engine: AsyncEngineSession) -> None:
        self._engine = engine
        self._kept: dict[str, RegistryAuth] = {}
        self._logins: dict[str, tuple[RegistryAuth, dict[str, Any]]] = {}

    async def login(self, auth: RegistryAuth, *, email: str | None, reauth: bool) -> dict[str, Any]:
        """Has the engine check credentials, and keeps them for this client."""
        registry = plain_registry(auth.serveraddress or DOCKER_HUB)
        known = self._logins.get(registry)
        if known is not None and known[0] == auth and not reauth:
            return {**known[1]}
        told = await self._checked(registry, auth, email)
        token = told.get("IdentityToken")
        kept = RegistryAuth(identitytoken=str(token), serveraddress=auth.serveraddress) if token else auth
        self._kept[registry] = kept
        self._logins[registry] = (auth, told)
        return {**told}

    async def _checked(self, registry: str, auth: RegistryAuth, email: str | None) -> dict[str, Any]:
        say = (await self._engine.dialect()).system
        try:
            return await self._engine.call(lambda say: say.system.login(registry, auth, email))
        except APIError as error:
            other = say.login_beside(registry, auth, error)
            if other is None:
                raise
        return await self._engine.call(lambda _: other)

    async def of_image(self, name: str, given: Mapping[str, str] | None) -> Credentials | None:
        """Those for the registry of an image's name.

        Args:
            name: The image's.
            given: Taken instead of any that are kept; an empty mapping means none at all.

        Raises:
            CredentialsError: They are kept where they cannot be read.
            TypeError: A key of what was given is unknown.
        """
        return await self.of_registry(*registry_of(name), given=given)

    async def of_registry(
        self, registry: str, repository: str = "", *, given: Mapping[str, str] | None = None
    ) -> Credentials | None:
        """Those for a registry, or for a part of it; see `of_image`."""
        if given is not None:
            return Credentials(RegistryAuth.from_mapping(given))
        registry = plain_registry(registry)
        auth = self._kept.get(registry)
        if auth is None:
            engine = (await self._engine.dialect()).engine
            variables = self._engine.variables
            home = variables.get("HOME") or str(Path.home())
            for file in credentials_files(engine, variables, home, os.getuid()):
                # Helper programs may ask a key ring, or a person.
                auth = await run_blocking(partial(_look, file, registry, repository, variables))
                if auth is not None:
                    break
        return Credentials(auth, registry) if auth else None

    async def of_build(self, images: Iterable[str] | None) -> dict[str, RegistryAuth]:
        """Those for the registries of the images that a build begins with; None means that they are not known."""
        found: dict[str, RegistryAuth] = {}
        for registry, repository in (
            [(name, "") for name in await self._registries()] if images is None else _places(images)
        ):
            kept = await self.of_registry(registry, repository)
            if kept:
                found[registry] = kept.auth
        return found

    async def _registries(self) -> list[str]:
        """All for which something is kept."""
        engine = (await self._engine.dialect()).engine
        variables = self._engine.variables
        home = variables.get("HOME") or str(Path.home())
        named = [*self._kept]
        for file in credentials_files(engine, variables, home, os.getuid()):
            kept = await run_blocking(partial(_read, file))
            named += [*kept.auths, *kept.cred_helpers] if kept else []
        return [*dict.fromkeys(plain_registry(name).partition("/")[0] for name in named)]


def _places(images: Iterable[str]) -> Iterator[tuple[str, str]]:
    for image in images:
        # An id, or what has no meaning at all, is in no registry; the engine will tell.
        with suppress(ValueError):
            yield registry_of(image)


def _look(
    file: CredentialsFile, registry: str, repository: str, variables: Mapping[str, str]
) -> RegistryAuth | None:
    found = _read(file)
    if found is None:
        return None
    helper = found.helper(registry)
    told = _ask(helper, file, registry, variables) if helper else None
    return told or found.find(registry, repository) or None


def _read(file: CredentialsFile) -> AuthFile | None:
    try:
        data = Path(file.path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CredentialsError(f"{file.path} cannot be read: {error.strerror}", file.path) from error
    try:
        return AuthFile.parse(data, name=file.path)
    except ValueError as error:
        raise CredentialsError(str(error), file.path) from error


def _ask(
    helper: str, file: CredentialsFile, registry: str, variables: Mapping[str, str]
) -> RegistryAuth | None:
    program = f"docker-credential-{helper}"
    if "/" in helper:
        raise CredentialsError(f"{file.path}: {helper!r} is not the name of a credential helper", file.path)
    server = helper_server(file, registry)
    try:
        done = _run(program, server, variables)
    except OSError as error:
        raise CredentialsError(
            f"{program}, which {file.path} names, cannot be run: {error.strerror}; install it or log in again",
            program,
        ) from error
    if done is None:
        raise CredentialsError(
            f"{program}, which {file.path} names, said nothing for {HELPER_DEADLINE:g} s", program
        )
    return helper_answer(program, server, done.returncode, done.stdout)


def _run(
    program: str, server: str, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes] | None:
    """Runs a helper program; None when it was too slow, and had to be ended."""
    try:
        return subprocess.run(
            [program, "get"],
            input=server.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(variables),
            timeout=HELPER_DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Not raised from here: that error carries what was written so far, which may be a secret.
        return None
