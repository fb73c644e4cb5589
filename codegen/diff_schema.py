"""What two versions of a schema differ in, and whom each difference breaks.

A named definition is compared once, for all its users; an inline schema that became a definition of the
same shape is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from codegen.diff_shape import Definitions, child, enum_of, format_of, listed, reference_to, shown

if TYPE_CHECKING:
    from codegen.yamlio import JsonMap

Kind: TypeAlias = Literal["added", "removed", "changed"]
Direction: TypeAlias = Literal["request", "response"]
Pair: TypeAlias = tuple[str, str]

REQUEST: Final[frozenset[Direction]] = frozenset({"request"})
RESPONSE: Final[frozenset[Direction]] = frozenset({"response"})
BOTH: Final[frozenset[Direction]] = REQUEST | RESPONSE
NOBODY: Final[frozenset[Direction]] = frozenset()

_LIMITS: Final = (
    *("pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"),
    "uniqueItems",
)


@dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        kind: What happened to the thing.
        what: The thing, e.g. "property Mounts[].Type"; empty for the schema itself.
        detail: Its type, or what it was and is.
        breaks: The directions in which it breaks callers that were right before.
    """

    kind: Kind
    what: str
    detail: str
    breaks: frozenset[Direction] = NOBODY


@dataclass
class Comparison:
    """The differences of two schemas, and the pairs of definitions that they refer to."""

    differences: list[Difference] = field(default_factory=list[Difference])
    pairs: list[Pair] = field(default_factory=list[Pair])

    def add(self, kind: Kind, what: str, detail: str, breaks: frozenset[Direction] = NOBODY) -> None:
        """Note a difference."""
        self.differences.append(Difference(kind, what, detail, breaks))


class Comparer:
    """Compares schemas of an older description with those of a newer one."""

    def __init__(self, old: Definitions, new: Definitions) -> None:
        self.old = old
        self.new = new
        self._done: dict[Pair, Comparison] = {}

    def pair(self, pair: Pair) -> Comparison:
        """Return the comparison of two definitions; each pair is compared once."""
        if pair not in self._done:
            result = Comparison()
            self._done[pair] = result
            old, new = (reference_to(name) for name in pair)
            self._bodies(self.old.body(old), self.new.body(new), "", result)
        return self._done[pair]

    def compare(self, old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
        """Add to result what two schemas differ in.

        Args:
            old: As it was.
            new: As it is.
            at: What the schema is the type of, e.g. "property Mounts[]".
            result: Where differences and pairs go.
        """
        self._nullable(old, new, at, result)
        names = self.old.name_of(old), self.new.name_of(new)
        if names[0] is None or names[1] is None:
            self._bodies(self.old.body(old), self.new.body(new), at, result)
        elif names[0] == names[1] or self._renamed(names[0], names[1]):
            result.pairs.append((names[0], names[1]))
        elif not self.same((names[0], names[1])):
            result.add("changed", at, _became(*names), self._type_break(old, new))

    def same(self, pair: Pair) -> bool:
        """Return whether two definitions have one shape, all that they refer to included."""
        waiting, seen = [pair], {pair}
        while waiting:
            comparison = self.pair(waiting.pop())
            if comparison.differences:
                return False
            further = [item for item in comparison.pairs if item not in seen]
            seen.update(further)
            waiting += further
        return True

    def _renamed(self, old: str, new: str) -> bool:
        """Whether one definition took the place of another: they share properties, or have none."""
        if old in self.new and new in self.old:
            return False
        schemas = reference_to(old), reference_to(new)
        if self.old.kind(schemas[0]) != self.new.kind(schemas[1]):
            return False
        before = self.old.object(self.old.body(schemas[0]), whole=True).properties
        after = self.new.object(self.new.body(schemas[1]), whole=True).properties
        return not (before or after) or bool(before.keys() & after.keys())

    def _bodies(self, old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
        kinds = self.old.kind(old), self.new.kind(new)
        if kinds[0] != kinds[1]:
            detail = _became(self.old.describe(old), self.new.describe(new))
            result.add("changed", at, detail, self._type_break(old, new))
            return
        _formats(old, new, at, result)
        _enums(old, new, at, result)
        _settings(old, new, at, result)
        if kinds[0] == "array":
            self.compare(child(old, "items"), child(new, "items"), f"{at}[]", result)
        elif kinds[0] == "map":
            name = "additionalProperties"
            self.compare(child(old, name), child(new, name), f"{at}{{}}", result)
        elif kinds[0] == "object":
            self._objects(old, new, at, result)

    def _objects(self, old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
        before, after = self.old.object(old), self.new.object(new)
        common = [name for name in before.bases if name in after.bases]
        result.pairs += [(name, name) for name in common]
        # Where one side extends what the other spells out, the whole of both is compared.
        if set(before.bases) != set(after.bases):
            before, after = self.old.object(old, whole=True), self.new.object(new, whole=True)
        for name, schema in before.properties.items():
            place = _property(at, name)
            if name not in after.properties:
                result.add("removed", place, self.old.describe(schema), BOTH)
                continue
            _required(name in before.required, name in after.required, place, result)
            self.compare(schema, after.properties[name], place, result)
        for name, schema in after.properties.items():
            if name not in before.properties:
                needed = name in after.required
                detail = self._new(schema) + (", required" if needed else "")
                result.add("added", _property(at, name), detail, REQUEST if needed else NOBODY)

    def _new(self, schema: JsonMap) -> str:
        """Return the description of an added schema; a definition that is new too tells its properties."""
        name = self.new.name_of(schema)
        return self.new.describe(schema) if name is None or name in self.old else self.new.outline(schema)

    def _nullable(self, old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
        before, after = _is_nullable(old, self.old), _is_nullable(new, self.new)
        if before and not after:
            result.add("changed", at, "may no longer be null", REQUEST)
        elif after and not before:
            result.add("changed", at, "may now be null")

    def _type_break(self, old: JsonMap, new: JsonMap) -> frozenset[Direction]:
        """Return whom a change of type breaks: a type that was or is left open breaks nobody for sure."""
        return NOBODY if "any" in {self.old.kind(old), self.new.kind(new)} else BOTH


def _is_nullable(schema: JsonMap, definitions: Definitions) -> bool:
    own = schema.get("x-nullable")
    return bool(definitions.body(schema).get("x-nullable") if own is None else own)


def _property(at: str, name: str) -> str:
    return f"{at}.{name}" if at else f"property {name}"


def _became(old: object, new: object) -> str:
    return f"{old} → {new}"


def _formats(old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
    before, after = format_of(old), format_of(new)
    if before != after:
        result.add("changed", at, f"format {_became(before or 'none', after or 'none')}")


def _enums(old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
    before, after = enum_of(old), enum_of(new)
    if not before and after:
        result.add("changed", at, f"now limited to {listed(after)}", REQUEST)
    elif before and not after:
        result.add("changed", at, f"no longer limited to {listed(before)}")
    else:
        gone = [value for value in before if value not in after]
        come = [value for value in after if value not in before]
        if gone:
            result.add("removed", f"{at} value".strip(), listed(gone), REQUEST)
        if come:
            result.add("added", f"{at} value".strip(), listed(come))


def _settings(old: JsonMap, new: JsonMap, at: str, result: Comparison) -> None:
    for keys in (("default",), _LIMITS):
        told = [_setting(key, old, new) for key in keys if old.get(key) != new.get(key)]
        if told:
            result.add("changed", at, "; ".join(told))


def _setting(key: str, old: JsonMap, new: JsonMap) -> str:
    before, after = (shown(side[key]) if key in side else "none" for side in (old, new))
    return f"{key} {_became(before, after)}"


def _required(before: bool, after: bool, at: str, result: Comparison) -> None:
    if after and not before:
        result.add("changed", at, "now required", REQUEST)
    elif before and not after:
        result.add("changed", at, "no longer required")
