"""Detach keys: how they are written, and found however they are cut."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.detach_keys import KeyWatch, parse_detach_keys


def test_keys_are_bytes() -> None:
    assert parse_detach_keys("ctrl-p,ctrl-q") == b"\x10\x11"
    assert parse_detach_keys("ctrl-a,d") == b"\x01d"
    assert parse_detach_keys("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_") == bytes([0, 27, 28, 29, 30, 31])
    assert parse_detach_keys("") == b""


@pytest.mark.parametrize("keys", ["ctrl-", "ctrl-P", "ab", "ctrl-p,", "ctrl-p ctrl-q", "é", " "])
def test_what_is_no_key(keys: str) -> None:
    with pytest.raises(ValueError, match="detach_keys="):
        parse_detach_keys(keys)


def test_what_is_no_text() -> None:
    wrong: Any = 5
    with pytest.raises(TypeError, match="detach_keys is 5 of type int"):
        parse_detach_keys(wrong)


@given(
    st.binary(max_size=40),
    st.lists(st.integers(1, 4), max_size=40),
    st.sampled_from(["a,a,b", "ctrl-p,ctrl-q", "x"]),
)
def test_found_however_they_are_cut(data: bytes, sizes: list[int], keys: str) -> None:
    typed = data.replace(b"\x00", b"a").replace(b"\x01", b"\x10").replace(b"\x02", b"\x11")
    before, found, _ = typed.partition(parse_detach_keys(keys))
    watch = KeyWatch(keys)
    sent, left = b"", False
    for size in [*sizes, len(typed)]:
        piece, typed = typed[:size], typed[size:]
        out, left = watch.feed(piece)
        sent += out
        if left:
            break
    assert left is bool(found)
    assert sent + (b"" if left else watch.rest()) == before


def test_the_beginning_of_keys_is_kept_back() -> None:
    watch = KeyWatch("ctrl-p,ctrl-q")
    assert watch.feed(b"a\x10") == (b"a", False)
    assert watch.feed(b"\x10b") == (b"\x10\x10b", False)
    assert watch.feed(b"\x10") == (b"", False)
    assert watch.rest() == b"\x10"
    assert watch.rest() == b""
    assert KeyWatch("").idle
