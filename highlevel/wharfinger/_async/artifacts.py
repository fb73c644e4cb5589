"""Artifacts of Podman."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from wharfinger._async._primitives import run_blocking
from wharfinger._async.artifact import AsyncArtifact, AsyncArtifactList
from wharfinger._core.artifact_options import artifact_spec, transfer_options
from wharfinger._core.human import parse_words
from wharfinger._core.references import ImageReference, named
from wharfinger._dialects.podman import podman
from wharfinger.errors import APIError, NotFound, PullError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta
    from os import PathLike

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._core.operation import Content

Digests: TypeAlias = list[str]


class AsyncArtifactsManager:
    """Makes, finds, gets and removes artifacts; `client.artifacts` of a Podman client (Podman API 5.6.2)."""

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def add(
        self,
        name: str,
        data: Content | None = None,
        *,
        file_path: str | PathLike[str] | None = None,
        file_name: str | None = None,
        file_type: str | None = None,
        type: str | None = None,
        annotations: Mapping[str, str] | list[str] | None = None,
        append: bool = False,
        replace: bool = False,
    ) -> AsyncArtifact:
        """Makes an artifact of a file, or adds one to it.

        Args:
            name: The artifact's name, such as "quay.io/team/model:1".
            data: The file: bytes, a file, or chunks; sent as it is read.
            file_path: Where the file is, instead of data.
            file_name: What to call it; as the path does unless given.
            file_type: Its media type; what it looks like unless given.
            type: The artifact's media type.
            annotations: Annotations of the file, and of a new artifact: a mapping, or a list of "name=value".
            append: Add to the artifact that is there.
            replace: Make it anew where it is there (Podman API 5.7.1).

        Raises:
            Conflict: There is an artifact of this name, or it has a file of this name.
            NotFound: append, and there is no such artifact.
            NotSupported: This engine is older; nothing was sent.
            TypeError, ValueError: A value is wrong, or two contradict each other; nothing was sent.
            OSError: The file cannot be read.
        """
        if (data is None) is (file_path is None):
            count = "neither" if data is None else "both"
            raise ValueError(f"{count} of data and file_path given, expected one of them")
        spec = artifact_spec(
            name,
            file_path=file_path,
            file_name=file_name,
            file_type=file_type,
            type=type,
            annotations=annotations,
            append=append,
            replace=replace,
        )
        if file_path is None:
            content = cast("Content", data)
            await self._engine.call_slowly(podman(lambda say: say.artifacts.add(content, spec)))
        else:
            path = Path(file_path)
            with await run_blocking(lambda: path.open("rb")) as file:
                await self._engine.call_slowly(podman(lambda say: say.artifacts.add(file, spec)))
        return await self.get(name)

    async def get(self, name: str) -> AsyncArtifact:
        """One artifact.

        Args:
            name: Its name, digest or a unique start of the digest.

        Raises:
            NotFound: There is none.
            NotSupported: This engine is older; nothing was sent.
        """
        wanted = named("an artifact's name", name)
        found = await self._engine.call(podman(lambda say: say.artifacts.inspect(wanted)))
        return AsyncArtifact(self._engine, self._keyring, found)

    async def exists(self, key: str) -> bool:
        """Whether there is one.

        Args:
            key: Its name, digest or a unique start of the digest.

        Raises:
            NotSupported: This engine is older; nothing was sent.
        """
        try:
            await self.get(key)
        except NotFound:
            return False
        return True

    async def list(self) -> AsyncArtifactList:
        """All artifacts, by one request.

        Raises:
            NotSupported: This engine is older; nothing was sent.
        """
        found = await self._engine.call(podman(lambda say: say.artifacts.list()))
        return [AsyncArtifact(self._engine, self._keyring, attrs) for attrs in found]

    async def pull(
        self,
        name: str,
        *,
        retry: int | None = None,
        retry_delay: float | str | timedelta | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncArtifact:
        """Gets an artifact from a registry.

        Args:
            name: Its name.
            retry: See `Artifact.push`.
            retry_delay: See `Artifact.push`.
            tls_verify: See `Artifact.push`.
            auth_config: See `Artifact.push`.

        Raises:
            PullError: It could not be got: there is none, wrong credentials, no way to the registry, …
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: This engine is older; nothing was sent.
            ValueError: It is no name, or a value is wrong; nothing was sent.
        """
        wanted = str(ImageReference.parse(name))
        options = transfer_options(retry, retry_delay, tls_verify)
        auth = await self._keyring.of_image(wanted, auth_config)
        try:
            await self._engine.call_slowly(podman(lambda say: say.artifacts.pull(wanted, options, auth)))
        except APIError as error:
            raise PullError(error.message, error.status_code) from error
        return await self.get(wanted)

    async def push(
        self,
        name: str,
        *,
        retry: int | None = None,
        retry_delay: float | str | timedelta | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> str:
        """Sends an artifact to the registry that its name tells; see `Artifact.push`.

        Args:
            name: Its name.
            retry: See `Artifact.push`.
            retry_delay: See `Artifact.push`.
            tls_verify: See `Artifact.push`.
            auth_config: See `Artifact.push`.

        Raises:
            PushError: It could not be sent: there is none, wrong credentials, no way to the registry, …
            NotSupported: This engine is older; nothing was sent.
            ValueError: It is no name, or a value is wrong; nothing was sent.
        """
        wanted = AsyncArtifact(self._engine, self._keyring, {"Name": str(ImageReference.parse(name))})
        return await wanted.push(
            retry=retry, retry_delay=retry_delay, tls_verify=tls_verify, auth_config=auth_config
        )

    async def remove(
        self,
        artifacts: str | AsyncArtifact | Sequence[str | AsyncArtifact] | None = None,
        *,
        all: bool = False,
        ignore: bool = False,
    ) -> Digests:
        """Removes artifacts; registries keep theirs.

        Args:
            artifacts: One or several: names, digests, or themselves. Several at once need Podman API 5.7.1.
            all: All that there are, instead (Podman API 5.7.1).
            ignore: Be content where there is none (Podman API 5.7.1).

        Returns:
            The digests of what was removed.

        Raises:
            NotFound: There is no such artifact; those named before it are gone.
            NotSupported: This engine is older; nothing was sent.
            ValueError: Neither artifacts nor all is given, or both.
        """
        given = [artifacts] if isinstance(artifacts, AsyncArtifact | str) else [*(artifacts or ())]
        names = parse_words(
            "artifacts", [one.name if isinstance(one, AsyncArtifact) else one for one in given]
        )
        if bool(names) is all:
            raise ValueError(f"artifacts={[*names]} and all={all}: expected one of them")
        if len(names) == 1 and not ignore:
            return await self._engine.call(podman(lambda say: say.artifacts.remove(names[0])))
        return await self._engine.call(
            podman(lambda say: say.artifacts.remove_many(names, all=all, ignore=ignore))
        )
