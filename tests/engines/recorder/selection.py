"""What is kept of a recording: a few short JSON replies of each operation, and nothing of the machine."""

import json
import platform
import re
from collections.abc import Iterator
from typing import Any, cast

from tests.engines.recorder.recorder import Exchange
from tests.engines.recorder.recording import Recording

_REPLIES = 3
_ITEMS = 2
_LONG = 400

# What tells of the machine or is a secret of a throw-away engine, and what stands for it.
_REPLACED = (
    (re.compile(r"rec-[0-9a-f]{6}-"), "rec-"),
    (re.compile(r"SWMTKN-1-[0-9a-z-]+"), "SWMTKN-1-hidden"),
    (re.compile(r"SWMKEY-1-[0-9A-Za-z+/]+"), "SWMKEY-1-hidden"),
    (re.compile(r"-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----\n?"), "certificate"),
    (re.compile(r"127\.0\.0\.1:\d+/"), "127.0.0.1:5000/"),
    (re.compile(r"(/tmp|/var/tmp|/root|/home|/work)(/[\w.@:+-]+)*"), "/srv/engine"),
    (re.compile(r"\b[0-9a-f]{60}(?=[0-9a-f]{4}\b)"), "0" * 60),
)


def keep(recording: Recording) -> str:
    """The selection, as the text of a JSON file."""
    kept = [json.dumps(_entry(exchange, body), sort_keys=True) for exchange, body in _chosen(recording)]
    return "[\n" + ",\n".join(sorted(kept)) + "\n]\n"


def _entry(exchange: Exchange, body: object) -> dict[str, Any]:
    return {"operation": exchange.operation.name, "status": exchange.status_code, "body": body}


def _chosen(recording: Recording) -> Iterator[tuple[Exchange, object]]:
    seen: dict[str, list[object]] = {}
    for exchange in sorted(recording.exchanges, key=lambda e: -len(e.content)):
        body = _cleaned(exchange)
        shapes = seen.setdefault(exchange.operation.name, [])
        if body in (None, [], {}) or _shape(body) in shapes or len(shapes) == _REPLIES:
            continue
        shapes.append(_shape(body))
        yield exchange, body


def _cleaned(exchange: Exchange) -> object:
    """The JSON of a success, cut and cleaned; None for everything else."""
    if not exchange.succeeded or len(exchange.content) > 200_000:
        return None
    try:
        return _clean(json.loads(exchange.content))
    except ValueError:
        return None


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return {_text(key): _clean(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        items = cast("list[object]", value)
        ours = [item for item in items if "rec-" in json.dumps(item)]
        return [_clean(item) for item in (ours or items)[:_ITEMS]]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    for name in {platform.node(), platform.release()} - {""}:
        text = re.sub(rf"\b{re.escape(name)}\b", "harbour", text)
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    return text[:_LONG]


def _shape(value: object) -> object:
    """What two replies must have in common for the second to add nothing: keys, and which values are null or empty."""
    if isinstance(value, dict):
        return tuple((key, _shape(item)) for key, item in sorted(cast("dict[str, object]", value).items()))
    if isinstance(value, list):
        return ("list", *map(_shape, cast("list[object]", value)[:1]))
    return type(value).__name__ if value else ""
