"""Messages and statuses of gRPC, and the HTTP/2 beneath them, both ends against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.grpc import Messages, framed, metadata, told_status, told_values, trailers
from wharfinger._core.http2 import (
    HTTP2,
    CallData,
    CallEnded,
    CallOpened,
    CallReset,
    CallTrailers,
    ConnectionEnded,
)
from wharfinger.errors import ProtocolError

ASKING = [
    (":method", "POST"),
    (":scheme", "http"),
    (":path", "/a.B/C"),
    (":authority", "x"),
    ("n", "1"),
    ("n", "2"),
]


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 17))
def test_messages_in_pieces_of_any_size(messages: list[bytes], size: int) -> None:
    data = b"".join(map(framed, messages))
    reader = Messages()
    found: list[bytes] = []
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
        while reader:
            found.append(reader.take())
    reader.finish()
    assert found == messages


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x01\0\0\0\0", "compressed"),
        (b"\0\xff\xff\xff\xff", "4294967295 bytes"),
    ],
)
def test_what_is_no_message(data: bytes, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        Messages().feed(data)


def test_a_message_cut_short() -> None:
    reader = Messages()
    reader.feed(framed(b"abc")[:-1])
    with pytest.raises(ProtocolError, match="cut short"):
        reader.finish()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_words_of_a_status_come_back(words: str) -> None:
    told = trailers(5, words)
    assert all(value.isascii() and value.isprintable() for _, value in told)
    assert told_status(metadata(told)) == (5, words)


def test_a_call_without_a_status_did_not_end_well() -> None:
    assert told_status({})[0] == 2


def test_values_that_are_escaped() -> None:
    headers = {"a": ("%C3%BC+x", "%2B"), "a-encoded": ("1",), "b": ("%C3%BC",)}
    assert told_values(headers, "a") == ("ü x", "+")
    assert told_values(headers, "b") == ("%C3%BC",)
    assert told_values(headers, "c") == ()


def exchange(first: HTTP2, second: HTTP2) -> tuple[list[object], list[object]]:
    """Everything that either has to say; gives what each was told."""
    told: tuple[list[object], list[object]] = ([], [])
    while first.unsent or second.unsent:
        told[1].extend(second.receive(first.take()))
        told[0].extend(first.receive(second.take()))
    return told


def pair() -> tuple[HTTP2, HTTP2]:
    client, server = HTTP2(client=True), HTTP2(client=False)
    assert exchange(client, server) == ([], [])
    return client, server


def test_a_call_and_its_answer() -> None:
    client, server = pair()
    stream = client.open(ASKING)
    client.send(stream, framed(b"question"))
    client.end(stream)
    _, told = exchange(client, server)
    opened, data, *_, ended = told
    assert isinstance(opened, CallOpened)
    assert opened.headers["n"] == ("1", "2")
    assert isinstance(data, CallData)
    assert data.data == framed(b"question")
    assert ended == CallEnded(stream)
    server.send_headers(stream, [(":status", "200")])
    server.send(stream, framed(b"answer"))
    server.send_headers(stream, trailers(0, ""), end=True)
    told, _ = exchange(client, server)
    assert [type(one) for one in told] == [CallTrailers, CallData, CallTrailers, CallEnded]


def test_not_more_is_sent_than_there_is_room_for() -> None:
    client, server = pair()
    stream = client.open(ASKING)
    told: list[object] = []
    sent = 0
    while room := client.room(stream):
        client.send(stream, bytes(room))
        sent += room
        told += exchange(client, server)[1]
    assert sent == 1024 * 1024
    server.acknowledge(stream, sum(one.size for one in told if isinstance(one, CallData)))
    exchange(client, server)
    assert client.room(stream)


def test_calls_that_are_given_up() -> None:
    client, server = pair()
    stream, other = client.open(ASKING), client.open(ASKING)
    exchange(client, server)
    client.reset(stream, wrong=True)
    server.reset(other, wrong=False)
    assert exchange(client, server) == ([CallReset(other)], [CallReset(stream)])
    with pytest.raises(ProtocolError, match="over"):
        server.send(stream, b"x")
    with pytest.raises(ProtocolError, match="over"):
        server.send_headers(stream, [(":status", "200")])
    client.close()
    assert exchange(client, server)[1] == [ConnectionEnded()]


def test_what_is_not_http2() -> None:
    with pytest.raises(ProtocolError, match="not HTTP/2"):
        HTTP2(client=False).receive(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
