# Derived from highlevel/wharfinger/_async/containers.py
# by `python -m codegen.unasync`: change that file, not this one.
"""All containers of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, cast, overload

import attrs

from wharfinger._core.options import container_spec
from wharfinger._sync._primitives import complete, each
from wharfinger._sync.container import Container
from wharfinger._sync.output import communicate, joined
from wharfinger.errors import Conflict, ContainerError, ContainerNotFound, ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.reports import PruneReport
    from wharfinger._dialects.dialect import Filters
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.images import ImagesManager
    from wharfinger.types import StreamName

PullPolicy: TypeAlias = Literal["missing", "always", "never"]
# Beside a method called list, that name no longer means the type.
ContainerList: TypeAlias = list[Container]

_AT_ONCE = 8  # inspections, so that other requests find room beside them


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

    def container(self, container_id: str) -> Container:
        """A handle for one container, without asking the engine whether it is there.

        Args:
            container_id: Its id, a unique start of it, or its name; the handle's `id` is this until `reload`.

        Raises:
            ValueError: It is empty.
        """
        if not container_id:
            raise ValueError(f"container_id={container_id!r}: expected a container's id or name")
        return Container(self._engine, {"Id": container_id}, summary=True)

    def list(
        self,
        *,
        all: bool = False,
        limit: int | None = None,
        size: bool = False,
        filters: Filters | None = None,
        since: str | None = None,
        before: str | None = None,
        full: bool | None = None,
        sparse: bool | None = None,
        ignore_removed: bool = True,
    ) -> ContainerList:
        """Containers, by one request whatever their number.

        Args:
            all: Those that do not run too.
            limit: At most so many, the newest.
            size: Let the engine measure them, which takes long.
            filters: Such as {"label": ["app=web"], "status": "running"}.
            since: Only those made after this one, named by id or name.
            before: Only those made before this one.
            full: Inspect each, several at once, so that `attrs` tell everything.
            sparse: The opposite of full; True unless given.
            ignore_removed: With full: leave out those that were removed meanwhile, instead of raising.

        Returns:
            Summaries unless full: their `attrs` are entries of the list, and `reload` gets the rest.

        Raises:
            ContainerNotFound: One was removed meanwhile, and ignore_removed is False.
            BadRequest, NotFound, ServerError: The engine does not know a filter, or what it names.
            ValueError: full and sparse contradict each other; nothing was sent.
        """
        if full is not None and full is sparse:
            raise ValueError(f"full={full} is given together with sparse={sparse}, expected one of them")
        near = {name: id for name, id in (("since", since), ("before", before)) if id is not None}
        given = {**(filters or {}), **near}
        found = self._engine.call(
            lambda say: say.containers.list(all=all, limit=limit, size=size, filters=given)
        )
        listed = [Container(self._engine, attrs, summary=True) for attrs in found]
        if full or sparse is False:
            return _inspected(listed, ignore_removed=ignore_removed)
        return listed

    def prune(self, *, filters: Filters | None = None) -> PruneReport:
        """Removes all containers that do not run.

        Args:
            filters: Only some of them: {"label": ["app=web"]}, {"until": "24h"}.

        Returns:
            {"ContainersDeleted": [ids], "SpaceReclaimed": bytes}

        Raises:
            BadRequest: The engine does not know a filter.
        """
        return self._engine.call_slowly(lambda say: say.containers.prune(filters))

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

    def create_or_replace(
        self,
        name: str,
        /,
        image: str,
        command: str | Sequence[str] | None = None,
        **options: Unpack[ContainerOptions],
    ) -> Container:
        """Makes a container of that name and does not start it; another that has the name is removed, even if it runs.

        The other one goes only when the engine would take the new one but for the name.

        Args:
            name: Its name.
            image: Name or id of the image, which must be there.
            command: What to run; the image's own unless given.
            **options: See ContainerOptions; without `name`.

        Raises:
            ImageNotFound: The image is not there.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        if "name" in options:
            raise TypeError("the option 'name' is given twice, expected it as the first argument alone")
        spec = _spec(image, command, {**options, "name": name})
        try:
            made = self._create(spec)
        except Conflict:
            self._remove_named(str(spec.name))
            made = self._create(spec)
        made.reload()
        return made

    def _remove_named(self, name: str) -> None:
        try:
            other = self.get(name)
            # What has this name may have gone meanwhile, and an id may begin like it.
            if other.name == name:
                other.remove(force=True)
        except ContainerNotFound:
            return

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


def _inspected(listed: ContainerList, *, ignore_removed: bool) -> ContainerList:
    def inspect(container: Container) -> bool:
        try:
            container.reload()
        except ContainerNotFound:
            if not ignore_removed:
                raise
            return False
        return True

    there = each(inspect, listed, _AT_ONCE)
    return [container for container, still in zip(listed, there, strict=True) if still]


def _discard(made: ContainerList) -> None:
    for container in made:
        try:
            container.remove(v=True, force=True)
        except ContainerNotFound:
            # The engine, or somebody else, was faster.
            continue


def _spec(image: str, command: str | Sequence[str] | None, options: Mapping[str, object]) -> ContainerSpec:
    return container_spec(image, cast("ContainerOptions", {**options, "command": command}))
