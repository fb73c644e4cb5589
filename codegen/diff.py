"""`python -m codegen diff`: what one version of an API brings over another, and what of it breaks callers.

Only what an operation uses is told; a definition that none refers to is no part of the API.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from codegen import diff_render, specs
from codegen.diff_operations import Key, Operation, compare_operations, operations
from codegen.diff_schema import Comparer, Comparison, Difference, Direction, Kind, Pair
from codegen.diff_shape import Definitions
from codegen.errors import CodegenError

if TYPE_CHECKING:
    import argparse

    from codegen.yamlio import JsonMap

Subject: TypeAlias = Literal["operation", "schema"]


@dataclass(frozen=True)
class Change:
    """One thing that a version brings.

    Attributes:
        kind: What happened to the thing.
        subject: Whether it is told of an operation or of a named schema.
        name: "GET /images/json" or "HostConfig"; one that took the place of another tells both names.
        what: The part of the subject, e.g. "query parameter all"; empty for the whole of it.
        detail: Its type, or what it was and is.
        breaking: Whether callers that were right before can fail.
        directions: Whether it concerns what is sent, what is received, or both; empty for a whole operation.
        operations: Ids of the operation, or of those that use the schema, the nearest users first.
    """

    kind: Kind
    subject: Subject
    name: str
    what: str
    detail: str
    breaking: bool
    directions: tuple[Direction, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True)
class Diff:
    """All that lies between two versions of an engine's API."""

    engine: str
    old: str
    new: str
    changes: list[Change] = field(default_factory=list[Change])

    @property
    def breaking(self) -> list[Change]:
        """The changes that break callers."""
        return [change for change in self.changes if change.breaking]


@dataclass
class _Uses:
    """Who uses a pair of definitions, and in which directions."""

    directions: set[Direction] = field(default_factory=set[Direction])
    distance: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, direction: Direction, operation_id: str, distance: int) -> None:
        self.directions.add(direction)
        self.distance[operation_id] = min(distance, self.distance.get(operation_id, distance))

    def nearest_first(self) -> tuple[str, ...]:
        return tuple(sorted(self.distance, key=lambda name: (self.distance[name], name)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `diff` to a parser."""
    parser.add_argument("engine", choices=specs.ENGINES)
    parser.add_argument("old", help="the version to start from, e.g. 1.51")
    parser.add_argument("new", help="the version to tell about, e.g. 1.55")
    parser.add_argument("--format", choices=tuple(diff_render.RENDERERS), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of printing")
    parser.add_argument("--fail-on-breaking", action="store_true", help="exit 1 when callers can break")
    parser.add_argument("--spec", type=Path, default=specs.SPEC, help="the folder of vendored descriptions")


def run(args: argparse.Namespace) -> int:
    """Print the difference of two vendored versions; returns 1 if asked to when callers can break."""
    engine, spec = cast("str", args.engine), cast("Path", args.spec)
    difference = diff(engine, cast("str", args.old), cast("str", args.new), spec)
    text = diff_render.RENDERERS[cast("str", args.format)](difference)
    output = cast("Path | None", args.output)
    if output is None:
        print(text, end="")
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CodegenError(
                f"cannot write {output}: {error.strerror}. Expected a writable path after --output."
            ) from error
    return 1 if cast("bool", args.fail_on_breaking) and difference.breaking else 0


def diff(engine: str, old: str, new: str, spec: Path = specs.SPEC) -> Diff:
    """Return what lies between two vendored versions of an engine's API.

    Raises:
        CodegenError: One of them is not vendored; lists those that are.
    """
    there = specs.versions(engine, spec)
    old, new = old.removeprefix("v"), new.removeprefix("v")
    for version in (old, new):
        if version not in there:
            raise CodegenError(
                f"{engine} {version} is not vendored. Expected one of {', '.join(there)}; "
                f"add another with: python -m codegen vendor {engine} PATH-OR-URL"
            )
    before, after = (cast("JsonMap", specs.load(engine, version, spec)) for version in (old, new))
    return Diff(engine, old, new, compare(before, after))


def compare(old: JsonMap, new: JsonMap) -> list[Change]:
    """Return what lies between two Swagger 2.0 descriptions: operations by path, then schemas by name."""
    before, after = operations(old), operations(new)
    comparer = Comparer(_definitions(old), _definitions(new))
    changes: list[Change] = []
    uses: dict[Pair, _Uses] = {}
    for key in sorted(before.keys() | after.keys(), key=_path_then_method):
        if key not in after:
            changes.append(_whole("removed", before[key]))
        elif key not in before:
            changes.append(_whole("added", after[key]))
        else:
            for direction, found in compare_operations(before[key], after[key], comparer).items():
                changes += [_of_operation(after[key], direction, item) for item in found.differences]
                _spread(after[key].operation_id, direction, found, comparer, uses)
    for pair in sorted(uses, key=lambda pair: pair[1].lower()):
        changes += [_of_schema(pair, uses[pair], item) for item in comparer.pair(pair).differences]
    return changes


def _definitions(document: JsonMap) -> Definitions:
    definitions = document.get("definitions")
    return Definitions(definitions if isinstance(definitions, dict) else {})


def _path_then_method(key: Key) -> tuple[str, str]:
    return key[1], key[0]


def _spread(
    operation_id: str, direction: Direction, found: Comparison, comparer: Comparer, uses: dict[Pair, _Uses]
) -> None:
    """Note an operation as user of all definitions that it refers to, near and far."""
    waiting = deque((pair, 0) for pair in found.pairs)
    seen: set[Pair] = set()
    while waiting:
        pair, distance = waiting.popleft()
        if pair not in seen:
            seen.add(pair)
            uses.setdefault(pair, _Uses()).add(direction, operation_id, distance)
            waiting += ((further, distance + 1) for further in comparer.pair(pair).pairs)


def _whole(kind: Kind, operation: Operation) -> Change:
    breaking: Final = kind == "removed"
    return Change(kind, "operation", operation.title, "", "", breaking, (), (operation.operation_id,))


def _of_operation(operation: Operation, direction: Direction, item: Difference) -> Change:
    return Change(
        kind=item.kind,
        subject="operation",
        name=operation.title,
        what=item.what,
        detail=item.detail,
        breaking=direction in item.breaks,
        directions=(direction,),
        operations=(operation.operation_id,),
    )


def _of_schema(pair: Pair, uses: _Uses, item: Difference) -> Change:
    name = pair[1] if pair[0] == pair[1] else f"{pair[1]} (in place of {pair[0]})"
    return Change(
        kind=item.kind,
        subject="schema",
        name=name,
        what=item.what,
        detail=item.detail,
        breaking=bool(item.breaks & uses.directions),
        directions=tuple(sorted(uses.directions)),
        operations=uses.nearest_first(),
    )
