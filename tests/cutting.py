"""A proxy that cuts connections when and where nobody expects it."""

import contextlib
import random
import socket
import threading
import time
from types import TracebackType
from typing import Self

from tests.engines.harness import Engine
from tests.fake_engine import FakeEngine, Peer
from wharfinger.address import unix_url

_LONGEST = 0.12  # seconds until it is cut, where too little flows for the bytes to be counted
_LONGEST_OF_ALL = 3.0  # where an engine has not come to say anything before
_HEADERS = 600  # bytes, at most


class CuttingRelay:
    """Stands between a client and an engine, and cuts what flows after some bytes or some time.

    Args:
        engine: The engine.
        parts: One of them is in the line of a request whose reply is cut.
        seed: Where the dice begin.
        most: After at most this many bytes it is cut.

    Attributes:
        asked: How many of these requests the engine has got.
        calm: Cut nothing for now.
        cuts: How often it has cut.
        torn: How many of these cuts were made behind some byte, wherever that was.
    """

    def __init__(self, engine: Engine, *parts: str, seed: int, most: int) -> None:
        self.asked = 0
        self.calm = False
        self.cuts = 0
        self.torn = 0
        self._ease: float | None = None
        self._parts = [part.encode() for part in parts]
        self._most = most
        self._dice = random.Random(seed)
        self._longest = _LONGEST
        self._socket = str(engine.socket)
        self._peer = FakeEngine(self._serve)
        self.url = unix_url(self._peer.path)

    def cut_hard(self) -> None:
        """Begin to cut, or cut as often as at the beginning again."""
        self.calm, self._ease = False, None

    def ease(self) -> None:
        """Let every further cut come later than the one before: on a busy machine, too, a stream shall end at last."""
        self._ease = 1.0

    def _serve(self, peer: Peer) -> None:
        with socket.socket(socket.AF_UNIX) as upstream:
            upstream.connect(self._socket)
            armed = threading.Event()
            back = threading.Thread(target=self._pump, args=(upstream, peer.sock, armed), daemon=True)
            back.start()
            while data := peer.sock.recv(65536):
                line = data.partition(b"\r\n")[0]
                meant = any(part in line for part in self._parts)
                (armed.set if meant else armed.clear)()
                upstream.sendall(data)
                self.asked += meant
            with contextlib.suppress(OSError):
                upstream.shutdown(socket.SHUT_RDWR)
            back.join(30)

    def _pump(self, upstream: socket.socket, sock: socket.socket, armed: threading.Event) -> None:
        ease = self._ease or 1.0
        left = self._dice.randint(1, int(self._most * ease))
        span = self._dice.uniform(0.005, self._longest * ease)
        end: float | None = None
        told = 0
        upstream.settimeout(0.01)
        with contextlib.suppress(OSError):
            while True:
                with contextlib.suppress(TimeoutError):
                    data = upstream.recv(65536)
                    cutting = armed.is_set() and not self.calm
                    sock.sendall(data[:left] if cutting else data)
                    left -= len(data) if cutting else 0
                    told += len(data) if cutting else 0
                    if not data:
                        break
                if armed.is_set() and not self.calm:
                    end = end or time.monotonic() + span
                    if left <= 0 or time.monotonic() > end:
                        self.cuts += 1
                        self.torn += left < 0
                        self._ease = self._ease and self._ease * 1.1
                        self._adapt(told, in_time=left > 0)
                        break
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    def _adapt(self, told: int, *, in_time: bool) -> None:
        # An engine of a busy machine must not be cut for ever before its first words, which come after the headers.
        if told > _HEADERS:
            self._longest = max(self._longest / 1.5, _LONGEST)
        elif in_time:
            self._longest = min(self._longest * 1.5, _LONGEST_OF_ALL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._peer.close()
