"""Requests that are written by hand, and replies as they came."""

from typing import Any

import pytest

from wharfinger._core.raw_request import RawReply, error_text, raw_operation, raw_request
from wharfinger.errors import APIError, Conflict, NotFound, ServerError, UnexpectedReply


def request(method: str, path: str, **more: Any) -> dict[str, Any]:
    given = dict.fromkeys(("params", "headers", "json", "content")) | more
    return {**raw_request(method, path, **given)}


def test_only_what_was_given_is_sent() -> None:
    assert request("get", "/x") == {"method": "GET", "url": "/x"}
    everything: dict[str, Any] = {"params": {"a": [1, 2]}, "headers": {"X-Y": "z"}, "json": {"a": None}}
    assert request("POST", "/x", **everything) == {"method": "POST", "url": "/x", **everything}
    assert request("POST", "/x", content=b"")["content"] == b""
    assert request("POST", "/x", json=[])["json"] == []


def test_wrong_requests() -> None:
    with pytest.raises(ValueError, match="path='x': expected one that begins with a slash"):
        request("GET", "x")
    with pytest.raises(ValueError, match="one body"):
        request("POST", "/x", json={}, content=b"")


def test_a_reply() -> None:
    reply = RawReply(200, {"content-type": "application/json"}, b'{"a": "\xc3\xbc"}')
    assert reply.json() == {"a": "ü"}
    assert reply.text == '{"a": "ü"}'
    assert RawReply(200, {}, b"\xff").text == "\ufffd"
    with pytest.raises(UnexpectedReply, match="no JSON") as caught:
        RawReply(200, {}, b"OK").json()
    assert (caught.value.raw, caught.value.status_code) == (b"OK", 200)


@pytest.mark.parametrize(
    ("status", "content", "kind", "message"),
    [
        (404, b'{"message": "no such thing"}', NotFound, "no such thing"),
        (409, b'{"cause": "state", "response": 409}', Conflict, "state"),
        (500, b'{"error": "broken"}', ServerError, "broken"),
        (500, b" plain\n", ServerError, "plain"),
        (418, b"[1]", APIError, "[1]"),
        (502, b"", ServerError, ""),
        (500, b"x" * 10_000, ServerError, "x" * 500),
        (500, b"{}", ServerError, ""),
    ],
)
def test_an_error_status(status: int, content: bytes, kind: type[APIError], message: str) -> None:
    reply = RawReply(status, {}, content)
    assert error_text(reply) == message
    with pytest.raises(kind) as caught:
        raw_operation("get", "/x?token=secret").parse(reply)
    error = caught.value
    assert (error.status_code, error.message, error.method, error.path) == (status, message, "GET", "/x")


@pytest.mark.parametrize("status", [200, 204, 304])
def test_any_other_status(status: int) -> None:
    assert raw_operation("GET", "/x").parse(RawReply(status, {}, b"")).status_code == status
