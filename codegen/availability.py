"""Since which version of the API a thing exists and until when, derived from all vendored versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codegen.convert import operations
from codegen.merge import Operations
from codegen.schemas import ref_name
from codegen.specs import Doc, as_map

if TYPE_CHECKING:
    from codegen.describe import Description

Places = dict[str, list[str]]


class Window(NamedTuple):
    """The first and the last vendored version that has a thing; `until` is None where the newest has it.

    What was missing in between counts as there throughout: descriptions forget what engines still serve.
    """

    since: str
    until: str | None


class Table(NamedTuple):
    """All windows of one engine.

    Parameters and properties are there only where they differ from their owner's. A property is named by its
    schema and the keys that lead to it, lists and mappings passed over: "Mount.BindOptions.CreateMountpoint".
    A schema alone is there where it came or went as a whole.
    """

    oldest: str
    newest: str
    operations: dict[str, Window]
    parameters: dict[str, Window]
    properties: dict[str, Window]


def availability(description: Description) -> Table:
    """The table of one engine, by the operation ids and schema names of the merged description."""
    order = list(description.versions)
    seen = _Seen(description.doc)
    for version, doc in description.versions.items():
        seen.look(version, doc)
    names = [op["operationId"] for _, _, op in operations(description.doc)]
    # What no description has was added by a patch: it was seen on every engine at hand.
    whole = {name: _window(seen.operations.get(name, order), order) for name in sorted(names)}
    return Table(
        oldest=order[0],
        newest=order[-1],
        operations=whole,
        parameters=_exceptions(seen.parameters, order, whole),
        properties=_exceptions(seen.properties, order, {}),
    )


class _Seen:
    """In which versions each thing of the merged description was met."""

    def __init__(self, merged: Doc) -> None:
        self.known = Operations(merged)
        self.schemas: Doc = merged["components"]["schemas"]
        self.operations: Places = {}
        self.parameters: Places = {}
        self.properties: Places = {}

    def look(self, version: str, doc: Doc) -> None:
        look = _Look(self, version, doc["components"]["schemas"])
        for path, method, operation in operations(doc):
            known = self.known.find(path, method, operation)
            if known is not None:  # else a patch has taken it out
                look.operation(known, operation)
        # A schema may stand where only a patch has put it, as the item of a stream.
        for name in self.schemas.keys() & look.theirs.keys():
            look.schema({"$ref": name}, {"$ref": name})


class _Look:
    """One version, held against the merged description by place: versions call the same schema otherwise."""

    def __init__(self, seen: _Seen, version: str, theirs: Doc) -> None:
        self.seen = seen
        self.version = version
        self.theirs = theirs
        self.done: set[tuple[str, str]] = set()

    def operation(self, known: Doc, operation: Doc) -> None:
        name = known["operationId"]
        self.mark(self.seen.operations, name)
        own = {parameter["name"] for parameter in operation["parameters"]}
        for parameter in known["parameters"]:
            if parameter["in"] != "path" and parameter["name"] in own:
                self.mark(self.seen.parameters, f"{name}.{parameter['name']}")
        self.content(known.get("requestBody"), operation.get("requestBody"))
        for status, reply in operation["responses"].items():
            self.content(known["responses"].get(status), reply)

    def content(self, known: Doc | None, other: Doc | None) -> None:
        mine = next(iter((known or {}).get("content", {}).values()), None)
        theirs = next(iter((other or {}).get("content", {}).values()), None)
        if mine is not None and theirs is not None:
            self.schema(mine["schema"], theirs["schema"])

    def schema(self, mine: Doc, theirs: Doc, owner: str = "") -> None:
        my_name, their_name = ref_name(mine), ref_name(theirs)
        if my_name and their_name:
            if (my_name, their_name) in self.done:
                return
            self.done.add((my_name, their_name))
        owner = my_name or owner
        mine = self.seen.schemas[my_name] if my_name else mine
        theirs = self.theirs[their_name] if their_name else theirs
        if my_name:
            self.mark(self.seen.properties, my_name)
        for key in mine.get("properties", {}).keys() & theirs.get("properties", {}).keys():
            if owner:  # what is written in place at the top of a reply has no name to be asked for by
                self.mark(self.seen.properties, f"{owner}.{key}")
            self.schema(mine["properties"][key], theirs["properties"][key], owner and f"{owner}.{key}")
        for key in ("items", "additionalProperties"):
            my_inner, their_inner = as_map(mine.get(key)), as_map(theirs.get(key))
            if my_inner and their_inner:
                self.schema(my_inner, their_inner, owner)

    def mark(self, places: Places, key: str) -> None:
        versions = places.setdefault(key, [])
        if self.version not in versions:
            versions.append(self.version)


def _window(versions: list[str], order: list[str]) -> Window:
    return Window(versions[0], None if versions[-1] == order[-1] else versions[-1])


def _exceptions(seen: Places, order: list[str], owners: dict[str, Window]) -> dict[str, Window]:
    """The windows that are not those of the nearest owner."""
    windows = owners | {key: _window(seen[key], order) for key in sorted(seen)}
    whole = Window(order[0], None)
    return {
        key: windows[key]
        for key in sorted(seen)
        if windows[key] != windows.get(key.rpartition(".")[0], whole)
    }
