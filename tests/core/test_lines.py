"""Lines out of frames, for any split of the lines over frames and streams."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.lines import LineDecoder, parse_time, split_timestamp
from wharfinger.errors import ProtocolError
from wharfinger.types import LogFrame, StreamName

if TYPE_CHECKING:
    from wharfinger._core.frames import Frame

STREAMS: list[StreamName] = ["stdout", "stderr"]
streams = st.sampled_from(STREAMS)
text = st.text(alphabet="ab\n\r", max_size=12).map(str.encode)
frame_lists = st.lists(st.tuples(streams, text), max_size=12)
STAMP = b"2026-01-02T03:04:05.123456789Z "
WHEN = datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)


def lines(frames: list[Frame], decoder: LineDecoder) -> list[LogFrame]:
    out: list[LogFrame] = []
    for frame in frames:
        out += decoder.feed([frame])
    return out + decoder.finish()


def of_stream(found: list[LogFrame], stream: StreamName) -> list[bytes]:
    return [line.data for line in found if line.stream == stream]


@given(frame_lists)
def test_each_stream_has_its_own_lines(frames: list[Frame]) -> None:
    found = lines(frames, LineDecoder())
    for stream in STREAMS:
        whole = b"".join(data for name, data in frames if name == stream)
        expected = [line + b"\n" for line in whole.split(b"\n")[:-1]] + [whole.split(b"\n")[-1]]
        assert of_stream(found, stream) == [line for line in expected if line]
    decoder = LineDecoder()
    assert decoder.feed(frames) + decoder.finish() == found


@given(frame_lists)
def test_line_ends_are_taken_off(frames: list[Frame]) -> None:
    kept = lines(frames, LineDecoder())
    for with_end, without in zip(kept, lines(frames, LineDecoder(keepends=False)), strict=True):
        end = b"\r\n" if with_end.data.endswith(b"\r\n") else b"\n"
        assert without.data == with_end.data.removesuffix(end)


@given(st.lists(st.tuples(streams, text.filter(bool)), max_size=8))
def test_every_frame_of_a_line_has_its_own_stamp(frames: list[Frame]) -> None:
    one_line_each: list[Frame] = [(stream, data.replace(b"\n", b"") + data[-1:]) for stream, data in frames]
    stamped: list[Frame] = [(stream, STAMP + data) for stream, data in one_line_each]
    found = lines(stamped, LineDecoder(stamps="frame"))
    assert [line.data for line in found] == [line.data for line in lines(one_line_each, LineDecoder())]
    assert all(line.timestamp == WHEN for line in found)


def test_the_first_stamp_of_a_line_counts() -> None:
    later = STAMP.replace(b":05.", b":06.")
    found = lines([("stdout", STAMP + b"long "), ("stdout", later + b"line\n")], LineDecoder(stamps="frame"))
    assert found == [LogFrame("stdout", b"long line\n", WHEN)]


@given(st.lists(st.integers(0, 120), max_size=6))
def test_stamps_of_a_tty_are_at_the_lines(cuts: list[int]) -> None:
    data = STAMP + b"one\r\n" + STAMP + b"two\r\n" + b"no stamp\r\n"
    edges = [0, *sorted(cut % len(data) for cut in cuts), len(data)]
    frames: list[Frame] = [("stdout", data[a:b]) for a, b in pairwise(edges)]
    found = lines(frames, LineDecoder(stamps="line", keepends=False))
    assert found == [
        LogFrame("stdout", b"one", WHEN),
        LogFrame("stdout", b"two", WHEN),
        LogFrame("stdout", b"no stamp"),
    ]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_lines_are_bounded_for_any_cut(sizes: list[int]) -> None:
    decoder = LineDecoder(max_line=20)
    assert decoder.feed([("stdout", b"ok\n")]) == [LogFrame("stdout", b"ok\n")]
    total = 0
    for size in sizes:
        total += size
        if total > 20:
            with pytest.raises(ProtocolError, match="longer than 20 bytes"):
                decoder.feed([("stdout", b"x" * size)])
            return
        assert decoder.feed([("stdout", b"x" * size)]) == []


def test_a_long_line_does_not_swallow_the_one_before() -> None:
    decoder = LineDecoder(max_line=5)
    assert decoder.feed([("stdout", b"good\nfar too long\n")]) == [LogFrame("stdout", b"good\n")]
    with pytest.raises(ProtocolError):
        decoder.finish()


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, 0, UTC)),
        ("2026-01-02T03:04:05.1Z", datetime(2026, 1, 2, 3, 4, 5, 100000, UTC)),
        ("2026-01-02T03:04:05.000000001Z", datetime(2026, 1, 2, 3, 4, 5, 0, UTC)),
        (
            "2026-01-02T03:04:05.999999999+02:00",
            datetime(2026, 1, 2, 3, 4, 5, 999999, timezone(timedelta(hours=2))),
        ),
        ("2026-01-02T03:04:05.5", None),
        ("2026-13-02T03:04:05Z", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("yesterday", None),
    ],
)
def test_times(stamp: str, expected: datetime | None) -> None:
    assert parse_time(stamp) == expected


@given(st.binary(max_size=60))
def test_no_bytes_are_lost_by_looking_for_a_stamp(data: bytes) -> None:
    when, rest = split_timestamp(data)
    assert (when, rest) == (None, data)
    assert split_timestamp(STAMP + data) == (WHEN, data)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(value: str) -> None:
    found = parse_time(value)
    assert found is None or found.tzinfo is UTC
