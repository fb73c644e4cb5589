"""Attaching to both directions of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._async.conversation import UNHURRIED, AsyncConversation
from wharfinger._async.duplex import AsyncDuplex
from wharfinger._async.duplex_socket import AsyncDuplexSocket
from wharfinger._async.websocket import AsyncWebSocket, Handshake
from wharfinger._core import container_facts as facts
from wharfinger._core.detach_keys import parse_detach_keys
from wharfinger._core.human import check_terminal_size
from wharfinger._core.timeouts import Timeout
from wharfinger.errors import Conflict, ContainerNotFound, EngineTimeout, EngineUnreachable, ProtocolError

if TYPE_CHECKING:
    from wharfinger._async.container_state import AsyncContainerState
    from wharfinger._async.engine import AsyncEngineSession

# Seconds that an engine may take to note the end of what it has just told the end of.
_PATIENCE = 5.0


@attrs.frozen
class AsyncAttached:
    """A container at the other end of a connection."""

    engine: AsyncEngineSession
    id: str
    tty: bool

    async def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal."""
        check_terminal_size(height, width)
        await self.engine.call(lambda say: say.containers.resize(self.id, height, width))

    async def ending(self, *, input_ended: bool) -> int | None:
        """Its exit code; see AsyncProgram."""
        limits = Timeout(read=None, total=_PATIENCE)
        try:
            ended = await self.engine.call_slowly(
                lambda say: say.containers.wait(self.id, None, None), timeout=limits
            )
        except ContainerNotFound:
            # It was removed by the engine, which has forgotten how it ended.
            return None
        except EngineUnreachable as fault:
            raise ProtocolError(f"the output was cut, and the engine does not answer: {fault}") from fault
        except EngineTimeout as fault:
            if input_ended or self.tty:
                # An end of the input ends the connection where the container keeps its own open, and so do the
                # engine's own detach keys on a terminal.
                return None
            raise ProtocolError("the output was cut: the container is still running") from fault
        return ended.exit_code


async def attached(
    engine: AsyncEngineSession,
    container: AsyncContainerState,
    *,
    stdout: bool,
    stderr: bool,
    logs: bool,
    detach_keys: str | None,
) -> AsyncDuplex:
    """Both directions, as AsyncContainer.attach gives them."""
    talk = await conversed(
        engine, container, stdin=True, stdout=stdout, stderr=stderr, logs=logs, keys=detach_keys
    )
    return AsyncDuplex(talk, tty=bool(facts.tty(container.attrs)), detach_keys=detach_keys)


async def attached_socket(
    engine: AsyncEngineSession,
    container: AsyncContainerState,
    *,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    logs: bool,
    detach_keys: str | None,
    ws: bool,
) -> AsyncDuplexSocket:
    """The bytes of both directions, as AsyncContainer.attach_socket gives them."""
    handshake = Handshake() if ws else None
    talk = await conversed(
        engine,
        container,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        logs=logs,
        keys=detach_keys,
        handshake=handshake,
    )
    return AsyncDuplexSocket(talk if handshake is None else AsyncWebSocket(talk))


async def conversed(
    engine: AsyncEngineSession,
    container: AsyncContainerState,
    *,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    logs: bool,
    keys: str | None,
    handshake: Handshake | None = None,
) -> AsyncConversation:
    """A connection to a container that has not ended."""
    if not (stdin or stdout or stderr):
        raise ValueError("stdin, stdout and stderr are False: expected one of them at least to attach to")
    if keys is not None:
        parse_detach_keys(keys)
    dialect = await engine.dialect()
    # Says what the engine lacks before anything is asked.
    op = dialect.containers.attach(
        container.id,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        logs=logs,
        detach_keys=keys,
        websocket=handshake is not None,
    )
    await container.reload()
    # To one that has ended Docker would attach for its next start, and Podman would make it ready for one.
    if facts.ended(container.status):
        raise Conflict(409, f"container {container.name} has ended: start it again, then attach")
    if stdin and not facts.stdin_open(container.attrs):
        raise Conflict(409, f"container {container.name} has no standard input: make it with stdin_open=True")
    connection = await engine.upgrade(
        lambda _: op if handshake is None else handshake.asking(op),
        timeout=attrs.evolve(UNHURRIED, connect=engine.timeout.connect),
    )
    if handshake is not None:
        await handshake.check(connection)
    tty = bool(facts.tty(container.attrs))
    return AsyncConversation(connection, AsyncAttached(engine, container.id, tty))
