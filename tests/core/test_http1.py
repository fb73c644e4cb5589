"""The reply parser, fed bytes in every way they may come in."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharfinger._core.http1 import MAX_HEAD_BYTES, Headers, ReplyParser
from wharfinger.errors import ProtocolError

REPLIES = {
    "length": (b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\nhello world", b"hello world"),
    "chunks": (
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: t\r\n\r\n"
        ),
        b"hello world",
    ),
    "interim": (
        b"HTTP/1.1 100 Continue\r\nX-I: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
        b"OK",
    ),
    "none": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
}


def parse(data: bytes, cuts: list[int], method: str = "GET") -> tuple[ReplyParser, bytes]:
    """Feed it cut into pieces; bytes past the head of a body with a length go past the parser, as they do."""
    parser = ReplyParser()
    parser.begin(method)
    body = b""
    borders = [0, *sorted({min(cut, len(data)) for cut in cuts}), len(data)]
    for start, end in pairwise(borders):
        piece = data[start:end]
        if not piece:
            continue
        if parser.head_done and parser.remaining is not None:
            parser.past(len(piece))
            body += piece
        else:
            parser.feed(memoryview(piece))
            body += parser.take()
    return parser, body


@given(name=st.sampled_from(sorted(REPLIES)), cuts=st.lists(st.integers(0, 150), max_size=20))
@settings(max_examples=300, deadline=None)
def test_replies_in_any_pieces(name: str, cuts: list[int]) -> None:
    data, expected = REPLIES[name]
    parser, body = parse(data, cuts)
    assert body == expected
    assert parser.complete
    assert parser.reusable
    assert "x-i" not in parser.headers


@given(cuts=st.lists(st.integers(0, 100), max_size=10), after=st.binary(max_size=50))
@settings(max_examples=200, deadline=None)
def test_bytes_behind_the_head_of_an_upgrade_are_kept(cuts: list[int], after: bytes) -> None:
    head = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
    parser = ReplyParser()
    parser.begin("POST")
    data = head + after
    borders = [0, *sorted({min(cut, len(head) - 1) for cut in cuts}), len(data)]
    rest: memoryview | None = None
    for start, end in pairwise(borders):
        if start < end:
            rest = parser.feed(memoryview(data[start:end]))
    assert parser.upgraded
    assert not parser.reusable
    assert rest is not None
    assert bytes(rest) == after


@given(data=st.binary(max_size=300))
@settings(max_examples=500, deadline=None)
def test_no_bytes_at_all_make_another_error(data: bytes) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        parser = ReplyParser()
        parser.begin("GET")
        try:
            parser.feed(memoryview(start + data))
            parser.end()
        except ProtocolError:
            pass


def test_one_parser_for_one_reply_after_the_other() -> None:
    parser = ReplyParser()
    for method, data, body in [
        ("GET", REPLIES["length"][0], b"hello world"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b""),
        ("GET", REPLIES["chunks"][0], b"hello world"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b""),
        ("POST", REPLIES["none"][0], b""),
        ("GET", REPLIES["interim"][0], b"OK"),
    ]:
        parser.begin(method)
        parser.feed(memoryview(data))
        assert (parser.take(), parser.complete, parser.reusable) == (body, True, True)


def test_a_head_as_long_as_allowed() -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nX: "
    fill = MAX_HEAD_BYTES - len(start) - len(b"\r\n\r\n")
    for length, fits in ((fill, True), (fill + 1, False)):
        parser = ReplyParser()
        parser.begin("GET")
        data = memoryview(start + b"a" * length + b"\r\n\r\n" + b"b" * 200_000)
        if fits:
            parser.feed(data)
            assert parser.take() == b"b" * 200_000
            assert parser.complete
        else:
            with pytest.raises(ProtocolError, match="head of the reply exceeds"):
                parser.feed(data)


@pytest.mark.parametrize("cut", [10, 40, 55])
def test_the_end_of_the_connection_before_the_end_of_the_reply(cut: int) -> None:
    parser, _ = parse(REPLIES["length"][0][:cut], [])
    with pytest.raises(ProtocolError, match="cut short"):
        parser.end()


def test_headers_are_found_in_any_case() -> None:
    headers = Headers([(b"Content-Type", b"text/plain"), (b"X-Two", b"a"), (b"x-two", b"b")])
    assert headers["content-TYPE"] == "text/plain"
    assert headers.get("X-TWO") == "a, b"
    assert headers.get("absent", "none") == "none"
    assert dict(headers) == {"content-type": "text/plain", "x-two": "a, b"}
    assert len(headers) == 2
    assert repr(headers) == "Headers(content-type, x-two)"
