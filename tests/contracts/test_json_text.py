"""JSON is read by orjson where that is installed, and as ever where it is not."""

from __future__ import annotations

import json
import subprocess
import sys

import orjson
import pytest

from wharfinger_api._support import json_text

NO_JSON = (json.JSONDecodeError, UnicodeDecodeError)
WITHOUT = """
import json, sys
sys.modules["orjson"] = None
from wharfinger._core import jsonlines
from wharfinger_api._support import json_text
assert json_text.loads(b'{"a": 1}') == {"a": 1}
assert jsonlines.JSONDecoder().feed(b'{"a": 1}\\n{"a": 2}\\n') == [{"a": 1}, {"a": 2}]
print(json_text._quick is json.loads, jsonlines._quick)
"""


def test_orjson_reads_where_it_is_installed() -> None:
    assert vars(json_text)["_quick"] is orjson.loads


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf[1]", b'"\\ud800"', b"1e400", b"NaN"])
def test_what_it_refuses_the_standard_library_may_take(text: bytes) -> None:
    assert repr(json_text.loads(text)) == repr(json.loads(text))


@pytest.mark.parametrize("text", [b"", b"{", b"{'a': 1}", b'"\xff"'])
def test_errors_are_those_of_the_standard_library(text: bytes) -> None:
    with pytest.raises(NO_JSON) as expected:
        json.loads(text)
    with pytest.raises(NO_JSON) as caught:
        json_text.loads(text)
    assert (type(caught.value), str(caught.value)) == (type(expected.value), str(expected.value))


def test_without_it_all_works() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("True None\n", "")
