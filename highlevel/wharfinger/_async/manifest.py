"""One manifest list of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from wharfinger._async.manifest_images import AnyImages, add_images, found_list, list_of
from wharfinger._async.progress import AsyncWatch, events_of
from wharfinger._core.manifest_options import (
    ArtifactOptions,
    ListFormat,
    ManifestOptions,
    PushSpec,
    artifact_body,
    check_list_format,
    destination_of,
    entry_body,
    files_of,
    index_body,
)
from wharfinger._core.progress_streams import check_stream_options
from wharfinger._core.references import named
from wharfinger._dialects.podman import podman
from wharfinger.errors import APIError, PushError
from wharfinger.types import ManifestEntry, PushProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Unpack

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.multipart import PartContent


class AsyncManifest:
    """A manifest list on a Podman: one name for the images of several platforms.

    Its properties tell what the engine told last, and ask nothing. Two are equal when they have the same id.
    """

    def __init__(
        self,
        engine: AsyncEngineSession,
        keyring: AsyncKeyring,
        summary: dict[str, Any],
        attrs: dict[str, Any],
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._summary = summary
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self.names) or self.short_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncManifest) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncManifest, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The list itself, in the engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id."""
        return str(self._summary.get("Id") or "")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def names(self) -> list[str]:
        """All its names on this engine."""
        found: list[str] = self._summary.get("Names") or self._summary.get("RepoTags") or []
        return [*found]

    @property
    def name(self) -> str:
        """The first of its names; empty where it has none."""
        return next(iter(self.names), "")

    @property
    def media_type(self) -> str:
        """Of the list: OCI's index, or Docker's list (Podman 4.3)."""
        return str(self._attrs.get("mediaType") or "")

    @property
    def version(self) -> int:
        """Of the list's schema: 2."""
        return int(self._attrs.get("schemaVersion") or 0)

    @property
    def annotations(self) -> dict[str, str]:
        """Annotations of the list as a whole."""
        found: dict[str, str] = self._attrs.get("annotations") or {}
        return {**found}

    @property
    def entries(self) -> tuple[ManifestEntry, ...]:
        """What is in it."""
        found: list[dict[str, Any]] = self._attrs.get("manifests") or []
        return tuple(map(ManifestEntry.from_json, found))

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ImageNotFound: It is gone.
        """
        found = await found_list(self._engine, self.id)
        self._summary, self._attrs = found, await list_of(self._engine, found)

    async def add(
        self,
        images: AnyImages,
        *,
        all: bool = False,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        **options: Unpack[ManifestOptions],
    ) -> None:
        """Adds images; one that is in it already takes what the options say.

        Args:
            images: Names of images in registries or on the engine, or images of the engine. A registry's is taken
                where both have it.
            all: All images of a name that is a list itself, instead of the engine's own platform.
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given.
            auth_config: {"username": …, "password": …} for the registries of the images.
            options: See ManifestOptions.

        Raises:
            ImageNotFound: It is gone, or there is no such image.
            APIError: A registry cannot be asked, …; what could be added is.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        body = entry_body("Manifest.add()", options)
        await add_images(
            self._engine,
            self._keyring,
            self.id,
            images,
            {"all": all, **body},
            tls_verify=tls_verify,
            auth_config=auth_config,
        )
        await self.reload()

    async def add_artifact(
        self,
        files: Mapping[str, PartContent],
        *,
        os: str | None = None,
        arch: str | None = None,
        variant: str | None = None,
        **options: Unpack[ArtifactOptions],
    ) -> None:
        """Makes an artifact of files and adds that (Podman API 5.0.3).

        Args:
            files: By their names bytes, text, or a local file's path, which is sent as it is read.
            os: What the list says that it is for, such as "linux".
            arch: Likewise, such as "arm64".
            variant: Likewise, such as "v8".
            options: See ArtifactOptions.

        Raises:
            ImageNotFound: It is gone.
            NotSupported: This engine is older; nothing was sent.
            OSError: A file cannot be read.
            TypeError, ValueError: An option is unknown, or wrong; nothing was sent.
        """
        place = {"os": os, "arch": arch, "variant": variant}
        body = {
            **artifact_body(options),
            **{name: value for name, value in place.items() if value is not None},
        }
        wanted = files_of("Manifest.add_artifact()", files)
        await self._engine.call_slowly(podman(lambda say: say.manifests.add_files(self.id, body, wanted)))
        await self.reload()

    async def annotate(self, digest: str, **options: Unpack[ManifestOptions]) -> None:
        """Changes what it says of one of its images.

        Args:
            digest: Of the entry, such as "sha256:…".
            options: What to change; see ManifestOptions. Annotations come to those that it has. With another arch
                Podman 5 forgets the variant, unless it is given.

        Raises:
            ImageNotFound: It is gone, or has no such entry.
            TypeError, ValueError: An option is unknown, or wrong, or none is given; nothing was sent.
        """
        body = entry_body("Manifest.annotate()", options)
        if not body:
            raise ValueError(
                "Manifest.annotate() without an option, expected what to change, such as arch='arm64'"
            )
        body["images"] = [named("a digest", digest)]
        await self._engine.call(podman(lambda say: say.manifests.modify(self.id, "annotate", body)))
        await self.reload()

    async def annotate_index(
        self, annotation: Mapping[str, str] | list[str] | None = None, *, subject: str | None = None
    ) -> None:
        """Changes what it says of itself (Podman API 5.0.3).

        Args:
            annotation: Annotations, which come to those that it has: a mapping, or a list of "name=value".
            subject: The image that it is about, by its name.

        Raises:
            ImageNotFound: It is gone.
            NotSupported: This engine is older; nothing was sent.
            TypeError, ValueError: A value is wrong, or none is given; nothing was sent.
        """
        body = index_body(annotation, subject)
        await self._engine.call_slowly(podman(lambda say: say.manifests.modify(self.id, "annotate", body)))
        await self.reload()

    @overload
    async def push(
        self,
        destination: str | None = None,
        *,
        all: bool = True,
        format: ListFormat | None = None,
        add_compression: Sequence[str] | None = None,
        force_compression_format: bool | None = None,
        remove_signatures: bool | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        stream: Literal[False] = False,
        progress: Callable[[PushProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PushProgress, ...]: ...
    @overload
    async def push(
        self,
        destination: str | None = None,
        *,
        all: bool = True,
        format: ListFormat | None = None,
        add_compression: Sequence[str] | None = None,
        force_compression_format: bool | None = None,
        remove_signatures: bool | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        stream: Literal[True],
    ) -> AsyncStream[PushProgress]: ...
    async def push(
        self,
        destination: str | None = None,
        *,
        all: bool = True,
        format: ListFormat | None = None,
        add_compression: Sequence[str] | None = None,
        force_compression_format: bool | None = None,
        remove_signatures: bool | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        stream: bool = False,
        progress: Callable[[PushProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PushProgress, ...] | AsyncStream[Any]:
        """Sends it to a registry, with its images.

        Args:
            destination: The name to have there, such as "quay.io/team/app:1.0"; its own first name unless given.
            all: Its images too, and not only the list: then the registry has to have them.
            format: Of the list and its images: "oci", or Docker's "v2s2"; as they are unless given.
            add_compression: Each image also with these compressions, such as ["zstd"] (Podman API 4.9.5).
            force_compression_format: Compress even what the registry has otherwise already (Podman API 4.9.5).
            remove_signatures: Leave the images' signatures out.
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            stream: Give the progress as it comes instead of waiting for the end.
            progress: Called with each PushProgress, as `client.images.pull` does.
            progress_bar: Show the progress, as `client.images.pull` does.

        Returns:
            The progress: all of it after the end, or as it comes. The last has the list's digest in the registry.

        Raises:
            PushError: It could not be sent: it is gone, wrong credentials, no way to the registry, …
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: This engine lacks an option; nothing was sent.
            ValueError: The destination is no image's name, or has a digest; there is none and the list has no name;
                stream beside progress or progress_bar.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        check_list_format(format)
        spec = PushSpec(
            destination=destination_of(self.name if destination is None else destination),
            all=all,
            format=format,
            add_compression=None if add_compression is None else (*add_compression,),
            force_compression_format=force_compression_format,
            remove_signatures=remove_signatures,
            tls_verify=tls_verify,
        )
        watch = AsyncWatch(progress, bar=progress_bar)
        check_stream_options(stream=stream, decode=None, told=watch.wanted)
        auth = await self._keyring.of_image(spec.destination, auth_config)
        try:
            source = await self._engine.open(podman(lambda say: say.manifests.push(self.id, spec, auth)))
        except APIError as error:
            raise PushError(error.message, error.status_code) from error
        events = events_of(source, None, PushProgress, PushError)
        return events if stream else tuple(await watch.follow(events))

    async def remove(self, digest: str | None = None) -> None:
        """Removes one of its entries, or itself; images stay.

        Args:
            digest: Of the entry, such as "sha256:…"; the whole list goes unless given.

        Raises:
            ImageNotFound: It is gone, or has no such entry.
        """
        if digest is None:
            await self._engine.call(podman(lambda say: say.manifests.remove(self.id, ignore=False)))
            return
        body = {"images": [named("a digest", digest)]}
        await self._engine.call(podman(lambda say: say.manifests.modify(self.id, "remove", body)))
        await self.reload()


# Beside a method called list, that name no longer means the type.
AsyncManifestList: TypeAlias = list[AsyncManifest]
