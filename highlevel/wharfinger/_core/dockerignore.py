"""Which files of a folder a build leaves out, by the rules of the engines' own command lines. Pure: names only."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Self

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOM = "\ufeff".encode()
# What Go's filepath.Match, by which the engines check a pattern, takes for well-formed.
_MEMBER = r"(?:\\.|[^-\]\\])"
_CLASS = rf"\[\^?+(?:{_MEMBER}(?:-{_MEMBER})?)+\]"
_is_well_formed = re.compile(rf"(?:\\.|[^\\\[]|{_CLASS})*", re.DOTALL).fullmatch
_PART = re.compile(rf"\*\*/?|\*|\?|{_CLASS}|\\.|.", re.DOTALL)
_RANGE = re.compile(rf"({_MEMBER})(?:-({_MEMBER}))?", re.DOTALL)


@attrs.frozen
class IgnorePattern:
    """One line of an ignore file.

    Attributes:
        text: The pattern, cleaned, without its "!".
        keeps: Whether it takes back what a line before it left out.
    """

    text: str
    keeps: bool
    _expression: re.Pattern[str] = attrs.field(repr=False)

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a pattern, "!" and all.

        Raises:
            ValueError: It is no pattern.
        """
        text = posixpath.normpath(line.strip())
        keeps = text.startswith("!")
        text = text.removeprefix("!")
        if not text:
            raise ValueError(
                "the ignore pattern '!' has nothing after it; expected a name, such as '!keep.txt'"
            )
        if not _is_well_formed(text):
            raise ValueError(f"the ignore pattern {line!r} has an open '[' or a '\\' at its end")
        return cls(text, keeps, re.compile(_expression(text), re.DOTALL))

    def matches(self, path: str) -> bool:
        """Whether it fits the whole of a path."""
        return self._expression.fullmatch(path) is not None


@attrs.frozen
class Verdict:
    """What the patterns say of a path, and hence of all that is in it.

    Attributes:
        excluded: Whether it is left out.
        matched: Which of the patterns fit it, or a folder that it is in.
    """

    excluded: bool
    matched: tuple[bool, ...]


@attrs.frozen
class IgnoreRules:
    """The patterns of an ignore file, in their order."""

    patterns: tuple[IgnorePattern, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read an ignore file.

        Raises:
            ValueError: A line is no pattern.
        """
        lines = data.removeprefix(_BOM).decode("utf-8", "surrogateescape").split("\n")
        return cls.of(_normal(line) for line in lines if not line.startswith("#") and line.strip())

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Self:
        """Take patterns one by one.

        Raises:
            ValueError: One is none.
        """
        return cls(tuple(IgnorePattern.parse(pattern) for pattern in patterns))

    @property
    def lines(self) -> tuple[str, ...]:
        """The patterns as they are written."""
        return tuple(f"{'!' if one.keeps else ''}{one.text}" for one in self.patterns)

    def excludes(self, path: str) -> bool:
        """Whether a path is left out, by itself or with a folder that it is in."""
        verdict = None
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            verdict = self.judge("/".join(parts[:count]), verdict)
        return bool(verdict and verdict.excluded)

    def judge(self, path: str, parent: Verdict | None) -> Verdict:
        """What holds of a path in a folder of which the verdict is known; None at the top."""
        above = parent.matched if parent else (False,) * len(self.patterns)
        matched = tuple(
            before or pattern.matches(path) for before, pattern in zip(above, self.patterns, strict=True)
        )
        fitting = [pattern for pattern, fits in zip(self.patterns, matched, strict=True) if fits]
        return Verdict(bool(fitting) and not fitting[-1].keeps, matched)

    def may_keep_in(self, folder: str, *, everywhere: bool) -> bool:
        """Whether an excluded folder has to be looked through: some "!" pattern begins with its name, or is there."""
        return any(
            one.keeps and (everywhere or f"{one.text}/".startswith(f"{folder}/")) for one in self.patterns
        )

    def sparing(self, *names: str) -> Self:
        """The same rules, but for files that a build needs whatever they say."""
        needed = [f"!{name}" for name in names if self.excludes(name)]
        return type(self)((*self.patterns, *type(self).of(needed).patterns))

    def without(self, *names: str) -> Self:
        """The same rules, leaving these out too."""
        return type(self)((*self.patterns, *type(self).of(names).patterns))


def _normal(line: str) -> str:
    """A line as a path beneath the folder, its "!" kept."""
    text = line.strip()
    mark = "!" if text.startswith("!") else ""
    text = text.removeprefix("!").strip()
    # Two slashes at the beginning mean something to POSIX, and nothing to the engines.
    cleaned = posixpath.normpath(re.sub("^/+", "/", text)) if text else ""
    return mark + (cleaned[1:] if len(cleaned) > 1 and cleaned.startswith("/") else cleaned)


def _expression(pattern: str) -> str:
    if pattern.startswith("**") and not re.search(r"[*?\[\]\\]", pattern[2:]):
        return _ending(pattern[2:])
    found: list[str] = _PART.findall(pattern)
    parts = [_translated(part, last=place == len(found)) for place, part in enumerate(found, 1)]
    return "".join(parts)


def _ending(rest: str) -> str:
    """Two stars before plain text: whatever ends with it, and for "**/name" that name alone too."""
    if rest.startswith("/"):
        return f"(?:.*/)?{re.escape(rest[1:])}"
    return f".*{re.escape(rest)}"


def _translated(part: str, *, last: bool) -> str:
    if part.startswith("**"):
        return ".*" if last else "(?:.*/)?"
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if part.startswith("[") and len(part) > 1:
        return _class(part)
    return re.escape(part[1:] if len(part) > 1 else part)


def _class(part: str) -> str:
    negated = part.startswith("[^")
    members: list[tuple[str, str]] = _RANGE.findall(part[2 if negated else 1 : -1])
    written = [re.escape(first[-1]) + (f"-{re.escape(end[-1])}" if end else "") for first, end in members]
    return f"[{'^' if negated else ''}{''.join(written)}]"
