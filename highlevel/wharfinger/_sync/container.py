# Derived from highlevel/wharfinger/_async/container.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from wharfinger._core import container_facts as facts
from wharfinger._core.stream_decoders import Chunks, Lines, Output
from wharfinger._core.timeouts import Timeout
from wharfinger._core.when import unix_seconds
from wharfinger._sync.execution import run_command
from wharfinger._sync.streams import Stream
from wharfinger.errors import UnexpectedReply
from wharfinger.types import FileStat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from wharfinger._core.container_facts import PortMap
    from wharfinger._core.operation import Content
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.output import Input
    from wharfinger.types import ExecResult, LogFrame, WaitResult


class Container:
    """A container on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: EngineSession, attrs: dict[str, Any], *, summary: bool = False) -> None:
        self._engine = engine
        self._attrs = attrs
        self._summary = summary

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name or '?'} {self.status or '?'}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Container) and other.id == self.id

    def __hash__(self) -> int:
        return hash((Container, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON: of inspect, or of a list where `is_summary` says so."""
        return self._attrs

    @property
    def is_summary(self) -> bool:
        """Whether `attrs` is an entry of a list, which tells less than inspect; `reload` gets the rest."""
        return self._summary

    @property
    def id(self) -> str:
        """The full id, 64 hexadecimal digits."""
        return facts.container_id(self._attrs)

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """The name, without a slash before it."""
        return facts.name(self._attrs)

    @property
    def status(self) -> str:
        """created, running, paused, restarting, removing, exited or dead; Podman has more."""
        return facts.status(self._attrs)

    @property
    def health(self) -> str | None:
        """starting, healthy or unhealthy; None without a health check."""
        return facts.health(self._attrs)

    @property
    def image(self) -> str:
        """The image as it was asked for."""
        return facts.image(self._attrs)

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the container and of its image."""
        return facts.labels(self._attrs)

    @property
    def ports(self) -> PortMap:
        """Where ports are published: {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}.

        None for a port that is only exposed.
        """
        return facts.ports(self._attrs)

    @property
    def exit_code(self) -> int | None:
        """The exit code of a container that has ended, else None."""
        return facts.exit_code(self._attrs)

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC."""
        return facts.created(self._attrs)

    @property
    def started_at(self) -> datetime | None:
        """When it was last started, in UTC; None if never."""
        return facts.started_at(self._attrs)

    def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ContainerNotFound: It is gone.
        """
        self._attrs = self._engine.call(lambda say: say.containers.inspect(self.id))
        self._summary = False

    def start(self) -> bool:
        """Starts it; False when it was running already.

        Raises:
            ContainerNotFound: It is gone.
            APIError: Its command cannot be run, a port is taken, …
        """
        return self._engine.call(lambda say: say.containers.start(self.id))

    def stop(self, *, timeout: int | None = None) -> bool:
        """Asks its main process to end, and ends it by force when that takes too long; False when it was not running.

        Args:
            timeout: Seconds until force is used; the container's own setting, or 10, unless given.

        Raises:
            ContainerNotFound: It is gone.
        """
        # The engine answers when the container has ended, however long it was given.
        return self._engine.call_slowly(lambda say: say.containers.stop(self.id, timeout))

    def kill(self, signal: str | int | None = None) -> None:
        """Sends its main process a signal.

        Args:
            signal: A name or number; SIGKILL unless given.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
        """
        self._engine.call(lambda say: say.containers.kill(self.id, signal))

    def wait(self, *, timeout: float | None = None, condition: str | None = None) -> WaitResult:
        """Waits until it ends.

        Args:
            timeout: Seconds; no limit unless given.
            condition: "not-running" (the default); "next-exit" or "removed" (Docker); or one of Podman's states.

        Returns:
            The exit code, and what went wrong while waiting.

        Raises:
            ContainerNotFound: It is gone.
            EngineTimeout: It did not end in time.
            NotSupported: The engine does not know the condition.
            ValueError: No engine does.
        """
        limits = Timeout(read=None, total=timeout)
        return self._engine.call_slowly(lambda say: say.containers.wait(self.id, condition), timeout=limits)

    def remove(self, *, v: bool = False, link: bool = False, force: bool = False) -> None:
        """Removes it.

        Args:
            v: Its anonymous volumes too.
            link: Only the link of this name (Docker).
            force: Even while it runs.

        Raises:
            ContainerNotFound: It is gone already.
            Conflict: It is running.
        """
        self._engine.call_slowly(
            lambda say: say.containers.remove(self.id, force=force, volumes=v, link=link)
        )

    @overload
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        lines: Literal[False] = False,
        timestamps: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> bytes: ...
    @overload
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        lines: Literal[False] = False,
        follow: bool | None = None,
        timestamps: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> Stream[bytes]: ...
    @overload
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        lines: Literal[True],
        follow: bool | None = None,
        timestamps: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> Stream[LogFrame]: ...
    def logs(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        lines: bool = False,
        follow: bool | None = None,
        timestamps: bool = False,
        tail: int | Literal["all"] = "all",
        since: datetime | timedelta | float | None = None,
        until: datetime | timedelta | float | None = None,
    ) -> bytes | Stream[bytes] | Stream[LogFrame]:
        """What it has written.

        Args:
            stdout: Its standard output.
            stderr: Its standard error.
            stream: Give a stream instead of everything at once. Podman answers with the first output.
            lines: With stream: a LogFrame for each line, instead of bytes as they come.
            follow: Go on as it writes more, until it ends; as `stream` unless given.
            timestamps: When each line was written, before it or in its LogFrame.
            tail: Only this many lines from the end, of both outputs together.
            since: Only what is not older: a time (naive is UTC), Unix seconds, or how long ago.
            until: Only what is not newer, likewise.

        Raises:
            ContainerNotFound: It is gone.
            ProtocolError: The engine's answer was cut short.
        """
        framed = (self._engine.dialect()).containers.frames_every_log
        tty = not framed and self._has_tty()
        source = self._engine.open(
            lambda say: say.containers.logs(
                self.id,
                stdout=stdout,
                stderr=stderr,
                follow=stream if follow is None else follow,
                timestamps=timestamps,
                tail=None if tail == "all" else tail,
                since=unix_seconds(since),
                until=unix_seconds(until),
            )
        )
        if stream and lines:
            return Stream(source, Lines(tty=tty, timestamps=timestamps))
        flowing = Stream(source, Output(tty=tty))
        if stream:
            return flowing
        with flowing:
            return b"".join(list(flowing))

    def _has_tty(self) -> bool:
        """Whether there is a terminal; asked for once, where a list did not tell."""
        if facts.tty(self._attrs) is None:
            self.reload()
        return bool(facts.tty(self._attrs))

    def exec_run(
        self,
        cmd: str | Sequence[str],
        *,
        stdout: bool = True,
        stderr: bool = True,
        stdin: bool = False,
        tty: bool = False,
        privileged: bool = False,
        user: str = "",
        detach: bool = False,
        environment: Mapping[str, str] | Sequence[str] | None = None,
        workdir: str | None = None,
        demux: bool = False,
        input: Input | None = None,
    ) -> ExecResult:
        """Runs a command in it and waits for its end.

        Args:
            cmd: The command; a string is split as a shell does, but no shell runs it.
            stdout: Collect its standard output.
            stderr: Collect its standard error.
            stdin: Give it an open standard input, at its end from the start; `input` says it by itself.
            tty: Give it a terminal, which joins its two outputs.
            privileged: Give it all capabilities.
            user: User, or user:group; the container's own unless given.
            detach: Do not wait: the exit code is None and the output empty.
            environment: Further variables.
            workdir: Its working directory; the container's own unless given.
            demux: Give a pair of outputs instead of one, None for a stream that got nothing.
            input: What to write to its standard input, followed by its end; on a terminal that is Ctrl-D.

        Returns:
            The exit code and the output.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            ProtocolError: The output was cut short.
        """
        return run_command(
            self._engine,
            self.id,
            cmd,
            stdout=stdout,
            stderr=stderr,
            stdin=stdin or input is not None,
            tty=tty,
            privileged=privileged,
            user=user,
            detach=detach,
            environment=environment,
            workdir=workdir,
            demux=demux,
            input=b"" if stdin and input is None else input,
        )

    def put_archive(self, path: str, data: Content) -> bool:
        """Unpacks a tar in it.

        Args:
            path: A folder in the container; Podman makes it when it is missing.
            data: The tar, plain or compressed: bytes, a file, or chunks; sent as it is read.

        Returns:
            True, as docker-py does.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such folder (Docker).
        """
        self._engine.call_slowly(lambda say: say.containers.put_archive(self.id, path, data))
        return True

    def get_archive(self, path: str) -> tuple[Stream[bytes], FileStat]:
        """A file or folder of it, as a tar.

        Args:
            path: What to get.

        Returns:
            The tar in chunks as they come, and what the engine tells of the path.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such path.
        """
        source = self._engine.open(lambda say: say.containers.get_archive(self.id, path))
        try:
            stat = FileStat.from_header(source.headers.get("X-Docker-Container-Path-Stat", ""))
        except ValueError as error:
            source.close()
            raise UnexpectedReply(f"the engine's facts about {path!r} cannot be read: {error}") from error
        return Stream(source, Chunks()), stat
