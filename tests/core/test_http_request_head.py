"""Heads of requests: what is sent, and what is refused."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.operation import Operation
from wharfinger._core.request_head import body_header, header_lines, json_body, target
from wharfinger._core.timeouts import Limits, Timeout
from wharfinger.errors import EngineTimeout


def test_a_target() -> None:
    assert target("", "/_ping") == "/_ping"
    assert target("/v1.51", "/x", {}) == "/v1.51/x"
    assert target("/v1", "/x", {"a": True, "b": [1, "z"], "c": 0.5}) == "/v1/x?a=true&b=1&b=z&c=0.5"
    assert target("", "/x?a=1", {"b": False}) == "/x?a=1&b=false"
    assert target("", "/x", {"filters": '{"name":["a&b"]}'}).count("&") == 0


@given(name=st.text(min_size=1), value=st.text())
def test_a_query_has_one_meaning(name: str, value: str) -> None:
    try:
        made = target("", "/x", {name: value})
    except UnicodeEncodeError:
        return  # a lone surrogate has no bytes
    assert made.isascii()
    assert " " not in made
    assert parse_qsl(made.partition("?")[2], keep_blank_values=True) == [(name, value)]


@pytest.mark.parametrize("url", ["", "x", "/a b", "/a\r\nX: y", "/ü", "/\x7f"])
def test_a_path_that_would_be_read_otherwise(url: str) -> None:
    with pytest.raises(ValueError, match="percent-encode"):
        target("", url)


def test_headers() -> None:
    assert header_lines([("X-A", "b"), ("c", "")]) == "X-A: b\r\nc: \r\n"


@pytest.mark.parametrize("value", ["secret\r\nX: y", "secret\n", "secret\0"])
def test_a_header_with_a_line_break_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(ValueError, match="X-Registry-Auth") as caught:
        header_lines([("X-Registry-Auth", value)])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\n"])
def test_a_header_name_that_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="header name"):
        header_lines([(name, "x")])


def test_how_long_a_body_is() -> None:
    assert body_header("GET", None, unknown=False) == ""
    assert body_header("POST", None, unknown=False) == "Content-Length: 0\r\n"
    assert body_header("GET", 3, unknown=False) == "Content-Length: 3\r\n"
    assert body_header("POST", None, unknown=True) == "Transfer-Encoding: chunked\r\n"


def test_json() -> None:
    assert json_body({"a": [1, None, "ü"]}) == b'{"a":[1,null,"\\u00fc"]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_body(float("nan"))


def test_an_operation_shows_no_secret() -> None:
    op = Operation(
        {"method": "POST", "url": "/build?remote=token", "headers": {"X-Registry-Auth": "token"}}, repr
    )
    assert "token" not in repr(op)
    assert "POST /build" in repr(op)


@pytest.mark.parametrize("limit", [0, -1.0])
def test_a_timeout_has_to_be_above_zero(limit: float) -> None:
    with pytest.raises(ValueError, match=r"read=.*None for no limit"):
        Timeout(read=limit)


def test_the_total_is_part_of_every_limit() -> None:
    limits = Limits(Timeout(connect=None, read=100, write=None, total=50))
    found = [limits.connect(), limits.read(), limits.write()]
    assert all(limit is not None and 0 < limit <= 50 for limit in found)
    assert limits.expired("read").phase == "read"
    gone = Limits(Timeout(total=1e-9))
    assert gone.read() == 0.0
    late = gone.expired("read", "while x")
    assert isinstance(late, EngineTimeout)
    assert (late.phase, late.seconds) == ("total", 1e-9)
    assert str(late) == "the total timeout of 1e-09 s was reached: while x"


def test_limits_of_a_stream() -> None:
    assert Timeout(1, 2, 3, 4).for_stream() == Timeout(1, None, 3, None)
