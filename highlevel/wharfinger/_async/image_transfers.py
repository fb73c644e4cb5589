"""Images got from registries and sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from wharfinger._async.local_images import AsyncLocalImages
from wharfinger._async.progress import AsyncWatch, events_of
from wharfinger._core.image_options import check_format, check_policy
from wharfinger._core.progress_streams import check_stream_options
from wharfinger._core.references import ImageReference
from wharfinger.errors import APIError, PullError, PushError
from wharfinger.types import PullProgress, PushProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wharfinger._async.image import AsyncImage, AsyncImageList
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.image_options import PullPolicy, PushFormat


class AsyncImageTransfers(AsyncLocalImages):
    """What client.images does with a registry's images."""

    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: Literal[False] = False,
        stream: Literal[False] = False,
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PullProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> AsyncImage: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: Literal[True],
        stream: Literal[False] = False,
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PullProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> AsyncImageList: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: Literal[True],
        decode: None = None,
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncStream[PullProgress]: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: Literal[True],
        decode: Literal[True],
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncStream[dict[str, Any]]: ...
    @overload
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: Literal[True],
        decode: Literal[False],
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> AsyncStream[bytes]: ...
    async def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        all_tags: bool = False,
        stream: bool = False,
        decode: bool | None = None,
        platform: str | None = None,
        policy: PullPolicy | None = None,
        tls_verify: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        progress: Callable[[PullProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> AsyncImage | AsyncImageList | AsyncStream[Any]:
        """Gets an image from a registry.

        Args:
            repository: Its name, with or without a tag or digest.
            tag: Its tag; "latest" when neither this nor the name has one.
            all_tags: Get all that the repository has, and give a list of the images.
            stream: Give the progress as it comes instead of waiting for the image.
            decode: The form of what `stream` gives: PullProgress unless given, the engine's own JSON if True, its
                bytes as they come if False.
            platform: Such as "linux/arm64"; the engine's own unless given.
            policy: "always", which both engines do unless it is given, or "missing", "never" or "newer" (Podman).
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given
                (Podman; on Docker the daemon's configuration alone does).
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            progress: Called with each PullProgress as it comes. What it raises ends the transfer and is raised. With
                an async client it may be a coroutine function, which is awaited before the next event is read; a plain
                one is called in the event loop.
            progress_bar: Show the progress on stderr: with bars in a terminal or notebook, else by a few plain
                lines. Needs wharfinger[progress].

        Raises:
            PullError: It could not be got: no such image, wrong credentials, no way to the registry, …; even where an
                older image is there.
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: Docker has neither tls_verify nor another policy than "always".
            ValueError: It is no image's name, or has a tag beside all_tags; decode without stream; stream beside
                progress or progress_bar.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        name = _name_to_pull(repository, tag, all_tags=all_tags)
        check_policy(policy)
        watch = AsyncWatch(progress, bar=progress_bar)
        check_stream_options(stream=stream, decode=decode, told=watch.wanted)
        auth = await self._keyring.of_image(name, auth_config)
        try:
            source = await self._engine.open(
                lambda say: say.images.pull(
                    name,
                    all_tags=all_tags,
                    platform=platform,
                    policy=policy,
                    tls_verify=tls_verify,
                    counted=stream or watch.wanted,
                    auth=auth,
                )
            )
        except APIError as error:
            # What one engine says by a status, another says in the stream.
            raise PullError(error.message, error.status_code) from error
        events = events_of(source, decode, PullProgress, PullError)
        if stream:
            return events
        await watch.follow(events)
        return await self.list(name) if all_tags else await self.get(name)

    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[False] = False,
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
        format: PushFormat | None = None,
        tls_verify: bool | None = None,
        progress: Callable[[PushProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PushProgress, ...]: ...
    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[True],
        decode: None = None,
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
        format: PushFormat | None = None,
        tls_verify: bool | None = None,
    ) -> AsyncStream[PushProgress]: ...
    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[True],
        decode: Literal[True],
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
        format: PushFormat | None = None,
        tls_verify: bool | None = None,
    ) -> AsyncStream[dict[str, Any]]: ...
    @overload
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[True],
        decode: Literal[False],
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
        format: PushFormat | None = None,
        tls_verify: bool | None = None,
    ) -> AsyncStream[bytes]: ...
    async def push(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: bool = False,
        decode: bool | None = None,
        auth_config: Mapping[str, str] | None = None,
        destination: str | None = None,
        format: PushFormat | None = None,
        tls_verify: bool | None = None,
        progress: Callable[[PushProgress], object] | None = None,
        progress_bar: bool = False,
    ) -> tuple[PushProgress, ...] | AsyncStream[Any]:
        """Sends an image to the registry that its name tells.

        Args:
            repository: Its name, with or without a tag.
            tag: Its tag; "latest" when neither this nor the name has one.
            stream: Give the progress as it comes instead of waiting for the end.
            decode: The form of what `stream` gives: PushProgress unless given, the engine's own JSON if True, its
                bytes as they come if False.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.
            destination: The name to have in the registry, where it is another (Podman).
            format: The kind of manifest: "oci", "v2s1" or "v2s2"; that of the image unless given (Podman).
            tls_verify: Whether the registry has to prove who it is; Podman's configuration says unless given
                (Podman; on Docker the daemon's configuration alone does).
            progress: Called with each PushProgress, as `pull` does.
            progress_bar: Show the progress, as `pull` does.

        Returns:
            The progress: all of it after the end, or as it comes.

        Raises:
            PushError: It could not be sent: no such image, wrong credentials, no way to the registry, …
            CredentialsError: Credentials for the registry are kept where they cannot be read.
            NotSupported: Docker has no destination, format or tls_verify.
            ValueError: It is no image's name, or has a digest; decode without stream; stream beside progress or
                progress_bar.
            ModuleNotFoundError: progress_bar without wharfinger[progress].
        """
        name = _name_to_push(repository, tag)
        check_format(format)
        watch = AsyncWatch(progress, bar=progress_bar)
        check_stream_options(stream=stream, decode=decode, told=watch.wanted)
        auth = await self._keyring.of_image(name if destination is None else destination, auth_config)
        try:
            source = await self._engine.open(
                lambda say: say.images.push(
                    name, destination=destination, format=format, tls_verify=tls_verify, auth=auth
                )
            )
        except APIError as error:
            raise PushError(error.message, error.status_code) from error
        events = events_of(source, decode, PushProgress, PushError)
        if stream:
            return events
        return tuple(await watch.follow(events))


def _name_to_pull(repository: str, tag: str | None, *, all_tags: bool) -> str:
    reference = ImageReference.of(repository, tag)
    if all_tags and (reference.tag or reference.digest):
        raise ValueError(f"all_tags=True with {str(reference)!r}; expected a name without tag and digest")
    return str(reference)


def _name_to_push(repository: str, tag: str | None) -> str:
    reference = ImageReference.of(repository, tag)
    if reference.digest:
        raise ValueError(f"{str(reference)!r} has a digest; expected a name with a tag, which is sent")
    return str(reference.with_tag(reference.tag or "latest"))
