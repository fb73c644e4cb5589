"""Points in time as the engines' queries take them."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from wharfinger._core.when import date_text, http_date, seconds_text, unix_nanoseconds

BILLION = 1_000_000_000


def test_points_in_time() -> None:
    assert unix_nanoseconds(None) is None
    assert unix_nanoseconds(5) == 5 * BILLION
    assert unix_nanoseconds(1.5) == 1_500_000_000
    assert (
        unix_nanoseconds(datetime(2001, 9, 9, 1, 46, 40, 500_001, tzinfo=UTC))
        == BILLION * BILLION + 500_001_000
    )
    assert unix_nanoseconds(datetime(2001, 9, 9, 1, 46, 40)) == BILLION * BILLION
    elsewhere = timezone(timedelta(hours=2))
    assert unix_nanoseconds(datetime(2001, 9, 9, 3, 46, 40, tzinfo=elsewhere)) == BILLION * BILLION
    assert unix_nanoseconds(-1) == unix_nanoseconds(datetime(1900, 1, 1)) == 0


def test_so_long_ago() -> None:
    before = time.time_ns()
    found = unix_nanoseconds(timedelta(minutes=1))
    assert found is not None
    assert before <= found + 60 * BILLION <= time.time_ns()
    assert unix_nanoseconds(timedelta(days=365 * 300)) == 0


def test_as_text() -> None:
    assert seconds_text(None) is None
    assert seconds_text(0) == "0.000000000"
    assert seconds_text(1_795_322_026_195_475_012) == "1795322026.195475012"
    assert date_text(None) is None
    assert date_text(0) == "1970-01-01T00:00:00.000000000Z"
    assert date_text(1_795_322_026_195_475_012) == "2026-11-22T04:33:46.195475012Z"


def test_http_date() -> None:
    assert http_date("Sun, 09 Sep 2001 01:46:40 GMT") == BILLION * BILLION
    assert http_date(None) is None
    assert http_date("today") is None


@pytest.mark.parametrize("given", ["yesterday", [], {}, True])
def test_what_is_none(given: Any) -> None:
    with pytest.raises(TypeError, match="no point in time"):
        unix_nanoseconds(given)


@pytest.mark.parametrize("given", [float("nan"), float("inf")])
def test_what_is_no_number(given: float) -> None:
    with pytest.raises(ValueError, match="no point in time"):
        unix_nanoseconds(given)
