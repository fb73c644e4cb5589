# Derived from highlevel/wharfinger/_async/container.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One container."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal, overload

from wharfinger._core import container_facts as facts
from wharfinger._core.stream_decoders import JSONValues, Lines, Output, Pairs
from wharfinger._core.when import unix_seconds
from wharfinger._sync.container_files import ContainerFiles
from wharfinger._sync.container_life import ContainerLife
from wharfinger._sync.execution import run_command
from wharfinger._sync.streams import Stream
from wharfinger.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from wharfinger._core.stream_decoders import OutputPair
    from wharfinger._sync.output import Input
    from wharfinger._sync.raw_streams import ByteStream
    from wharfinger.types import ExecResult, LogFrame


class Container(ContainerLife, ContainerFiles):
    """A container on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

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
        source = self._open_logs(
            stdout=stdout,
            stderr=stderr,
            follow=stream if follow is None else follow,
            timestamps=timestamps,
            tail=None if tail == "all" else tail,
            since=unix_seconds(since),
            until=unix_seconds(until),
        )
        if stream and lines:
            return Stream(source, Lines(tty=tty, timestamps=timestamps))
        flowing = Stream(source, Output(tty=tty))
        if stream:
            return flowing
        with flowing:
            return b"".join(list(flowing))

    @overload
    def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        logs: bool = False,
        demux: Literal[False] = False,
    ) -> bytes: ...
    @overload
    def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        logs: bool = False,
        demux: Literal[True],
    ) -> OutputPair: ...
    @overload
    def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        logs: bool = False,
        demux: Literal[False] = False,
    ) -> Stream[bytes]: ...
    @overload
    def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        logs: bool = False,
        demux: Literal[True],
    ) -> Stream[OutputPair]: ...
    def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        logs: bool = False,
        demux: bool = False,
    ) -> bytes | OutputPair | Stream[bytes] | Stream[OutputPair]:
        """What it writes from now on, until it ends.

        Nothing is lost from the moment this returns a stream: attach to a container that was created, then start it.

        Args:
            stdout: Its standard output.
            stderr: Its standard error.
            stream: Give a stream instead of waiting for its end.
            logs: What it has written until now, too, before the rest.
            demux: Give pairs (stdout, stderr), None for a stream that got nothing. With a terminal all is stdout.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It has ended, and logs are not asked for; or it is paused (Docker).
            ValueError: Neither output is wanted; nothing was sent.
            ProtocolError: The output was cut short.
        """
        if not (stdout or stderr):
            raise ValueError("stdout=False, stderr=False: expected one of them, or both, to attach to")
        source, tty = self._attached(stdout=stdout, stderr=stderr, logs=logs)
        if stream and not demux:
            return Stream(source, Output(tty=tty))
        pairs = Stream(source, Pairs(tty=tty))
        if stream:
            return pairs
        with pairs:
            found = list(pairs)
        if demux:
            return b"".join(out or b"" for out, _ in found) or None, b"".join(
                err or b"" for _, err in found
            ) or None
        return b"".join((out or b"") + (err or b"") for out, err in found)

    def _attached(self, *, stdout: bool, stderr: bool, logs: bool) -> tuple[ByteStream, bool]:
        """What it writes, and whether that comes as from a terminal, without frames."""
        self.reload()
        before = self.status
        # To one that has ended Docker would attach for its next start, and Podman would make it ready for one.
        if not (facts.ended(before) or (logs and facts.begun(before))):
            source = self._engine.open(
                lambda say: say.containers.attach(
                    self.id, stdin=False, stdout=stdout, stderr=stderr, logs=False
                )
            )
            try:
                self.reload()
            except BaseException:
                source.close()
                raise
            now = self.status
            if not (facts.ended_between(before, now) or (logs and facts.begun(now))):
                return source, bool(facts.tty(self._attrs))
            source.close()
        if not logs:
            raise Conflict(
                409, f"container {self.name} has ended: start it again, or ask for what it wrote by logs()"
            )
        # The logs go on where it does. An attachment tells them too, but Podman's with wrong lengths.
        tty = bool(facts.tty(self._attrs)) and not (self._engine.dialect()).containers.frames_every_log
        return self._open_logs(stdout=stdout, stderr=stderr, follow=True), tty

    def _open_logs(
        self,
        *,
        stdout: bool,
        stderr: bool,
        follow: bool,
        timestamps: bool = False,
        tail: int | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> ByteStream:
        return self._engine.open(
            lambda say: say.containers.logs(
                self.id,
                stdout=stdout,
                stderr=stderr,
                follow=follow,
                timestamps=timestamps,
                tail=tail,
                since=since,
                until=until,
            )
        )

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

    def top(self, *, ps_args: str | None = None) -> dict[str, Any]:
        """Its processes.

        Args:
            ps_args: Arguments of ps, such as "-ef"; the engine chooses unless given. Docker runs the host's ps,
                Podman reads these as names of columns too, such as "pid user".

        Returns:
            {"Titles": ["PID", …], "Processes": [["1", …], …]}

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running, or ps refuses the arguments (Podman).
            ServerError: ps refuses the arguments (Docker).
        """
        words = shlex.split(ps_args or "")
        return self._engine.call(lambda say: say.containers.top(self.id, words))

    @overload
    def stats(self, *, stream: Literal[True] = True) -> Stream[dict[str, Any]]: ...
    @overload
    def stats(self, *, stream: Literal[False], one_shot: bool = False) -> dict[str, Any]: ...
    def stats(
        self, *, stream: bool = True, one_shot: bool = False
    ) -> dict[str, Any] | Stream[dict[str, Any]]:
        """What it uses of processor, memory, disks and networks, in the engine's own JSON, which both have in one form.

        Args:
            stream: Give a reading every few seconds, instead of one.
            one_shot: With stream=False: at once, without the earlier reading to compare with (Docker).

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running (Podman with stream=False; with stream=True it gives nothing, Docker zeros).
            NotSupported: one_shot on Podman; nothing was sent.
            ValueError: one_shot with a stream; nothing was sent.
        """
        if not stream:
            return self._engine.call_slowly(
                lambda say: say.containers.stats(self.id, stream=False, one_shot=one_shot)
            )
        if one_shot:
            raise ValueError("one_shot=True is given with stream=True, expected it with stream=False")
        source = self._engine.open(lambda say: say.containers.stats(self.id, stream=True, one_shot=False))
        return Stream(source, JSONValues[dict[str, Any]](dict))
