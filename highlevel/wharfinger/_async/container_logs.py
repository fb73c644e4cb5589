"""One container: what it writes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Literal, overload

from wharfinger._async.attaching import attached
from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.resume_logs import AsyncLogSource
from wharfinger._async.streams import AsyncStream
from wharfinger._core import container_facts as facts
from wharfinger._core.log_resumption import check_resume
from wharfinger._core.stream_decoders import Lines, Output, Pairs
from wharfinger._core.when import unix_nanoseconds
from wharfinger.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wharfinger._async.duplex import AsyncDuplex
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.stream_decoders import OutputPair
    from wharfinger.types import LogFrame


class AsyncContainerLogs(AsyncContainerState):
    """The verbs that read what a container writes."""

    @overload
    async def logs(
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
    async def logs(
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
        resume: bool = False,
    ) -> AsyncStream[bytes]: ...

    @overload
    async def logs(
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
        resume: bool = False,
    ) -> AsyncStream[LogFrame]: ...

    async def logs(
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
        resume: bool = False,
    ) -> bytes | AsyncStream[bytes] | AsyncStream[LogFrame]:
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
            resume: Go on, while following, after a cut connection, a restart of the engine or one of the container by
                its restart policy, with nothing lost that the engine still keeps, and nothing twice. It is tried again
                at once, after 0.1 s, and twice as long each time up to 5 s; when nothing was achieved for 60 s, the
                error is raised. Without `lines`, the engine's pieces come whole. With tail=0, where none had come
                before a cut, those of the whole second in which it began may be given.

        Raises:
            ContainerNotFound: It is gone.
            ProtocolError: The engine's answer was cut short.
            ValueError: resume=True without following a stream; nothing was sent.
        """
        check_resume(resume=resume, stream=stream, follow=follow)
        framed = (await self._engine.dialect()).containers.frames_every_log
        tty = not framed and await self._has_tty()
        if resume:
            again = AsyncLogSource(
                self._engine,
                self.id,
                stdout=stdout,
                stderr=stderr,
                tail=None if tail == "all" else tail,
                since=unix_nanoseconds(since),
                until=unix_nanoseconds(until),
            )
            if lines:
                return await again.lines(tty=tty, timestamps=timestamps)
            return await again.output(tty=tty, timestamps=timestamps)
        source = await self._open_logs(
            stdout=stdout,
            stderr=stderr,
            follow=stream if follow is None else follow,
            timestamps=timestamps,
            tail=None if tail == "all" else tail,
            since=unix_nanoseconds(since),
            until=unix_nanoseconds(until),
        )
        if stream and lines:
            return AsyncStream(source, Lines(tty=tty, timestamps=timestamps))
        flowing = AsyncStream(source, Output(tty=tty))
        if stream:
            return flowing
        async with flowing:
            whole = BytesIO()
            async for piece in flowing:
                # Pieces kept to be joined would take the memory twice.
                whole.write(piece)
            return whole.getvalue()

    @overload
    async def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        logs: bool = False,
        demux: Literal[False] = False,
    ) -> bytes: ...

    @overload
    async def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[False] = False,
        logs: bool = False,
        demux: Literal[True],
    ) -> OutputPair: ...

    @overload
    async def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        logs: bool = False,
        demux: Literal[False] = False,
    ) -> AsyncStream[bytes]: ...

    @overload
    async def attach(
        self,
        *,
        stdout: bool = True,
        stderr: bool = True,
        stream: Literal[True],
        logs: bool = False,
        demux: Literal[True],
    ) -> AsyncStream[OutputPair]: ...

    @overload
    async def attach(
        self,
        *,
        stdin: Literal[True],
        stdout: bool = True,
        stderr: bool = True,
        logs: bool = False,
        detach_keys: str | None = None,
    ) -> AsyncDuplex: ...

    async def attach(
        self,
        *,
        stdin: bool = False,
        stdout: bool = True,
        stderr: bool = True,
        stream: bool = False,
        logs: bool = False,
        demux: bool = False,
        detach_keys: str | None = None,
    ) -> bytes | OutputPair | AsyncStream[bytes] | AsyncStream[OutputPair] | AsyncDuplex:
        """What it writes from now on, until it ends; with stdin, both directions.

        Nothing is lost from the moment this returns a stream: attach to a container that was created, then start it.

        Args:
            stdin: Give an AsyncDuplex, which writes to its standard input too; stdin_open=True makes it one.
            stdout: Its standard output.
            stderr: Its standard error.
            stream: Give a stream instead of waiting for its end.
            logs: What it has written until now, too, before the rest (with stdin: Docker).
            demux: Give pairs (stdout, stderr), None for a stream that got nothing. With a terminal all is stdout.
            detach_keys: With stdin: keys that, when sent, leave it running and end the connection, such as "ctrl-a,d";
                on a terminal "ctrl-p,ctrl-q" unless given.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It has ended, and logs are not asked for; or it is paused (Docker); or it has no standard input.
            NotSupported: Both stdin and logs (Podman); nothing was sent.
            ValueError: Neither output is wanted, or options contradict each other; nothing was sent.
            ProtocolError: The output was cut short.
        """
        if stdin:
            if stream or demux:
                raise ValueError(
                    "stdin=True gives both directions, expected neither stream nor demux with it"
                )
            return await attached(
                self._engine, self, stdout=stdout, stderr=stderr, logs=logs, detach_keys=detach_keys
            )
        if detach_keys is not None:
            raise ValueError(
                f"detach_keys={detach_keys!r} is given without stdin=True, so nothing could send them"
            )
        if not (stdout or stderr):
            raise ValueError("stdout=False, stderr=False: expected one of them, or both, to attach to")
        source, tty = await self._attached(stdout=stdout, stderr=stderr, logs=logs)
        if stream and not demux:
            return AsyncStream(source, Output(tty=tty))
        pairs = AsyncStream(source, Pairs(tty=tty))
        if stream:
            return pairs
        async with pairs:
            found = [pair async for pair in pairs]
        if demux:
            return b"".join(out or b"" for out, _ in found) or None, b"".join(
                err or b"" for _, err in found
            ) or None
        return b"".join((out or b"") + (err or b"") for out, err in found)

    async def _attached(self, *, stdout: bool, stderr: bool, logs: bool) -> tuple[AsyncByteStream, bool]:
        """What it writes, and whether that comes as from a terminal, without frames."""
        await self.reload()
        before = self.status
        # To one that has ended Docker would attach for its next start, and Podman would make it ready for one.
        if not (facts.ended(before) or (logs and facts.begun(before))):
            source = await self._engine.open(
                lambda say: say.containers.attach(
                    self.id, stdin=False, stdout=stdout, stderr=stderr, logs=False
                )
            )
            try:
                await self.reload()
            except BaseException:
                await source.close()
                raise
            now = self.status
            if not (facts.ended_between(before, now) or (logs and facts.begun(now))):
                return source, bool(facts.tty(self._attrs))
            await source.close()
        if not logs:
            raise Conflict(
                409, f"container {self.name} has ended: start it again, or ask for what it wrote by logs()"
            )
        # The logs go on where it does. An attachment tells them too, but Podman's with wrong lengths.
        tty = bool(facts.tty(self._attrs)) and not (await self._engine.dialect()).containers.frames_every_log
        return await self._open_logs(stdout=stdout, stderr=stderr, follow=True), tty

    async def _open_logs(
        self,
        *,
        stdout: bool,
        stderr: bool,
        follow: bool,
        timestamps: bool = False,
        tail: int | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> AsyncByteStream:
        return await self._engine.open(
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

    async def _has_tty(self) -> bool:
        """Whether there is a terminal; asked for once, where a list did not tell."""
        if facts.tty(self._attrs) is None:
            await self.reload()
        return bool(facts.tty(self._attrs))
