# Derived from highlevel/wharfinger/_async/exec.py
# by `python -m codegen.unasync`: change that file, not this one.
"""A command in a container, as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import attrs

from wharfinger._core.container_facts import section
from wharfinger._core.exec_spec import exec_exit_code, exec_tty
from wharfinger._core.human import check_terminal_size, parse_flag
from wharfinger._core.operation import Operation
from wharfinger._core.stream_decoders import JSONValues
from wharfinger._core.timeouts import Timeout
from wharfinger._core.when import SECOND, http_date
from wharfinger._sync.conversation import UNHURRIED, Conversation
from wharfinger._sync.duplex import Duplex
from wharfinger._sync.duplex_socket import DuplexSocket
from wharfinger._sync.streams import Stream
from wharfinger.errors import Conflict, EngineTimeout, EngineUnreachable, NotFound, ProtocolError

if TYPE_CHECKING:
    from wharfinger._core.operation import Reply
    from wharfinger._sync.engine import EngineSession

# Seconds that an engine may take to note the end of what it has just told the end of.
PATIENCE = 5.0


class Exec:
    """A command that was made for a container, or a handle for one.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts.
    """

    def __init__(
        self,
        engine: EngineSession,
        attrs: dict[str, Any],
        *,
        tty: bool | None = None,
        detach_keys: str | None = None,
        started: bool = False,
    ) -> None:
        self._engine = engine
        self._attrs = attrs
        self._tty = tty
        self._detach_keys = detach_keys
        self._started = started

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id[:12]}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exec) and other.id == self.id

    def __hash__(self) -> int:
        return hash((Exec, self.id))

    @property
    def id(self) -> str:
        """Its id."""
        return str(self._attrs["ID"])

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON, as far as it was asked for."""
        return self._attrs

    @property
    def exit_code(self) -> int | None:
        """Its exit code as the engine told it last; None before it has ended."""
        return exec_exit_code(self._attrs)

    @property
    def running(self) -> bool:
        """Whether it ran when the engine was last asked."""
        return bool(self._attrs.get("Running"))

    @property
    def pid(self) -> int | None:
        """Its process on the engine's machine, as the engine told it last; None where it told none."""
        return self._attrs.get("Pid") or None

    def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            NotFound: It is gone: engines forget it some minutes after its end, and with its container.
        """
        self._look()

    def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            NotFound: It is gone.
        """
        self._look()
        return self._attrs

    @overload
    def start(
        self, *, detach: Literal[False] = False, tty: bool | None = None, socket: Literal[False] = False
    ) -> Duplex: ...

    @overload
    def start(
        self, *, detach: Literal[False] = False, tty: bool | None = None, socket: Literal[True]
    ) -> DuplexSocket: ...

    @overload
    def start(
        self, *, detach: Literal[True], tty: bool | None = None, socket: Literal[False] = False
    ) -> None: ...

    def start(
        self, *, detach: bool = False, tty: bool | None = None, socket: bool = False
    ) -> Duplex | DuplexSocket | None:
        """Runs it.

        Args:
            detach: Give nothing, and leave it to itself; `wait` tells its exit code.
            tty: Whether it was made with a terminal; the engine is asked unless given or known.
            socket: Give an object with the methods of a socket, for the bytes as the engine sends them.

        Returns:
            Both its directions; None when detached.

        Raises:
            NotFound: It is gone.
            Conflict: It was started already, or its container does not run.
            APIError: Detached, and it cannot be run (Docker; on Podman it ends with 126 or 127, as everything else).
            TypeError: tty is neither True nor False; nothing was sent.
            ValueError: detach and socket are given together; nothing was sent.
        """
        if detach and socket:
            raise ValueError("detach=True is given together with socket=True, expected one of them")
        if tty is None:
            tty = self._has_tty()
        parse_flag("tty", tty)
        if detach:
            self._detach(tty=tty)
            return None
        self._note_start(tty=tty)
        talk = converse(self._engine, self, tty=tty)
        if socket:
            return DuplexSocket(talk)
        return Duplex(talk, tty=tty, detach_keys=self._detach_keys)

    def resize(self, height: int, width: int) -> None:
        """Sets the size of its terminal.

        Args:
            height: Lines.
            width: Characters in each.

        Raises:
            NotFound: It is gone, or has just ended.
            Conflict: It is not running.
            ServerError: It has no terminal (Podman; Docker does nothing).
            TypeError, ValueError: A size is no number, or negative; nothing was sent.
        """
        check_terminal_size(height, width)
        self._engine.call(lambda say: say.execs.resize(self.id, height, width))

    def wait(self, *, timeout: float | None = None) -> int:
        """Waits until it has ended, without asking again and again.

        Args:
            timeout: Seconds; no limit unless given.

        Returns:
            Its exit code. Podman tells it some minutes late where it was not this library that detached it.

        Raises:
            NotFound: It is gone, maybe with its container.
            EngineTimeout: It did not end in time.
        """
        limits = Timeout(read=None, total=timeout)
        moment = self._look()
        code = self.exit_code
        if code is not None:
            return code
        container = str(self._attrs.get("ContainerID", ""))
        # From the second of the engine's answer by its own clock, so that no end falls between the two.
        source = self._engine.open(lambda say: say.execs.endings(container, moment), timeout=limits)
        with Stream(source, JSONValues[dict[str, Any]](dict)) as events:
            for event in events:
                if _is_of_another(event, self.id):
                    continue
                self._look()
                code = self.exit_code
                if code is not None:
                    return code
        raise ProtocolError("the engine ended its events before the command had ended")

    def _detach(self, *, tty: bool) -> None:
        if (self._engine.dialect()).execs.detaches_by_leaving:
            self._look()
            if any(self._attrs.get(name) for name in ("OpenStdin", "OpenStdout", "OpenStderr")):
                self._note_start(tty=tty)
                (converse(self._engine, self, tty=tty)).close()
                return
        self._note_start(tty=tty)
        self._engine.call(
            lambda say: say.execs.start(self.id, detach=True, tty=tty), timeout=self._engine.timeout
        )

    def _note_start(self, *, tty: bool) -> None:
        # Docker would answer a second start as if it were the first, and tell of it in the output.
        if self._started:
            raise Conflict(409, f"exec {self.id[:12]} was started already; make another one")
        self._started = True
        self._tty = tty

    def _has_tty(self) -> bool:
        if self._tty is None and exec_tty(self._attrs) is None:
            self._look()
        return bool(exec_tty(self._attrs)) if self._tty is None else self._tty

    def _look(self) -> str | None:
        """Asks for the facts of now, and gives the engine's time of its answer, in Unix seconds."""
        self._attrs, moment = self._engine.call(lambda say: _dated(say.execs.inspect(self.id)))
        return moment


def converse(engine: EngineSession, exec: Exec, *, tty: bool, timeout: float | None = None) -> Conversation:
    """Runs a command that was not started yet, and gives the bytes of both directions."""
    limits = attrs.evolve(UNHURRIED, connect=engine.timeout.connect, total=timeout)
    connection = engine.upgrade(lambda say: say.execs.start(exec.id, detach=False, tty=tty), timeout=limits)
    heeds = tty and (engine.dialect()).execs.heeds_farewell
    return Conversation(connection, _Running(exec, tty), heeds_farewell=heeds)


@attrs.frozen
class _Running:
    """A command at the other end of a connection."""

    exec: Exec
    tty: bool

    def resize(self, height: int, width: int) -> None:
        self.exec.resize(height, width)

    def ending(self, *, input_ended: bool) -> int | None:
        del input_ended
        try:
            return self.exec.wait(timeout=PATIENCE)
        except NotFound:
            # It went with its container.
            return None
        except EngineUnreachable as fault:
            raise ProtocolError(f"the output was cut, and the engine does not answer: {fault}") from fault
        except EngineTimeout as fault:
            if self.tty:
                # Somebody typed the engine's own detach keys.
                return None
            raise ProtocolError("the output was cut: the command is still running") from fault


def _dated(op: Operation[dict[str, Any]]) -> Operation[tuple[dict[str, Any], str | None]]:
    def parse(reply: Reply) -> tuple[dict[str, Any], str | None]:
        date = http_date(reply.headers.get("date"))
        return op.parse(reply), None if date is None else str(date // SECOND)

    return Operation(op.request, parse)


def _is_of_another(event: dict[str, Any], id: str) -> bool:
    """Whether it tells the end of another command; Podman does not say of which."""
    return bool(section(event, "Actor", "Attributes").get("execID", id) != id)
