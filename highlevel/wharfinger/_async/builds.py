"""Images made by an engine out of a Dockerfile."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import attrs

from wharfinger._async._primitives import run_blocking
from wharfinger._async.image import AsyncImage
from wharfinger._async.local_images import AsyncLocalImages
from wharfinger._async.streams import AsyncStream
from wharfinger._build_display import build_display
from wharfinger._core.build_context import build_context, named_images
from wharfinger._core.build_log import BuildLog
from wharfinger._core.build_options import build_request
from wharfinger._core.build_plan import build_plan
from wharfinger._core.config_proxies import config_proxies
from wharfinger._core.credentials import credentials_files
from wharfinger._core.human import parse_size
from wharfinger._core.stream_decoders import JSONValues
from wharfinger.errors import APIError, BuildError, NotSupported
from wharfinger.types import BuildEvent

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Unpack

    from wharfinger._build_display import ProgressKind
    from wharfinger._core.build_options import BuildOptions, BuildRequest, BuildSpec
    from wharfinger._core.container_options import Size
    from wharfinger._core.timeouts import Timeout
    from wharfinger._dialects.dialect import Filters

AsyncBuilt: TypeAlias = tuple[AsyncImage, tuple[BuildEvent, ...]]


class AsyncImageBuilds(AsyncLocalImages):
    """What client.images does to make images."""

    @overload
    async def build(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        stream: Literal[False] = False,
        progress: ProgressKind | None = None,
        **options: Unpack[BuildOptions],
    ) -> AsyncBuilt: ...
    @overload
    async def build(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        stream: Literal[True],
        **options: Unpack[BuildOptions],
    ) -> AsyncStream[BuildEvent]: ...
    async def build(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        stream: bool = False,
        progress: ProgressKind | None = None,
        **options: Unpack[BuildOptions],
    ) -> AsyncBuilt | AsyncStream[BuildEvent]:
        """Makes an image from a Dockerfile and the files that it names.

        A folder is sent as the engine's own command line sends it, while it is read: without what its .dockerignore
        (on Podman .containerignore too) leaves out, in an order that stays, owned by root. The Dockerfile is called
        Dockerfile, on Podman Containerfile too, unless `dockerfile` says otherwise. Credentials go along for the
        registries that it names; for all that are kept, where it is not known here. Leaving a stream, or being
        cancelled, ends the build; on Podman after the step that is running.

        Args:
            path: The folder; or an address, as `remote`. One of path, fileobj, context and remote is needed.
            stream: Give the events as they come instead of waiting for the image.
            progress: Show the build on stderr while it goes on: "plain" by lines of text, "tty" live (which needs
                wharfinger[progress]), "auto" live where stderr is a terminal and that is installed.
            options: See BuildOptions, such as tag="team/app:1", target="test" or buildargs={"VERSION": "1"}.

        Returns:
            The image, and all events; or the events as they come.

        Raises:
            BuildError: The Dockerfile is wrong, or a step failed; with all events, and a step's exit code.
            OSError: The folder, its Dockerfile, or a file in it cannot be read, or changed while it was sent.
            CredentialsError: Credentials for a registry are kept where they cannot be read.
            EngineTimeout: It took longer than `timeout`.
            ModuleNotFoundError: BuildKit, or a live display, needs what is not installed.
            NotSupported: This engine, or its builder, lacks an option.
            TypeError, ValueError: An option is unknown or wrong.
        """
        asked = build_request(path, options, self._engine.variables)
        if "output" in asked.spec.values and not stream and (await self._engine.dialect()).engine == "docker":
            raise TypeError("output gives files and no image; read its events with stream=True")
        if stream and progress is not None:
            raise TypeError(
                f"progress={progress!r} with stream=True, which leaves showing them to you; give one"
            )
        display = build_display(progress)
        log = BuildLog()
        events = await self._begin(asked, log)
        if stream:
            return events
        with display:
            async with events:
                async for event in events:
                    display.show(event)
        return await self.get(log.image_id()), log.events

    async def prune_builds(
        self,
        filters: Filters | None = None,
        *,
        keep_storage: Size | None = None,
        all: bool = False,
        reserved_space: Size | None = None,
        max_used_space: Size | None = None,
        min_free_space: Size | None = None,
    ) -> dict[str, Any]:
        """Removes what the builder keeps as cache (Docker).

        Args:
            filters: Such as {"until": "24h"} or {"type": "regular"}.
            keep_storage: How much to keep: bytes, or such as "10g" (until API 1.51).
            all: What is in use by an image too.
            reserved_space: How much is kept in any case (API 1.48).
            max_used_space: How much may be used at most (API 1.48).
            min_free_space: How much of the disk shall be free (API 1.48).

        Returns:
            "CachesDeleted", a list of ids, and "SpaceReclaimed" in bytes.

        Raises:
            NotSupported: On Podman, whose cache is images; see `prune`.
        """
        sizes = {
            "keep_storage": keep_storage,
            "reserved_space": reserved_space,
            "max_used_space": max_used_space,
            "min_free_space": min_free_space,
        }
        space = {name: None if size is None else parse_size(name, size) for name, size in sizes.items()}
        return await self._engine.call_slowly(lambda say: say.builds.prune(filters=filters, all=all, **space))

    async def _begin(self, asked: BuildRequest, log: BuildLog) -> AsyncStream[BuildEvent]:
        engine = (await self._engine.dialect()).engine
        if engine == "docker":
            asked = asked.on_docker()
        wanted = engine == "docker" if asked.use_config_proxy is None else asked.use_config_proxy
        spec = asked.spec.with_buildargs(await self._proxies() if wanted else {})
        if engine == "docker" and spec.builder == "buildkit":
            return await self._begin_buildkit(asked, spec, log)
        context = await run_blocking(partial(build_context, asked.source, engine))
        auths = await self._keyring.of_build(None if context.text is None else named_images(context.text))
        try:
            source = await self._engine.open(
                lambda say: say.builds.build(context, spec, encoding=asked.encoding, auths=auths),
                timeout=self._limits(asked.timeout),
            )
        except APIError as error:
            # What one engine says by a status, another says in the stream.
            raise BuildError(error.message, error.status_code) from error
        return AsyncStream(source, JSONValues(BuildEvent), check=log.add)

    async def _begin_buildkit(
        self, asked: BuildRequest, spec: BuildSpec, log: BuildLog
    ) -> AsyncStream[BuildEvent]:
        event = await self._trace_event()
        from wharfinger._async.buildkit_builds import AsyncBuildKit

        plan = await run_blocking(partial(build_plan, asked.source, spec))
        kit = AsyncBuildKit(self._engine, self._keyring)
        try:
            run = await kit.begin(plan, spec, asked.encoding, self._limits(asked.timeout))
        except APIError as error:
            raise BuildError(error.message, error.status_code) from error
        return AsyncStream(run, JSONValues(event), check=partial(run.check, log))

    async def _trace_event(self) -> Callable[[Any], BuildEvent]:
        """How what BuildKit tells is read, if it can be asked and read."""
        try:
            from wharfinger._core.buildkit_trace import trace_event
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"builds by BuildKit need {error.name}, which is not installed: pip install 'wharfinger[buildkit]'",
                name=error.name,
            ) from error
        if (await self._engine.ping()).libpod_version:
            # It would take the request, and build with its own builder.
            raise NotSupported(
                "build(builder='buildkit')",
                "Podman, which answers as Docker here",
                needs="Docker; builder='auto' is Podman's own",
            )
        return trace_event

    def _limits(self, seconds: float | None) -> Timeout:
        return attrs.evolve(self._engine.timeout.for_stream(), total=seconds)

    async def _proxies(self) -> dict[str, str]:
        variables = self._engine.variables
        home = variables.get("HOME") or str(Path.home())
        file = Path(credentials_files("docker", variables, home, 0)[0].path)
        try:
            data = await run_blocking(file.read_bytes)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return config_proxies(data, str(self._engine.address), str(file))
