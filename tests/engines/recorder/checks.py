"""Reads everything of a parsed reply, and tells where it is not what the annotations say."""

import re
import types
import typing
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.engines.recorder.catalogue import field_keys, field_types
from wharfinger_api.docker.types import Model, Timestamp

_SECONDS = re.compile(r"\d\d:\d\d:\d\d(?:\.(\d+))?")


def findings(value: object, expected: Any, raw: object, where: str) -> Iterator[str]:
    """What is wrong with `value`, read as `expected` from the JSON `raw`; nothing where all is as annotated."""
    if expected is Any:
        return
    if value is None:
        # A field may be null; inside a list or mapping the annotation has to say so, and the caller asks.
        if raw not in (None, "") and expected is not None and expected is not types.NoneType:
            yield f"{where}: {raw!r} reads as None, expected {expected}"
        return
    origin = typing.get_origin(expected)
    if origin in (types.UnionType, typing.Union):
        yield from _of_union(value, expected, raw, where)
    elif origin is list:
        yield from _of_list(value, typing.get_args(expected)[0], raw, where)
    elif origin is dict:
        yield from _of_mapping(value, typing.get_args(expected)[1], raw, where)
    elif origin is typing.Literal:
        # An empty string is Go's way to say nothing.
        if value not in ("", *typing.get_args(expected)):
            yield f"{where}: unknown value {value!r} of {expected}"
    elif isinstance(expected, type) and issubclass(expected, Model):
        yield from _of_model(value, expected, where)
    else:
        yield from _of_scalar(value, expected, raw, where)


def _of_union(value: object, expected: Any, raw: object, where: str) -> Iterator[str]:
    branches = [branch for branch in typing.get_args(expected) if branch is not types.NoneType]
    found = [list(findings(value, branch, raw, where)) for branch in branches]
    if all(found):
        yield from found[0]


def _of_list(value: object, inner: Any, raw: object, where: str) -> Iterator[str]:
    if isinstance(raw, str) and value == [raw] * bool(raw):
        return  # one text where a list of texts is documented: engines of some versions do so, and it is read as a list
    if not isinstance(value, list) or not isinstance(raw, list):
        yield f"{where}: expected a list of {inner}, the engine sent {_short(raw)}"
        return
    pairs = zip(typing.cast("list[object]", value), typing.cast("list[object]", raw), strict=True)
    for index, (item, raw_item) in enumerate(pairs):
        if item is None and inner is not Any:
            yield f"{where}[{index}]: null in a list of {inner}"
        yield from findings(item, inner, raw_item, f"{where}[{index}]")


def _of_mapping(value: object, inner: Any, raw: object, where: str) -> Iterator[str]:
    if not isinstance(value, dict) or not isinstance(raw, dict):
        yield f"{where}: expected a mapping to {inner}, the engine sent {_short(raw)}"
        return
    sent = typing.cast("dict[str, object]", raw)
    for key, item in typing.cast("dict[str, object]", value).items():
        if item is None and inner is not Any and types.NoneType not in typing.get_args(inner):
            yield f"{where}[{key!r}]: null in a mapping to {inner}"
        yield from findings(item, inner, sent[key], f"{where}[{key!r}]")


def _of_model(value: object, expected: type[Model], where: str) -> Iterator[str]:
    if type(value) is not expected:
        yield f"{where}: expected {expected.__name__}, the engine sent {_short(value)}"
        return
    keys = field_keys(expected)
    raw = value.to_dict()
    for name, hint in field_types(expected).items():
        yield from findings(getattr(value, name), hint, raw.get(keys[name]), f"{where}.{name}")


def _of_scalar(value: object, expected: Any, raw: object, where: str) -> Iterator[str]:
    wanted: tuple[type, ...] = (int, float) if expected is float else (expected,)
    if type(value) not in wanted:
        yield f"{where}: expected {expected.__name__}, the engine sent {_short(value)}"
    elif isinstance(value, Timestamp) and (value.text != raw or value.nanosecond != _nanoseconds(value)):
        yield f"{where}: {raw!r} reads as {value!r} with {value.nanosecond} ns"


def _nanoseconds(value: Timestamp) -> int:
    """The fraction of the text, found without the code under test."""
    match = _SECONDS.search(value.text)
    return int(((match and match[1]) or "").ljust(9, "0")[:9])


def as_json(value: object) -> object:
    """A parsed value as the JSON it was read from."""
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list):
        return [as_json(item) for item in typing.cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in typing.cast("dict[str, object]", value).items()}
    if isinstance(value, Timestamp):
        return value.text
    return value


def models_below(value: object) -> Iterator[Model]:
    """Every model that a parsed value holds, itself included."""
    if isinstance(value, Model):
        yield value
    for inner in _below(value):
        yield from models_below(inner)


def timestamps(value: object) -> Iterator[Timestamp]:
    """Every point in time below `value`."""
    if isinstance(value, Timestamp):
        yield value
    for inner in _below(value):
        yield from timestamps(inner)


def _below(value: object) -> list[object]:
    if isinstance(value, Model):
        return [getattr(value, name) for name in field_types(type(value))]
    if isinstance(value, dict):
        return list(typing.cast("dict[str, object]", value).values())
    return typing.cast("list[object]", value) if isinstance(value, list) else []


def read_everything(value: object) -> int:
    """Reads every attribute below `value`; how many there were. Only an exception is a failure."""
    if isinstance(value, Model):
        repr(value)
    inner = _below(value)
    if inner or isinstance(value, Model | dict | list):
        return 1 + sum(map(read_everything, inner))
    assert value is None or isinstance(value, str | int | float | bytes | datetime), type(value)
    return 1


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 120 else f"{text[:120]}…"
