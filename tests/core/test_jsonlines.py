"""Streams of JSON values, for any cut of the bytes into chunks."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core import jsonlines
from wharfinger._core.jsonlines import JSONDecoder, error_message
from wharfinger.errors import ProtocolError

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 1000) | st.text(max_size=8) | st.just('\\"{[ü\U0001f40b'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
separators = st.sampled_from([b"\n", b"\r\n", b" ", b"\n\n\r\n", b"\n\x1e", b"\x1e", b"\t \n"])
cuts = st.lists(st.integers(0, 3000), max_size=12)
raw_json_like = st.text(alphabet='{}[]",:\\ \n\x1e1et-aü', max_size=30).map(str.encode)


def chunks_of(data: bytes, where: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in where), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def outcome(chunks: list[bytes], max_value: int = 10_000) -> tuple[list[Any], str]:
    decoder = JSONDecoder(max_value=max_value)
    out: list[Any] = []
    try:
        for chunk in chunks:
            out += decoder.feed(chunk)
        out += decoder.finish()
    except ProtocolError as fault:
        return out, str(fault)
    return out, ""


def encode(value: object, indent: int | None, *, ascii_only: bool) -> bytes:
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()


@given(st.lists(st.tuples(json_values, separators, st.sampled_from([None, 2]), st.booleans())), cuts)
def test_values_come_out_for_any_separator_and_chunks(
    sent: list[tuple[Any, bytes, int | None, bool]], where: list[int]
) -> None:
    data = b"".join(encode(v, indent, ascii_only=plain) + sep for v, sep, indent, plain in sent)
    assert outcome(chunks_of(data, where)) == ([value for value, *_ in sent], "")


@given(st.lists(st.dictionaries(st.text(max_size=3), json_values, max_size=3), max_size=6), cuts)
def test_objects_may_touch(sent: list[dict[str, Any]], where: list[int]) -> None:
    data = b"".join(encode(value, None, ascii_only=False) for value in sent)
    assert outcome(chunks_of(data, where)) == (sent, "")


@given(st.lists(st.dictionaries(st.text(max_size=3), json_values, max_size=3), max_size=4), cuts)
def test_an_object_is_given_with_its_last_byte(sent: list[dict[str, Any]], where: list[int]) -> None:
    decoder = JSONDecoder()
    for value in sent:
        data = encode(value, None, ascii_only=False)
        got = [found for chunk in chunks_of(data, where) for found in decoder.feed(chunk)]
        assert got == [value]


@given(st.dictionaries(st.text(max_size=3), json_values, min_size=1), st.integers(0, 5000), cuts)
def test_a_cut_value_is_never_a_clean_end(value: dict[str, Any], end: int, where: list[int]) -> None:
    whole = encode(value, None, ascii_only=False)
    data = b'{"a": 1}\n' + whole[: 1 + end % (len(whole) - 1)]
    got, fault = outcome(chunks_of(data, where))
    assert got == [{"a": 1}]
    assert "at byte 9 is cut short" in fault


@given(raw_json_like | st.binary(max_size=40), cuts, st.sampled_from([4, 12, 10_000]))
def test_any_bytes_give_the_same_for_any_chunks(data: bytes, where: list[int], bound: int) -> None:
    at_once = outcome([data], bound)
    assert outcome(chunks_of(data, where), bound) == at_once
    assert outcome([data[i : i + 1] for i in range(len(data))], bound) == at_once


@pytest.mark.parametrize(
    ("data", "values", "expected"),
    [
        (b'{"a": 1}\n{"b" 2}\n', [{"a": 1}], "at byte 9"),
        (b"<html>no</html>", [], "'<html>no</html>'"),
        (b'{"a": "\xff"}', [], "expected a JSON value at byte 0"),
        (b"[" * 100_000 + b"]" * 100_000 + b"\n", [], "got '[[["),
        (b"12 tru", [12], "'tru'"),
        (b'"open', [], "cut short after 5 bytes"),
    ],
)
def test_faults_tell_place_and_excerpt(data: bytes, values: list[Any], expected: str) -> None:
    got, fault = outcome([data], 1_000_000)
    assert got == values
    assert expected in fault
    assert len(fault) < 400


@given(cuts)
def test_values_are_bounded(where: list[int]) -> None:
    data = b'{"a": 1}\n{"long": "' + b"x" * 200 + b'"}\n'
    got, fault = outcome(chunks_of(data, where), 100)
    assert got == [{"a": 1}]
    assert "at byte 9 is larger than 100 bytes" in fault


def test_blank_lines_that_keep_alive_are_nothing() -> None:
    decoder = JSONDecoder()
    assert [decoder.feed(chunk) for chunk in (b"\r\n", b"", b"\n \n", b"\x1e")] == [[], [], [], []]
    assert decoder.feed(b'{"a":1}') == [{"a": 1}]
    assert decoder.finish() == []


def test_a_fault_stays() -> None:
    decoder = JSONDecoder()
    assert decoder.feed(b'{"a":1}}\n{"b":2}\n') == [{"a": 1}]
    for _ in range(2):
        with pytest.raises(ProtocolError, match="at byte 7"):
            decoder.feed(b"{}\n")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"error": "no space", "errorDetail": {"message": "no space left"}}, "no space left"),
        ({"error": "no space"}, "no space"),
        ({"errorDetail": {"code": 1, "message": "exit code 1"}}, "exit code 1"),
        ({"errorDetail": None, "error": ""}, None),
        ({"status": "Pulling"}, None),
        (["error"], None),
        (None, None),
    ],
)
def test_errors_told_in_a_stream(event: object, expected: str | None) -> None:
    assert error_message(event) == expected


@given(st.lists(json_values.map(lambda value: json.dumps(value).encode()) | raw_json_like), cuts)
def test_orjson_changes_nothing_but_speed(texts: list[bytes], where: list[int]) -> None:
    chunks = chunks_of(b"".join(text + b"\n" for text in texts), where)
    quick = outcome(chunks)
    with pytest.MonkeyPatch.context() as patch:
        assert vars(jsonlines)["_quick"] is not None
        patch.setattr(jsonlines, "_quick", None)
        assert outcome(chunks) == quick


@pytest.mark.parametrize("text", [b'"\\ud800"', b"1e400", b"\xef\xbb\xbf1", b"[" * 2000 + b"]" * 2000])
def test_what_orjson_refuses_is_read_as_ever(text: bytes) -> None:
    quick = outcome([text + b"\n"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonlines, "_quick", None)
        assert outcome([text + b"\n"]) == quick
