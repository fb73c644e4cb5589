"""One artifact of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from wharfinger._async.streams import AsyncStream
from wharfinger._core.artifact_options import transfer_options
from wharfinger._core.container_facts import section
from wharfinger._core.lines import parse_time
from wharfinger._core.stream_decoders import chunks
from wharfinger._core.untar import first_file
from wharfinger._dialects.podman import podman
from wharfinger.errors import APIError, PushError
from wharfinger.types import ArtifactFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring

_CREATED = "org.opencontainers.image.created"


class AsyncArtifact:
    """Files that a Podman keeps, and registries have, under the name of an image.

    Its properties tell what the engine told last, and ask nothing. Two are equal when they have the same name.
    """

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncArtifact) and other.name == self.name

    def __hash__(self) -> int:
        return hash((AsyncArtifact, self.name))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON, with its manifest."""
        return self._attrs

    @property
    def name(self) -> str:
        """Its full name."""
        return str(self._attrs.get("Name") or "")

    @property
    def digest(self) -> str | None:
        """Of its manifest, such as "sha256:…"; None in a list, which does not tell."""
        return self._attrs.get("Digest") or None

    @property
    def type(self) -> str | None:
        """What it is, by its media type; None where nobody has said."""
        return section(self._attrs, "Manifest").get("artifactType") or None

    @property
    def annotations(self) -> dict[str, str]:
        """What it says of itself besides."""
        return section(self._attrs, "Manifest", "annotations")

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC; None where it does not tell."""
        return parse_time(self.annotations.get(_CREATED, ""))

    @property
    def files(self) -> tuple[ArtifactFile, ...]:
        """Its files."""
        found: list[dict[str, Any]] = section(self._attrs, "Manifest").get("layers") or []
        return tuple(map(ArtifactFile.from_json, found))

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NotFound: It is gone.
        """
        self._attrs = await self._engine.call(podman(lambda say: say.artifacts.inspect(self.name)))

    async def extract(
        self,
        *,
        title: str | None = None,
        digest: str | None = None,
        exclude_title: bool = False,
        chunk_size: int | None = None,
    ) -> AsyncStream[bytes]:
        """Its files as they come, in a tar.

        Args:
            title: Only the file of this name.
            digest: Only the file of this digest.
            exclude_title: Leave a single file's name out of the tar.
            chunk_size: Bytes of each chunk, the last of which may be shorter; as they come unless given.

        Returns:
            Chunks of a tar; close it unless it is read to its end. Podman 5.8 gives the files odd permissions in it.

        Raises:
            NotFound: It is gone, or has no such file.
            ValueError: chunk_size is not one byte or more, or both title and digest are given.
        """
        if title is not None and digest is not None:
            raise ValueError(f"title={title!r} and digest={digest!r}: expected one of them")
        decoder = chunks(chunk_size)
        source = await self._engine.open(
            podman(
                lambda say: say.artifacts.extract(
                    self.name, title=title, digest=digest, exclude_title=exclude_title
                )
            )
        )
        return AsyncStream(source, decoder)

    async def read(self, *, title: str | None = None, digest: str | None = None) -> bytes:
        """What is in one of its files, in memory.

        Args:
            title: The file's name; needed, or its digest, where there are several.
            digest: The file's digest.

        Raises:
            NotFound: It is gone, or has no such file.
            ValueError: It has several files and neither is given, or both are.
        """
        if title is None and digest is None and len(self.files) != 1:
            raise ValueError(
                f"{self.name} has {len(self.files)} files: {[file.title for file in self.files]}; "
                "expected the title or digest of one"
            )
        async with await self.extract(title=title, digest=digest) as archive:
            return first_file([piece async for piece in archive])

    async def push(
        self,
        *,
        retry: int | None = None,
        retry_delay: float | str | timedelta | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> str:
        """Sends it to the registry that its name tells.

        Args:
            retry: How many times more to try; 3 unless given.
            retry_delay: How long to wait before: seconds, or such as "2s"; longer each time unless given.
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Returns:
            The digest that it has in the registry.

        Raises:
            PushError: It could not be sent: it is gone, wrong credentials, no way to the registry, …
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            ValueError: A value is wrong; nothing was sent.
        """
        options = transfer_options(retry, retry_delay, tls_verify)
        auth = await self._keyring.of_image(self.name, auth_config)
        try:
            return await self._engine.call_slowly(
                podman(lambda say: say.artifacts.push(self.name, options, auth))
            )
        except APIError as error:
            raise PushError(error.message, error.status_code) from error

    async def remove(self) -> None:
        """Removes it; registries keep theirs.

        Raises:
            NotFound: It is gone.
        """
        await self._engine.call(podman(lambda say: say.artifacts.remove(self.name)))


# Beside a method called list, that name no longer means the type.
AsyncArtifactList: TypeAlias = list[AsyncArtifact]
