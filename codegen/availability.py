"""Since which version of the API a thing exists and until when, derived from all vendored versions."""

from __future__ import annotations

from typing import Any, NamedTuple

from codegen.convert import operations
from codegen.describe import Description
from codegen.paths import path_shape

Doc = dict[str, Any]


class Window(NamedTuple):
    """The first and the last vendored version that has a thing; `until` is None where the newest has it."""

    since: str
    until: str | None


class Table(NamedTuple):
    """All windows of one engine. Parameters and properties are there only where they differ from their owner's."""

    oldest: str
    newest: str
    operations: dict[str, Window]
    parameters: dict[str, Window]
    properties: dict[str, Window]


def availability(description: Description) -> Table:
    """The table of one engine, by the operation ids and schema names of the merged description."""
    order = list(description.versions)
    names = {(path_shape(p), m): op["operationId"] for p, m, op in operations(description.doc)}
    seen: dict[str, list[str]] = {}
    seen_parameters: dict[str, list[str]] = {}
    seen_properties: dict[str, list[str]] = {}
    for version, doc in description.versions.items():
        for path, method, operation in operations(doc):
            name = names.get((path_shape(path), method))
            if name is None:  # a patch has taken the operation out
                continue
            seen.setdefault(name, []).append(version)
            for parameter in operation["parameters"]:
                if parameter["in"] != "path":
                    seen_parameters.setdefault(f"{name}.{parameter['name']}", []).append(version)
        for schema, facts in doc["components"]["schemas"].items():
            if schema in description.doc["components"]["schemas"]:
                for prop in facts.get("properties", {}):
                    seen_properties.setdefault(f"{schema}.{prop}", []).append(version)
    whole = {key: _window(versions, order) for key, versions in seen.items()}
    # Served on every engine at hand though no description has it.
    whole |= {name: Window(order[0], None) for name in names.values() if name not in whole}
    return Table(
        oldest=order[0],
        newest=order[-1],
        operations=dict(sorted(whole.items())),
        parameters=_exceptions(seen_parameters, order, whole),
        properties=_exceptions(seen_properties, order, {}),
    )


def _window(versions: list[str], order: list[str]) -> Window:
    return Window(versions[0], None if versions[-1] == order[-1] else versions[-1])


def _exceptions(seen: dict[str, list[str]], order: list[str], owners: dict[str, Window]) -> dict[str, Window]:
    found: dict[str, Window] = {}
    for key, versions in sorted(seen.items()):
        window = _window(versions, order)
        if window != owners.get(key.split(".")[0], Window(order[0], None)):
            found[key] = window
    return found
