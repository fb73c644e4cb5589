"""Whatever an engine does to the fields of a reply, the bindings read it and give it back unchanged."""

import copy
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.recordings import Kept, kept_replies
from tests.engines.recorder.catalogue import field_keys
from tests.engines.recorder.checks import as_json, findings, models_below, read_everything
from wharfinger_api.docker.types import Model

# The place of a value in a reply: keys and indexes from the outside in.
Place = tuple[str | int, ...]

_ODD_TEXTS = ("", "0001-01-01T00:00:00Z", "not-yet-invented", "2026-13-45", "-5", "9" * 30)
_ODD_VALUES: tuple[Any, ...] = (
    None,
    *_ODD_TEXTS,
    0,
    -1,
    2**70,
    1.5,
    True,
    [],
    {},
    [None],
    {"": None},
    [[]],
    ["", None, {}],
)


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _places(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _places(item, (*place, index))


def _mutate(data: st.DataObject, body: Any) -> None:
    """One field made null, another value or another shape; a key taken away; or one more key."""
    place = data.draw(st.sampled_from(list(_places(body))), label="place")
    holder = body
    for step in place[:-1]:
        holder = holder[step]
    last = place[-1]
    kind = data.draw(st.sampled_from(["value", "missing", "extra", "wrapped", "text"]), label="kind")
    if kind == "missing" and isinstance(holder, dict):
        del holder[last]
    elif kind == "extra" and isinstance(holder, dict):
        holder["x-of-another-time"] = copy.deepcopy(data.draw(st.sampled_from(_ODD_VALUES), label="extra"))
    elif kind == "wrapped":
        holder[last] = [holder[last]]
    elif kind == "text":
        holder[last] = data.draw(st.text(max_size=5), label="text")
    else:
        holder[last] = copy.deepcopy(data.draw(st.sampled_from(_ODD_VALUES), label="value"))


@settings(max_examples=300, deadline=None)
@given(kept=st.sampled_from(kept_replies()), data=st.data())
def test_a_changed_reply_is_read_and_given_back_whole(kept: Kept, data: st.DataObject) -> None:
    body = copy.deepcopy(kept.body)
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        if next(_places(body), None):
            _mutate(data, body)
    value = kept.parse(body)
    read_everything(value)
    assert as_json(value) == body


def test_every_field_that_was_seen_reads_whatever_it_holds() -> None:
    seen: set[tuple[type, str]] = set()
    for kept in kept_replies():
        for model in models_below(kept.parse(kept.body)):
            kind, raw = type(model), model.to_dict()
            for name, key in field_keys(kind).items():
                if key in raw and (kind, key) not in seen:
                    seen.add((kind, key))
                    _read_odd_values(kind, raw, name, key)
    assert len(seen) > 800


def _read_odd_values(kind: type[Model], raw: dict[str, Any], name: str, key: str) -> None:
    for odd in _ODD_VALUES:
        model = kind.from_dict({**raw, key: odd})
        read_everything(getattr(model, name))
        repr(model)
        assert model.to_dict()[key] is odd
    without = kind.from_dict({other: value for other, value in raw.items() if other != key})
    assert getattr(without, name) is None


@pytest.mark.parametrize("kept", kept_replies(), ids=lambda kept: f"{kept.service}-{kept.operation.name}")
def test_a_kept_reply_reads_as_it_is_annotated(kept: Kept) -> None:
    value = kept.parse(kept.body)
    assert as_json(value) == kept.body
    assert not list(findings(value, kept.operation.result, as_json(value), kept.operation.name))
