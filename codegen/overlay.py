"""Corrections to the descriptions, as OpenAPI Overlay 1.0 documents (spec/patches).

Each action says what it changes (target, update or remove), why (description) and how that was seen (x-seen).
One whose target matches nothing is an error: the description has changed, and the correction must be looked
at again.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, cast

import jsonpath

from codegen.errors import CodegenError
from codegen.specs import Doc, as_list, as_map, read_map

if TYPE_CHECKING:
    from pathlib import Path

_ENV = jsonpath.JSONPathEnvironment(strict=True)
_KEYS = {"target", "description", "x-seen", "update", "remove"}


def apply_file(doc: Doc, path: Path) -> int:
    """Applies one overlay document in place; gives the number of its actions.

    Raises:
        CodegenError: It is no overlay, or an action is unclear or matches nothing; names file and action.
    """
    overlay = read_map(path)
    if overlay.get("overlay") != "1.0.0":
        raise CodegenError(
            f"{path}: expected an OpenAPI Overlay with `overlay: 1.0.0`, got {overlay.get('overlay')!r}"
        )
    actions = as_list(overlay.get("actions"))
    if not actions:
        raise CodegenError(f"{path}: expected a list of `actions`; a file without any corrects nothing")
    for number, action in enumerate(actions, 1):
        try:
            _apply(doc, _checked(action))
        except CodegenError as error:
            raise CodegenError(f"{path}, action {number}: {error}") from None
    return len(actions)


def _checked(node: object) -> Doc:
    action = as_map(node)
    if action is None:
        raise CodegenError(f"expected a mapping with {sorted(_KEYS)}, got {node!r}")
    unknown = set(action) - _KEYS
    if unknown:
        raise CodegenError(f"unknown keys {sorted(unknown)}; an action has {sorted(_KEYS)}")
    for key in ("target", "description", "x-seen"):
        if not isinstance(action.get(key), str) or not action[key].strip():
            raise CodegenError(
                f"{key!r} is missing in the action on {action.get('target')}; say it in a sentence"
            )
    if action.get("remove", False) not in {True, False}:
        raise CodegenError(
            f"the action on {action['target']} has `remove: {action['remove']}`; expected true"
        )
    if action.get("remove", False) == ("update" in action):
        raise CodegenError(f"the action on {action['target']} must have either `update` or `remove: true`")
    return action


def _apply(doc: Doc, action: Doc) -> None:
    target = action["target"]
    try:
        matches = list(_ENV.finditer(target, doc))
    except jsonpath.JSONPathError as error:
        raise CodegenError(f"target {target} is not a JSONPath (RFC 9535): {error}") from None
    if not matches:
        raise CodegenError(
            f"target {target} matches nothing in the merged description; correct the target, "
            "or drop the action if upstream has mended what it was for"
        )
    for match in matches:
        if action.get("remove"):
            _remove(match)
        else:
            _update(match.obj, action["update"], target)


def _remove(match: jsonpath.JSONPathMatch) -> None:
    if match.parent is None:
        raise CodegenError("the whole description cannot be removed; name a part of it")
    container = match.parent.obj
    items = as_list(container)
    if items is not None:
        # Identity, not position: earlier removals of the same action have moved what follows.
        items[:] = [item for item in items if item is not match.obj]
    else:
        del cast("Doc", container)[str(match.parts[-1])]


def _update(node: object, update: object, target: str) -> None:
    items, mapping, changes = as_list(node), as_map(node), as_map(update)
    if items is not None:
        items.append(deepcopy(update))
    elif mapping is None:
        raise CodegenError(
            f"target {target} is a plain value; Overlay 1.0 updates objects and arrays: target its parent"
        )
    elif changes is None:
        raise CodegenError(f"target {target} is an object; expected an object as its update, got {update!r}")
    else:
        _merge(mapping, changes)


def _merge(node: Doc, update: Doc) -> None:
    for key, value in update.items():
        have, new = as_map(node.get(key)), as_map(value)
        items, more = as_list(node.get(key)), as_list(value)
        if have is not None and new is not None:
            _merge(have, new)
        elif items is not None and more is not None:
            items.extend(deepcopy(more))
        else:
            node[key] = deepcopy(value)
