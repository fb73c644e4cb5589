"""What a stream may cost for each of its items, in counts: steps of Python, and bytes of memory."""

import gc
import json
import pickle
import struct
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

from wharfinger._core.events import EventDecoder, EventQuery, wanted_by
from wharfinger._core.frames import FrameDecoder, Part
from wharfinger._core.http1 import ReplyParser
from wharfinger._core.jsonlines import JSONDecoder
from wharfinger._core.stats import Readings
from wharfinger._core.stream_decoders import Output
from wharfinger._dialects.api import told_event

KIB = 1024


def steps(work: Callable[[], object]) -> int:
    """How many functions written in Python are called."""
    calls = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    # Some libraries have a function called at each collection.
    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        gc.enable()
    return calls


def peak(work: Callable[[], object]) -> int:
    """How many bytes it has at the most, besides what there was before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def reply(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


def frame(data: bytes) -> bytes:
    return struct.pack(">BxxxI", 1, len(data)) + data


def body(data: bytes) -> list[Part]:
    parser = ReplyParser()
    parser.feed(memoryview(data))
    return parser.take_parts()


def test_chunks_of_a_reply_take_no_step_each() -> None:
    few, many = ([b"line %d\n" % number for number in range(count)] for count in (10, 1000))
    short, long = reply(*few), reply(*many)
    assert steps(lambda: body(short)) == steps(lambda: body(long))
    assert body(long) == many


def test_lines_of_json_take_no_step_each() -> None:
    def read(count: int, end: str) -> int:
        values = [{"number": number, "inner": {"a": [1]}} for number in range(count)]
        lines = "".join(json.dumps(value) + end for value in values)
        # The first value began in the chunk before, as nearly always.
        decoder = JSONDecoder()
        assert decoder.feed(b'{"begun": ') == []
        chunk, found = f"1}}{end}{lines}".encode(), list[Any]()
        taken = steps(lambda: found.extend(decoder.feed(chunk)))
        assert found == [{"begun": 1}, *values]
        return taken

    for end in ("\n", "\r\n"):
        assert read(1000, end) == read(10, end)


def test_events_take_two_steps_each() -> None:
    def read(count: int) -> int:
        decoder = EventDecoder(told_event, wanted_by(EventQuery(None, None, None, live=True)))
        chunk = b'{"Type":"container","Action":"die"}\n' * count
        return steps(lambda: decoder.feed(chunk))

    assert read(1000) - read(10) == 2 * 990


def test_frames_are_copied_once() -> None:
    parts: list[Part] = [frame(bytes(64 * KIB))] * 32
    found: list[bytes] = []
    assert peak(lambda: found.extend(Output(tty=False).feed(parts))) < 33 * 64 * KIB
    assert found == [bytes(64 * KIB)] * 32


def test_many_short_frames_are_no_steps() -> None:
    few: list[Part] = [frame(b"x\n")] * 100
    many: list[Part] = [frame(b"x\n")] * 1000
    assert steps(lambda: FrameDecoder().feed(few)) == steps(lambda: FrameDecoder().feed(many))
    assert FrameDecoder().feed(many) == [("stdout", b"x\n")] * 1000


def test_readings_do_not_keep_all_before_them() -> None:
    read = Readings()
    raw = {"read": "2026-11-22T04:29:27Z", "networks": {"eth0": {"rx_bytes": 1}}}
    _, second, *_, last = [read({**raw}) for _ in range(50)]
    assert len(pickle.dumps(last)) == len(pickle.dumps(second))
