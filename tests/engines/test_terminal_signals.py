"""A program that is killed while it interacts leaves its terminal as it was."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest

from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope

PROGRAM = """
import signal, sys, wharfinger
# Which whoever runs the tests may have had ignored, as nohup does.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with wharfinger.connect(sys.argv[1]) as client:
    client.containers.container(sys.argv[2]).interact("cat")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_killed(engine: Engine, number: signal.Signals) -> None:
    with Scope(engine) as scope:
        box = scope.run(TEST_IMAGE, "sleep", "300")
        master, slave = pty.openpty()
        before = termios.tcgetattr(slave)
        command = [sys.executable, "-c", PROGRAM, engine.url, box]
        with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave) as process:
            os.write(master, b"hello\r")
            seen, end = b"", time.monotonic() + 20
            while seen.count(b"hello") < 2:
                assert time.monotonic() < end, seen
                if select.select([master], [], [], 0.5)[0]:
                    seen += os.read(master, 65536)
            assert termios.tcgetattr(slave) != before
            process.send_signal(number)
            assert process.wait(20) == -number
        assert termios.tcgetattr(slave) == before
        os.close(slave)
        os.close(master)
