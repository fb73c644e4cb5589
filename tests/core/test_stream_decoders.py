"""The decoders of streams: bytes in, values out, and an explicit end."""

import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.stream_decoders import Chunks, Decoder, Frames, JSONValues, Lines, Output
from wharfinger.errors import ProtocolError, StreamError
from wharfinger.types import LogFrame

T = TypeVar("T")

pieces = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=20)), max_size=8)
cuts = st.lists(st.integers(0, 300), max_size=6)


def frame(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(data)) + data


def fed(decoder: Decoder[T], data: bytes, places: Sequence[int] = ()) -> list[T]:
    """All values, the data cut at any places."""
    bounds = [0, *sorted(place for place in places if place < len(data)), len(data)]
    found: list[T] = []
    for start, end in pairwise(bounds):
        found += decoder.feed(data[start:end])
    return found + decoder.finish()


class Kept:
    """Keeps what a decoder gives, for when it raises."""

    def __init__(self, decoder: Decoder[bytes], found: list[bytes]) -> None:
        self.decoder = decoder
        self.found = found

    def feed(self, data: bytes, /) -> list[bytes]:
        self.found += self.decoder.feed(data)
        return []

    def finish(self) -> list[bytes]:
        return self.decoder.finish()


@given(pieces, cuts)
def test_output_is_the_same_however_it_is_cut(written: list[tuple[int, bytes]], places: list[int]) -> None:
    data = b"".join(frame(stream, piece) for stream, piece in written)
    found = fed(Frames(tty=False), data, places)
    for number, name in ((1, "stdout"), (2, "stderr")):
        expected = b"".join(piece for stream, piece in written if stream == number)
        assert b"".join(piece for stream, piece in found if stream == name) == expected
    together: list[bytes] = fed(Output(tty=False), data, places)
    assert b"".join(together) == b"".join(piece for _, piece in written)


@given(st.binary(max_size=100), cuts)
def test_a_terminal_has_no_frames(data: bytes, places: list[int]) -> None:
    output: list[bytes] = fed(Output(tty=True), data, places)
    chunks: list[bytes] = fed(Chunks(), data, places)
    assert b"".join(output) == b"".join(chunks) == data
    assert {name for name, _ in fed(Frames(tty=True), data, places)} <= {"stdout"}


@given(st.lists(st.binary(max_size=9).filter(lambda line: b"\n" not in line), max_size=6), cuts)
def test_lines_are_the_same_however_they_are_cut(lines: list[bytes], places: list[int]) -> None:
    data = b"".join(frame(1, line + b"\n") for line in lines)
    found = fed(Lines(tty=False, timestamps=False), data, places)
    assert [one.data for one in found] == [line + b"\n" for line in lines]


def test_the_last_line_needs_no_end() -> None:
    (found,) = fed(Lines(tty=False, timestamps=False), frame(2, b"la") + frame(2, b"st"))
    assert (found.stream, found.data, found.timestamp) == ("stderr", b"last", None)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\n", "a"),
        (b"a\r\n", "a"),
        (b"a", "a"),
        (b"\xff\xc3\xa4 \n", "\ufffd\xe4 "),
        (b"\n", ""),
        (b"a\n\n", "a\n"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert LogFrame("stdout", data).text == text


@given(st.lists(st.sampled_from([b"a\r\n", b"\r\n", b"\rb\n", b"c\r"]), max_size=6), cuts)
def test_lines_of_a_terminal(lines: list[bytes], places: list[int]) -> None:
    data = b"".join(lines)
    found = fed(Lines(tty=True, timestamps=False), data, places)
    assert b"".join(one.data for one in found) == data
    assert all(one.data.endswith(b"\n") for one in found[:-1])


@given(pieces, st.binary(min_size=1, max_size=30), cuts)
def test_an_error_told_between_frames(
    written: list[tuple[int, bytes]], words: bytes, places: list[int]
) -> None:
    data = b"".join(frame(stream, piece) for stream, piece in written) + frame(3, words) + frame(1, b"after")
    found: list[bytes] = []
    with pytest.raises(StreamError):
        fed(Kept(Output(tty=False), found), data, places)
    assert b"".join(found) == b"".join(piece for _, piece in written)


@pytest.mark.parametrize("tty", [False, True])
def test_times(*, tty: bool) -> None:
    line = b"2024-01-02T03:04:05.678901234Z hello\n"
    (found,) = fed(Lines(tty=tty, timestamps=True), line if tty else frame(1, line))
    assert found.data == b"hello\n"
    assert found.timestamp
    assert found.timestamp.isoformat() == "2024-01-02T03:04:05.678901+00:00"


@pytest.mark.parametrize(
    "decoder", [Frames(tty=False), Output(tty=False), Lines(tty=False, timestamps=False)]
)
def test_a_frame_that_is_cut_short(decoder: Decoder[object]) -> None:
    with pytest.raises(ProtocolError):
        fed(decoder, frame(1, b"whole") + frame(1, b"cut short")[:-1])


@given(cuts)
def test_json_values(places: list[int]) -> None:
    data = b'{"a": 1}\r\n{"a": "}{"} {"a": [1, {"b": 2}]}\n'
    assert fed(JSONValues(lambda event: event["a"]), data, places) == [1, "}{", [1, {"b": 2}]]


def test_json_that_is_cut_short() -> None:
    with pytest.raises(ProtocolError):
        fed(JSONValues(lambda event: event), b'{"a": 1}\n{"a": ')
