"""Points in time as the engines' queries take them."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from wharfinger._core.when import unix_seconds


def test_points_in_time() -> None:
    assert unix_seconds(None) is None
    assert unix_seconds(5) == 5.0
    assert unix_seconds(1.5) == 1.5
    assert unix_seconds(datetime(2001, 9, 9, 1, 46, 40, 500_000, tzinfo=UTC)) == 1_000_000_000.5
    assert unix_seconds(datetime(2001, 9, 9, 1, 46, 40)) == 1_000_000_000
    elsewhere = timezone(timedelta(hours=2))
    assert unix_seconds(datetime(2001, 9, 9, 3, 46, 40, tzinfo=elsewhere)) == 1_000_000_000


def test_so_long_ago() -> None:
    before = time.time()
    found = unix_seconds(timedelta(minutes=1))
    assert found is not None
    assert before - 60 <= found <= time.time() - 60


@pytest.mark.parametrize("given", ["yesterday", [], {}])
def test_what_is_none(given: Any) -> None:
    with pytest.raises(TypeError, match="no point in time"):
        unix_seconds(given)
