"""A difference of two API versions as a person reads it, in plain text or Markdown, and as JSON."""

from __future__ import annotations

import dataclasses
import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codegen.diff import Change, Diff

_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}
_WORDS: Final[dict[tuple[str, ...], str]] = {
    ("request",): "sent",
    ("response",): "received",
    ("request", "response"): "sent and received",
}
_USERS_SHOWN: Final = 3


def text(diff: Diff) -> str:
    """Return the difference as plain text."""
    lines = [f"{diff.engine} {diff.old} → {diff.new}: {_counts(diff)}."]
    for title, changes in _sections(diff):
        lines += ["", title]
        for heading, items in _groups(changes):
            lines.append(f"  {_SIGNS[items[0].kind]} {heading}" if _is_whole(items) else f"  {heading}")
            lines += [] if _is_whole(items) else [f"    {_SIGNS[item.kind]} {_told(item)}" for item in items]
    return "\n".join(lines) + "\n"


def markdown(diff: Diff) -> str:
    """Return the difference as Markdown."""
    lines = [f"# {diff.engine} {diff.old} → {diff.new}", "", f"{_counts(diff)}."]
    for title, changes in _sections(diff):
        lines += ["", f"## {title}", ""]
        for heading, items in _groups(changes):
            lines.append(f"- {_code(items[0].name)}{heading.removeprefix(items[0].name)}")
            if not _is_whole(items):
                lines += [f"  - {item.kind} {_marked(item)}" for item in items]
    return "\n".join(lines) + "\n"


def as_json(diff: Diff) -> str:
    """Return the difference as JSON: engine, old, new, breaking (how many changes break), changes."""
    changes = [dataclasses.asdict(change) for change in diff.changes]
    data = {
        "engine": diff.engine,
        "old": diff.old,
        "new": diff.new,
        "breaking": len(diff.breaking),
        "changes": changes,
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


RENDERERS: Final[dict[str, Callable[[Diff], str]]] = {"text": text, "markdown": markdown, "json": as_json}


def _counts(diff: Diff) -> str:
    if not diff.changes:
        return "no differences"
    operations = [change for change in diff.changes if change.subject == "operation"]
    schemas = {change.name for change in diff.changes if change.subject == "schema"}
    whole = [change.kind for change in operations if not change.what]
    numbers = {
        "added": whole.count("added"),
        "removed": whole.count("removed"),
        "changed": len({change.name for change in operations if change.what}),
    }
    parts = [f"{_plural(number, 'operation')} {word}" for word, number in numbers.items() if number]
    parts += [f"{_plural(len(schemas), 'schema')} changed"] if schemas else []
    breaking = len(diff.breaking)
    told = f"{_plural(breaking, 'change')} can break callers" if breaking else "nothing breaks callers"
    return f"{', '.join(parts)}; {told}"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _sections(diff: Diff) -> Iterator[tuple[str, list[Change]]]:
    """Yield the parts of the report: first what breaks, then the rest, each change in one part only."""
    rest = [change for change in diff.changes if not change.breaking]
    parts = {
        "Breaks callers": diff.breaking,
        "New operations": [c for c in rest if c.subject == "operation" and not c.what],
        "Operations": [c for c in rest if c.subject == "operation" and c.what],
        "Schemas": [c for c in rest if c.subject == "schema"],
    }
    yield from ((title, changes) for title, changes in parts.items() if changes)


def _groups(changes: list[Change]) -> Iterator[tuple[str, list[Change]]]:
    for _, group in groupby(changes, key=lambda change: (change.subject, change.name)):
        items = list(group)
        yield _heading(items[0]), items


def _heading(change: Change) -> str:
    if change.subject == "operation":
        return f"{change.name} ({change.operations[0]})"
    more = len(change.operations) - _USERS_SHOWN
    shown = change.operations[:_USERS_SHOWN] if more > 1 else change.operations
    users = ", ".join(shown) + (f" and {more} more" if more > 1 else "")
    return f"{change.name}, {_WORDS[change.directions]} by {users}"


def _is_whole(items: list[Change]) -> bool:
    return not items[0].what and items[0].subject == "operation"


def _told(change: Change) -> str:
    return f"{change.what}: {change.detail}" if change.what else change.detail


def _marked(change: Change) -> str:
    return f"{_code(change.what)}: {change.detail}" if change.what else change.detail


def _code(name: str) -> str:
    return f"`{name}`"
