"""The terminal that this program runs at, connected with one in a container."""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import threading
import tty
from typing import TYPE_CHECKING, Any, Protocol

from wharfinger._async._primitives import AsyncWorker
from wharfinger._async._primitives_terminal import AsyncKeyboard, write_out
from wharfinger.errors import ClosedError, Conflict, NotFound, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from wharfinger._async.duplex import AsyncDuplex

# What ends a process by default, without a chance for Python to tidy up.
_DEADLY = (signal.SIGTERM, signal.SIGHUP)


class Described(Protocol):
    """Something with a file descriptor."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class AsyncInteraction:
    """A terminal, or what stands for one: a pipe, a file.

    Args:
        stdin: What is typed.
        stdout: Where output goes.
        stderr: Where errors go.
    """

    def __init__(self, stdin: Described, stdout: Described, stderr: Described) -> None:
        self._stdin = stdin.fileno()
        self._outputs = {"stdout": stdout.fileno(), "stderr": stderr.fileno()}

    async def run(self, duplex: AsyncDuplex) -> int | None:
        """Carries both directions until the end; gives the exit code, None where the program goes on."""
        faults: list[Exception] = []
        async with duplex:
            with (
                AsyncKeyboard(self._stdin) as keyboard,
                _raw(self._stdin, wanted=duplex.tty),
                _handled(signal.SIGWINCH, lambda _number, _frame: keyboard.resized()),
            ):
                await self._fit(duplex)
                worker = AsyncWorker(lambda: self._type(duplex, keyboard, faults))
                try:
                    async for frame in duplex:
                        await write_out(self._outputs.get(frame.stream, self._outputs["stdout"]), frame.data)
                except ClosedError:
                    if not faults:
                        raise
                finally:
                    keyboard.close()
                    await worker.abandon()
        if faults:
            raise faults[0]
        return duplex.exit_code

    async def _type(self, duplex: AsyncDuplex, keyboard: AsyncKeyboard, faults: list[Exception]) -> None:
        try:
            while (typed := await keyboard.read()) != b"":
                if typed is None:
                    await self._fit(duplex)
                else:
                    await duplex.send(typed)
            if not keyboard.closed:
                await duplex.close_stdin()
        except (ClosedError, ProtocolError):
            # It has ended, which its reader finds out.
            return
        except Exception as fault:  # noqa: BLE001 - raised by who waits for the end
            faults.append(fault)
            await duplex.close()

    async def _fit(self, duplex: AsyncDuplex) -> None:
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
            await duplex.resize(size.lines, size.columns)


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
