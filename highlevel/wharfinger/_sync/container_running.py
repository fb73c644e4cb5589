# Derived from highlevel/wharfinger/_async/container_running.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Running containers as `docker run` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack, overload

import attrs

from wharfinger._sync.container_making import ContainerList, ContainerMaking, spec_of
from wharfinger._sync.output import communicate, joined
from wharfinger._sync.run_output import RunOutput, discard, failure
from wharfinger.errors import ContainerNotFound, ImageNotFound, PullError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._sync.container import Container
    from wharfinger._sync.output import Input
    from wharfinger._sync.streams import Stream
    from wharfinger.types import StreamName

PullPolicy: TypeAlias = Literal["missing", "always", "newer", "never"]

_POLICIES = ("missing", "always", "newer", "never")


@attrs.frozen
class _Wish:
    """How a container is to be run."""

    spec: ContainerSpec
    pull: PullPolicy
    auth_config: Mapping[str, str] | None
    remove: bool
    streams: tuple[StreamName, ...]


class ContainerRunning(ContainerMaking):
    """What client.containers does to run containers."""

    @overload
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[True],
        remove: bool = False,
        pull: PullPolicy = "missing",
        auth_config: Mapping[str, str] | None = None,
        **options: Unpack[ContainerOptions],
    ) -> Container: ...

    @overload
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[False] = False,
        stream: Literal[True],
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        auth_config: Mapping[str, str] | None = None,
        **options: Unpack[ContainerOptions],
    ) -> Stream[bytes]: ...

    @overload
    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: Literal[False] = False,
        stream: Literal[False] = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        auth_config: Mapping[str, str] | None = None,
        input: Input | None = None,
        **options: Unpack[ContainerOptions],
    ) -> bytes: ...

    def run(
        self,
        image: str,
        command: str | Sequence[str] | None = None,
        *,
        detach: bool = False,
        stream: bool = False,
        stdout: bool = True,
        stderr: bool = False,
        remove: bool = False,
        pull: PullPolicy = "missing",
        auth_config: Mapping[str, str] | None = None,
        input: Input | None = None,
        **options: Unpack[ContainerOptions],
    ) -> Container | Stream[bytes] | bytes:
        """Makes a container and starts it, as `docker run` does.

        It is attached to before it is started, so that nothing it writes is lost, however soon it ends and wherever
        its logs go.

        Args:
            image: Name or id of the image.
            command: What to run; the image's own unless given.
            detach: Do not wait for its end.
            stream: Give what it writes while it runs. The end of the stream is its end, and raises ContainerError as
                this call does otherwise; a stream that is closed before leaves it running, unless it is to be removed.
            stdout: Give what it wrote to its standard output.
            stderr: Give what it wrote to its standard error, too.
            remove: Remove it when it has ended or failed, or this call is interrupted, or its stream closed. With
                detach the engine does it.
            pull: Get the image when it is missing, always, or never; "newer" gets it when the registry has a newer
                one, and takes the one that is there when the registry cannot be asked.
            auth_config: Credentials for that: {"username": …, "password": …}; those that are kept unless given.
            input: What to write to its standard input, followed by its end; on a terminal that is Ctrl-D.
            **options: See ContainerOptions.

        Returns:
            What it wrote; with stream that in pieces as they come; with detach the container.

        Raises:
            ContainerError: It ended with a code other than 0.
            ImageNotFound: There is no such image, and it may not be pulled.
            PullError: The image could not be pulled.
            NotSupported: The engine lacks an option; nothing was sent.
            TypeError, ValueError: An option is unknown or wrong; nothing was sent.
        """
        _check(detach=detach, stream=stream, pull=pull, input=input)
        spec = spec_of(image, command, options)
        if input is not None:
            spec = attrs.evolve(spec, stdin_open=True, stdin_once=True)
        # An engine that removes it by itself would do so before its exit code is asked for.
        remove = remove or bool(spec.auto_remove)
        spec = attrs.evolve(spec, auto_remove=(remove and detach) or None)
        streams: tuple[StreamName, ...] = (*(("stdout",) if stdout else ()), *(("stderr",) if stderr else ()))
        wish = _Wish(spec, pull, auth_config, remove, streams)
        if stream:
            return self._streamed(wish)
        made: list[Container] = []
        try:
            container = self._create_pulling(wish, made)
            if detach:
                return self._started(container, remove=remove)
            found = self._watched(container, wish, input)
        except BaseException:
            if remove:
                discard(made)
            raise
        if remove:
            discard(made)
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

    def _watched(self, made: Container, wish: _Wish, input: Input | None) -> bytes:
        fed = input is not None
        duplex = self._engine.upgrade(
            lambda say: say.containers.attach(made.id, stdin=fed, stdout=True, stderr=True, logs=False)
        )
        with duplex:
            made.start()
            found = communicate(duplex, tty=bool(wish.spec.tty), input=input)
        ended = made.wait()
        if ended.exit_code:
            raise failure(made, ended, wish.spec, joined(found, "stdout"), joined(found, "stderr"))
        return joined(found, *wish.streams)

    def _streamed(self, wish: _Wish) -> RunOutput:
        made: list[Container] = []
        try:
            container = self._create_pulling(wish, made)
            duplex = self._engine.upgrade(
                lambda say: say.containers.attach(
                    container.id, stdin=False, stdout=True, stderr=True, logs=False
                )
            )
            output = RunOutput(duplex, container, wish.spec, wish.streams, remove=wish.remove)
            try:
                container.start()
            except BaseException:
                duplex.close()
                raise
        except BaseException:
            if wish.remove:
                discard(made)
            raise
        return output

    def _create_pulling(self, wish: _Wish, made: ContainerList) -> Container:
        if wish.pull == "always":
            self._pull(wish)
        elif wish.pull == "newer":
            self._pull_newer(wish)
        try:
            return self._create_noting(wish.spec, made)
        except ImageNotFound:
            if wish.pull != "missing":
                raise
        self._pull(wish)
        return self._create_noting(wish.spec, made)

    def _pull(self, wish: _Wish) -> None:
        self._images().pull(wish.spec.image, platform=wish.spec.platform, auth_config=wish.auth_config)

    def _pull_newer(self, wish: _Wish) -> None:
        try:
            self._pull(wish)
        except PullError:
            if not self._images().exists(wish.spec.image):
                raise


def _check(*, detach: bool, stream: bool, pull: str, input: Input | None) -> None:
    if pull not in _POLICIES:
        raise ValueError(f"pull={pull!r}: expected one of {', '.join(map(repr, _POLICIES))}")
    if detach and stream:
        raise ValueError("detach=True is given together with stream=True, expected one of them")
    if input is not None and (detach or stream):
        other = "detach" if detach else "stream"
        raise ValueError(f"input is given together with {other}=True, expected one of them")
