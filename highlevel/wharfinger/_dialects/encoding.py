"""Values that both dialects spell alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wharfinger.types import EngineVersion, FileStat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Filters
    from wharfinger.address import Engine
    from wharfinger_api._support.request import Content as GeneratedContent

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


def body_content(content: Content) -> GeneratedContent:
    """A body for a request builder, which passes it on untouched; our transport takes more kinds than httpx."""
    return cast("GeneratedContent", content)


def path_stat(reply: Reply) -> FileStat:
    """What the header of an archive's reply tells of the path."""
    return FileStat.from_header(reply.headers.get(PATH_STAT, ""))


def pruned(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a clearing up did, in Docker's form, without its null for nothing."""
    return {
        "ImagesDeleted": report.get("ImagesDeleted") or [],
        "SpaceReclaimed": report.get("SpaceReclaimed") or 0,
    }


def engine_version(engine: Engine, raw: Mapping[str, Any]) -> EngineVersion:
    """The reply to /version, which both engines give in Docker's form."""
    version: dict[str, Any] = raw.get("version") or dict(raw)
    return EngineVersion(
        engine=engine,
        version=str(version.get("Version", "")),
        api_version=str(version.get("ApiVersion") or version.get("APIVersion") or ""),
        min_api_version=version.get("MinAPIVersion"),
        os=str(version.get("Os", "")),
        arch=str(version.get("Arch", "")),
    )
