"""Bodies in large chunks: right wherever they are cut, and not copied by the parser."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharfinger._core.chunks import LARGE
from wharfinger._core.http1 import ReplyParser
from wharfinger.errors import ProtocolError

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
# What is within a chunk may look like what is between two.
FILLS = (b"x", b"\r\n", b"5\r\n\r\n", b"\r\n0\r\n\r\n")


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data)


def read(data: bytes, cuts: list[int]) -> tuple[ReplyParser, bytes, int]:
    """Feeds it from one buffer that is used again and again, as connections do. Also how much the parser copied."""
    parser, body, copied, buffer = ReplyParser(), b"", 0, bytearray(len(data))
    for start, end in pairwise([0, *sorted({cut for cut in cuts if cut < len(data)}), len(data)]):
        buffer[: end - start] = data[start:end]
        if start < end:
            parser.feed(memoryview(buffer)[: end - start])
            parts = parser.take_parts()
            body += b"".join(parts)
            copied += sum(len(part) for part in parts if isinstance(part, bytes))
    return parser, body, copied


@given(
    made=st.lists(
        st.tuples(
            st.sampled_from([1, 100, LARGE - 1, LARGE, LARGE + 1, 70_000]),
            st.sampled_from(FILLS),
            st.sampled_from([b"", b"", b"", b";a=b"]),
        ),
        min_size=1,
        max_size=6,
    ),
    trailer=st.sampled_from([b"", b"T: t\r\n"]),
    cuts=st.lists(st.one_of(st.integers(0, 100), st.integers(0, 200_000)), max_size=12),
    near=st.lists(st.tuples(st.integers(0, 5), st.integers(-8, 8)), max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_large_chunks_cut_anywhere(
    made: list[tuple[int, bytes, bytes]], trailer: bytes, cuts: list[int], near: list[tuple[int, int]]
) -> None:
    contents = [(fill * size)[:size] for size, fill, _ in made]
    chunks = [chunk(data, made[number][2]) for number, data in enumerate(contents)]
    borders = [len(HEAD) + sum(map(len, chunks[:number])) for number in range(len(chunks) + 1)]
    cuts += [max(0, borders[place % len(borders)] + by) for place, by in near]
    parser, body, _ = read(HEAD + b"".join(chunks) + b"0\r\n" + trailer + b"\r\n", cuts)
    assert body == b"".join(contents)
    assert parser.complete
    assert parser.reusable
    parser.begin("GET")
    parser.feed(memoryview(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))
    assert (parser.take(), parser.complete, parser.reusable) == (b"OK", True, True)


def test_large_chunks_are_not_copied_by_the_parser() -> None:
    data = HEAD + chunk(bytes(32 * 1024)) * 100 + END
    _, body, copied = read(data, [len(HEAD), *range(0, len(data), 200_000)])
    assert len(body) == 100 * 32 * 1024
    assert copied == 0


def test_of_a_reply_in_one_piece_with_its_head_only_that_piece_is_copied() -> None:
    data = HEAD + chunk(bytes(32 * 1024)) * 100 + END
    _, body, copied = read(data, list(range(0, len(data), 40_000)))
    assert len(body) == 100 * 32 * 1024
    assert copied <= 40_000


@pytest.mark.parametrize(
    "wrong",
    [b"\r\nzz\r\n", b"\r\n-1\r\n", b"xx5\r\n", b"\n5\r\nhello\n", b"\r\n 5\r\nhello", b"\r\n" + b"1" * 40],
)
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_what_is_no_border_is_refused(wrong: bytes, cut: int) -> None:
    whole = HEAD + chunk(bytes(LARGE))[:-2] + wrong
    with pytest.raises(ProtocolError, match="not HTTP"):
        read(whole, [len(HEAD), len(whole) - len(wrong) + cut])


def test_a_cut_body_is_told_of() -> None:
    parser, _, _ = read(HEAD + chunk(bytes(LARGE)), [len(HEAD)])
    assert not parser.complete
    with pytest.raises(ProtocolError, match="cut short"):
        parser.end()
