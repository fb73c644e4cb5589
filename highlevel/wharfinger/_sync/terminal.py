# Derived from highlevel/wharfinger/_async/terminal.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""The terminal that this program runs at, connected with one in a container."""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import threading
import tty
from typing import TYPE_CHECKING, Any, Protocol

from wharfinger._sync._primitives import Worker
from wharfinger._sync._primitives_terminal import Keyboard, write_out
from wharfinger.errors import ClosedError, Conflict, NotFound, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from wharfinger._sync.duplex import Duplex

# What ends a process by default, without a chance for Python to tidy up.
_DEADLY = (signal.SIGTERM, signal.SIGHUP)


class Described(Protocol):
    """Something with a file descriptor."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class Interaction:
    """A terminal, or what stands for one: a pipe, a file.

    Args:
        stdin: What is typed.
        stdout: Where output goes.
        stderr: Where errors go.
    """

    def __init__(self, stdin: Described, stdout: Described, stderr: Described) -> None:
        self._stdin = stdin.fileno()
        self._outputs = {"stdout": stdout.fileno(), "stderr": stderr.fileno()}

    def run(self, duplex: Duplex) -> int | None:
        """Carries both directions until the end; gives the exit code, None where the program goes on."""
        faults: list[Exception] = []
        with duplex:
            with (
                Keyboard(self._stdin) as keyboard,
                _raw(self._stdin, wanted=duplex.tty),
                _handled(signal.SIGWINCH, lambda _number, _frame: keyboard.resized()),
            ):
                self._fit(duplex)
                worker = Worker(lambda: self._type(duplex, keyboard, faults))
                try:
                    for frame in duplex:
                        write_out(self._outputs.get(frame.stream, self._outputs["stdout"]), frame.data)
                except ClosedError:
                    if not faults:
                        raise
                finally:
                    keyboard.close()
                    worker.abandon()
        if faults:
            raise faults[0]
        return duplex.exit_code

    def _type(self, duplex: Duplex, keyboard: Keyboard, faults: list[Exception]) -> None:
        try:
            while (typed := keyboard.read()) != b"":
                if typed is None:
                    self._fit(duplex)
                else:
                    duplex.send(typed)
            if not keyboard.closed:
                duplex.close_stdin()
        except (ClosedError, ProtocolError):
            # It has ended, which its reader finds out.
            return
        except Exception as fault:  # noqa: BLE001 - raised by who waits for the end
            faults.append(fault)
            duplex.close()

    def _fit(self, duplex: Duplex) -> None:
        """Gives the terminal there the size of ours."""
        if not duplex.tty:
            return
        try:
            size = os.get_terminal_size(self._outputs["stdout"])
        except OSError:
            # It is none.
            return
        # It may have ended, or not have begun: engines refuse both.
        with contextlib.suppress(Conflict, NotFound):
            duplex.resize(size.lines, size.columns)


@contextlib.contextmanager
def _raw(descriptor: int, *, wanted: bool) -> Generator[None, None, None]:
    """Lets a terminal pass everything on as it is typed, until the end of the block, however that comes."""
    if not (wanted and os.isatty(descriptor)):
        yield
        return
    before: list[Any] = termios.tcgetattr(descriptor)

    def restore() -> None:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def die(number: int, _frame: FrameType | None) -> None:
        restore()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    with contextlib.ExitStack() as stack:
        for number in _DEADLY:
            if signal.getsignal(number) is signal.SIG_DFL:
                stack.enter_context(_handled(number, die))
        stack.callback(restore)
        # What was typed before is not thrown away.
        tty.setraw(descriptor, termios.TCSADRAIN)
        yield


@contextlib.contextmanager
def _handled(number: int, handler: Callable[[int, FrameType | None], None]) -> Generator[None, None, None]:
    """Handles a signal, where Python lets that be done: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        # One that Python did not install cannot be put back by it.
        signal.signal(number, signal.SIG_DFL if before is None else before)
