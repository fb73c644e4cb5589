"""Going on after cuts: a log that is read in pieces is the log."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wharfinger._core.log_resumption import ContinuedFrames, ContinuedLines, ContinuedOutput, check_resume
from wharfinger._core.resumption import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, Backoff, Seen
from wharfinger._core.when import SECOND
from wharfinger.errors import ProtocolError

START = datetime(2026, 11, 22, 4, 33, 46, tzinfo=UTC)


class Log:
    """What an engine keeps, and tells from a time on."""

    def __init__(self, dice: random.Random, *, fine: bool, tty: bool = False, alike: float = 0.4) -> None:
        self.fine = fine
        self.tty = tty
        now = 0.0
        self.kept: list[tuple[int, str, bytes]] = []
        for number in range(dice.randint(1, 80)):
            now += dice.choice([0.0, 0.0001, 0.02, 0.3, 1.5])
            # Docker's two outputs may lie a little out of order.
            at = max(0, int(now * 1e9) - (dice.randint(0, 100_000_000) if fine and not tty else 0))
            text = (
                b"same\n"
                if dice.random() < alike
                else b"line %d%s" % (number, dice.choice([b"\n", b"\n", b""]))
            )
            stream = dice.choice(["stdout", "stderr"])
            self.kept.append((at, "stdout" if tty else stream, text.rstrip(b"\n") + b"\n" if tty else text))

    def told(self, since: int | None, tail: int | None = None) -> bytes:
        base = int(START.timestamp()) * SECOND
        entries = [one for one in self.kept if since is None or base + one[0] >= since]
        return b"".join(self._frame(*one) for one in (entries if tail is None else entries[-tail:]))

    def _frame(self, at: int, stream: str, text: bytes) -> bytes:
        when = START + timedelta(seconds=at // SECOND)
        stamp = when.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at % SECOND:09d}Z" if self.fine else "Z")
        data = stamp.encode() + b" " + text
        head = bytes([1 if stream == "stdout" else 2, 0, 0, 0]) + len(data).to_bytes(4, "big")
        return data if self.tty else head + data


def read_in_pieces(log: Log, dice: random.Random, tail: int | None = None) -> list[tuple[str, bytes]]:
    frames = ContinuedFrames(tty=log.tty, timestamps=False, since=None)
    found: list[tuple[str, bytes]] = []
    for _ in range(dice.randint(0, 12)):
        since = frames.since
        whole = log.told(since, tail if since is None else None)
        found += frames.feed(whole[: dice.randint(0, len(whole))])
        frames.begin()
    whole = log.told(frames.since, tail if frames.since is None else None)
    while whole:
        size = dice.randint(1, 200)
        found += frames.feed(whole[:size])
        whole = whole[size:]
    return found + frames.finish()


# A cut behind the first frame, which is newer than those that follow.
@example(seed=8594355, fine=True, tty=False)
@given(seed=st.integers(0, 10**9), fine=st.booleans(), tty=st.booleans())
def test_nothing_is_lost_and_nothing_comes_twice(seed: int, fine: bool, tty: bool) -> None:
    dice = random.Random(seed)
    log = Log(dice, fine=fine, tty=tty)
    assert read_in_pieces(log, dice) == [(stream, text) for _, stream, text in log.kept]


@given(seed=st.integers(0, 10**9), fine=st.booleans(), tail=st.integers(1, 20))
def test_only_the_last_lines_stay_the_last_lines(seed: int, fine: bool, tail: int) -> None:
    dice = random.Random(seed)
    log = Log(dice, fine=fine, tty=True, alike=0)
    assert read_in_pieces(log, dice, tail) == [(stream, text) for _, stream, text in log.kept[-tail:]]


def frame(text: bytes, second: int = 0) -> bytes:
    data = (START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ ").encode() + text
    return b"\1\0\0\0" + len(data).to_bytes(4, "big") + data


def test_lines_go_on_in_the_next_reply() -> None:
    lines = ContinuedLines(ContinuedFrames(tty=False, timestamps=True, since=None), timestamps=True)
    assert lines.feed(frame(b"one\n") + frame(b"be") + frame(b"gun")[:-2]) != []
    lines.begin()
    (found,) = lines.feed(frame(b"one\n") + frame(b"be") + frame(b"gun") + frame(b" here\n", 3))
    assert (found.data, found.timestamp) == (b"begun here\n", START)
    assert lines.feed(frame(b"left", 3)) == []
    assert lines.finish() == []
    assert [one.data for one in lines.last()] == [b"left"]


def test_times_are_left_on_when_wanted() -> None:
    output = ContinuedOutput(ContinuedFrames(tty=False, timestamps=True, since=None))
    assert output.feed(frame(b"x\n")) == [b"2026-11-22T04:33:46Z x\n"]
    assert output.since == int(START.timestamp()) * SECOND
    assert output.last() == []


def test_what_has_no_time_is_an_error() -> None:
    output = ContinuedOutput(ContinuedFrames(tty=False, timestamps=False, since=None))
    with pytest.raises(ProtocolError, match="with its time before it, got b'hello"):
        output.feed(b"\1\0\0\0\0\0\0\6hello\n")
    output.begin()
    output.feed(frame(b"x\n")[:-1])
    with pytest.raises(ProtocolError, match="before the end of a frame"):
        output.finish()


def test_long_lines_of_a_terminal_have_a_time_in_each_part() -> None:
    stamp = b"2026-11-22T04:33:46.199456752Z "
    whole = stamp + b"a" * 16384 + stamp + b"a" * 16384 + stamp + b"a" * 10 + b"\r\n" + stamp + b"b\r\n"
    lines = ContinuedLines(ContinuedFrames(tty=True, timestamps=False, since=None), timestamps=False)
    assert [one.data for one in lines.feed(whole)] == [b"a" * 32778 + b"\r\n", b"b\r\n"]


def test_memory_stays_flat() -> None:
    seen = Seen(None, overlap=SECOND // 4)
    for number in range(10_000):
        assert seen.is_new(number, number * 10_000_000 + 1)
    assert len(seen) < 150


def test_a_log_that_was_thrown_away_meanwhile() -> None:
    seen = Seen(None, overlap=SECOND // 4)
    assert seen.is_new(1, 10 * SECOND + 1)
    seen.begin()
    assert seen.is_new(2, 11 * SECOND)
    assert seen.is_new(3, 12 * SECOND)


def test_pauses_grow_up_to_a_bound() -> None:
    backoff = Backoff()
    pauses = [backoff.pause(0.0) for _ in range(9)]
    assert pauses == [0.0, FIRST_PAUSE, 0.2, 0.4, 0.8, 1.6, 3.2, LONGEST_PAUSE, LONGEST_PAUSE]
    assert backoff.pause(PATIENCE - 0.1) == LONGEST_PAUSE
    assert backoff.pause(PATIENCE) is None
    backoff.went_on()
    assert backoff.pause(PATIENCE) == 0.0


def test_what_is_not_followed_is_not_resumed() -> None:
    check_resume(resume=True, stream=True, follow=None)
    check_resume(resume=False, stream=False, follow=False)
    with pytest.raises(ValueError, match="stream=False"):
        check_resume(resume=True, stream=False, follow=True)
    with pytest.raises(ValueError, match="follow=False"):
        check_resume(resume=True, stream=True, follow=False)
