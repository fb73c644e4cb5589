"""Values that both dialects spell alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from wharfinger._core.human import parse_int, signal_number, wrong_type, wrong_value
from wharfinger._core.operation import Operation
from wharfinger.types import FileStat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.operation import Content, Param, Reply, RequestKwargs
    from wharfinger._dialects.dialect import Filters
    from wharfinger_api._support.request import Content as GeneratedContent
    from wharfinger_api._support.request import RequestKwargs as GeneratedKwargs

T = TypeVar("T")

PATH_STAT = "X-Docker-Container-Path-Stat"


def filter_lists(filters: Filters | None) -> dict[str, list[str]] | None:
    """Filters as the engines take them: every value a list of strings, booleans in lower case."""
    if not filters:
        return None
    return {name: [_word(value) for value in _values(given)] for name, given in filters.items()}


def _values(given: str | int | bool | Sequence[str | int | bool]) -> Sequence[str | int | bool]:
    return [given] if isinstance(given, str | int) else given


def _word(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def signal_word(signal: str | int | None) -> str | None:
    """A signal as both engines take it, by name or by number.

    Raises:
        TypeError: It is neither.
        ValueError: There is none of that name or number.
    """
    if signal is None:
        return None
    if isinstance(signal, bool) or not isinstance(cast("object", signal), str | int):
        wrong_type("signal", signal, "a signal such as 'SIGTERM' or 15")
    signal_number("signal", signal)
    return str(signal)


def whole_seconds(timeout: int | None) -> int | None:
    """How long to wait for an end; -1 is for ever.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is below -1.
    """
    if timeout is not None and parse_int("timeout", timeout) < -1:
        wrong_value("timeout", timeout, "a number of seconds, or -1 for no limit")
    return timeout


def encodable(request: GeneratedKwargs, *, encode: bool) -> GeneratedKwargs:
    """The same request, whose reply may come compressed."""
    return (
        {**request, "headers": {**request.get("headers", {}), "Accept-Encoding": "gzip"}}
        if encode
        else request
    )


def auth_header(auth: Credentials | None) -> str | None:
    """Credentials as Podman takes them: by registry where it is known which they are for."""
    if auth is None:
        return None
    return auth.auth.header_for(auth.registry) if auth.registry else auth.auth.header()


def body_content(content: Content) -> GeneratedContent:
    """A body for a request builder, which passes it on untouched; our transport takes more kinds than httpx."""
    return cast("GeneratedContent", content)


def undescribed(
    op: Operation[T], params: Mapping[str, Param | None], headers: Mapping[str, str | None]
) -> Operation[T]:
    """The same Operation with what the engine reads though its description does not tell; None is left out."""
    request: RequestKwargs = {**op.request}
    request["params"] = {**op.request.get("params", {}), **_told(params)}
    request["headers"] = {**op.request.get("headers", {}), **_told(headers)}
    return Operation(request, op.parse)


def _told(values: Mapping[str, T | None]) -> dict[str, T]:
    return {name: value for name, value in values.items() if value is not None}


def path_stat(reply: Reply) -> FileStat:
    """What the header of an archive's reply tells of the path."""
    return FileStat.from_header(reply.headers.get(PATH_STAT, ""))


def pruned(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a clearing up did, in Docker's form, without its null for nothing."""
    return {
        "ImagesDeleted": report.get("ImagesDeleted") or [],
        "SpaceReclaimed": report.get("SpaceReclaimed") or 0,
    }
