# Derived from highlevel/wharfinger/_async/containers.py
# by `python -m codegen.unasync`: change that file, not this one.
"""All containers of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, cast, overload

import attrs

from wharfinger._core.options import container_spec
from wharfinger._sync._primitives import complete
from wharfinger._sync.container import Container
from wharfinger._sync.output import communicate, joined
from wharfinger.errors import ContainerError, ContainerNotFound, ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._dialects.dialect import Filters
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.images import ImagesManager
    from wharfinger.types import StreamName

PullPolicy: TypeAlias = Literal["missing", "always", "never"]
# Beside a method called list, that name no longer means the type.
ContainerList: TypeAlias = list[Container]


class ContainersManager:
    """Makes, finds and runs containers; `client.containers`."""

    def __init__(self, engine: EngineSession, images: ImagesManager) -> None:
        self._engine = engine
        self._images = images

    def get(self, container_id: str) -> Container:
        """One container.

        Args:
            container_id: Its id, a unique start of it, or its name.

        Raises:
            ContainerNotFound: There is none.
        """
        attrs = self._engine.call(lambda say: say.containers.inspect(container_id))
        return Container(self._engine, attrs)

    def exists(self, container_id: str) -> bool:
        """Whether there is one of this id or name."""
        try:
            self.get(container_id)
        except ContainerNotFound:
            return False
        return True

    def list(
        self,
        *,
        all: bool = False,
        limit: int | None = None,
        size: bool = False,
        filters: Filters | None = None,
    ) -> ContainerList:
        """Containers, by one request whatever their number.

        Args:
            all: Those that do not run too.
            limit: At most so many, the newest.
            size: Let the engine measure them, which takes long.
            filters: Such as {"label": ["app=web"], "status": "running"}.

        Returns:
            Summaries: their `attrs` are entries of the list, and `reload` gets the rest.
        """
        found = self._engine.call(
            lambda say: say.containers.list(all=all, limit=limit, size=size, filters=filters)
        )
        return [Container(self._engine, attrs, summary=True) for attrs in found]

    def create(
        self, image: str, command: str | Sequence[str] | None = None, **options: Unpack[ContainerOptions]
    ) -> Container:
        """Makes a container and does not start it.

        Args:
            image: Name or id of the image, which must be there.
            command: What to run; the image's own unless given.
            **options: See ContainerOptions.

        Raises:
            ImageNotFound: The image is not there.
            Conflict: The name is taken.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        made = self._create(_spec(image, command, options))
        made.reload()
        return made

    @overload
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[True],
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> Container: ...
    @overload
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[False] = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> bytes: ...
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: bool = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        **options: Unpack[ContainerOptions],
    ) -> Container | bytes:
        """Makes a container and starts it, as `docker run` does.

        It is attached to before it is started, so that nothing it writes is lost, however soon it ends and wherever
        its logs go.

        Args:
            image: Name or id of the image.
            command: What to run; the image's own unless given.
            detach: Do not wait for its end.
            stdout: Give what it wrote to its standard output.
            stderr: Give what it wrote to its standard error, too.
            remove: Remove it when it has ended or failed, or this call is interrupted. With detach the engine does it.
            pull: Get the image when it is missing, always, or never.
            **options: See ContainerOptions.

        Returns:
            What it wrote; with detach, the container.

        Raises:
            ContainerError: It ended with a code other than 0.
            ImageNotFound: There is no such image, and it may not be pulled.
            PullError: The image could not be pulled.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        spec = _spec(image, command, options)
        # An engine that removes it by itself would do so before its exit code is asked for.
        remove = remove or bool(spec.auto_remove)
        spec = attrs.evolve(spec, auto_remove=(remove and detach) or None)
        made: list[Container] = []
        try:
            container = self._create_pulling(spec, pull, made)
            if detach:
                return self._started(container, remove=remove)
            found = self._watched(container, spec, stdout=stdout, stderr=stderr)
        except BaseException:
            if remove:
                _discard(made)
            raise
        if remove:
            _discard(made)
        return found

    def _started(self, made: Container, *, remove: bool) -> Container:
        made.start()
        try:
            made.reload()
        except ContainerNotFound:
            # It ended, and was removed, before we could ask.
            if not remove:
                raise
        return made

    def _watched(self, made: Container, spec: ContainerSpec, *, stdout: bool, stderr: bool) -> bytes:
        duplex = self._engine.upgrade(
            lambda say: say.containers.attach(made.id, stdin=False, stdout=True, stderr=True, logs=False)
        )
        with duplex:
            made.start()
            found = communicate(duplex, tty=bool(spec.tty), input=None)
        ended = made.wait()
        if ended.exit_code:
            raise ContainerError(
                made.name or made.short_id,
                ended.exit_code,
                spec.command,
                spec.image,
                joined(found, "stdout"),
                joined(found, "stderr"),
            )
        wanted: tuple[StreamName, ...] = (*(("stdout",) if stdout else ()), *(("stderr",) if stderr else ()))
        return joined(found, *wanted)

    def _create_pulling(self, spec: ContainerSpec, pull: PullPolicy, made: ContainerList) -> Container:
        if pull not in ("missing", "always", "never"):
            raise ValueError(f"pull={pull!r}: expected 'missing', 'always' or 'never'")
        if pull == "always":
            self._images.pull(spec.image, platform=spec.platform)
        try:
            return self._create_noting(spec, made)
        except ImageNotFound:
            if pull != "missing":
                raise
        self._images.pull(spec.image, platform=spec.platform)
        return self._create_noting(spec, made)

    def _create_noting(self, spec: ContainerSpec, made: ContainerList) -> Container:
        """Makes a container; when this is interrupted, what the engine has made by then is in `made` too."""

        def create() -> Container:
            made.append(self._create(spec))
            return made[0]

        return complete(create)

    def _create(self, spec: ContainerSpec) -> Container:
        id = self._engine.call(lambda say: say.containers.create(spec))
        known: dict[str, Any] = {
            "Id": id,
            "Name": spec.name or "",
            "State": {"Status": "created"},
            "Config": {"Image": spec.image, "Tty": bool(spec.tty), "Labels": dict(spec.labels or {})},
        }
        return Container(self._engine, known, summary=True)


def _discard(made: ContainerList) -> None:
    for container in made:
        try:
            container.remove(v=True, force=True)
        except ContainerNotFound:
            # The engine, or somebody else, was faster.
            continue


def _spec(image: str, command: str | Sequence[str] | None, options: Mapping[str, object]) -> ContainerSpec:
    return container_spec(image, cast("ContainerOptions", {**options, "command": command}))
