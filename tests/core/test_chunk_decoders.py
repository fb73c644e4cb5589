"""Chunks of one size, and compressed transfers: whatever way the bytes come."""

import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.chunk_decoders import check_chunk_size, chunk_decoder
from wharfinger.errors import ProtocolError


def decoded(pieces: list[bytes], chunk_size: int | None, encoding: str = "") -> list[bytes]:
    decoder = chunk_decoder(chunk_size=chunk_size, encoding=encoding)
    found = [chunk for piece in pieces for chunk in decoder.feed(piece)]
    return [*found, *decoder.finish()]


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(min_value=1, max_value=60))
def test_every_chunk_but_the_last_is_full(pieces: list[bytes], size: int) -> None:
    found = decoded(pieces, size)
    assert b"".join(found) == b"".join(pieces)
    assert all(len(chunk) == size for chunk in found[:-1])
    assert all(0 < len(chunk) <= size for chunk in found[-1:])


@given(st.binary(max_size=5000), st.integers(min_value=1, max_value=400), st.integers(1, 7000))
def test_compressed(data: bytes, cut: int, size: int) -> None:
    packed = gzip.compress(data)
    pieces = [packed[start : start + cut] for start in range(0, len(packed), cut)]
    assert b"".join(decoded(pieces, size, "gzip")) == data
    assert b"".join(decoded(pieces, None, "gzip")) == data
    with pytest.raises(ProtocolError, match="cut short"):
        decoded([packed[:-1]], None, "gzip")


def test_as_it_comes() -> None:
    assert decoded([b"a", b"bc"], None) == [b"a", b"bc"]
    assert decoded([b"a"], None, "identity") == [b"a"]


def test_what_is_no_gzip() -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        decoded([b"this is a tar"], None, "gzip")
    with pytest.raises(ProtocolError, match="'br', expected gzip"):
        chunk_decoder(chunk_size=None, encoding="br")


@pytest.mark.parametrize(
    ("size", "kind"), [(0, ValueError), (-1, ValueError), ("1", TypeError), (True, TypeError)]
)
def test_what_is_no_size(size: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="chunk_size"):
        check_chunk_size(size)
    check_chunk_size(None)
