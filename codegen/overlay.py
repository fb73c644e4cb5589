"""Corrections to the descriptions, as OpenAPI Overlay 1.0 documents (spec/patches).

Each action says what it changes (target, update or remove), why (description) and how that was seen (x-seen). One whose
target matches nothing is an error: the description has changed, and the correction must be looked at again.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonpath

from codegen.errors import CodegenError
from codegen.specs import read_map

Doc = dict[str, Any]

_ENV = jsonpath.JSONPathEnvironment(strict=True)
_KEYS = {"target", "description", "x-seen", "update", "remove"}


def apply_file(doc: Doc, path: Path) -> int:
    """Applies one overlay document in place; gives the number of its actions."""
    overlay = read_map(path)
    if overlay.get("overlay") != "1.0.0":
        raise CodegenError(f"{path}: expected an OpenAPI Overlay with `overlay: 1.0.0`, got {overlay.get('overlay')!r}")
    for number, action in enumerate(overlay["actions"], 1):
        try:
            _apply(doc, action)
        except CodegenError as error:
            raise CodegenError(f"{path}, action {number}: {error}") from None
    return len(overlay["actions"])


def _apply(doc: Doc, action: Doc) -> None:
    _check(action)
    matches = list(_ENV.finditer(action["target"], doc))
    if not matches:
        raise CodegenError(
            f"target {action['target']} matches nothing in the merged description; correct the target, or drop the action "
            "if upstream has mended what it was for"
        )
    for match in matches:
        if action.get("remove"):
            _remove(match)
        else:
            _update(match.obj, action["update"], action["target"])


def _check(action: Doc) -> None:
    unknown = set(action) - _KEYS
    if unknown:
        raise CodegenError(f"unknown keys {sorted(unknown)}; an action has {sorted(_KEYS)}")
    for key in ("target", "description", "x-seen"):
        if not action.get(key):
            raise CodegenError(f"{key!r} is missing in the action on {action.get('target')}; say it in a sentence")
    if bool(action.get("remove")) == ("update" in action):
        raise CodegenError(f"the action on {action['target']} must have either `update` or `remove: true`")


def _remove(match: jsonpath.JSONPathMatch) -> None:
    if match.parent is None:
        raise CodegenError("the whole description cannot be removed; name a part of it")
    container, key = match.parent.obj, match.parts[-1]
    if isinstance(container, list):
        # Identity, not position: earlier removals of the same action have moved what follows.
        container[:] = [item for item in container if item is not match.obj]
    else:
        del container[key]


def _update(node: object, update: object, target: str) -> None:
    if isinstance(node, list):
        node.append(deepcopy(update))
    elif isinstance(node, dict) and isinstance(update, dict):
        _merge(node, update)
    else:
        raise CodegenError(f"target {target} is a plain value; Overlay 1.0 updates objects and arrays: target its parent")


def _merge(node: Doc, update: Doc) -> None:
    for key, value in update.items():
        have = node.get(key)
        if isinstance(have, dict) and isinstance(value, dict):
            _merge(have, value)
        elif isinstance(have, list) and isinstance(value, list):
            have.extend(deepcopy(value))
        else:
            node[key] = deepcopy(value)
