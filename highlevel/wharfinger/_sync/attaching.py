# Derived from highlevel/wharfinger/_async/attaching.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Attaching to both directions of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger._core import container_facts as facts
from wharfinger._core.detach_keys import parse_detach_keys
from wharfinger._core.human import check_terminal_size
from wharfinger._core.timeouts import Timeout
from wharfinger._sync.conversation import UNHURRIED, Conversation
from wharfinger._sync.duplex import Duplex
from wharfinger._sync.duplex_socket import DuplexSocket
from wharfinger._sync.websocket import Handshake, WebSocket
from wharfinger.errors import Conflict, ContainerNotFound, EngineTimeout, EngineUnreachable, ProtocolError

if TYPE_CHECKING:
    from wharfinger._sync.container_state import ContainerState
    from wharfinger._sync.engine import EngineSession

# Seconds that an engine may take to note the end of what it has just told the end of.
_PATIENCE = 5.0


@attrs.frozen
class Attached:
    """A container at the other end of a connection."""

    engine: EngineSession
    id: str
    tty: bool

    def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal."""
        check_terminal_size(height, width)
        self.engine.call(lambda say: say.containers.resize(self.id, height, width))

    def ending(self, *, input_ended: bool) -> int | None:
        """Its exit code; see Program."""
        limits = Timeout(read=None, total=_PATIENCE)
        try:
            ended = self.engine.call_slowly(
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


def attached(
    engine: EngineSession,
    container: ContainerState,
    *,
    stdout: bool,
    stderr: bool,
    logs: bool,
    detach_keys: str | None,
) -> Duplex:
    """Both directions, as Container.attach gives them."""
    talk = conversed(engine, container, stdin=True, stdout=stdout, stderr=stderr, logs=logs, keys=detach_keys)
    return Duplex(talk, tty=bool(facts.tty(container.attrs)), detach_keys=detach_keys)


def attached_socket(
    engine: EngineSession,
    container: ContainerState,
    *,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    logs: bool,
    detach_keys: str | None,
    ws: bool,
) -> DuplexSocket:
    """The bytes of both directions, as Container.attach_socket gives them."""
    handshake = Handshake() if ws else None
    talk = conversed(
        engine,
        container,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        logs=logs,
        keys=detach_keys,
        handshake=handshake,
    )
    return DuplexSocket(talk if handshake is None else WebSocket(talk))


def conversed(
    engine: EngineSession,
    container: ContainerState,
    *,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    logs: bool,
    keys: str | None,
    handshake: Handshake | None = None,
) -> Conversation:
    """A connection to a container that has not ended."""
    if not (stdin or stdout or stderr):
        raise ValueError("stdin, stdout and stderr are False: expected one of them at least to attach to")
    if keys is not None:
        parse_detach_keys(keys)
    dialect = engine.dialect()
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
    container.reload()
    # To one that has ended Docker would attach for its next start, and Podman would make it ready for one.
    if facts.ended(container.status):
        raise Conflict(409, f"container {container.name} has ended: start it again, then attach")
    if stdin and not facts.stdin_open(container.attrs):
        raise Conflict(409, f"container {container.name} has no standard input: make it with stdin_open=True")
    connection = engine.upgrade(
        lambda _: op if handshake is None else handshake.asking(op),
        timeout=attrs.evolve(UNHURRIED, connect=engine.timeout.connect),
    )
    if handshake is not None:
        handshake.check(connection)
    tty = bool(facts.tty(container.attrs))
    return Conversation(connection, Attached(engine, container.id, tty))
