"""How transfers go on: the forms of their events, and what a log and a terminal show of them."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from wharfinger._core.progress_lines import INTERVAL, ProgressLines, plain, size
from wharfinger._core.progress_streams import WatchedChunks, check_stream_options
from wharfinger._progress_bar import LiveBars, LogLines, progress_display
from wharfinger._sync._primitives_progress import tell
from wharfinger.errors import ProtocolError, PullError
from wharfinger.types import LoadProgress, Progress, PullProgress, PushProgress

PULL = (
    Progress("1", "Pulling from team/app"),
    Progress("aaa", "Pulling fs layer"),
    Progress("bbb", "Already exists"),
    *(Progress("aaa", "Downloading", done, 5_000) for done in range(0, 5_001, 100)),
    Progress("aaa", "Pull complete"),
    Progress(None, "Digest: sha256:0\nStatus: new\n"),
    # Podman's last one.
    Progress("ccc", ""),
)


def test_an_error_is_found_wherever_it_is_told() -> None:
    assert PullProgress.from_event({"error": "a"}).error == "a"
    assert PullProgress.from_event({"error": "a", "errorDetail": {"message": "b"}}).error == "b"
    # Docker 29 tells it nowhere else.
    assert PushProgress.from_event({"errorDetail": {"code": 1, "message": "b"}}).error == "b"
    assert PullProgress.from_event({"status": "a", "errorDetail": None}).error is None
    assert LoadProgress.sending(1, None) == LoadProgress(status="Sending", current=1)


@pytest.mark.parametrize("cut", [1, 2, 7, 1000])
def test_bytes_are_watched_for_an_error(cut: int) -> None:
    stream = b'{"status": "a"}\n{"errorDetail": {"message": "gone"}}\n{"status": "b"}\n'
    decoder = WatchedChunks(PullError)
    given = bytearray()

    def read() -> None:
        for at in range(0, len(stream), cut):
            given.extend(b"".join(decoder.feed(stream[at : at + cut])))
        decoder.finish()

    with pytest.raises(PullError, match="gone"):
        read()
    assert stream.startswith(given)
    assert b"gone" in given
    with pytest.raises(PullError, match="gone"):
        decoder.finish()


def test_bytes_that_are_cut_short() -> None:
    decoder = WatchedChunks(PullError)
    assert decoder.feed(b'{"status": ') == [b'{"status": ']
    with pytest.raises(ProtocolError, match="cut short"):
        decoder.finish()
    decoder = WatchedChunks(PullError)
    assert decoder.feed(b"{} no json\n") == [b"{} no json\n"]
    with pytest.raises(ProtocolError, match="expected a JSON value"):
        decoder.feed(b"{}")
    assert WatchedChunks(PullError).finish() == []


def test_options_that_contradict_each_other() -> None:
    check_stream_options(stream=True, decode=False, told=False)
    check_stream_options(stream=False, decode=None, told=True)
    with pytest.raises(ValueError, match="decode=True is given without stream=True"):
        check_stream_options(stream=False, decode=True, told=False)
    with pytest.raises(ValueError, match="progress_bar; expected one"):
        check_stream_options(stream=True, decode=None, told=True)


def test_a_log_says_little() -> None:
    lines = ProgressLines()
    assert [line for event in PULL for line in lines.of(event, 0.0)] == [
        "1: Pulling from team/app",
        "aaa: Pulling fs layer",
        "bbb: Already exists",
        "aaa: Downloading 5.0 kB",
        "aaa: Pull complete",
        "Digest: sha256:0",
        "Status: new",
    ]


def test_a_log_says_more_of_what_takes_long() -> None:
    lines = ProgressLines()
    event = LoadProgress.sending(100, 5_000)
    assert lines.of(event, 100.0) == ["Sending 5.0 kB"]
    assert lines.of(event, 99.0 + INTERVAL) == []
    assert lines.of(event, 100.0 + INTERVAL) == ["Sending 100 B of 5.0 kB"]
    assert lines.of(event, 101.0 + INTERVAL) == []
    assert lines.of(LoadProgress.sending(2_000, None), 120.0 + INTERVAL) == ["Sending 2.0 kB"]


def test_what_would_move_a_cursor_is_left_out() -> None:
    assert plain("\x1b[31mred\x1b[0m\x1b]0;title\x07\r\ta\x00b\x9bé\x1bc") == "red abé"
    event = Progress("\x1b[2Jaaa", "Step 1\rStep 2\x1b[K\n\n")
    assert ProgressLines().of(event, 0.0) == ["aaa: Step 1Step 2"]
    assert ProgressLines().of(Progress(None, "one\r\ntwo\x08\n"), 0.0) == ["one", "two"]


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (10**16, "10000.0 TB")],
)
def test_sizes(count: int, told: str) -> None:
    assert size(count) == told


@pytest.fixture
def terminal() -> Iterator[tuple[Console, int]]:
    """A console on a terminal, and the end at which a person would read."""
    reader, writer = os.openpty()
    with os.fdopen(writer, "w") as file, os.fdopen(reader, "rb", buffering=0):
        yield Console(file=file, width=100, color_system=None), reader


def test_a_terminal_gets_bars(terminal: tuple[Console, int]) -> None:
    console, reader = terminal
    with progress_display(console) as display:
        assert isinstance(display, LiveBars)
        for event in PULL:
            display.show(event)
        display.show(Progress(None, "[bold]as it is[/bold]\x1b[2J"))
    console.file.flush()
    shown = os.read(reader, 1 << 16).decode()
    assert "[bold]as it is[/bold]\r\n" in shown
    assert "\x1b[2J" not in shown
    assert "Digest: sha256:0\r\n" in shown
    last = shown.rpartition("aaa Pull complete")[2]
    assert "bbb Already exists" in last
    assert "1 Pulling" not in shown
    assert "ccc" not in shown


def test_bars_that_were_not_ended_stay_as_they_were(terminal: tuple[Console, int]) -> None:
    console, _ = terminal
    bars: Any = progress_display(console)

    def fail() -> None:
        with bars:
            bars.show(Progress("aaa", "Downloading", 10, 100))
            raise PullError("gone")

    with pytest.raises(PullError):
        fail()
    assert [task.percentage for task in bars._bars.tasks] == [10]
    bars = progress_display(console)
    with bars:
        bars.show(Progress("aaa", "Downloading", 10, 100))
        bars.show(Progress("bbb", "Waiting"))
    assert all(task.finished for task in bars._bars.tasks)


@pytest.mark.parametrize("colour", ["", "1"])
def test_a_file_gets_plain_lines(colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if colour:
        monkeypatch.setenv("FORCE_COLOR", colour)
    file = io.StringIO()
    with progress_display(Console(file=file)) as display:
        assert isinstance(display, LogLines)
        for event in PULL:
            display.show(event)
    assert file.getvalue().endswith("aaa: Pull complete\nDigest: sha256:0\nStatus: new\n")
    assert all(line.isprintable() for line in file.getvalue().splitlines())


def test_a_notebook_gets_bars() -> None:
    assert isinstance(progress_display(Console(file=io.StringIO(), force_jupyter=True)), LiveBars)


def test_it_goes_where_errors_go(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_display() as display:
        display.show(Progress("aaa", "Waiting"))
    assert capsys.readouterr() == ("", "aaa: Waiting\n")


def test_without_a_loop_nothing_is_awaited() -> None:
    heard: list[Progress] = []

    async def listen(event: Progress) -> None:
        heard.append(event)

    tell(heard.append, PULL[0])
    with pytest.raises(TypeError, match=r"listen.* is a coroutine function"):
        tell(listen, PULL[1])
    assert heard == [PULL[0]]


def test_without_rich() -> None:
    code = """
import sys
sys.modules["rich"] = None
from wharfinger._sync.progress import Watch
print(Watch(None, bar=False).wanted)
try:
    Watch(None, bar=True)
except ModuleNotFoundError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "False",
        "progress_bar=True needs rich, which is not installed: pip install 'wharfinger[progress]'",
    ]


def test_a_bar_costs_nothing_before_it_is_asked_for() -> None:
    code = "import sys, wharfinger; wharfinger.DockerClient('unix:///x.sock').images; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
