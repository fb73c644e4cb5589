"""What the helpers that wait take, and what they read."""

import re
from datetime import timedelta
from typing import Any

import pytest

from wharfinger._core.listening import checked_port, is_listening
from wharfinger._core.patterns import line_matcher
from wharfinger._core.timeouts import Timeout
from wharfinger._core.wait_options import wait_conditions, wait_interval
from wharfinger.types import LogFrame

TABLES = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:0050 0100007F:1F91 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000
"""


def test_ports_that_are_listened_on() -> None:
    assert is_listening(TABLES, 8080)
    assert is_listening(TABLES, 443)
    assert not is_listening(TABLES, 80)
    assert not is_listening(TABLES, 8081)
    assert not is_listening(b"", 80)


def test_ports() -> None:
    assert [checked_port(one) for one in (80, "80", "80/tcp")] == [80, 80, 80]


@pytest.mark.parametrize("given", [0, 65536, -1, "http", "", "53/udp", "80/", True, 1.5])
def test_what_is_no_port(given: Any) -> None:
    with pytest.raises(ValueError, match="expected a TCP port"):
        checked_port(given)


@pytest.mark.parametrize(
    "pattern", ["ready", b"ready", re.compile("re.dy$"), re.compile(rb"^is ready$"), re.compile("ß")]
)
def test_lines_that_match(pattern: Any) -> None:
    matches = line_matcher(pattern)
    line = "is ready\r\n" if pattern != re.compile("ß") else "groß\n"
    assert matches(LogFrame("stdout", line.encode()))
    assert not matches(LogFrame("stdout", b"not yet\xff\n"))


@pytest.mark.parametrize("pattern", [5, None, ["ready"]])
def test_what_is_no_pattern(pattern: Any) -> None:
    with pytest.raises(TypeError, match="expected text, bytes or a compiled regular expression"):
        line_matcher(pattern)


@pytest.mark.parametrize("pattern", ["", b""])
def test_what_every_line_holds(pattern: Any) -> None:
    with pytest.raises(ValueError, match="is empty"):
        line_matcher(pattern)


def test_conditions() -> None:
    assert wait_conditions(None) == ()
    assert wait_conditions("exited") == ("exited",)
    assert wait_conditions(["exited", "stopped"]) == ("exited", "stopped")
    with pytest.raises(ValueError, match="is empty"):
        wait_conditions([])
    wrong: Any = [5]
    with pytest.raises(TypeError, match="expected a state"):
        wait_conditions(wrong)


def test_intervals() -> None:
    assert wait_interval(None) is None
    assert wait_interval("250ms") == "250ms"
    assert wait_interval("1m30s") == "1m30s"
    assert wait_interval(0.25) == "250ms"
    assert wait_interval(2) == "2000ms"
    assert wait_interval(timedelta(seconds=1)) == "1000ms"
    assert wait_interval(0.0001) == "1ms"


@pytest.mark.parametrize("given", ["", "soon", "5", "-1s", 0, -1, float("nan"), float("inf")])
def test_what_is_no_interval(given: Any) -> None:
    with pytest.raises(ValueError, match="interval="):
        wait_interval(given)


@pytest.mark.parametrize("given", [True, [], b"1s"])
def test_what_could_not_be_an_interval(given: Any) -> None:
    with pytest.raises(TypeError, match="interval="):
        wait_interval(given)


@pytest.mark.parametrize(
    ("given", "fault"), [(0, ValueError), (-1.5, ValueError), ("5", TypeError), (True, TypeError)]
)
def test_limits_that_are_none(given: Any, fault: type[Exception]) -> None:
    with pytest.raises(fault, match=f"timeout total={given!r}: expected seconds above 0"):
        Timeout(total=given)
