"""Multiplexed output, for any cut of the bytes into chunks."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.frames import MAX_ERROR_TEXT, Frame, FrameDecoder, Part, RawDecoder
from wharfinger.errors import ProtocolError, StreamError

NAMES = ["stdin", "stdout", "stderr"]


def encode(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(data)) + data


def chunks_of(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def outcome(chunks: list[bytes], decoder: FrameDecoder) -> tuple[list[Frame], str]:
    out: list[Frame] = []
    try:
        for chunk in chunks:
            out += decoder.feed(chunk)
        decoder.finish()
    except (ProtocolError, StreamError) as fault:
        return out, f"{type(fault).__name__}: {fault}"
    return out, ""


frames = st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=40)), max_size=12)
cuts = st.lists(st.integers(0, 2000), max_size=12)


@given(frames, cuts)
def test_whole_frames_come_out_for_any_chunks(sent: list[tuple[int, bytes]], where: list[int]) -> None:
    data = b"".join(encode(*frame) for frame in sent)
    got, fault = outcome(chunks_of(data, where), FrameDecoder())
    assert fault == ""
    assert got == [(NAMES[stream], text) for stream, text in sent if text]


@given(frames, cuts)
def test_parts_hold_nothing_back(sent: list[tuple[int, bytes]], where: list[int]) -> None:
    data = b"".join(encode(*frame) for frame in sent)
    decoder = FrameDecoder(whole=False)
    fed = given_out = 0
    for chunk in chunks_of(data, where):
        given_out += sum(len(part) for _, part in decoder.feed(chunk))
        fed += len(chunk)
        assert given_out == payload_before(sent, fed)
    decoder.finish()


def payload_before(sent: list[tuple[int, bytes]], end: int) -> int:
    total = pos = 0
    for _, text in sent:
        total += max(0, min(len(text), end - pos - 8))
        pos += 8 + len(text)
    return total


@given(frames, st.integers(0, 2000), cuts)
def test_a_cut_is_never_a_clean_end(sent: list[tuple[int, bytes]], end: int, where: list[int]) -> None:
    pieces = [encode(*frame) for frame in sent]
    data = b"".join(pieces)
    end %= len(data) + 1
    edges = {0}
    for piece in pieces:
        edges.add(max(edges) + len(piece))
    got, fault = outcome(chunks_of(data[:end], where), FrameDecoder())
    assert (fault == "") is (end in edges)
    assert got == outcome([data], FrameDecoder())[0][: len(got)]


@given(st.binary(max_size=200), cuts)
def test_any_bytes_give_the_same_for_any_chunks(data: bytes, where: list[int]) -> None:
    at_once = outcome([data], FrameDecoder(max_frame=64))
    assert outcome(chunks_of(data, where), FrameDecoder(max_frame=64)) == at_once
    assert outcome([data[i : i + 1] for i in range(len(data))], FrameDecoder(max_frame=64)) == at_once


@given(frames, st.text(max_size=20), cuts)
def test_a_system_error_comes_after_what_was_before(
    sent: list[tuple[int, bytes]], text: str, where: list[int]
) -> None:
    data = b"".join(encode(*frame) for frame in sent) + encode(3, text.encode()) + encode(1, b"later")
    got, fault = outcome(chunks_of(data, where), FrameDecoder())
    assert got == [(NAMES[stream], part) for stream, part in sent if part]
    assert fault == f"StreamError: {text.strip() or 'the engine ended the stream with an error'}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"hello, I am a tty\r\n", "expected a frame head"),
        (b"\x04\0\0\0\0\0\0\x01x", "expected a frame head"),
        (b"\x01\0\x01\0\0\0\0\x01x", "expected a frame head"),
        (b"\x01\0\0\0\x7f\xff\xff\xff", "2147483647 bytes is announced"),
        (b"\x03\0\0\0" + struct.pack(">I", MAX_ERROR_TEXT + 1), "expected a frame head"),
        (b"\x01\0\0", "after 3 of the 8 bytes"),
        (b"\x01\0\0\0\0\0\0\x05ab", "3 bytes before the end"),
    ],
)
def test_faults_say_what_came(data: bytes, expected: str) -> None:
    _, fault = outcome([data], FrameDecoder())
    assert expected in fault


def test_a_fault_stays() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(encode(1, b"good") + b"garbage!") == [("stdout", b"good")]
    for _ in range(2):
        with pytest.raises(ProtocolError):
            decoder.feed(encode(1, b"more"))
    with pytest.raises(ProtocolError):
        decoder.finish()


def test_views_are_taken() -> None:
    data = encode(2, b"abc")
    assert FrameDecoder().feed(memoryview(data)) == [("stderr", b"abc")]
    assert FrameDecoder().feed(bytearray(data)) == [("stderr", b"abc")]
    assert RawDecoder().feed(memoryview(b"abc")) == [("stdout", b"abc")]


@given(frames, cuts)
def test_parts_give_the_same_as_the_whole(sent: list[tuple[int, bytes]], where: list[int]) -> None:
    chunks = chunks_of(b"".join(encode(*frame) for frame in sent) + b"\x01", where)
    parts: list[Part] = [memoryview(chunk) if number % 2 else chunk for number, chunk in enumerate(chunks)]
    together, one_by_one = FrameDecoder(), FrameDecoder()
    assert together.feed(parts) == [frame for chunk in chunks for frame in one_by_one.feed(chunk)]
    assert outcome([], together) == outcome([], one_by_one)


def test_a_tty_has_no_frames() -> None:
    decoder = RawDecoder()
    assert decoder.feed(b"\x01\0\0\0") == [("stdout", b"\x01\0\0\0")]
    assert decoder.feed(b"") == []
    assert decoder.feed([b"a", b"b"]) == [("stdout", b"ab")]
    decoder.finish()
