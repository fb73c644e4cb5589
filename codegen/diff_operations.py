"""The operations of a description, and what two versions of one differ in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.diff_schema import BOTH, NOBODY, Comparer, Comparison, Direction, Kind
from codegen.diff_shape import maps, texts
from codegen.paths import path_shape

if TYPE_CHECKING:
    from codegen.yamlio import Json, JsonMap

Key: TypeAlias = tuple[str, str]

METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options")


@dataclass(frozen=True)
class Operation:
    """One operation, with shared parameters and replies put in place of the references to them.

    Attributes:
        parameters: By place and name; a path parameter goes by its position, as versions rename them.
        body: The request body as a parameter, None where there is none.
        responses: By status.
        produces: Content types of the replies, the ones that hold for the whole file included.
        consumes: Content types of the request body, likewise.
    """

    method: str
    path: str
    operation_id: str
    parameters: dict[Key, JsonMap]
    body: JsonMap | None
    responses: dict[str, JsonMap]
    produces: tuple[str, ...]
    consumes: tuple[str, ...]
    deprecated: bool

    @property
    def title(self) -> str:
        """The operation as a person names it, e.g. "GET /images/json"."""
        return f"{self.method} {self.path}"


def operations(document: JsonMap) -> dict[Key, Operation]:
    """Return the operations of a description, by method and the shape of their path."""
    found: dict[Key, Operation] = {}
    for path, item in maps(document.get("paths")):
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                found[method.upper(), path_shape(path)] = _operation(document, method, path, item, operation)
    return found


def compare_operations(old: Operation, new: Operation, comparer: Comparer) -> dict[Direction, Comparison]:
    """Return what two versions of one operation differ in, by the direction that it concerns."""
    request, response = Comparison(), Comparison()
    _heads(old, new, request)
    _parameters(old, new, comparer, request)
    _body(old, new, comparer, request)
    _responses(old, new, comparer, response)
    return {"request": request, "response": response}


def _operation(document: JsonMap, method: str, path: str, item: JsonMap, operation: JsonMap) -> Operation:
    parameters: dict[Key, JsonMap] = {}
    body: JsonMap | None = None
    for parameter in (*_list(document, item), *_list(document, operation)):
        place, name = str(parameter.get("in")), str(parameter.get("name"))
        if place == "body":
            body = parameter
        else:
            position = str(path.find(f"{{{name}}}")) if place == "path" else name
            parameters[place, position] = parameter
    return Operation(
        method=method.upper(),
        path=path,
        operation_id=str(operation.get("operationId", "")),
        parameters=_by_position(parameters),
        body=body,
        responses={status: _shared(document, reply) for status, reply in maps(operation.get("responses"))},
        produces=tuple(texts(operation.get("produces", document.get("produces")))),
        consumes=tuple(texts(operation.get("consumes", document.get("consumes")))) if body else (),
        deprecated=operation.get("deprecated") is True,
    )


def _by_position(parameters: dict[Key, JsonMap]) -> dict[Key, JsonMap]:
    """Return the parameters with those in the path numbered from the left."""
    in_path = sorted((key for key in parameters if key[0] == "path"), key=lambda key: int(key[1]))
    numbers = {key: ("path", str(index)) for index, key in enumerate(in_path)}
    return {numbers.get(key, key): parameter for key, parameter in parameters.items()}


def _list(document: JsonMap, owner: JsonMap) -> list[JsonMap]:
    parameters = owner.get("parameters")
    items = parameters if isinstance(parameters, list) else []
    return [_shared(document, item) for item in items if isinstance(item, dict)]


def _shared(document: JsonMap, node: JsonMap) -> JsonMap:
    """Return a parameter or reply itself, or the shared one that it refers to."""
    target = node.get("$ref")
    if not isinstance(target, str):
        return node
    found: Json = document
    for part in target.removeprefix("#/").split("/"):
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _heads(old: Operation, new: Operation, result: Comparison) -> None:
    if old.operation_id != new.operation_id:
        result.add("changed", "operation id", f"{old.operation_id} → {new.operation_id}")
    if new.deprecated and not old.deprecated:
        result.add("changed", "operation", "now deprecated")
    gone = [kind for kind in old.consumes if kind not in new.consumes]
    come = [kind for kind in new.consumes if kind not in old.consumes]
    if old.body and new.body:
        if gone:
            result.add("removed", "request content type", ", ".join(gone), BOTH)
        if come:
            result.add("added", "request content type", ", ".join(come))


def _parameters(old: Operation, new: Operation, comparer: Comparer, result: Comparison) -> None:
    come = {key: parameter for key, parameter in new.parameters.items() if key not in old.parameters}
    for key, parameter in old.parameters.items():
        after = new.parameters.get(key)
        moved = next((other for other in come if other[1] == key[1]), None)
        if after is not None:
            _parameter(parameter, after, comparer, result)
        elif moved is not None:
            del come[moved]
            result.add("changed", f"parameter {key[1]}", f"in {key[0]} → in {moved[0]}", BOTH)
        else:
            result.add("removed", _label(parameter), comparer.old.describe(parameter), BOTH)
    for parameter in come.values():
        needed = parameter.get("required") is True
        detail = comparer.new.describe(parameter) + (", required" if needed else "")
        result.add("added", _label(parameter), detail, BOTH if needed else NOBODY)


def _parameter(old: JsonMap, new: JsonMap, comparer: Comparer, result: Comparison) -> None:
    label = _label(new)
    if old.get("name") != new.get("name"):
        result.add("changed", label, f"was called {old.get('name')}")
    _needed(old, new, label, result)
    before, after = old.get("collectionFormat", "csv"), new.get("collectionFormat", "csv")
    if before != after and old.get("type") == new.get("type") == "array":
        result.add("changed", label, f"list format {before} → {after}", BOTH)
    # In a parameter `required` is a truth value, not the list of names that a schema has.
    comparer.compare(_without(old, "required"), _without(new, "required"), label, result)


def _needed(old: JsonMap, new: JsonMap, label: str, result: Comparison) -> None:
    before, after = old.get("required") is True, new.get("required") is True
    if after and not before:
        result.add("changed", label, "now required", BOTH)
    elif before and not after:
        result.add("changed", label, "no longer required")


def _body(old: Operation, new: Operation, comparer: Comparer, result: Comparison) -> None:
    if old.body is None and new.body is None:
        return
    if old.body is None or new.body is None:
        side = comparer.new if old.body is None else comparer.old
        body = old.body or new.body or {}
        needed = body.get("required") is True
        kind: Kind = "added" if old.body is None else "removed"
        detail = side.describe(_schema(body)) + (", required" if needed and kind == "added" else "")
        result.add(kind, "request body", detail, BOTH if needed or kind == "removed" else NOBODY)
        return
    _needed(old.body, new.body, "request body", result)
    comparer.compare(_schema(old.body), _schema(new.body), "request body", result)


def _responses(old: Operation, new: Operation, comparer: Comparer, result: Comparison) -> None:
    gone = [status for status in old.responses if status not in new.responses]
    come = [status for status in new.responses if status not in old.responses]
    if gone:
        lost = any(status.startswith("2") for status in gone)
        result.add("removed", "reply status", ", ".join(gone), BOTH if lost else NOBODY)
    if come:
        result.add("added", "reply status", ", ".join(come))
    _content_types(old, new, result)
    for status, reply in old.responses.items():
        if status in new.responses:
            _reply(status, reply, new.responses[status], comparer, result)


def _content_types(old: Operation, new: Operation, result: Comparison) -> None:
    gone = [kind for kind in old.produces if kind not in new.produces]
    come = [kind for kind in new.produces if kind not in old.produces]
    if gone:
        result.add("removed", "reply content type", ", ".join(gone), BOTH)
    if come:
        result.add("added", "reply content type", ", ".join(come))


def _reply(status: str, old: JsonMap, new: JsonMap, comparer: Comparer, result: Comparison) -> None:
    label = f"reply {status}"
    had, has = "schema" in old, "schema" in new
    if had and has:
        comparer.compare(_schema(old), _schema(new), label, result)
    elif had:
        result.add("removed", f"{label} body", comparer.old.describe(_schema(old)), BOTH)
    elif has:
        result.add("added", f"{label} body", comparer.new.describe(_schema(new)))
    before, after = dict(maps(old.get("headers"))), dict(maps(new.get("headers")))
    for name, header in before.items():
        if name in after:
            # The default of a header in a reply tells a value that was seen, not one that is filled in.
            pair = _without(header, "default"), _without(after[name], "default")
            comparer.compare(*pair, f"{label} header {name}", result)
        else:
            result.add("removed", f"{label} header {name}", comparer.old.describe(header), BOTH)
    for name in [name for name in after if name not in before]:
        result.add("added", f"{label} header {name}", comparer.new.describe(after[name]))


def _schema(owner: JsonMap) -> JsonMap:
    schema = owner.get("schema")
    return schema if isinstance(schema, dict) else {}


def _without(owner: JsonMap, name: str) -> JsonMap:
    return {key: value for key, value in owner.items() if key != name}


def _label(parameter: JsonMap) -> str:
    return f"{parameter.get('in')} parameter {parameter.get('name')}"
