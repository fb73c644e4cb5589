"""Requests as plain values: what every `request_kwargs` returns, ready for httpx or any transport."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO, TypeAlias, TypedDict, cast
from urllib.parse import quote

from .model import Model, plain

Param: TypeAlias = str | int | float | bool | list[str | int | float | bool]
Filters: TypeAlias = Mapping[str, Iterable[str]] | Mapping[str, Mapping[str, bool]] | str
JSONText: TypeAlias = Mapping[str, Any] | Sequence[Any] | Model | str
Auth: TypeAlias = Mapping[str, Any] | Model | str
Content: TypeAlias = bytes | str | BinaryIO | Iterable[bytes] | AsyncIterable[bytes]

_NO_NAMES = frozenset({"", ".", ".."})


class RequestKwargs(TypedDict, total=False):
    """The keyword arguments of `httpx.Client.request`, as far as an operation needs them.

    `url` is the path without the version prefix, percent-encoded. A list in `params` repeats its key.
    """

    method: str
    url: str
    params: dict[str, Param]
    headers: dict[str, str]
    json: Any
    content: Content


def build(
    method: str,
    url: str,
    *,
    params: dict[str, Any] | None = None,
    headers: dict[str, str | None] | None = None,
    body: object = None,
    media: str | None = None,
) -> RequestKwargs:
    """Leaves out what is None, so that the engine's own defaults apply, and encodes the rest."""
    request: RequestKwargs = {"method": method, "url": url}
    if params:
        given = {key: param(value) for key, value in params.items() if value is not None}
        if given:
            request["params"] = given
    sent = {key: value for key, value in headers.items() if value is not None} if headers else {}
    if body is not None and media == "application/json":
        request["json"] = plain(body)
    elif body is not None:
        request["content"] = body  # type: ignore[typeddict-item]  # the operation's signature has typed it
        sent["Content-Type"] = media or "application/octet-stream"
    if sent:
        request["headers"] = sent
    return request


def param(value: Any) -> Param:
    """A query value: booleans in the engines' spelling, lists as repeated keys."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Iterable):
        items = cast("Iterable[str | float]", value)
        return [("true" if item else "false") if isinstance(item, bool) else item for item in items]
    raise TypeError(
        f"{value!r} cannot be a query parameter; expected a string, number, boolean or a list of these"
    )


def segment(value: object) -> str:
    """A path parameter, percent-encoded whole: an image's name may hold slashes."""
    if not isinstance(value, str):
        raise TypeError(f"an id or name is {value!r}: expected a str, got {type(value).__name__}")
    if value.isalnum() and value.isascii():
        # Such as an id: there is nothing to encode.
        return value
    if value in _NO_NAMES:
        # Without a name, or up a folder, the path would be another operation's.
        raise ValueError(f"an id or name is {value or 'empty'}: expected the object's id or name")
    return quote(value, safe=":@")


def as_json(value: Filters | JSONText | None) -> str | None:
    """A query parameter that is JSON in a string (`filters`, say). A string is taken as encoded already."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(plain(value), separators=(",", ":"))


def as_json_list(values: Sequence[JSONText] | None) -> list[str] | None:
    """A repeated query parameter, each value of which is JSON in a string."""
    if values is None:
        return None
    return [text for text in map(as_json, values) if text is not None]


def whole(request: RequestKwargs, params: dict[str, Any]) -> RequestKwargs:
    """The request with what makes the engine answer once instead of flowing, unless the caller differs."""
    added = {key: param(value) for key, value in params.items()}
    request["params"] = {**added, **request.get("params", {})}
    return request


def as_auth(value: Auth | None) -> str | None:
    """A credentials header: URL-safe base64 of JSON, padding kept. A string is taken as encoded already."""
    if value is None or isinstance(value, str):
        return value
    return base64.urlsafe_b64encode(json.dumps(plain(value)).encode()).decode()
